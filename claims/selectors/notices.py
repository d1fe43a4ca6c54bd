"""Letters as they came in, without their raw bytes unless somebody asks for these."""

from django.db.models import OuterRef, QuerySet, Subquery

from accounts.access import Caller
from claims.deadlines import DeadlineKind
from claims.models import Deadline, Notice


def notices_visible_to(caller: Caller) -> QuerySet[Notice]:
    """With claim and seller, and `triage_due_at`: until when a person has to read one that no rule could."""
    triage = Deadline.objects.filter(notice=OuterRef("pk"), kind=DeadlineKind.TRIAGE, settled=False)
    return (
        Notice.objects.filter(seller_id__in=caller.seller_ids())
        .defer("raw")
        .select_related("seller", "claim")
        .annotate(triage_due_at=Subquery(triage.order_by("id").values("due_at")[:1]))
    )
