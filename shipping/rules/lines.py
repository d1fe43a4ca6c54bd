"""The merged story of a parcel: every event of every answer, in one order, each with its leg.

Independent of the order in which answers came in.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from shipping.reading import ReadEvent, Stated
from shipping.vocabulary import SENT_BACK, EventSource, Leg, ParcelStatus

_PROGRESS: Final = tuple(ParcelStatus(value) for value in (
    "unknown", "not_found", "label_created", "in_transit", "out_for_delivery", "delivery_attempted",
    "available_for_pickup", "exception", "damaged", "lost", "cancelled", "delivered_to_pickup_point",
    "delivered_to_third_party", "delivered", "returning", "returned_to_sender",
))  # fmt: skip
_NO_TIME: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Line:
    """An event among the others. `leg` is as the whole story shows it, `event.leg` as the event says."""

    event: ReadEvent
    provider: str
    fingerprint: str
    leg: Leg

    @property
    def at(self) -> datetime:
        """For ordering only; what has no time comes first."""
        return self.event.time.sort_at or _NO_TIME

    @property
    def key(self) -> tuple[datetime, int, str]:
        """Of several at one moment (often midnight of a bare date) the one further on is the later one."""
        return self.at, _PROGRESS.index(self.event.status), self.fingerprint


@dataclass(frozen=True, slots=True)
class Word:
    """What one answer says of the parcel as a whole, and how new it is."""

    provider: str
    fetched_at: datetime
    sha256: str
    stated: Stated

    @property
    def key(self) -> tuple[datetime, str, str]:
        """Newest last; the rest only settles ties, so that no order of arrival shows."""
        return self.fetched_at, self.sha256, self.provider


def told_in_order(events: Iterable[tuple[str, str, ReadEvent]], said: Iterable[Word]) -> list[Line]:
    """Put (provider, fingerprint, event) in order and give each its leg.

    An event that does not state its leg is on the way back once anything before it was; else it takes the leg
    that its provider states for the parcel, where one does and no event speaks of a return.
    """
    legs = _legs_by_provider(said)
    bare = [
        Line(event=event, provider=provider, fingerprint=mark, leg=event.leg)
        for provider, mark, event in events
    ]
    bare.sort(key=lambda line: line.key)
    back = [line.at for line in bare if line.leg == Leg.RETURN or line.event.status in SENT_BACK]
    turned_at = min(back, default=None)
    return [
        Line(line.event, line.provider, line.fingerprint, _leg(line, turned_at, legs.get(line.provider)))
        for line in bare
    ]


def _leg(line: Line, turned_at: datetime | None, provider_leg: Leg | None) -> Leg:
    if line.leg != Leg.UNKNOWN:
        return line.leg
    if line.event.status in SENT_BACK or provider_leg == Leg.RETURN:
        return Leg.RETURN
    if turned_at is not None and (line.event.time.sort_at is None or line.at >= turned_at):
        return Leg.RETURN if line.event.time.sort_at is not None else Leg.UNKNOWN
    return provider_leg or Leg.UNKNOWN


def _legs_by_provider(said: Iterable[Word]) -> Mapping[str, Leg]:
    """A return stated once counts for ever: a tracker of a return label never becomes one of the way out."""
    legs: dict[str, Leg] = {}
    for word in said:
        leg = Leg(word.stated.leg)
        if leg == Leg.RETURN or (leg == Leg.FORWARD and legs.get(word.provider) != Leg.RETURN):
            legs[word.provider] = leg
    return legs


def carrier_lines(lines: Iterable[Line]) -> list[Line]:
    """What people or intermediaries typed proves no scan."""
    return [line for line in lines if line.event.source == EventSource.CARRIER]
