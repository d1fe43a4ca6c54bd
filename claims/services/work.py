"""Doing the jobs: one leased row at a time, whoever asks, in a worker or in the request of an impatient agent."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import SuspiciousFileOperation
from django.db import DatabaseError, transaction
from django.db.models import Max, Sum

from accounts.actors import SYSTEM, Actor
from accounts.errors import DomainError
from claims.bundle.typeset import TypesettingFailed
from claims.deadlines import DeadlineKind
from claims.models import Bundle, Claim, Deadline, EvidenceItem, Job, Reply
from claims.services.bundles import assemble, mark_failed
from claims.services.evidence import collect_evidence
from claims.services.jobs import ask, ask_for_bundle, fail_job, finish_job, lease_job, set_aside_poison
from claims.services.locks import lock_claim
from claims.services.replies import draft_reply
from claims.words import ReplyKind, ReplyStatus
from shipping.selectors import pending_shipments
from shipping.services import clear_pending, watch_order

#: Claims with more uploads than this are assembled by a worker, not in the request.
INLINE_AT_MOST = 5_000_000
#: How long after its last clock a claim still waits for news of its parcels.
WATCHED_AFTER = timedelta(days=1)
#: What building, reading originals or storing can fail with; the job is tried again.
_TROUBLE = (
    OSError, ValueError, LookupError, TypeError, DatabaseError, TypesettingFailed, SuspiciousFileOperation,
    DomainError,
)  # fmt: skip
_DRAFTED = {
    DeadlineKind.RESPONSE: ReplyKind.ANSWER,
    DeadlineKind.APPEAL_INFORMATION: ReplyKind.APPEAL_INFORMATION,
}

Now = Callable[[], datetime]


@dataclass(frozen=True)
class Assembled:
    """A bundle, or the job that is going to make it."""

    bundle: Bundle | None = None
    job: Job | None = None


def assemble_bundle(*, claim_id: int, actor: Actor, now: datetime) -> Assembled:
    """At once where it is quick and nobody else is at it, else by a worker."""
    with transaction.atomic():
        claim = lock_claim(claim_id)
        asked = ask_for_bundle(claim, now=now)
    if _size(claim) > INLINE_AT_MOST:
        return Assembled(job=asked)
    job = lease_job(now=now, job_id=asked.pk)
    if job is None:
        return Assembled(job=asked)
    _do(job, actor=actor, now=now)
    job.refresh_from_db()
    return Assembled(bundle=job.bundle) if job.bundle is not None else Assembled(job=job)


def _size(claim: Claim) -> int:
    return EvidenceItem.objects.filter(claim=claim).aggregate(total=Sum("size"))["total"] or 0


def work_off_jobs(*, now: Now, budget: timedelta = timedelta(seconds=30)) -> int:
    """Do what is due until nothing is left or the time is used up; returns how many jobs were done."""
    ends_at = now() + budget
    done = 0
    while (moment := now()) < ends_at:
        set_aside_poison(now=moment)
        job = lease_job(now=moment)
        if job is None:
            break
        _do(job, actor=SYSTEM, now=moment)
        done += 1
    return done


def _do(job: Job, *, actor: Actor, now: datetime) -> None:
    bundle = None
    try:
        if job.kind == Job.Kind.COLLECT_EVIDENCE:
            collect_evidence(claim_id=job.claim_id, actor=actor, now=now)
        else:
            bundle = assemble(claim_id=job.claim_id, actor=actor, now=now)
            _draft_when_near(job.claim_id, now=now)
    except _TROUBLE as error:
        code, detail = type(error).__name__, str(error) or type(error).__name__
        mark_failed(claim_id=job.claim_id, code=code, detail=detail)
        fail_job(job, code=code, detail=detail, now=now)
        return
    finish_job(job, bundle=bundle, now=now)
    _watch_parcels(job.claim_id, now=now)


def _watch_parcels(claim_id: int, *, now: datetime) -> None:
    """Whatever changes a claim asks for a job: here shipping hears until when news of its parcels are waited for."""
    claim = Claim.objects.only("seller_id", "order_id").get(pk=claim_id)
    claims = Claim.objects.filter(seller_id=claim.seller_id, order_id=claim.order_id)
    last = Deadline.objects.filter(claim__in=claims, settled=False).aggregate(last=Max("due_at"))["last"]
    until = max(last, now) + WATCHED_AFTER if last is not None else None
    watch_order(seller_id=claim.seller_id, order_id=claim.order_id, until=until, now=now)


def _draft_when_near(claim_id: int, *, now: datetime) -> None:
    """Close to the target an unanswered claim gets a text as well: partial beats nothing."""
    clock = (
        Deadline.objects.filter(claim_id=claim_id, settled=False, kind__in=list(_DRAFTED))
        .select_related("seller")
        .order_by("target_at")
        .first()
    )
    if clock is None or clock.target_at - timedelta(hours=clock.seller.assembly_lead_hours) > now:
        return
    kind = _DRAFTED[DeadlineKind(clock.kind)]
    open_ones = [ReplyStatus.DRAFT, ReplyStatus.APPROVED]
    if not Reply.objects.filter(claim_id=claim_id, kind=kind, status__in=open_ones).exists():
        draft_reply(claim_id=claim_id, kind=kind.value, language="en", actor=SYSTEM, now=now)


def follow_shipments(*, now: datetime, limit: int = 200) -> int:
    """News from shipping: every claim on the order of a changed parcel gets its bundle anew."""
    shipments = list(pending_shipments(limit).only("seller_id", "order_id", "updated_at"))
    if not shipments:
        return 0
    for shipment in shipments:
        claims = Claim.objects.filter(seller_id=shipment.seller_id, order_id=shipment.order_id)
        for claim_id in claims.exclude(state="closed").values_list("pk", flat=True):
            with transaction.atomic():
                ask(lock_claim(claim_id), Job.Kind.ASSEMBLE_BUNDLE, now=now)
    clear_pending(read=[(s.pk, s.updated_at) for s in shipments])
    return len(shipments)
