"""Every cell of the first table: six kinds of letter, no claim or one of seven states, newer or overtaken."""

from dataclasses import replace
from datetime import timedelta

import pytest

from accounts.models import Seller
from claims.intake.fields import DecisionFields
from claims.models import Claim, Deadline, Delivery, Warning
from tests.claims.notice_cells import BEFORE, NEWER
from tests.claims.situations import DECIDED_AT, STATES, Picture, bring_to, drafted, picture
from tests.claims.stories import MONDAY, claim_of, granted, hours, letter

LATER = MONDAY + hours(40)
OLDER = MONDAY + hours(9)
ARRIVES = MONDAY + hours(40) + timedelta(minutes=1)
DECIDED = ("claim_decided", "appeal_decided")


@pytest.fixture(autouse=True)
def _no_bundle(monkeypatch: pytest.MonkeyPatch) -> None:
    """The tables speak of replies, not of bundles: drafts are made without one, quickly."""
    monkeypatch.setattr("claims.services.replies.assemble", lambda **_: None)


def told(kind: str) -> DecisionFields | None:
    return granted() if kind in DECIDED else None


def claim_in(state: str, seller: Seller) -> Claim:
    claim = bring_to(state, seller)
    if state != "closed":
        drafted(claim, at=31)
    assert picture(claim) == BEFORE[state]
    return claim


def test_the_hand_written_table_has_every_cell() -> None:
    kinds = {
        "claim_received", "information_requested", "claim_decided", "claim_withdrawn",
        "appeal_information_requested", "appeal_decided",
    }  # fmt: skip
    assert set(NEWER) == {(kind, state) for kind in kinds for state in ["none", *STATES]}


@pytest.mark.parametrize(("kind", "state"), NEWER, ids=str)
def test_a_letter_moves_the_claim_as_the_table_says(acme: Seller, kind: str, state: str) -> None:
    if state == "none":
        claim = claim_of(letter(acme, kind, at=LATER, decision=told(kind)))
    else:
        claim = claim_in(state, acme)
        assert claim_of(letter(acme, kind, at=LATER, decision=told(kind))) == claim
    assert picture(claim) == NEWER[kind, state]
    assert Claim.objects.count() == 1


#: What an overtaken letter leaves: the clock it would have opened, and the decision it tells.
OVERTAKEN: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "claim_received": ((), ()),
    "information_requested": (("response cancelled",), ()),
    "claim_decided": ((), ("granted past",)),
}


@pytest.mark.parametrize("state", ["decided", "closed", "appeal_under_review", "appeal_action_required"])
@pytest.mark.parametrize("kind", OVERTAKEN)
def test_a_letter_older_than_the_decision_is_only_recorded(acme: Seller, kind: str, state: str) -> None:
    claim = claim_in(state, acme)
    letter(acme, kind, at=OLDER, now=ARRIVES, decision=told(kind))
    before = BEFORE[state]
    clocks, decisions = OVERTAKEN[kind]
    assert picture(claim) == replace(
        before, clocks=(*before.clocks, *clocks), decisions=(*before.decisions, *decisions)
    )


@pytest.mark.parametrize("state", ["decided", "closed"])
def test_a_letter_of_the_same_moment_as_the_decision_is_overtaken(acme: Seller, state: str) -> None:
    claim = claim_in(state, acme)
    letter(acme, at=DECIDED_AT, now=ARRIVES)
    assert picture(claim).state == state
    clock = Deadline.objects.filter(claim=claim).latest("id")
    assert (clock.kind, clock.status, clock.settled) == ("response", "cancelled", True)
    assert (clock.closed_reason, clock.next_warn_at) == ("settled_before_arrival", None)
    assert clock.due_at == DECIDED_AT + hours(48)


@pytest.mark.parametrize(
    "state", ["received", "action_required", "under_review", "appeal_under_review", "appeal_action_required"]
)
def test_a_withdrawal_closes_also_when_it_is_older_than_a_decision(acme: Seller, state: str) -> None:
    claim = claim_in(state, acme)
    letter(acme, "claim_withdrawn", at=OLDER, now=ARRIVES)
    assert picture(claim) == NEWER["claim_withdrawn", state]
    assert claim.decided_at == OLDER


def test_an_appeal_request_that_its_appeals_decision_overtook_opens_no_false_clock(acme: Seller) -> None:
    claim = claim_in("appeal_under_review", acme)
    letter(acme, "appeal_decided", at=LATER, decision=granted())
    settled = picture(claim)
    letter(acme, "appeal_information_requested", at=LATER - hours(2), now=ARRIVES)
    assert picture(claim) == replace(settled, clocks=(*settled.clocks, "appeal_information cancelled"))
    letter(acme, "appeal_decided", at=LATER - hours(3), now=ARRIVES, decision=granted())
    assert picture(claim).decisions == ("granted past", "granted appeal current", "granted appeal past")


def test_an_appeal_request_counts_although_a_first_decision_was_recorded_later(acme: Seller) -> None:
    claim = claim_in("decided", acme)
    letter(acme, "appeal_information_requested", at=OLDER, now=ARRIVES)
    assert picture(claim).state == "appeal_action_required"


def test_clocks_past_due_end_as_missed_when_the_claim_is_decided(acme: Seller) -> None:
    claim = claim_in("action_required", acme)
    letter(acme, "claim_decided", at=MONDAY + hours(50), decision=granted())
    assert picture(claim).clocks == ("response missed", "appeal open")
    first = Deadline.objects.filter(claim=claim).earliest("id")
    assert (first.settled, first.closed_reason) == (True, "decided")


def test_a_preparation_past_its_time_is_cancelled_and_never_missed(acme: Seller) -> None:
    claim = claim_in("received", acme)
    letter(acme, at=MONDAY + hours(50))
    assert picture(claim).clocks == ("preparation cancelled", "response open")


@pytest.mark.parametrize(
    ("decision", "clocks"),
    [
        (granted(funded_by="seller"), ("appeal open",)),
        (granted(funded_by="unknown"), ("appeal open",)),
        (granted(funded_by="amazon"), ()),
        (granted(funded_by="none"), ()),
        (DecisionFields("denied"), ()),
        (DecisionFields("refunded_by_seller", funded_by="seller"), ()),
        (DecisionFields("cancelled"), ()),
        (DecisionFields("withdrawn"), ()),
    ],
    ids=lambda part: getattr(part, "decision", ""),
)
def test_only_a_granted_claim_that_the_seller_may_pay_gets_an_appeal_clock(
    acme: Seller, decision: DecisionFields, clocks: tuple[str, ...]
) -> None:
    claim = claim_of(letter(acme, "claim_decided", decision=decision))
    assert picture(claim) == Picture("decided", clocks, (f"{decision.decision} current",), ("unheard",))


def test_a_claim_first_heard_of_when_decided_is_told_to_the_leads_at_once(acme: Seller) -> None:
    claim = claim_of(letter(acme, "claim_decided", decision=granted()))
    warning = Warning.objects.get(claim=claim)
    assert (warning.stage, warning.audience, warning.status) == ("unheard", ["leads"], "pending")
    assert Delivery.objects.filter(warning=warning, status="pending").count() == 1


def test_a_reopened_claim_forgets_the_axes_of_its_old_decision(acme: Seller) -> None:
    claim = claim_in("decided", acme)
    letter(acme, at=LATER)
    claim.refresh_from_db()
    axes = (claim.decision, claim.funded_by, claim.counts_in_odr, claim.debited_amount, claim.decided_at)
    assert axes == ("", "", "", None, None)
    assert claim.respond_by == LATER + hours(48)
