"""Jobs as rows: asked for twice is asked for once, a dead worker's is taken up, a poisonous one given up."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.models import Seller
from claims.models import Claim, Job
from claims.services.jobs import (
    ATTEMPTS_AT_MOST,
    ask_for_bundle,
    ask_for_bundles,
    fail_job,
    finish_job,
    lease_job,
    set_aside_poison,
)
from tests.claims.stories import MONDAY, claim_of, letter

MINUTE = timedelta(minutes=1)


@pytest.fixture
def claim(acme: Seller) -> Claim:
    """With the job that its letter asked for."""
    return claim_of(letter(acme, now=MONDAY))


def leased(now: Any = MONDAY) -> Job:
    job = lease_job(now=now)
    assert job is not None
    return job


def test_asking_twice_is_asking_once(claim: Claim) -> None:
    first = ask_for_bundle(claim, now=MONDAY)
    ask_for_bundles([claim.pk], now=MONDAY)
    assert Job.objects.get() == first
    assert (first.status, first.again) == ("queued", False)


def test_a_job_that_runs_is_told_to_run_once_more(claim: Claim) -> None:
    job = leased()
    assert lease_job(now=MONDAY) is None
    assert ask_for_bundle(claim, now=MONDAY) == job
    finish_job(job, bundle=None, now=MONDAY + MINUTE)
    job.refresh_from_db()
    assert (job.status, job.again, job.attempts) == ("queued", False, 0)
    finish_job(leased(MONDAY + MINUTE), bundle=None, now=MONDAY + MINUTE)
    job.refresh_from_db()
    assert job.status == "done"


def test_after_the_lease_the_next_worker_takes_it_up_and_the_late_one_changes_nothing(
    claim: Claim, settings: Any
) -> None:
    settings.JOB_LEASE_SECONDS = 120
    slow = leased()
    assert lease_job(now=MONDAY + timedelta(seconds=119)) is None
    second = leased(MONDAY + timedelta(seconds=120))
    assert (second.pk, second.attempts) == (slow.pk, 2)
    finish_job(slow, bundle=None, now=MONDAY + 3 * MINUTE)
    fail_job(slow, code="x", detail="x", now=MONDAY + 3 * MINUTE)
    second.refresh_from_db()
    assert (second.status, second.last_error) == ("running", {})


def test_a_failing_job_is_tried_again_with_growing_pauses_and_given_up(claim: Claim) -> None:
    now, pauses = MONDAY, []
    for attempt in range(1, ATTEMPTS_AT_MOST + 1):
        job = leased(now)
        given_up = fail_job(job, code="OSError", detail="disk full", now=now)
        assert given_up is (attempt == ATTEMPTS_AT_MOST)
        job.refresh_from_db()
        pauses.append((job.run_at - now).total_seconds())
        now = max(now, job.run_at)
    assert pauses[:-1] == [10, 20, 40, 80]
    assert (job.status, job.last_error) == (
        "failed",
        {"code": "OSError", "detail": "disk full", "attempt": ATTEMPTS_AT_MOST},
    )
    assert ask_for_bundle(claim, now=now) != job


def test_a_last_attempt_that_fails_begins_anew_when_something_new_came_meanwhile(claim: Claim) -> None:
    Job.objects.update(attempts=ATTEMPTS_AT_MOST - 1)
    job = leased()
    ask_for_bundle(claim, now=MONDAY)
    assert not fail_job(job, code="x", detail="x", now=MONDAY)
    job.refresh_from_db()
    assert (job.status, job.attempts, job.again) == ("queued", 0, False)


def test_a_job_that_kills_its_worker_every_time_is_given_up(claim: Claim) -> None:
    now = MONDAY
    for _ in range(ATTEMPTS_AT_MOST):
        assert set_aside_poison(now=now) == 0
        leased(now)
        now += 3 * MINUTE
    assert set_aside_poison(now=now) == 1
    job = Job.objects.get()
    assert (job.status, job.last_error["code"]) == ("failed", "worker_lost")
    assert lease_job(now=now) is None
