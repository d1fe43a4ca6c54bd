"""Where a parcel ended: its delivery to the buyer's side, its status and its leg. Pure.

What speaks against a delivery wins over what speaks for it, and nothing on the way back is a delivery.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from shipping.rules.lines import Line, Word
from shipping.vocabulary import DELIVERED, SENT_BACK, Leg, ParcelStatus, TimeBasis

_QUIET: Final = frozenset({ParcelStatus.UNKNOWN, ParcelStatus.NOT_FOUND})
_BASIS_WORTH: Final = tuple(
    TimeBasis(value)
    for value in (
        "date_only",
        "assumed",
        "provider_inferred",
        "place_inferred",
        "carrier_utc",
        "carrier_offset",
    )
)
_STRENGTH: Final = (
    ParcelStatus.DELIVERED_TO_PICKUP_POINT,
    ParcelStatus.DELIVERED_TO_THIRD_PARTY,
    ParcelStatus.DELIVERED,
)


def delivery_on_way_out(told: Sequence[Line]) -> Line | None:
    """The last delivery on the way out, at the best known of the moments that may be the same one.

    A leg that nobody stated counts as the way out unless the event has no time and something speaks of
    a return. Where two providers tell one delivery differently, the weaker telling stands.
    """
    has_return = any(line.leg == Leg.RETURN for line in told)
    found = [line for line in told if line.event.status in DELIVERED and _may_be_way_out(line, has_return)]
    if not found:
        return None
    last = found[-1]
    window = last.event.time.interval()
    if window is None:
        return last
    same = [
        line
        for line in found
        if _overlap(line, window)
        and (line.provider != last.provider or line.event.status == last.event.status)
    ]
    weakest = min(_STRENGTH.index(line.event.status) for line in same)
    alike = [line for line in same if _STRENGTH.index(line.event.status) == weakest]
    return max(alike, key=lambda line: (_worth(line), line.key))


def _may_be_way_out(line: Line, has_return: bool) -> bool:
    is_timeless = line.event.time.sort_at is None
    return line.leg == Leg.FORWARD or (line.leg == Leg.UNKNOWN and not (has_return and is_timeless))


def _overlap(line: Line, window: tuple[datetime, datetime]) -> bool:
    own = line.event.time.interval()
    return own is not None and own[0] <= window[1] and window[0] <= own[1]


def _worth(line: Line) -> int:
    basis = line.event.time.basis
    return _BASIS_WORTH.index(TimeBasis(basis)) if basis else -1


def parcel_status(
    told: Sequence[Line], words: Sequence[Word], delivery: Line | None, *, not_found: bool
) -> ParcelStatus:
    """`words` oldest first; `not_found` if some answer said that the carrier does not know the number."""
    summary = summary_status(words)
    on_way_back = [line.event.status for line in told if line.leg == Leg.RETURN]
    if summary == ParcelStatus.RETURNED_TO_SENDER or _came_back(on_way_back):
        return ParcelStatus.RETURNED_TO_SENDER
    if on_way_back or summary in SENT_BACK:
        return ParcelStatus.RETURNED_TO_SENDER if summary in DELIVERED else ParcelStatus.RETURNING
    if delivery is not None:
        return _delivered_as(delivery, words)
    if summary in DELIVERED:
        return summary
    known = [line.event.status for line in told if line.event.status not in _QUIET]
    if known or summary not in _QUIET:
        return known[-1] if known else summary
    return ParcelStatus.NOT_FOUND if not_found and not told and not words else ParcelStatus.UNKNOWN


def _came_back(on_way_back: Sequence[ParcelStatus]) -> bool:
    return any(status == ParcelStatus.RETURNED_TO_SENDER or status in DELIVERED for status in on_way_back)


def _delivered_as(delivery: Line, words: Sequence[Word]) -> ParcelStatus:
    """An answer's codes may say to whom; they never make a stronger delivery of a weaker one."""
    if delivery.event.status != ParcelStatus.DELIVERED:
        return delivery.event.status
    stated = [word.stated.delivered_as for word in words if word.stated.delivered_as]
    return ParcelStatus(stated[-1]) if stated else delivery.event.status


def summary_status(words: Sequence[Word]) -> ParcelStatus:
    """The answers' own word: the newest, but a return or a delivery once stated is not taken back."""
    known = [
        ParcelStatus(word.stated.status)
        for word in words
        if word.stated.status and ParcelStatus(word.stated.status) not in _QUIET
    ]
    if ParcelStatus.RETURNED_TO_SENDER in known:
        return ParcelStatus.RETURNED_TO_SENDER
    back = [status for status in known if status in SENT_BACK]
    done = [status for status in known if status in DELIVERED]
    return (back or done or known or [ParcelStatus.UNKNOWN])[-1]


def parcel_leg(told: Sequence[Line], words: Sequence[Word], status: ParcelStatus) -> Leg:
    if status in SENT_BACK:
        return Leg.RETURN
    stated = [line.leg for line in told] + [Leg(word.stated.leg) for word in words]
    return Leg.FORWARD if Leg.FORWARD in stated else Leg.UNKNOWN
