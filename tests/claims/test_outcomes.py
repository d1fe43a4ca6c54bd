"""What comes after the answer: decisions by hand, appeals, giving up, closing, reopening, and time that passes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from accounts.errors import InvalidInput
from accounts.models import Seller
from claims.errors import ActionRefused
from claims.intake.fields import DecisionFields
from claims.models import Claim, Deadline, EvidenceItem
from claims.services.appeals import submit_appeal
from claims.services.claims import close_claim, concede_claim, reopen_claim
from claims.services.clocks import cancel_deadline
from claims.services.decisions import record_decision
from claims.services.engine import sweep
from tests.claims.situations import (
    DECIDED_AT,
    Picture,
    appeal_under_review,
    closed,
    decided,
    everything,
    picture,
    under_review,
)
from tests.claims.stories import (
    AMZ,
    MONDAY,
    approved,
    claim_of,
    clocks,
    confirmed,
    granted,
    hours,
    letter,
)

#: 30 calendar days from 16 November, Rome (UTC+1 in winter): 00:00 of 16 December.
APPEAL_DUE = datetime(2026, 12, 15, 23, 0, tzinfo=UTC)
LAPSED = APPEAL_DUE + timedelta(days=7)


@pytest.fixture(autouse=True)
def _no_bundle(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("claims.services.replies.assemble", lambda **_: None)


def decide(claim: Claim, fields: DecisionFields, *, at: datetime) -> Claim:
    return record_decision(claim_id=claim.pk, fields=fields, actor=AMZ, now=at)


def appeal(claim: Claim, *, submitted_at: datetime, now: datetime) -> None:
    submit_appeal(
        claim_id=claim.pk, submitted_at=submitted_at, text="As sent.", files=[("proof.txt", b"signed")],
        actor=AMZ, now=now,
    )  # fmt: skip


def test_a_decision_by_hand_is_kept_on_three_axes_with_its_reason(acme: Seller) -> None:
    claim = under_review(acme)
    said = granted(counts_in_odr="no", loss_reason="no_signature", decided_at=DECIDED_AT, currency="EUR")
    decide(claim, said, at=MONDAY + hours(12))
    claim.refresh_from_db()
    assert (claim.decision, claim.funded_by, claim.counts_in_odr) == ("granted", "seller", "no")
    assert (claim.loss_reason, claim.decided_at) == ("no_signature", DECIDED_AT)
    assert (claim.respond_by, claim.close_at) == (APPEAL_DUE, LAPSED)
    row = claim.decisions.get()
    assert (row.current, row.of_appeal, row.created_by) == (True, False, "amz")


def test_a_decision_of_the_future_is_refused(acme: Seller) -> None:
    claim = under_review(acme)
    before = everything(claim)
    with pytest.raises(InvalidInput) as refused:
        decide(claim, granted(decided_at=MONDAY + hours(13)), at=MONDAY + hours(12))
    assert [(e.pointer, e.code) for e in refused.value.errors] == [("/decided_at", "future")]
    assert everything(claim) == before


def test_saying_more_of_the_same_decision_does_not_move_the_appeal_window(acme: Seller) -> None:
    claim = decided(acme)
    decide(claim, granted(loss_reason="no_signature"), at=MONDAY + timedelta(days=5))
    claim.refresh_from_db()
    assert (claim.decided_at, claim.respond_by) == (DECIDED_AT, APPEAL_DUE)


def test_correcting_an_appeals_decision_opens_no_new_appeal_clock(acme: Seller) -> None:
    claim = appeal_under_review(acme)
    decide(claim, granted(), at=MONDAY + hours(50))
    assert clocks(claim) == [("response", "met"), ("appeal", "met")]
    decide(claim, granted(loss_reason="no_signature"), at=MONDAY + hours(60))
    assert clocks(claim) == [("response", "met"), ("appeal", "met")]
    assert picture(claim).decisions == ("granted past", "granted appeal past", "granted appeal current")
    claim.refresh_from_db()
    assert claim.decided_at == MONDAY + hours(50)


def test_an_appeal_made_outside_is_frozen_with_its_words_and_files(acme: Seller) -> None:
    claim = decided(acme)
    appeal(claim, submitted_at=MONDAY + hours(20), now=MONDAY + hours(30))
    reply = claim.replies.get(kind="appeal")
    item = EvidenceItem.objects.get(claim=claim)
    assert (reply.status, reply.made_outside, reply.late, reply.text) == (
        "submitted",
        True,
        False,
        "As sent.",
    )
    assert reply.frozen["files"] == [{"name": "proof.txt", "sha256": item.sha256}]
    assert reply.submitted_at == MONDAY + hours(20)
    clock = Deadline.objects.get(claim=claim, kind="appeal")
    assert (clock.status, clock.answered_at, clock.answered_by) == ("met", MONDAY + hours(20), reply)
    assert picture(claim).state == "appeal_under_review"


@pytest.mark.parametrize("outside", [True, False])
def test_a_late_appeal_is_taken_and_marked(acme: Seller, outside: bool) -> None:
    claim = decided(acme)
    sweep(now=APPEAL_DUE + hours(1))
    now = APPEAL_DUE + hours(2)
    if outside:
        appeal(claim, submitted_at=now, now=now)
    else:
        confirmed(approved(claim, now=now), now=now)
    assert claim.replies.get(kind="appeal").late is True
    assert clocks(claim)[-1] == ("appeal", "missed")
    clock = Deadline.objects.get(claim=claim, kind="appeal")
    assert (clock.answered_at, clock.settled) == (now, True)
    assert picture(claim).state == "appeal_under_review"
    assert claim.close_at is None


def test_an_appeal_before_its_decision_is_refused_and_keeps_no_file(acme: Seller) -> None:
    claim = decided(acme)
    before = everything(claim)
    with pytest.raises(InvalidInput) as refused:
        appeal(claim, submitted_at=MONDAY + hours(9), now=MONDAY + hours(30))
    assert [(e.pointer, e.code) for e in refused.value.errors] == [("/submitted_at", "too_early")]
    assert everything(claim) == before


def test_without_an_appeal_clock_there_is_no_appeal(acme: Seller) -> None:
    claim = claim_of(letter(acme, "claim_decided", decision=DecisionFields("denied")))
    before = everything(claim)
    with pytest.raises(ActionRefused) as refused:
        appeal(claim, submitted_at=MONDAY + hours(1), now=MONDAY + hours(2))
    allowed = ["record_decision", "concede", "close"]
    assert refused.value.extra == {"state": "decided", "allowed_actions": allowed}
    assert everything(claim) == before


def test_an_appeal_clock_that_passes_is_missed_and_the_claim_closes_a_week_later(acme: Seller) -> None:
    claim = decided(acme)
    approved(claim, now=MONDAY + hours(20))
    assert sweep(now=APPEAL_DUE - timedelta(seconds=1)).raised.missed == 0
    assert sweep(now=APPEAL_DUE).raised.missed == 1
    assert picture(claim).state == "decided"
    assert clocks(claim)[-1] == ("appeal", "missed")
    assert sweep(now=LAPSED - timedelta(seconds=1)).closed == 0
    assert picture(claim).state == "decided"
    assert sweep(now=LAPSED).closed == 1
    assert picture(claim) == Picture(
        "closed", ("response met", "appeal missed"), ("granted current",), (),
        ("answer submitted", "appeal void"),
    )  # fmt: skip
    assert (claim.close_at, claim.respond_by) == (None, None)
    assert sweep(now=LAPSED).closed == 0


def test_a_sweep_that_slept_through_the_window_closes_with_the_clock_missed(acme: Seller) -> None:
    claim = decided(acme)
    sweep(now=LAPSED + hours(1))
    assert picture(claim).state == "closed"
    assert clocks(claim)[-1] == ("appeal", "missed")


def test_closing_with_an_open_appeal_clock_needs_a_reason(acme: Seller) -> None:
    claim = decided(acme)
    before = everything(claim)
    with pytest.raises(InvalidInput) as refused:
        close_claim(claim_id=claim.pk, reason=" ", actor=AMZ, now=MONDAY + hours(20))
    assert [(e.pointer, e.code) for e in refused.value.errors] == [("/reason", "required")]
    assert everything(claim) == before


@pytest.mark.parametrize("how", ["denied", "missed", "cancelled"])
def test_closing_needs_no_reason_where_no_appeal_is_open(acme: Seller, how: str) -> None:
    if how == "denied":
        claim = claim_of(letter(acme, "claim_decided", decision=DecisionFields("denied")))
    else:
        claim = decided(acme)
    now = MONDAY + hours(20)
    if how == "missed":
        now = APPEAL_DUE + hours(1)
        sweep(now=now)
    if how == "cancelled":
        clock = Deadline.objects.get(claim=claim, kind="appeal")
        cancel_deadline(deadline_id=clock.pk, reason="no appeal offered", actor=AMZ, now=now)
    close_claim(claim_id=claim.pk, reason="", actor=AMZ, now=now)
    assert picture(claim).state == "closed"


@pytest.mark.parametrize("by", ["close", "concede"])
def test_reopening_runs_the_appeal_clock_again(acme: Seller, by: str) -> None:
    claim = decided(acme)
    end = close_claim if by == "close" else concede_claim
    end(claim_id=claim.pk, reason="not worth it", actor=AMZ, now=MONDAY + hours(12))
    reopen_claim(claim_id=claim.pk, reason="it is, after all", actor=AMZ, now=MONDAY + hours(20))
    assert picture(claim).clocks == ("response met", "appeal open")
    clock = Deadline.objects.get(claim=claim, kind="appeal")
    assert (clock.version, clock.due_at, clock.started_at) == (2, APPEAL_DUE, MONDAY + hours(20))
    assert (claim.respond_by, claim.fought) == (APPEAL_DUE, True if by == "close" else None)


def test_reopening_after_the_window_brings_no_clock_back(acme: Seller) -> None:
    claim = closed(acme)
    reopen_claim(claim_id=claim.pk, reason="look again", actor=AMZ, now=APPEAL_DUE + hours(1))
    assert picture(claim).clocks == ("response met", "appeal cancelled")
    assert (claim.state, claim.close_at) == ("decided", None)
    assert sweep(now=LAPSED + hours(1)).closed == 0


@pytest.mark.parametrize(("late", "status"), [(False, "cancelled"), (True, "missed")])
def test_conceding_cancels_the_clock_and_says_that_nobody_fought(
    acme: Seller, late: bool, status: str
) -> None:
    claim = claim_of(letter(acme))
    approved(claim, now=MONDAY + hours(1))
    at = MONDAY + hours(50 if late else 10)
    concede_claim(claim_id=claim.pk, reason="the parcel is lost", actor=AMZ, now=at)
    assert picture(claim) == Picture("under_review", (f"response {status}",), replies=("answer void",))
    clock = Deadline.objects.get(claim=claim)
    assert (clock.closed_reason, clock.settled) == ("conceded", True)
    assert claim.fought is False


def test_conceding_an_overdue_claim_keeps_that_it_was_missed(acme: Seller) -> None:
    claim = claim_of(letter(acme))
    sweep(now=MONDAY + hours(49))
    concede_claim(claim_id=claim.pk, reason="too late", actor=AMZ, now=MONDAY + hours(50))
    assert clocks(claim) == [("response", "missed")]
    assert picture(claim) == replace(picture(claim), state="under_review")
