"""Clocks and warnings of what the caller may see."""

from django.db.models import Prefetch, QuerySet

from accounts.access import Caller
from claims.models import Deadline, Delivery, Warning


def deadlines_visible_to(caller: Caller) -> QuerySet[Deadline]:
    return Deadline.objects.filter(seller_id__in=caller.seller_ids()).select_related(
        "seller", "claim", "notice"
    )


def order_id_of(deadline: Deadline) -> str:
    """The order a clock is about, by its claim or, for a letter nobody placed yet, by what it says."""
    if deadline.claim is not None:
        return deadline.claim.order_id
    return deadline.notice.order_id if deadline.notice is not None else ""


def warnings_visible_to(caller: Caller) -> QuerySet[Warning]:
    """With their deliveries, oldest first."""
    return (
        Warning.objects.filter(seller_id__in=caller.seller_ids())
        .select_related("seller", "claim", "deadline", "deadline__notice", "acknowledged_by")
        .prefetch_related(Prefetch("deliveries", Delivery.objects.order_by("id")))
    )
