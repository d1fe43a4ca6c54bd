"""Near the target a claim without an answer has a bundle and a draft, made from what there is."""

from datetime import datetime, timedelta

import pytest

from accounts.models import Seller
from claims.models import Bundle, Claim, Deadline, Job, Reply
from claims.services.clocks import move_deadline
from claims.services.work import work_off_jobs
from tests.claims.stories import AMZ, MONDAY, approved, claim_of, confirmed, hours, letter
from tests.claims.warnings.conftest import People, delivered, swept
from tests.smtp_sink import Sink


def worked(now: datetime) -> int:
    return work_off_jobs(now=lambda: now, budget=timedelta(seconds=1))


@pytest.fixture
def claim(acme: Seller, people: People) -> Claim:
    made = claim_of(letter(acme))
    assert worked(MONDAY + hours(0.1)) == 1
    return made


def test_at_the_set_stage_bundle_and_draft_are_made_once(claim: Claim) -> None:
    for moment in (1, 24, 36, 43.9):
        assert swept(MONDAY + hours(moment)).assembling == 0
    assert not Reply.objects.exists()
    assert swept(MONDAY + hours(44)).assembling == 1
    assert worked(MONDAY + hours(44)) == 1
    reply = Reply.objects.get(claim=claim)
    assert (reply.kind, reply.status, reply.bundle) == ("answer", "draft", Bundle.objects.get())
    for moment in (44.1, 47, 48):
        assert swept(MONDAY + hours(moment)).assembling == 0
    assert worked(MONDAY + hours(48)) == 0


def test_a_lead_that_is_no_stage_of_the_ladder_is_kept_to_the_minute(acme: Seller, claim: Claim) -> None:
    Seller.objects.filter(pk=acme.pk).update(assembly_lead_hours=7)
    swept(MONDAY + hours(36))
    assert Deadline.objects.get().next_warn_at == MONDAY + hours(41)
    assert swept(MONDAY + hours(41)).assembling == 1
    assert Deadline.objects.get().next_warn_at == MONDAY + hours(44)


def test_a_late_letter_is_assembled_at_once(acme: Seller, people: People) -> None:
    claim = claim_of(letter(acme, now=MONDAY + hours(46)))
    swept(MONDAY + hours(46))
    worked(MONDAY + hours(46))
    assert Reply.objects.get(claim=claim).status == "draft"


def test_a_new_version_of_the_clock_is_assembled_anew(claim: Claim) -> None:
    swept(MONDAY + hours(44))
    worked(MONDAY + hours(44))
    clock = Deadline.objects.get()
    now = MONDAY + hours(45)
    move_deadline(deadline_id=clock.pk, due_at=MONDAY + hours(47), reason="r", actor=AMZ, now=now)
    assert swept(now).assembling == 1
    assert swept(now + hours(0.1)).assembling == 0


def test_an_answered_claim_is_left_alone(claim: Claim) -> None:
    confirmed(approved(claim, now=MONDAY + hours(1)), now=MONDAY + hours(1))
    assert swept(MONDAY + hours(44)).assembling == 0
    assert not Job.objects.filter(status="queued").exists()


def test_a_preparation_clock_asks_for_nothing_more(acme: Seller, people: People) -> None:
    claim_of(letter(acme, "claim_received"))
    assert swept(MONDAY + hours(47)).assembling == 0


def test_the_warning_carries_the_links(claim: Claim, sink: Sink) -> None:
    swept(MONDAY + hours(44))
    worked(MONDAY + hours(44))
    delivered(MONDAY + hours(44))
    bundle, reply = Bundle.objects.get(), Reply.objects.get()
    assert f"Evidence: https://claims.example.com/api/v1/bundles/{bundle.pk}/pdf/" in sink.mails[0].text
    assert f"Reply: https://claims.example.com/api/v1/replies/{reply.pk}/" in sink.mails[0].text
