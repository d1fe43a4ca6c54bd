"""What people take back: a conceding, a cancelled clock, a placing at the wrong claim, an edit that edits nothing."""

import pytest

from accounts.actors import Actor
from accounts.errors import Conflict, InvalidInput
from accounts.models import Seller
from claims.errors import ActionRefused
from claims.lifecycle import State, allowed_actions
from claims.models import Claim, Deadline, EvidenceItem
from claims.services.claims import concede_claim, reopen_claim
from claims.services.clocks import cancel_deadline, move_deadline
from claims.services.replies import draft_reply, edit_reply
from claims.services.submissions import confirm_submission
from claims.services.work import assemble_bundle
from tests.claims.stories import AMZ, MONDAY, approved, claim_of, clocks, hours, letter

LATER = MONDAY + hours(3)


def test_conceding_is_taken_back_by_reopening_and_its_clock_runs_again(acme: Seller, agent: Actor) -> None:
    claim = claim_of(letter(acme))
    concede_claim(claim_id=claim.pk, reason="wrong button", actor=agent, now=LATER)
    claim.refresh_from_db()
    assert (claim.state, clocks(claim)) == ("under_review", [("response", "cancelled")])
    assert allowed_actions(State.UNDER_REVIEW, has_appeal_clock=False, conceded=True) == [
        "record_decision",
        "reopen",
    ]
    with pytest.raises(ActionRefused):
        draft_reply(claim_id=claim.pk, kind=None, language="en", actor=agent, now=LATER)
    claim = reopen_claim(claim_id=claim.pk, reason="we fight", actor=agent, now=LATER)
    assert (claim.state, claim.fought, claim.respond_by) == ("action_required", None, MONDAY + hours(48))
    assert [(d.status, d.version) for d in Deadline.objects.filter(claim=claim)] == [("open", 2)]


def test_a_claim_under_review_after_an_answer_is_not_reopened(acme: Seller, agent: Actor) -> None:
    claim = claim_of(letter(acme))
    Claim.objects.filter(pk=claim.pk).update(state="under_review", fought=True)
    with pytest.raises(ActionRefused):
        reopen_claim(claim_id=claim.pk, reason="?", actor=agent, now=LATER)


def test_a_clock_that_a_person_cancelled_runs_again_when_it_is_moved(acme: Seller, agent: Actor) -> None:
    claim = claim_of(letter(acme))
    clock = Deadline.objects.get(claim=claim)
    clock = cancel_deadline(deadline_id=clock.pk, reason="not shown", actor=agent, now=LATER)
    assert (clock.status, clock.closed_reason) == ("cancelled", "by hand: not shown")
    with pytest.raises(Conflict):
        cancel_deadline(deadline_id=clock.pk, reason="again", actor=agent, now=LATER)
    due = MONDAY + hours(30)
    clock = move_deadline(deadline_id=clock.pk, due_at=due, reason="shown after all", actor=agent, now=LATER)
    assert (clock.status, clock.settled, clock.closed_reason, clock.version) == ("open", False, "", 2)
    claim.refresh_from_db()
    assert claim.respond_by == due


def test_a_clock_that_an_answer_met_is_not_moved(acme: Seller, agent: Actor) -> None:
    claim = claim_of(letter(acme))
    Deadline.objects.filter(claim=claim).update(
        status="cancelled", settled=True, closed_reason="conceded", next_warn_at=None
    )
    clock = Deadline.objects.get(claim=claim)
    with pytest.raises(Conflict):
        move_deadline(deadline_id=clock.pk, due_at=LATER, reason="x", actor=agent, now=LATER)


def test_an_edit_that_changes_nothing_leaves_the_approval(acme: Seller, agent: Actor) -> None:
    reply = approved(claim_of(letter(acme)), now=LATER)
    for text in (None, reply.text):
        same = edit_reply(
            reply_id=reply.pk, revision=reply.revision, text=text, language=None, actor=agent, now=LATER
        )
        assert (same.status, same.revision) == ("approved", reply.revision)


def test_a_text_is_no_screenshot_and_nothing_is_kept(acme: Seller) -> None:
    reply = approved(claim_of(letter(acme)), now=LATER)
    with pytest.raises(InvalidInput) as refused:
        confirm_submission(
            reply_id=reply.pk,
            revision=reply.revision,
            submitted_at=None,
            pasted_text=None,
            screenshot=("a.png", b"not a picture"),
            actor=AMZ,
            now=LATER,
        )
    assert [(e.pointer, e.code) for e in refused.value.errors] == [("/screenshot", "not_a_picture")]
    assert EvidenceItem.objects.count() == 0
    reply.refresh_from_db()
    assert reply.status == "approved"


def test_a_bundle_does_not_count_as_somebodys_change_of_the_claim(acme: Seller, agent: Actor) -> None:
    claim = claim_of(letter(acme))
    assemble_bundle(claim_id=claim.pk, actor=agent, now=LATER)
    assert Claim.objects.get(pk=claim.pk).revision == claim.revision
