"""What every page shows around its matter: letters that wait, and what one row of the page needs beside it."""

from collections.abc import Iterable

from django.db.models import QuerySet

from accounts.access import Caller
from accounts.models import User
from claims.models import Claim, Job, Notice
from claims.words import NoticeStatus

#: More than this many waiting letters are shown as "99+", so counting stays cheap.
COUNTED_AT_MOST = 100
OPEN_JOB = (Job.Status.QUEUED, Job.Status.RUNNING)


def letters_waiting(caller: Caller) -> int:
    """How many letters need a person, counted up to `COUNTED_AT_MOST`."""
    waiting = Notice.objects.filter(seller_id__in=caller.seller_ids(), status=NoticeStatus.NEEDS_PERSON)
    return waiting.values("pk")[:COUNTED_AT_MOST].count()


def jobs_going_on(claim_id: int) -> QuerySet[Job]:
    """Work on this claim that is not finished."""
    return Job.objects.filter(claim_id=claim_id, status__in=OPEN_JOB).order_by("id")


def names_of_people(ids: Iterable[int]) -> dict[int, str]:
    """User names by id, for events of a claim the caller sees."""
    return dict(User.objects.filter(pk__in=set(ids)).values_list("pk", "username"))


def claims_of_order(caller: Caller, *, seller_token: str, order_id: str) -> QuerySet[Claim]:
    """The claims on one order, the newest first."""
    own = Claim.objects.filter(seller_id__in=caller.seller_ids(), seller__merchant_token=seller_token)
    return own.filter(order_id=order_id).order_by("-id")
