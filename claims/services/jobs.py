"""Jobs as rows: asked for in the transaction that makes them needed, done by whichever worker leases them.

Messages are only a nudge. A worker that dies leaves a lease that runs out; the next round takes the job up.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction

from claims.models import Bundle, Claim, Job

ATTEMPTS_AT_MOST = 5
_BACKOFF = timedelta(seconds=10)
_OPEN = (Job.Status.QUEUED, Job.Status.RUNNING)


def ask_for_bundle(claim: Claim, *, now: datetime) -> Job:
    """Have the claim's evidence collected and its bundle assembled; asking twice is asking once."""
    return ask(claim, Job.Kind.ASSEMBLE_BUNDLE, now=now)


def ask_for_bundles(claim_ids: Collection[int], *, now: datetime) -> None:
    """The same for many claims in two statements; they are locked."""
    _ask(claim_ids, Job.Kind.ASSEMBLE_BUNDLE, now=now)


def ask(claim: Claim, kind: Job.Kind, *, now: datetime) -> Job:
    """The open job of this kind, or a new one. One that runs already is told to run once more.

    Call with the claim locked: whoever does the job locks it too, and so reads what the caller writes.
    """
    while True:
        _ask([claim.pk], kind, now=now)
        job = Job.objects.filter(claim=claim, kind=kind, status__in=_OPEN).first()
        if job is not None:  # else it was finished between the two statements
            return job


def _ask(claim_ids: Collection[int], kind: Job.Kind, *, now: datetime) -> None:
    Job.objects.filter(claim__in=claim_ids, kind=kind, status=Job.Status.RUNNING).update(again=True)
    Job.objects.bulk_create(
        [Job(claim_id=pk, kind=kind, run_at=now, created_at=now) for pk in claim_ids], ignore_conflicts=True
    )


def lease_job(*, now: datetime, job_id: int | None = None) -> Job | None:
    """Take the next job that is due, or whose worker has let its lease run out; None when there is none."""
    until = now + timedelta(seconds=settings.JOB_LEASE_SECONDS)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE claims_job SET status = 'running', lease_until = %(until)s, attempts = attempts + 1,
                   again = false
             WHERE id = (SELECT id FROM claims_job
                          WHERE status IN ('queued', 'running') AND run_at <= %(now)s
                            AND (lease_until IS NULL OR lease_until <= %(now)s)
                            AND (%(job)s::bigint IS NULL OR id = %(job)s)
                          ORDER BY run_at LIMIT 1 FOR UPDATE SKIP LOCKED)
            RETURNING id
            """,
            {"now": now, "until": until, "job": job_id},
        )
        row = cursor.fetchone()
    return Job.objects.select_related("claim").get(pk=row[0]) if row else None


def finish_job(job: Job, *, bundle: Bundle | None, now: datetime) -> None:
    """Done; asked for again while it ran, it is queued once more."""
    mine = Job.objects.filter(pk=job.pk, status=Job.Status.RUNNING, attempts=job.attempts)
    if mine.filter(again=True).update(
        status=Job.Status.QUEUED, again=False, lease_until=None, run_at=now, attempts=0, bundle=bundle
    ):
        return
    mine.update(status=Job.Status.DONE, lease_until=None, finished_at=now, bundle=bundle, last_error={})


def fail_job(job: Job, *, code: str, detail: str, now: datetime) -> bool:
    """Set the job back with growing pauses, or give it up after the last attempt; returns whether it gave up.

    Asked for again while it ran, it begins anew: what is asked for now may be what it lacked.
    """
    mine = Job.objects.filter(pk=job.pk, status=Job.Status.RUNNING, attempts=job.attempts)
    error = {"code": code, "detail": detail[:2000], "attempt": job.attempts}
    given_up = job.attempts >= ATTEMPTS_AT_MOST
    pause = _BACKOFF * 2 ** (job.attempts - 1)
    queued = {"status": Job.Status.QUEUED, "lease_until": None, "last_error": error}
    if mine.filter(again=True).update(**queued, again=False, attempts=0, run_at=now + _BACKOFF):
        return False
    if not given_up:
        mine.update(**queued, run_at=now + pause)
        return False
    return bool(mine.update(status=Job.Status.FAILED, lease_until=None, finished_at=now, last_error=error))


def set_aside_poison(*, now: datetime) -> int:
    """Give up jobs that killed their worker at every attempt, so that they do not do so for ever."""
    return Job.objects.filter(
        status=Job.Status.RUNNING, lease_until__lte=now, attempts__gte=ATTEMPTS_AT_MOST
    ).update(
        status=Job.Status.FAILED,
        lease_until=None,
        finished_at=now,
        last_error={"code": "worker_lost", "detail": "The worker died at every attempt."},
    )
