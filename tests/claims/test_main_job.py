"""The main job by services: a letter, its clock, a bundle, a reply, and the frozen record."""

from datetime import timedelta

from accounts.models import Seller
from claims.models import Bundle, Deadline, Job
from claims.services.work import work_off_jobs
from tests.claims.stories import MONDAY, approved, claim_of, clocks, confirmed, hours, letter


def test_a_request_is_answered_in_time(acme: Seller) -> None:
    claim = claim_of(letter(acme))
    assert claim.state == "action_required"
    assert claim.respond_by == MONDAY + hours(48)
    assert claim.deadline_basis == "policy"
    now = MONDAY + hours(1)
    assert work_off_jobs(now=lambda: now, budget=timedelta(seconds=1)) == 1
    assert Job.objects.get().status == "done"
    bundle = Bundle.objects.get()
    assert bundle.status == "ready"
    reply = confirmed(approved(claim, now=now), now=now)
    claim.refresh_from_db()
    assert claim.state == "under_review"
    assert clocks(claim) == [("response", "met")]
    assert Deadline.objects.get().answered_by == reply
    assert reply.frozen["bundle"]["sha256"] == bundle.sha256
    assert claim.respond_by is None
