"""Confirming and retracting: which clocks an answer meets, what late means, and what stays frozen."""

from datetime import datetime, timedelta

import pytest

from accounts.actors import Actor
from accounts.errors import Conflict, InvalidInput, StaleRevision
from accounts.models import Seller
from claims.errors import ActionRefused
from claims.models import Claim, Deadline, Event, EvidenceItem
from claims.services.engine import sweep
from claims.services.submissions import confirm_submission, retract_submission
from tests.claims.pictures import PNG
from tests.claims.situations import (
    appeal_action_required,
    appeal_under_review,
    decided,
    everything,
    picture,
    under_review,
)
from tests.claims.stories import AMZ, MONDAY, approved, claim_of, clocks, confirmed, hours, letter

DUE = MONDAY + hours(48)


@pytest.fixture(autouse=True)
def _no_bundle(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("claims.services.replies.assemble", lambda **_: None)


def overdue(seller: Seller) -> Claim:
    """A request whose 48 hours passed; the sweep has said so."""
    claim = claim_of(letter(seller))
    sweep(now=MONDAY + hours(49))
    assert clocks(claim) == [("response", "missed")]
    claim.refresh_from_db()
    assert (claim.state, claim.respond_by) == ("action_required", DUE)
    return claim


@pytest.mark.parametrize(
    ("submitted_at", "status", "late", "reason"),
    [
        (DUE - timedelta(minutes=1), "met", False, "answered"),
        (DUE, "met", False, "answered"),
        (DUE + timedelta(seconds=1), "missed", True, "answered_late"),
        (None, "missed", True, "answered_late"),
    ],
)
def test_a_late_confirmation_counts_by_the_moment_of_submission(
    acme: Seller, submitted_at: datetime | None, status: str, late: bool, reason: str
) -> None:
    claim = overdue(acme)
    now = MONDAY + hours(50)
    reply = confirmed(approved(claim, now=now), now=now, submitted_at=submitted_at)
    clock = Deadline.objects.get(claim=claim)
    assert (clock.status, clock.answered_at, clock.answered_by) == (status, submitted_at or now, reply)
    assert (clock.settled, clock.closed_reason, clock.next_warn_at) == (True, reason, None)
    assert reply.late is late
    claim.refresh_from_db()
    assert (claim.state, claim.respond_by, claim.target_by) == ("under_review", None, None)


def test_a_request_that_came_after_the_submission_keeps_the_claim_open(acme: Seller) -> None:
    claim = claim_of(letter(acme))
    reply = approved(claim, now=MONDAY + hours(1))
    letter(acme, at=MONDAY + hours(5))
    confirmed(reply, now=MONDAY + hours(6), submitted_at=MONDAY + hours(2))
    assert picture(claim).state == "action_required"
    assert clocks(claim) == [("response", "met"), ("response", "open")]
    assert claim.respond_by == MONDAY + hours(53)


def test_one_answer_meets_every_request_that_was_open(acme: Seller) -> None:
    claim = claim_of(letter(acme))
    letter(acme, at=MONDAY + hours(5))
    confirmed(approved(claim, now=MONDAY + hours(6)), now=MONDAY + hours(6))
    assert picture(claim).state == "under_review"
    assert clocks(claim) == [("response", "met"), ("response", "met")]


def test_a_submission_before_the_request_or_in_the_future_is_refused(acme: Seller) -> None:
    claim = claim_of(letter(acme))
    reply = approved(claim, now=MONDAY + hours(1))
    before = everything(claim)
    for moment, code in [(MONDAY - hours(1), "too_early"), (MONDAY + hours(3), "future")]:
        with pytest.raises(InvalidInput) as refused:
            confirmed(reply, now=MONDAY + hours(2), submitted_at=moment)
        assert [(e.pointer, e.code) for e in refused.value.errors] == [("/submitted_at", code)]
    assert everything(claim) == before


def test_a_draft_is_not_confirmed_and_no_picture_of_it_is_kept(acme: Seller) -> None:
    claim = claim_of(letter(acme))
    reply = approved(claim, now=MONDAY + hours(1))
    reply.status = "draft"
    reply.save()
    before = everything(claim)
    for revision, error in [(reply.revision, Conflict), (reply.revision - 1, StaleRevision)]:
        with pytest.raises(error):
            confirm_submission(
                reply_id=reply.pk, revision=revision, submitted_at=None, pasted_text=None,
                screenshot=("shot.png", PNG), actor=AMZ, now=MONDAY + hours(2),
            )  # fmt: skip
    assert everything(claim) == before
    assert EvidenceItem.objects.count() == 0


def test_what_was_pasted_is_compared_and_frozen_with_the_difference(acme: Seller, agent: Actor) -> None:
    claim = claim_of(letter(acme))
    reply = approved(claim, now=MONDAY + hours(1))
    sent = confirm_submission(
        reply_id=reply.pk, revision=reply.revision, submitted_at=None, pasted_text="Another text",
        screenshot=("shot.png", PNG), actor=agent, now=MONDAY + hours(2),
    )  # fmt: skip
    assert (sent.pasted_text, sent.pasted_differs, sent.frozen["pasted_differs"]) == (
        "Another text",
        True,
        True,
    )
    item = EvidenceItem.objects.get(claim=claim, kind="submission_screenshot")
    assert (sent.screenshot, sent.frozen["screenshot_sha256"]) == (item, item.sha256)
    assert (sent.confirmed_by, sent.confirmed_at) == ("alice", MONDAY + hours(2))


def test_line_ends_of_a_text_box_are_no_difference(acme: Seller) -> None:
    claim = claim_of(letter(acme))
    reply = approved(claim, now=MONDAY + hours(1))
    sent = confirm_submission(
        reply_id=reply.pk, revision=reply.revision, submitted_at=None,
        pasted_text="  " + reply.text.replace("\n", " \r\n") + "\n\n", screenshot=None, actor=AMZ,
        now=MONDAY + hours(2),
    )  # fmt: skip
    assert sent.pasted_differs is False


@pytest.mark.parametrize(("needed", "pointer"), [("text", "/pasted_text"), ("screenshot", "/screenshot")])
def test_a_seller_may_ask_for_proof_of_pasting(acme: Seller, needed: str, pointer: str) -> None:
    acme.require_confirmation = needed
    acme.save()
    claim = claim_of(letter(acme))
    reply = approved(claim, now=MONDAY + hours(1))
    before = everything(claim)
    with pytest.raises(InvalidInput) as refused:
        confirmed(reply, now=MONDAY + hours(2))
    assert [(e.pointer, e.code) for e in refused.value.errors] == [(pointer, "required")]
    assert everything(claim) == before


def retract(claim: Claim, *, at: float) -> None:
    reply = claim.replies.filter(status="submitted").latest("id")
    retract_submission(
        reply_id=reply.pk, revision=None, reason="the page said error", actor=AMZ, now=MONDAY + hours(at)
    )


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        ("response", "action_required"),
        ("appeal", "decided"),
        ("appeal_information", "appeal_action_required"),
    ],
)
def test_a_retraction_runs_the_answered_clock_again_as_a_new_version(
    acme: Seller, kind: str, state: str
) -> None:
    if kind == "response":
        claim = under_review(acme)
    elif kind == "appeal":
        claim = appeal_under_review(acme)
    else:
        claim = appeal_action_required(acme)
        confirmed(approved(claim, now=MONDAY + hours(31)), now=MONDAY + hours(31))
    due = Deadline.objects.get(claim=claim, kind=kind).due_at
    frozen = claim.replies.latest("id").frozen
    retract(claim, at=35)
    clock = Deadline.objects.get(claim=claim, kind=kind)
    assert (clock.status, clock.version, clock.settled, clock.due_at) == ("open", 2, False, due)
    assert (clock.answered_at, clock.answered_by, clock.closed_reason) == (None, None, "")
    assert (clock.started_at, clock.next_warn_at) == (MONDAY + hours(35), MONDAY + hours(35))
    assert picture(claim).state == state
    assert claim.respond_by == due
    reply = claim.replies.latest("id")
    assert (reply.status, reply.frozen) == ("submitted", frozen)
    assert (reply.retracted_by, reply.retract_reason) == ("amz", "the page said error")
    assert reply.retracted_at == MONDAY + hours(35)
    assert Event.objects.filter(claim=claim, verb="retract_submission").count() == 1


def test_a_submission_is_retracted_once(acme: Seller) -> None:
    claim = under_review(acme)
    retract(claim, at=5)
    before = everything(claim)
    with pytest.raises(Conflict, match="only once"):
        retract(claim, at=6)
    assert everything(claim) == before


def test_after_a_retraction_a_new_draft_is_confirmed_as_usual(acme: Seller) -> None:
    claim = under_review(acme)
    retract(claim, at=5)
    confirmed(approved(claim, now=MONDAY + hours(6)), now=MONDAY + hours(6))
    assert picture(claim).replies == ("answer submitted", "answer submitted")
    assert picture(claim).clocks == ("response met",)


def test_an_answer_is_not_retracted_once_the_claim_is_decided(acme: Seller) -> None:
    claim = decided(acme)
    before = everything(claim)
    with pytest.raises(ActionRefused):
        retract(claim, at=12)
    assert everything(claim) == before
