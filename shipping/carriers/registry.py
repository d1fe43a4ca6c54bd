"""Which providers can be read, and what an HTTP status says before anything is read.

A provider without a reader is no error: its answer is kept as `unsupported` and nothing is guessed from it.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from shipping.carriers import (
    aftership,
    amazon_mfn_shipment,
    amazon_order_v0,
    amazon_tracking_v1,
    amazon_tracking_v2,
    dhl_ecommerce,
    dhl_parcel_de,
    dhl_unified,
    easypost,
    fedex,
    mydhl,
    normal,
    seventeentrack,
    shipengine,
    shippo,
    ups,
    usps,
    yunexpress,
)
from shipping.carriers import amazon_order_2026_01_01 as orders
from shipping.carriers.embedded import media_type_of
from shipping.reading import EmbeddedFile, Reading, Unreadable
from shipping.rules.zones import placed
from shipping.vocabulary import SnapshotStatus

EVENTS_AT_MOST: Final = 5000
_EXPLAINED: Final = frozenset({400, 404, 410, 422})
"""HTTP statuses whose body may say that the number is not known."""


@dataclass(frozen=True, slots=True)
class Reader:
    """`missing` are the HTTP statuses by which this provider says that it does not know the number.

    `offsets_are_local`: an offset in its answers is meant to be that of the place, so a place can refute it.
    """

    provider: str
    version: str
    read: Callable[[bytes], Reading]
    missing: frozenset[int] = frozenset({404, 410})
    offsets_are_local: bool = True


NEVER: Final = frozenset[int]()
"""A label or an order that is not found says nothing about the parcel, nor does an address of an API."""
READERS: Final[Mapping[str, Reader]] = MappingProxyType(
    {
        reader.provider: reader
        for reader in (
            Reader(normal.PROVIDER, normal.VERSION, normal.read, offsets_are_local=False),
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
            Reader(fedex.PROVIDER, fedex.VERSION, fedex.read),
            Reader(ups.PROVIDER, ups.VERSION, ups.read),
            Reader(usps.PROVIDER, usps.VERSION, usps.read),
            Reader(dhl_unified.PROVIDER, dhl_unified.VERSION, dhl_unified.read),
            Reader(mydhl.PROVIDER, mydhl.VERSION, mydhl.read),
            Reader(dhl_parcel_de.PROVIDER, dhl_parcel_de.VERSION, dhl_parcel_de.read),
            Reader(dhl_ecommerce.PROVIDER, dhl_ecommerce.VERSION, dhl_ecommerce.read),
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
    try:
        if 200 <= http_status < 300:
            read = _bare_file(body) or reader.read(body)
            reading = _judged(read, offsets_are_local=reader.offsets_are_local)
        else:
            reading = _refused(reader, body, http_status)
    except Unreadable as fault:
        broken = Reading(status=SnapshotStatus.UNREADABLE, reason=fault.reason[:500])
        return Interpretation(broken, reader.version, fault.pointer)
    return Interpretation(reading, reader.version)


def _bare_file(body: bytes) -> Reading | None:
    """An answer that is itself a PDF or a picture. What it proves, nobody says."""
    media_type = media_type_of(body)
    if media_type in ("", "text/html"):
        return None
    return Reading(files=(EmbeddedFile("document", media_type, body),))


def _refused(reader: Reader, body: bytes, http_status: int) -> Reading:
    """An HTTP error proves nothing of the parcel but, where the answer says so, that its number is not known."""
    if http_status in reader.missing:
        return Reading(status=SnapshotStatus.NOT_FOUND, reason=f"HTTP {http_status}")
    refused = Reading(status=SnapshotStatus.ERROR_ANSWER, reason=f"HTTP {http_status}")
    if http_status not in _EXPLAINED:
        return refused
    try:
        explained = reader.read(body)
    except Unreadable:
        return refused
    return explained if explained.status == SnapshotStatus.NOT_FOUND else refused


def _judged(reading: Reading, *, offsets_are_local: bool) -> Reading:
    """Times judged by their places, and the documents inside the answer named. Raises Unreadable at too many."""
    if len(reading.events) > EVENTS_AT_MOST or len(reading.parcels) > EVENTS_AT_MOST:
        raise Unreadable(f"At most {EVENTS_AT_MOST} events and parcels are read from one answer.")
    events = tuple(placed(event, offsets_are_local=offsets_are_local) for event in reading.events)
    documents = (*(file.to_json() for file in reading.files), *reading.stated.documents)
    return replace(
        reading,
        events=events,
        stated=replace(reading.stated, documents=documents),
        parcels=tuple(_judged(parcel, offsets_are_local=offsets_are_local) for parcel in reading.parcels),
    )
