"""Taking in a carrier's answer: kept first, then read, then merged into what is known of the parcel."""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from django.conf import settings
from django.db import transaction

from accounts.actors import Actor
from accounts.errors import InvalidInput
from shipping.carriers.registry import Interpretation, interpret, is_provider_name
from shipping.locks import locked_shipment
from shipping.models import Shipment, TrackingEvent, TrackingSnapshot
from shipping.reading import ReadEvent
from shipping.services.derivation import FACT_NAMES, event_rows, mark_changed, refresh_facts
from shipping.services.payloads import payload_bytes
from shipping.services.rebuild import settle
from shipping.vocabulary import SnapshotStatus

_AS_READ: Final = (
    "carrier",
    "status",
    "local_time",
    "offset_minutes",
    "occurred_at",
    "time_basis",
    "sort_at",
)
"""What two answers may tell differently of an event whose fingerprint is one."""
_CLOCKS_DIFFER: Final = timedelta(minutes=5)


class Recorded(NamedTuple):
    """`created` is False where the same bytes were already kept; `events_added` counts what was new."""

    snapshot: TrackingSnapshot
    created: bool
    events_added: int


def record_tracking(
    *,
    shipment: Shipment,
    provider: str,
    payload: object,
    actor: Actor,
    now: datetime,
    channel: str,
    http_status: int = 200,
    content_type: str = "",
    fetched_at: datetime | None = None,
    request: Mapping[str, object] | None = None,
    signature_verified: bool | None = None,
) -> Recorded:
    """Keep an answer about this parcel and merge what it says.

    The same bytes with the same HTTP status are kept once; `request` is what was asked, without
    secrets. Raises InvalidInput: at `/provider` for a name
    that is none, at `/fetched_at` for a moment to come, and at or below `/payload` for an answer that breaks
    its provider's format, which is kept all the same. Raises TooLarge above TRACKING_MAX_BYTES, keeping nothing.
    """
    if not is_provider_name(provider):
        raise InvalidInput.at(
            "/provider", "A lower-case name is needed, such as easypost.", code="provider_name"
        )
    if fetched_at is not None and fetched_at > now + _CLOCKS_DIFFER:
        raise InvalidInput.at("/fetched_at", "This moment has not come yet.", code="in_future")
    raw = payload_bytes(payload, content_type, most=settings.TRACKING_MAX_BYTES)
    digest = hashlib.sha256(raw).hexdigest()
    read = interpret(provider, raw, http_status)
    with transaction.atomic():
        current = locked_shipment(shipment.pk)
        kept = _kept(current, provider, digest, http_status)
        if kept is not None:
            recorded = Recorded(kept, created=False, events_added=0)
        else:
            answer = TrackingSnapshot(
                shipment=current, provider=provider, channel=channel, http_status=http_status,
                content_type=content_type, raw=raw, size=len(raw), sha256=digest,
                request=dict(request or {}), signature_verified=signature_verified,
                fetched_at=fetched_at or now, received_at=now, actor_kind=actor.kind, actor_label=actor.label,
            )  # fmt: skip
            recorded = Recorded(answer, created=True, events_added=_take_in(answer, read, current, now=now))
    if recorded.snapshot.status == SnapshotStatus.UNREADABLE:
        raise InvalidInput.at(f"/payload{read.fault}", recorded.snapshot.reason, code="unreadable")
    return recorded


def _kept(shipment: Shipment, provider: str, digest: str, http_status: int) -> TrackingSnapshot | None:
    found = TrackingSnapshot.objects.filter(
        shipment=shipment, provider=provider, sha256=digest, http_status=http_status
    )
    return found.select_related("shipment").defer("raw").first()


def _take_in(answer: TrackingSnapshot, read: Interpretation, shipment: Shipment, *, now: datetime) -> int:
    """Under the lock: store the answer, its new events, and the facts that follow."""
    reading = settle(answer, read, shipment)
    answer.save(force_insert=True)
    added = merge_events(answer, reading.events) if reading.status == SnapshotStatus.READ else 0
    if refresh_facts(shipment):
        mark_changed(shipment, now=now)
        shipment.save(update_fields=[*FACT_NAMES, "facts_pending", "plan_pending", "updated_at"])
    return added


def merge_events(answer: TrackingSnapshot, events: tuple[ReadEvent, ...]) -> int:
    """Add the events that are new. One already known points to its oldest answer, whichever came in first."""
    rows = event_rows(answer, events)
    known = TrackingEvent.objects.filter(
        shipment_id=answer.shipment_id, fingerprint__in=[row.fingerprint for row in rows]
    )
    sources = {
        event.fingerprint: event
        for event in known.select_related("snapshot").defer("snapshot__raw", "snapshot__stated")
    }
    earlier, told_otherwise = [], set[str]()
    for row in rows:
        event = sources.get(row.fingerprint)
        if event is not None and _age(answer) < _age(event.snapshot):
            event.snapshot, event.position = answer, row.position
            for name in _AS_READ:
                if getattr(event, name) != getattr(row, name):
                    setattr(event, name, getattr(row, name))
                    told_otherwise.add(name)
            earlier.append(event)
    if earlier:
        TrackingEvent.objects.bulk_update(earlier, ["snapshot", "position", *told_otherwise], batch_size=500)
    fresh = [row for row in rows if row.fingerprint not in sources]
    TrackingEvent.objects.bulk_create(fresh, batch_size=500)
    return len(fresh)


def _age(answer: TrackingSnapshot) -> tuple[datetime, str, int]:
    return answer.fetched_at, answer.sha256, answer.http_status
