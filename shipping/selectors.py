"""Reading shipments. What a caller asks starts from what he may see."""

from collections.abc import Iterable

from django.db.models import Prefetch, QuerySet

from accounts.access import Caller
from accounts.models import Seller
from shipping.models import (
    ParcelPoll,
    Shipment,
    SourceAccount,
    SourceChange,
    TrackingEndpoint,
    TrackingSnapshot,
)
from shipping.numbers import normalised
from shipping.rules.order_facts import STATED_FACTS, Known, known_facts
from shipping.vocabulary import SnapshotStatus


def light_snapshots() -> QuerySet[TrackingSnapshot]:
    """Snapshots without their bytes: what a page needs."""
    return TrackingSnapshot.objects.defer("raw").order_by("id")


def _with_history(shipments: QuerySet[Shipment]) -> QuerySet[Shipment]:
    return shipments.select_related("seller").prefetch_related(
        "events",
        Prefetch("snapshots", queryset=light_snapshots()),
        Prefetch(
            "polls", queryset=ParcelPoll.objects.select_related("account").order_by("account__source", "id")
        ),
    )


def shipments_visible_to(caller: Caller) -> QuerySet[Shipment]:
    """Rows for a list: two joins, no history."""
    return Shipment.objects.filter(seller_id__in=caller.seller_ids()).select_related("seller")


def shipments_with_history_visible_to(caller: Caller) -> QuerySet[Shipment]:
    """Rows for a detail: `.events` and `.snapshots` (bytes left in the database) are loaded."""
    return _with_history(Shipment.objects.filter(seller_id__in=caller.seller_ids()))


def shipments_of_order(seller_id: int, order_id: str) -> QuerySet[Shipment]:
    """Oldest first, for whoever already knows the seller to be the right one."""
    return Shipment.objects.filter(seller_id=seller_id, order_id=order_id).order_by("id")


def shipments_of_order_with_history(seller_id: int, order_id: str) -> QuerySet[Shipment]:
    """The same with `.events` in their order and `.snapshots` without bytes loaded."""
    return _with_history(shipments_of_order(seller_id, order_id))


def snapshots_used(shipment_ids: Iterable[int]) -> QuerySet[TrackingSnapshot]:
    """With their bytes: the answers that the facts of these shipments rest on, in a lasting order."""
    return TrackingSnapshot.objects.filter(
        shipment_id__in=list(shipment_ids), status__in=(SnapshotStatus.READ, SnapshotStatus.NOT_FOUND)
    ).order_by("shipment_id", "fetched_at", "sha256", "http_status")


def known_about(shipment: Shipment) -> dict[str, Known]:
    """What is known of the order and the label of a loaded parcel, by name, each with its source. No query."""
    stated = {name: getattr(shipment, name) for name in STATED_FACTS}
    return known_facts(stated, shipment.order_facts)


def pending_shipments(limit: int) -> QuerySet[Shipment]:
    """Shipments of all sellers with facts that nobody said to have read yet; oldest first."""
    return Shipment.objects.filter(facts_pending=True).order_by("updated_at", "id")[:limit]


def order_ids_with_number(seller_ids: Iterable[int], text: str) -> QuerySet[Shipment, str]:
    """Orders of these sellers with a tracking number that begins with `text`, as a subquery to filter by."""
    number = normalised(text)
    found = Shipment.objects.filter(seller_id__in=list(seller_ids), tracking_number__startswith=number)
    return (found if number else found.none()).values_list("order_id", flat=True)


def snapshots_visible_to(caller: Caller, shipment_id: int) -> QuerySet[TrackingSnapshot]:
    """The answers kept about one parcel, without their bytes; none where the parcel is not the caller's."""
    return light_snapshots().filter(shipment_id=shipment_id, shipment__seller_id__in=caller.seller_ids())


def snapshot_with_bytes(*, shipment_id: int, provider: str, sha256: str) -> TrackingSnapshot | None:
    """The read answer of these bytes, the one of the lowest HTTP status."""
    return (
        TrackingSnapshot.objects.filter(
            shipment_id=shipment_id, provider=provider, sha256=sha256, status=SnapshotStatus.READ
        )
        .order_by("http_status")
        .first()
    )


def sources_of(seller: Seller) -> QuerySet[SourceAccount]:
    """For whoever already may see this seller's accounts."""
    return SourceAccount.objects.filter(seller=seller).select_related("seller")


def tracking_endpoints_of(seller: Seller) -> QuerySet[TrackingEndpoint]:
    """The same for the addresses that sources send to."""
    return TrackingEndpoint.objects.filter(seller=seller).select_related("seller")


def source_changes_of(seller: Seller) -> QuerySet[SourceChange]:
    return SourceChange.objects.filter(seller=seller).order_by("id")


def endpoint_behind(token: str) -> TrackingEndpoint | None:
    """The address in use with this token."""
    return TrackingEndpoint.objects.filter(token=token, is_active=True).first()
