"""Evidence items, bundles, jobs and replies of what the caller may see, each with its claim."""

from django.db.models import QuerySet

from accounts.access import Caller
from claims.models import Bundle, EvidenceItem, Job, Reply


def evidence_visible_to(caller: Caller) -> QuerySet[EvidenceItem]:
    return EvidenceItem.objects.filter(claim__seller_id__in=caller.seller_ids()).select_related("claim")


def bundles_visible_to(caller: Caller) -> QuerySet[Bundle]:
    return Bundle.objects.filter(claim__seller_id__in=caller.seller_ids()).select_related("claim")


def jobs_visible_to(caller: Caller) -> QuerySet[Job]:
    return Job.objects.filter(claim__seller_id__in=caller.seller_ids()).select_related("claim", "bundle")


def replies_visible_to(caller: Caller) -> QuerySet[Reply]:
    rows = Reply.objects.filter(claim__seller_id__in=caller.seller_ids())
    return rows.select_related("claim__seller", "bundle")
