"""Reading a parcel's kept answers again: when a reader learnt something, or the parcel's dates changed."""

from datetime import datetime

from django.db import transaction

from shipping.carriers.registry import Interpretation, interpret
from shipping.locks import locked_shipment
from shipping.models import Shipment, TrackingEvent, TrackingSnapshot
from shipping.reading import Reading
from shipping.rules.parcels import other_parcel, parcel_of
from shipping.services.derivation import FACT_NAMES, event_rows, mark_changed, refresh_facts
from shipping.vocabulary import SnapshotStatus


def rebuild_shipment(*, shipment_id: int, now: datetime) -> bool:
    """Derive everything anew from the raw answers. True where facts changed, which are then pending."""
    with transaction.atomic():
        shipment = locked_shipment(shipment_id)
        reread_snapshots(shipment)
        if not refresh_facts(shipment):
            return False
        mark_changed(shipment, now=now)
        shipment.save(update_fields=[*FACT_NAMES, "facts_pending", "plan_pending", "updated_at"])
    return True


def reread_snapshots(shipment: Shipment) -> None:
    """Inside the caller's transaction and lock. Bytes, hashes and times of the answers are never touched."""
    answers = TrackingSnapshot.objects.filter(shipment=shipment).order_by(
        "fetched_at", "sha256", "http_status", "pk"
    )
    TrackingEvent.objects.filter(shipment=shipment).delete()
    rows: dict[str, TrackingEvent] = {}
    for answer in answers.iterator(chunk_size=1):
        reading = settle(answer, interpret(answer.provider, bytes(answer.raw), answer.http_status), shipment)
        answer.save(update_fields=["status", "reason", "stated", "parser_version"])
        if reading.status == SnapshotStatus.READ:
            for row in event_rows(answer, reading.events):
                rows.setdefault(row.fingerprint, row)
    TrackingEvent.objects.bulk_create(rows.values(), batch_size=500)


def settle(answer: TrackingSnapshot, read: Interpretation, shipment: Shipment) -> Reading:
    """Set the derived columns of an answer, the parcel's number and dates considered. Saves nothing."""
    reading = parcel_of(
        read.reading,
        tracking_number=shipment.tracking_number,
        shipped_at=shipment.shipped_at,
        ship_to=shipment.ship_to,
    )
    stranger = ""
    if reading.status in (SnapshotStatus.READ, SnapshotStatus.NOT_FOUND):
        stranger = other_parcel(
            reading=reading,
            tracking_number=shipment.tracking_number,
            order_id=shipment.order_id,
            shipped_at=shipment.shipped_at,
        )
    if stranger:
        reading = Reading(status=SnapshotStatus.OTHER_PARCEL, reason=stranger)
    answer.status = reading.status
    answer.reason = reading.reason[:500]
    answer.stated = reading.stated.to_json()
    answer.parser_version = read.parser_version
    return reading
