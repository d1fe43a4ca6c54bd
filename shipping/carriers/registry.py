"""Which providers can be read, and what an HTTP status says before anything is read.

A provider without a reader is no error: its answer is kept as `unsupported` and nothing is guessed from it.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from shipping.carriers import (
    aftership,
    amazon_mfn_shipment,
    amazon_order_v0,
    amazon_tracking_v1,
    amazon_tracking_v2,
    easypost,
    normal,
    seventeentrack,
    shipengine,
    shippo,
    yunexpress,
)
from shipping.carriers import amazon_order_2026_01_01 as orders
from shipping.reading import Reading, Unreadable
from shipping.vocabulary import SnapshotStatus


@dataclass(frozen=True, slots=True)
class Reader:
    """`missing` are the HTTP statuses by which this provider says that it does not know the number."""

    provider: str
    version: str
    read: Callable[[bytes], Reading]
    missing: frozenset[int] = frozenset({404, 410})


NEVER: Final = frozenset[int]()
"""A label or an order that is not found says nothing about the parcel, nor does an address of an API."""
READERS: Final[Mapping[str, Reader]] = MappingProxyType(
    {
        reader.provider: reader
        for reader in (
            Reader(normal.PROVIDER, normal.VERSION, normal.read),
            Reader(easypost.PROVIDER, easypost.VERSION, easypost.read),
            Reader(amazon_tracking_v2.PROVIDER, amazon_tracking_v2.VERSION, amazon_tracking_v2.read),
            Reader(amazon_tracking_v1.PROVIDER, amazon_tracking_v1.VERSION, amazon_tracking_v1.read),
            Reader(
                amazon_mfn_shipment.PROVIDER, amazon_mfn_shipment.VERSION, amazon_mfn_shipment.read, NEVER
            ),
            Reader(orders.PROVIDER, orders.VERSION, orders.read, NEVER),
            Reader(amazon_order_v0.PROVIDER, amazon_order_v0.VERSION, amazon_order_v0.read, NEVER),
            Reader(seventeentrack.PROVIDER, seventeentrack.VERSION, seventeentrack.read, NEVER),
            Reader(aftership.PROVIDER, aftership.VERSION, aftership.read),
            Reader(shipengine.PROVIDER, shipengine.VERSION, shipengine.read, NEVER),
            Reader(shippo.PROVIDER, shippo.VERSION, shippo.read),
            Reader(yunexpress.PROVIDER, yunexpress.VERSION, yunexpress.read, NEVER),
        )
    }
)
KNOWN_PROVIDERS: Final = (
    "normal", "easypost", "amazon_tracking_v2", "amazon_tracking_v1", "amazon_mfn_shipment",
    "amazon_order_2026_01_01", "amazon_order_v0", "seventeentrack", "fedex", "ups", "usps", "dhl_unified",
    "mydhl", "dhl_parcel_de", "dhl_ecommerce", "aftership", "shipengine", "shippo", "yunexpress",
)  # fmt: skip
"""Names that are agreed on, readable yet or not; any other lower-case name is kept too."""
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,39}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Interpretation:
    """`fault` is the pointer inside the payload of an unreadable answer."""

    reading: Reading
    parser_version: str = ""
    fault: str = ""


def is_provider_name(name: str) -> bool:
    return _NAME.fullmatch(name) is not None


def interpret(provider: str, body: bytes, http_status: int) -> Interpretation:
    """What this answer is worth. Never raises: one that breaks its format comes back as `unreadable`."""
    reader = READERS.get(provider)
    if reader is None:
        return Interpretation(
            Reading(status=SnapshotStatus.UNSUPPORTED, reason="No reader for this provider yet.")
        )
    if http_status in reader.missing:
        missing = Reading(status=SnapshotStatus.NOT_FOUND, reason=f"HTTP {http_status}")
        return Interpretation(missing, reader.version)
    if not 200 <= http_status < 300:
        refused = Reading(status=SnapshotStatus.ERROR_ANSWER, reason=f"HTTP {http_status}")
        return Interpretation(refused, reader.version)
    try:
        return Interpretation(reader.read(body), reader.version)
    except Unreadable as fault:
        broken = Reading(status=SnapshotStatus.UNREADABLE, reason=fault.reason[:500])
        return Interpretation(broken, reader.version, fault.pointer)
