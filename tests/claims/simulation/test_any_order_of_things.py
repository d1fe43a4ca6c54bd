"""Whatever happens in whatever order: letters, acts, sweeps and deliveries at any moment leave a claim whole.

Hypothesis looks for the order. The services and the database are real, the expectations are written by hand.
"""

import os
from datetime import datetime, timedelta
from itertools import count
from typing import Any

import pytest
from django.core import mail
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from accounts.models import Role, Seller
from claims.management.simulation.acting import DONE, REFUSED, Desk
from claims.management.simulation.season import DOORS, SELLERS, Step
from claims.management.simulation.stages import STAGES
from claims.models import Claim, Deadline, Delivery, Event, Notice, Warning
from claims.services.deliveries import deliver_due
from claims.services.engine import sweep
from tests.claims.conftest import member
from tests.claims.stories import MONDAY, hours

pytestmark = pytest.mark.slow

STATES = {
    "received",
    "action_required",
    "under_review",
    "decided",
    "appeal_under_review",
    "appeal_action_required",
    "closed",
}
LETTERS = [
    "claim_received",
    "information_requested",
    "claim_decided",
    "claim_withdrawn",
    "appeal_information_requested",
    "appeal_decided",
]
#: The usual way is taken more often than the rare ones, so that claims come far.
ACTS = ["answer", "answer", "appeal", "appeal", "retract", "concede", "close", "reopen", "acknowledge"]
JUMPS = [0.1, 0.5, 3, 11, 25, 49, 24 * 8, 24 * 33]


class AnyOrder(RuleBasedStateMachine):
    """One claim, and time that only goes on."""

    def __init__(self) -> None:
        super().__init__()
        self.undone = transaction.atomic()
        self.undone.__enter__()
        seller = Seller.objects.create(merchant_token="A1ACME", name="ACME")
        member("alice", seller, on_call=True)
        member("lea", seller, Role.LEAD)
        self.desk = Desk([seller] * SELLERS)
        self.now = MONDAY
        self.ids = count(1)
        self.last: Step | None = None
        self.revision = 0
        self.seen: set[int] = set()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undone.__exit__(None, None, None)

    def do(self, act: str, **fields: Any) -> str:
        self.now += timedelta(seconds=1)
        before = self.claim()
        step = Step(0, self.now, act, **fields)
        said = self.desk.do(step)
        after = self.claim()
        if said == DONE:
            assert after is not None
            assert after.revision > (before.revision if before is not None else 0)
        if said == REFUSED:
            assert _told(before) == _told(after)
        return said

    def claim(self) -> Claim | None:
        return Claim.objects.first()

    def running(self) -> list[Deadline]:
        return list(Deadline.objects.filter(settled=False))

    @rule(hours_on=st.sampled_from(JUMPS))
    def time_passes(self, hours_on: float) -> None:
        self.now += hours(hours_on)

    @rule(
        kind=st.sampled_from(LETTERS),
        hours_late=st.sampled_from([0, 0, 0, 0.5, 5, 30]),
        door=st.sampled_from(DOORS),
        stated=st.sampled_from([0, 0, 12, 72]),
        funded_by=st.sampled_from(["", "seller", "amazon"]),
    )
    def a_letter_arrives(self, kind: str, hours_late: float, door: str, stated: int, funded_by: str) -> None:
        decision = ""
        if kind in ("claim_decided", "appeal_decided"):
            decision = "granted" if funded_by else "denied"
        fields = {
            "noticed_at": self.now - hours(hours_late),
            "notice_id": f"letter-{next(self.ids)}",
            "door": door,
            "hours": stated if "requested" in kind else 0,
            "decision": decision,
            "funded_by": funded_by or "none",
        }
        assert self.do(kind, **fields) == DONE
        self.last = Step(0, self.now, kind, **fields)  # type: ignore[arg-type]

    @precondition(lambda self: self.last is not None)
    @rule()
    def the_same_letter_comes_again(self) -> None:
        last = self.last
        assert last is not None
        before = _told(self.claim())
        said = self.do(
            last.act, noticed_at=last.noticed_at, notice_id=last.notice_id, door=last.door, hours=last.hours,
            decision=last.decision, funded_by=last.funded_by,
        )  # fmt: skip
        assert said == "repeated"
        assert _told(self.claim()) == before

    @precondition(lambda self: self.last is not None)
    @rule(act=st.sampled_from(ACTS))
    def somebody_acts(self, act: str) -> None:
        self.do(act)

    @precondition(lambda self: self.last is not None)
    @rule(decision=st.sampled_from(["granted", "denied"]))
    def somebody_reads_a_decision(self, decision: str) -> None:
        self.do("record_decision", decision=decision, funded_by="seller" if decision == "granted" else "none")

    @precondition(lambda self: self.last is not None)
    @rule(on=st.sampled_from([1, 5, 30, 60]))
    def somebody_moves_a_clock(self, on: int) -> None:
        self.do("move", hours=on)

    @precondition(lambda self: self.last is not None)
    @rule()
    def somebody_cancels_a_clock(self) -> None:
        self.do("cancel")

    @rule()
    def the_engine_sweeps(self) -> None:
        done = sweep(now=self.now)
        assert done.failed == []
        assert done.raised.pushed_back == []
        for clock in self.running():
            stages = Warning.objects.filter(deadline=clock, deadline_version=clock.version)
            told = sorted(stages.values_list("stage", flat=True))
            assert told == sorted(crossed(clock, self.now))

    @rule()
    def the_engine_delivers(self) -> None:
        mail.outbox = []
        deliver_due(now=lambda: self.now)
        sent = [message.extra_headers["Message-ID"].strip("<>").partition("@")[0] for message in mail.outbox]
        assert len(sent) == len(set(sent))
        rows = Delivery.objects.filter(message_id__in=sent, channel=Delivery.Channel.EMAIL).select_related(
            "warning__deadline"
        )
        assert len(rows) == len(sent)
        for row in rows:
            assert row.pk not in self.seen
            self.seen.add(row.pk)
            clock = row.warning.deadline
            if clock is not None:
                assert (clock.settled, clock.version) == (False, row.warning.deadline_version)

    @invariant()
    def its_state_is_one_of_the_table(self) -> None:
        assert {claim.state for claim in Claim.objects.all()} <= STATES

    @invariant()
    def what_is_over_has_no_open_clock_but_the_appeals(self) -> None:
        claim = self.claim()
        left = {clock.kind for clock in self.running()}
        if claim is not None and claim.state in ("decided", "closed"):
            assert left <= ({"appeal"} if claim.state == "decided" else set())

    @invariant()
    def no_letter_has_two_open_clocks(self) -> None:
        letters = [clock.notice_id for clock in self.running() if clock.notice_id is not None]
        assert len(letters) == len(set(letters))

    @invariant()
    def no_copy_of_a_letter_has_a_clock(self) -> None:
        copies = Notice.objects.filter(same_letter_as__isnull=False)
        assert not Deadline.objects.filter(notice__in=copies).exists()

    @invariant()
    def no_warning_was_made_after_its_clock_had_ended(self) -> None:
        for warning in Warning.objects.filter(deadline__settled=True).select_related("deadline"):
            clock = warning.deadline
            assert clock is not None
            assert clock.closed_at is not None
            assert warning.created_at <= clock.closed_at
            assert warning.status != Warning.Status.PENDING

    @invariant()
    def events_explain_every_state(self) -> None:
        claim = self.claim()
        if claim is None:
            return
        state = None
        for facts in (
            Event.objects.filter(claim=claim, facts__has_key="state")
            .order_by("id")
            .values_list("facts", flat=True)
        ):
            assert facts.get("state_before") == state
            state = facts["state"]
        assert state == claim.state

    @invariant()
    def its_revision_grows(self) -> None:
        claim = self.claim()
        if claim is not None:
            assert claim.revision >= self.revision
            self.revision = claim.revision


def crossed(clock: Deadline, now: datetime) -> list[str]:
    """The stages that a clock has reached, counted by the hand-written table."""
    begun = clock.started_at
    found = ["at_once"]
    found += [stage for stage, before in STAGES[clock.kind] if max(clock.target_at - before, begun) <= now]
    if clock.kind != "preparation" and max(clock.due_at, begun) <= now:
        found.append("missed")
    return found


def _told(claim: Claim | None) -> tuple[object, ...]:
    if claim is None:
        return ()
    clocks = Deadline.objects.order_by("id").values_list("id", "version", "status", "due_at", "settled")
    return claim.state, claim.revision, Event.objects.filter(claim=claim).count(), list(clocks)


@pytest.mark.django_db
def test_whatever_happens_in_whatever_order_a_claim_stays_whole() -> None:
    run_state_machine_as_test(
        AnyOrder,
        settings=settings(
            max_examples=int(os.environ.get("HYPOTHESIS_EXAMPLES", "12")),
            stateful_step_count=20,
            phases=[
                Phase.generate
            ],  # an order that was found is short enough to read, and shrinking takes minutes
            deadline=None,
            derandomize=bool(os.environ.get("CI")) or not os.environ.get("HYPOTHESIS_RANDOM"),
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
