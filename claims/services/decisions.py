"""Recording Amazon's decision by hand: the notice's effect, said by a person who read it in Seller Central."""

from dataclasses import replace
from datetime import datetime, timedelta

from django.db import transaction

from accounts.actors import Actor
from accounts.errors import InvalidInput
from claims.intake.fields import DecisionFields
from claims.lifecycle import IN_APPEAL, Action, State
from claims.models import Claim
from claims.services.clocks import end_clocks, refresh_claim
from claims.services.locks import lock_claim
from claims.services.outcomes import (
    current_is_of_appeal,
    open_appeal_clock,
    record_outcome,
    void_open_replies,
)
from claims.services.states import move_claim, target_of


def record_decision(*, claim_id: int, fields: DecisionFields, actor: Actor, now: datetime) -> Claim:
    """Take a decision over: clocks end, open replies are void, a lost claim gets its appeal clock.

    An appeal's decision, said or corrected, opens no new appeal clock. Raises ActionRefused on a closed
    claim, InvalidInput.
    """
    decided_at = fields.decided_at or now
    if decided_at > now + timedelta(minutes=5):
        raise InvalidInput.at("/decided_at", "The decision lies in the future.", code="future")
    decided_at = min(decided_at, now)
    with transaction.atomic():
        claim = lock_claim(claim_id)
        to = target_of(claim, Action.RECORD_DECISION)
        of_appeal = State(claim.state) in IN_APPEAL or current_is_of_appeal(claim)
        same = claim.state == State.DECIDED and claim.decision == fields.decision
        if fields.decided_at is None and same and claim.decided_at is not None:
            decided_at = claim.decided_at  # more is said of the same decision: its appeal window stays
        end_clocks(claim, now=now, reason="decided")
        void_open_replies(claim, reason="decided", actor=actor, now=now)
        move_claim(claim, to, verb=Action.RECORD_DECISION.value, actor=actor, now=now)
        record_outcome(
            claim, replace(fields, decided_at=decided_at), notice=None, decided_at=decided_at,
            of_appeal=of_appeal, actor=actor, now=now,
        )  # fmt: skip
        if not of_appeal:
            open_appeal_clock(claim, notice=None, decided_at=decided_at, actor=actor, now=now)
        refresh_claim(claim)
    return claim
