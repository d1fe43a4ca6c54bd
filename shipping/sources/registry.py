"""All sources that can be asked."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from shipping.sources.amazon import Amazon
from shipping.sources.dhl_unified import DHLUnified
from shipping.sources.easypost import EasyPost
from shipping.sources.fedex import FedEx
from shipping.sources.mydhl import MyDHL
from shipping.sources.seventeentrack import SeventeenTrack
from shipping.sources.shape import Source
from shipping.sources.ups import UPS
from shipping.sources.usps import USPS

_ALL: Final[tuple[Source, ...]] = (
    Amazon(), EasyPost(), SeventeenTrack(), FedEx(), UPS(), USPS(), DHLUnified(), MyDHL(),
)  # fmt: skip
SOURCES: Final[Mapping[str, Source]] = MappingProxyType({source.terms.name.value: source for source in _ALL})


def serves(name: str, *, carriers: list[str], own: str | None) -> bool:
    """Whether it is worth asking this source about a parcel of these possible carriers.

    A direct source is asked where the seller names its carrier, or where he names none and the number may be its.
    """
    known = SOURCES[name].terms.carriers
    if known is None:
        return True
    return own in known if own is not None else not known.isdisjoint(carriers)
