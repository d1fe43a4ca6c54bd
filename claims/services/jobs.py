"""Jobs as rows: asked for in the transaction that makes them needed, done by whichever worker leases them.

Messages are only a nudge. A worker that dies leaves a lease that runs out; the next round takes the job up.
"""

from datetime import datetime, timedelta

from django.db import IntegrityError, connection, transaction

from claims.models import Bundle, Claim, Job

LEASE = timedelta(minutes=2)
ATTEMPTS_AT_MOST = 5
_BACKOFF = timedelta(seconds=10)


def ask_for_bundle(claim: Claim, *, now: datetime) -> Job:
    """Have the claim's evidence collected and its bundle assembled; asking twice is asking once."""
    return ask(claim, Job.Kind.ASSEMBLE_BUNDLE, now=now)


def ask(claim: Claim, kind: Job.Kind, *, now: datetime) -> Job:
    """The open job of this kind, or a new one. One that runs already is told to run once more.

    Call with the claim locked, so that no two callers make one at once.
    """
    open_jobs = Job.objects.filter(
        claim=claim, kind=kind, status__in=[Job.Status.QUEUED, Job.Status.RUNNING]
    )
    again = open_jobs.filter(status=Job.Status.RUNNING).update(again=True)
    job = open_jobs.first() if again else open_jobs.filter(status=Job.Status.QUEUED).first()
    if job is not None:
        return job
    try:
        with transaction.atomic():
            return Job.objects.create(claim=claim, kind=kind, run_at=now, created_at=now)
    except IntegrityError:
        return open_jobs.get()


def lease_job(*, now: datetime, job_id: int | None = None) -> Job | None:
    """Take the next job that is due, or whose worker has let its lease run out; None when there is none."""
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
            {"now": now, "until": now + LEASE, "job": job_id},
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
    mine.update(
        status=Job.Status.DONE, lease_until=None, finished_at=now, bundle=bundle, last_error={}
    )


def fail_job(job: Job, *, code: str, detail: str, now: datetime) -> bool:
    """Set the job back with growing pauses, or give it up after the last attempt; returns whether it gave up."""
    given_up = job.attempts >= ATTEMPTS_AT_MOST
    Job.objects.filter(pk=job.pk, attempts=job.attempts).update(
        status=Job.Status.FAILED if given_up else Job.Status.QUEUED,
        lease_until=None,
        run_at=now + _BACKOFF * 2 ** (job.attempts - 1),
        finished_at=now if given_up else None,
        last_error={"code": code, "detail": detail[:2000], "attempt": job.attempts},
    )
    return given_up


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
