"""The shape that every source has, and the values it works with. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from shipping.outward.exchange import Answer, Call
from shipping.sources.words import SourceName

if TYPE_CHECKING:
    from shipping.sources.line import Line


@dataclass(frozen=True, slots=True)
class Pace:
    """How often one operation of one account may be called: a bucket of `burst`, filled at `per_second`.

    `per_day` counts UTC days; `kept_back` of it is for parcels that somebody waits for.
    """

    per_second: float
    burst: int = 1
    per_day: int | None = None
    kept_back: int = 0


@dataclass(frozen=True, slots=True)
class Terms:
    """What is fixed about a source. Sources of the figures stand beside them in the modules.

    `memory`: how long after shipping it still answers. `least_between`: what its quota allows for one parcel.
    `linked`: by provider, the hosts to which links in its answers may lead (an ending begins with a dot).
    `carriers`: whose parcels it knows, by the table of `number_formats`; None: anybody's.
    """

    name: SourceName
    base_url: str
    needs: tuple[str, ...]
    paces: Mapping[str, Pace]
    memory: timedelta
    least_between: timedelta = timedelta(hours=1)
    carriers: frozenset[str] | None = None
    takes: tuple[str, ...] = ()
    has_proof: bool = False
    linked: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Parcel:
    """What a source may be told of a parcel: numbers and dates, and never whose it is."""

    tracking_number: str
    order_id: str
    carrier: str = ""
    marketplace_id: str = ""
    amazon_shipment_id: str = ""
    shipped_at: datetime | None = None
    is_new: bool = True
    is_watched: bool = False


@dataclass(frozen=True, slots=True)
class AccountView:
    """One seller's account with a source, its secrets in clear."""

    pk: int
    base_url: str
    secrets: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Told:
    """An answer about a parcel, to be kept under its provider's name."""

    provider: str
    call: Call
    answer: Answer


class Source(Protocol):
    """Each method asks over the line, which keeps what is worth keeping; all raise `Unanswered`."""

    terms: Terms

    def track(self, parcel: Parcel, line: "Line") -> None:
        """Ask where the parcel is."""

    def prove(self, parcel: Parcel, line: "Line") -> None:
        """Ask for the document of a delivered parcel. Only called where `terms.has_proof`."""

    def check(self, line: "Line") -> None:
        """A call that works only with good credentials, and costs no more than it must."""
