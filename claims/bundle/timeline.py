"""One axis for everything that happened: order, parcels, messages, claim, in the order of time.

Leaves to others: the drawing (`template.typ`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from claims.bundle.content import BundleContent, Shipment, TrackingEvent
from claims.bundle.pen import Pen, in_words, place_line
from claims.bundle.scripts import NARROW, Words

_ROOM = 26
_LANES = {"order": "Order", "shipping": "Parcel", "message": "Message", "claim": "Claim"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    sort_at: datetime | None  # where it stands; empty: before everything
    occurred_at: datetime | None
    lane: str
    text: str
    note: str = ""
    place: str = ""
    source: str = ""
    basis: str = ""
    stated: str = ""


def timeline(content: BundleContent, pen: Pen) -> list[dict[str, Words]]:
    """Rows for the table, earliest first; what has no known time keeps its place behind its predecessor."""
    lines = [*_moments(content), *(line for parcel in content.shipments for line in _parcel(parcel, content))]
    unplaced = [line for line in lines if line.sort_at is None]
    placed = sorted((line.sort_at, number) for number, line in enumerate(lines) if line.sort_at)
    return [_row(line, pen) for line in [*unplaced, *(lines[number] for _, number in placed)]]


def _moments(content: BundleContent) -> Iterator[_Line]:
    for moment in content.history:
        yield _Line(
            sort_at=moment.occurred_at,
            occurred_at=moment.occurred_at,
            lane=moment.lane,
            text=moment.text,
            source=moment.source,
            basis=in_words(moment.basis),
        )
    for clock in content.clocks:
        yield _Line(
            sort_at=clock.due_at,
            occurred_at=clock.due_at,
            lane="claim",
            text=f"{in_words(clock.kind)}: due",
            source=clock.source_text,
            basis=in_words(clock.basis),
        )


def _parcel(parcel: Shipment, content: BundleContent) -> Iterator[_Line]:
    number = parcel.tracking_number if len(content.shipments) > 1 else ""
    for moment, text in ((parcel.shipped_at, "Dispatch confirmed"), (parcel.ship_by, "Ship-by time")):
        if moment:
            yield _Line(
                sort_at=moment, occurred_at=moment, lane="order", text=text, note=number, source="order"
            )
    reached: datetime | None = None
    for event in parcel.events:
        reached = event.occurred_at or reached
        yield _scan(event, reached, number)


def _scan(event: TrackingEvent, reached: datetime | None, number: str) -> _Line:
    leg = f"{event.leg} leg" if event.leg in {"return", "unknown"} else ""
    return _Line(
        sort_at=reached,
        occurred_at=event.occurred_at,
        lane="shipping",
        text=event.text,
        note=", ".join(part for part in (in_words(event.status), leg, number) if part),
        place=place_line(event.place),
        source=in_words(event.source),
        basis=in_words(event.time_basis),
        stated=event.local_text,
    )


def _row(line: _Line, pen: Pen) -> dict[str, Words]:
    local, utc = "not placed", "not known"
    if line.occurred_at and line.basis == "Date only":
        local, utc = pen.local(line.occurred_at)[:10], "date only"
    elif line.occurred_at:
        local, utc = pen.local(line.occurred_at), pen.utc(line.occurred_at)
    return {
        "lane": _LANES.get(line.lane, in_words(line.lane)),
        "local": local,
        "utc": utc,
        "stated": pen.say(line.stated, room=NARROW),
        "text": pen.say(line.text, room=_ROOM),
        "note": pen.say(line.note, room=_ROOM),
        "place": pen.say(line.place, room=NARROW),
        "source": pen.say(line.source, room=NARROW),
        "basis": pen.say(line.basis, room=NARROW),
    }
