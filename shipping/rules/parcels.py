"""Is this answer about this parcel, and which of its parcels? Carriers use their numbers again.

The key is (number, ship date).
A delivery in a wrong place is a contradiction of the right parcel, never a reason to call it another one.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from shipping.reading import Reading
from shipping.rules.addresses import address_match
from shipping.rules.parts import MISMATCH
from shipping.vocabulary import SnapshotStatus

BEFORE: Final = timedelta(days=1)
AFTER: Final = timedelta(days=30)
_ROUTED: Final = re.compile(r"420(?:\d{5}|\d{9})(9\d{21})", re.ASCII)
_NO_DATE: Final = datetime.max.replace(tzinfo=UTC)


def other_parcel(
    *, reading: Reading, tracking_number: str, order_id: str = "", shipped_at: datetime | None
) -> str:
    """Why the answer belongs to another parcel; empty where nothing says so.

    Another number; another order, where no number is named; or all events end over a day before `shipped_at`,
    or begin over 30 days after it.
    """
    numbers, events = reading.numbers, reading.events
    if numbers and not _forms(tracking_number) & numbers:
        return f"The answer is about {', '.join(sorted(numbers))}."
    if not numbers and reading.orders and order_id not in reading.orders:
        return f"The answer is about order {', '.join(sorted(reading.orders))}."
    moments = [event.time.sort_at for event in events if event.time.sort_at is not None]
    if shipped_at is None or not moments:
        return ""
    if shipped_at - max(moments) > BEFORE:
        return "All its events end more than a day before the parcel was shipped."
    if min(moments) - shipped_at > AFTER:
        return "All its events begin more than 30 days after the parcel was shipped."
    return ""


def _forms(number: str) -> frozenset[str]:
    """A USPS number as it stands and without the routing (420 and ZIP) that its barcode begins with."""
    routed = _ROUTED.fullmatch(number)
    return frozenset({number, routed[1]} if routed else {number})


def parcel_of(
    reading: Reading, *, tracking_number: str, shipped_at: datetime | None, ship_to: Mapping[str, Any]
) -> Reading:
    """Of an answer about several parcels the one meant, else the answer as it is.

    By number, then by ship date; of several that fit both the one that goes to the buyer's address, and of
    those the one that began nearest to the ship date.
    """
    forms = _forms(tracking_number)
    named = [parcel for parcel in reading.parcels if forms & parcel.numbers]
    if not named:
        return reading
    fitting = [parcel for parcel in named if not _is_stranger(parcel, tracking_number, shipped_at)] or named
    read = [parcel for parcel in fitting if parcel.status == SnapshotStatus.READ] or fitting
    going_there = [parcel for parcel in read if not _goes_elsewhere(parcel, ship_to)] or read
    return min(going_there, key=lambda parcel: _distance(parcel, shipped_at))


def _is_stranger(parcel: Reading, tracking_number: str, shipped_at: datetime | None) -> bool:
    return bool(other_parcel(reading=parcel, tracking_number=tracking_number, shipped_at=shipped_at))


def _goes_elsewhere(parcel: Reading, ship_to: Mapping[str, Any]) -> bool:
    match = address_match(parcel.stated.destination, ship_to)
    return MISMATCH in (match["postal_code"], match["country_code"])


def _distance(parcel: Reading, shipped_at: datetime | None) -> tuple[timedelta, list[str]]:
    """How far its first event is from the ship date; without one, how old it is. Then anything lasting."""
    moments = [event.time.sort_at for event in parcel.events if event.time.sort_at is not None]
    marks = sorted(event.fingerprint("") for event in parcel.events)
    if not moments:
        return timedelta.max, marks
    return abs(min(moments) - shipped_at) if shipped_at else _NO_DATE - max(moments), marks
