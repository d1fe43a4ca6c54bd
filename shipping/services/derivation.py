"""Bringing a shipment's derived columns up to date with its events and answers."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, fields
from datetime import datetime, timedelta
from typing import Any

from shipping.models import Shipment, TrackingEvent, TrackingSnapshot
from shipping.numbers import number_check
from shipping.reading import Place, ReadEvent, Stated
from shipping.rules.facts import Facts, Meant, derive
from shipping.rules.lines import Line, Word, told_in_order
from shipping.rules.order_facts import STATED_FACTS
from shipping.rules.times import ReadTime
from shipping.vocabulary import EventSource, Leg, ParcelStatus, SnapshotStatus

FACT_NAMES = (*(field.name for field in fields(Facts)), "number_check")
_TICK = timedelta(microseconds=1)


def facts_of(
    shipment: Shipment, events: Iterable[TrackingEvent], snapshots: Iterable[TrackingSnapshot]
) -> tuple[dict[str, Any], list[Line]]:
    """The derived columns by name, and the story with its legs. Reads nothing."""
    answers = list(snapshots)
    said = [
        Word(answer.provider, answer.fetched_at, answer.sha256, Stated.from_json(answer.stated))
        for answer in answers
        if answer.status == SnapshotStatus.READ
    ]
    lines = told_in_order(((event.provider, event.fingerprint, read_event(event)) for event in events), said)
    check = number_check(shipment.tracking_number, shipment.carrier)
    meant = Meant(
        tracking_number=shipment.tracking_number,
        order_id=shipment.order_id,
        carrier=shipment.carrier,
        stated={name: getattr(shipment, name) for name in STATED_FACTS},
        number_check=check,
    )
    not_found = any(answer.status == SnapshotStatus.NOT_FOUND for answer in answers)
    found = derive(lines, said, meant, not_found=not_found)
    return {
        **{name: getattr(found, name) for name in FACT_NAMES if name != "number_check"},
        "number_check": check,
    }, lines


def read_event(row: TrackingEvent) -> ReadEvent:
    """A stored event as its reader gave it."""
    return ReadEvent(
        status=ParcelStatus(row.status),
        time=ReadTime(row.time_raw, row.local_time, row.offset_minutes, row.occurred_at, row.time_basis),
        provider_status=row.provider_status,
        code=row.code,
        text=row.text,
        place=Place.from_json(row.place),
        leg=Leg(row.stated_leg),
        carrier=row.carrier,
        number=row.tracking_number,
        source=EventSource(row.source),
    )


def event_rows(snapshot: TrackingSnapshot, events: Sequence[ReadEvent]) -> list[TrackingEvent]:
    """Unsaved rows, each fingerprint once."""
    rows: dict[str, TrackingEvent] = {}
    for position, event in enumerate(events):
        mark = event.fingerprint(snapshot.provider)
        stored = {
            name: value
            for name, value in asdict(event.time).items()
            if name in ("occurred_at", "offset_minutes")
        }
        rows.setdefault(
            mark,
            TrackingEvent(
                shipment_id=snapshot.shipment_id, snapshot=snapshot, position=position, fingerprint=mark,
                provider=snapshot.provider, carrier=event.carrier, tracking_number=event.number,
                leg=event.leg, stated_leg=event.leg, status=event.status,
                provider_status=event.provider_status, code=event.code, text=event.text,
                time_raw=event.time.raw, local_time=event.time.local, time_basis=event.time.basis,
                sort_at=event.time.sort_at, place=event.place.to_json(), source=event.source, **stored,
            ),
        )  # fmt: skip
    return list(rows.values())


def refresh_facts(shipment: Shipment) -> bool:
    """Derive anew inside the caller's transaction, which holds the shipment's lock. True where facts changed.

    Two reads; writes the legs of events that now look different, and sets the derived columns on `shipment`
    without saving it.
    """
    events = {event.fingerprint: event for event in TrackingEvent.objects.filter(shipment=shipment)}
    found, lines = facts_of(
        shipment, events.values(), TrackingSnapshot.objects.filter(shipment=shipment).defer("raw")
    )
    turned = [events[line.fingerprint] for line in lines if events[line.fingerprint].leg != line.leg]
    for line in lines:
        events[line.fingerprint].leg = line.leg
    if turned:
        TrackingEvent.objects.bulk_update(turned, ["leg"], batch_size=500)
    changed = {name: value for name, value in found.items() if getattr(shipment, name) != value}
    for name, value in changed.items():
        setattr(shipment, name, value)
    return bool(changed)


def mark_changed(shipment: Shipment, *, now: datetime) -> None:
    """Tell whoever reads facts, or plans by them, that there are new ones.

    `updated_at` always grows, even within one `now`.
    """
    shipment.facts_pending = True
    shipment.plan_pending = True
    shipment.updated_at = max(now, shipment.updated_at + _TICK)
