"""Decisions as rows, their copy on the claim, the appeal clock of a lost one, and the end of open replies."""

from datetime import datetime

from django.db.models import Q

from accounts.actors import Actor
from claims.deadlines import DeadlineKind, clock_for
from claims.intake.fields import DecisionFields
from claims.marketplaces import zone_of
from claims.models import Claim, Deadline, Decision, Notice, Reply
from claims.services.clocks import (
    APPEAL_LAPSED,
    CLOSED_BY_AGENT,
    CONCEDED,
    end_clocks,
    open_clock,
    settle,
)
from claims.services.events import iso, record_event
from claims.services.policies import policy_for
from claims.words import CountsInOdr, DecisionOutcome, FundedBy, ReplyStatus

#: A granted claim that somebody else pays for, or nobody, cannot be appealed.
_NOT_OURS_TO_PAY = frozenset({FundedBy.AMAZON, FundedBy.NONE})


def record_outcome(
    claim: Claim,
    fields: DecisionFields,
    *,
    notice: Notice | None,
    decided_at: datetime,
    of_appeal: bool,
    actor: Actor,
    now: datetime,
    current: bool = True,
) -> Decision:
    """Write a decision; `current` makes it the claim's, the earlier ones become history."""
    if current:
        claim.decisions.filter(current=True).update(current=False)
    decision = Decision.objects.create(
        claim=claim,
        notice=notice,
        decision=fields.decision,
        funded_by=fields.funded_by,
        counts_in_odr=fields.counts_in_odr,
        debited_amount=fields.debited_amount,
        currency=fields.currency or claim.currency,
        loss_reason=fields.loss_reason,
        decision_text=fields.decision_text,
        of_appeal=of_appeal,
        decided_at=decided_at,
        current=current,
        created_at=now,
        created_by=actor.label,
    )
    if current:
        _copy(claim, decision)
    record_event(
        "decision_recorded",
        claim=claim,
        notice=notice,
        actor=actor,
        now=now,
        decision=decision.decision,
        funded_by=decision.funded_by,
        counts_in_odr=decision.counts_in_odr,
        decided_at=iso(decided_at),
        current=current,
    )
    return decision


def _copy(claim: Claim, decision: Decision) -> None:
    claim.decision = decision.decision
    claim.funded_by = decision.funded_by
    claim.counts_in_odr = decision.counts_in_odr
    claim.debited_amount = decision.debited_amount
    claim.loss_reason = decision.loss_reason
    claim.decided_at = decision.decided_at
    claim.save(
        update_fields=[
            "decision", "funded_by", "counts_in_odr", "debited_amount", "loss_reason", "decided_at"
        ]
    )  # fmt: skip


def complete_decision(
    claim: Claim, original: Notice, fields: DecisionFields | None, *, now: datetime
) -> None:
    """The same decision told through a second door: take over what the first letter did not say."""
    told = claim.decisions.filter(notice=original).first()
    if told is None or fields is None:
        return
    if told.funded_by == FundedBy.UNKNOWN:
        told.funded_by = fields.funded_by
    if told.counts_in_odr == CountsInOdr.UNKNOWN:
        told.counts_in_odr = fields.counts_in_odr
    if told.debited_amount is None:
        told.debited_amount = fields.debited_amount
    told.decision_text = told.decision_text or fields.decision_text
    told.save()
    if told.current:
        _copy(claim, told)
        if claim.funded_by in _NOT_OURS_TO_PAY:
            end_clocks(claim, now=now, reason=f"funded_by_{claim.funded_by}", kinds=[DeadlineKind.APPEAL])


def open_appeal_clock(
    claim: Claim, *, notice: Notice | None, decided_at: datetime, actor: Actor, now: datetime
) -> None:
    """Start the appeal clock of a claim that the seller lost and pays for (30 calendar days by policy)."""
    if claim.decision != DecisionOutcome.GRANTED or claim.funded_by in _NOT_OURS_TO_PAY:
        return
    zone = zone_of(claim.marketplace_id)
    policy = policy_for(
        seller_id=claim.seller_id,
        marketplace_id=claim.marketplace_id,
        kind=DeadlineKind.APPEAL,
        on=decided_at.astimezone(zone).date(),
    )
    open_clock(
        clock_for(DeadlineKind.APPEAL, noticed_at=decided_at, zone=zone, policy=policy),
        seller_id=claim.seller_id,
        claim=claim,
        notice=notice,
        noticed_at=decided_at,
        actor=actor,
        now=now,
    )


def current_is_of_appeal(claim: Claim) -> bool:
    """Whether the claim's current decision is the one of its appeal."""
    return claim.decisions.filter(current=True, of_appeal=True).exists()


def meet_appeal_made_outside(claim: Claim, *, answered_at: datetime, now: datetime) -> None:
    """Amazon speaks of an appeal: it was made, also where its clock had ended with the claim's closing."""
    ended = Q(noticed_at=claim.decided_at, closed_reason__in=[CLOSED_BY_AGENT, CONCEDED, APPEAL_LAPSED])
    clocks = Deadline.objects.select_for_update(no_key=True).filter(claim=claim, kind=DeadlineKind.APPEAL)
    for clock in clocks.filter(Q(settled=False) | ended):
        clock.status = Deadline.Status.MET
        clock.answered_at = answered_at
        settle(clock, now=now, reason="appeal_made_outside")


def void_open_replies(claim: Claim, *, reason: str, actor: Actor, now: datetime) -> None:
    """Drafts and approved texts that were never sent have no one to go to any more; frozen ones stay."""
    for reply in Reply.objects.filter(claim=claim, status__in=[ReplyStatus.DRAFT, ReplyStatus.APPROVED]):
        reply.status = ReplyStatus.VOID
        reply.revision += 1
        reply.updated_at = now
        reply.save(update_fields=["status", "revision", "updated_at"])
        record_event("reply_voided", claim=claim, actor=actor, now=now, reply=reply.pk, reason=reason)
