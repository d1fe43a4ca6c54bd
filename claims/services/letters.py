"""What a letter does to its claim: one pass through the table of `claims.lifecycle`.

The doors (`services.notices`) hand in a stored notice and its validated fields; everything here happens in
their transaction, under the order's lock.
"""

from dataclasses import dataclass
from datetime import datetime

from accounts.actors import Actor
from claims.deadlines import Clock, DeadlineKind, clock_for
from claims.intake.fields import DecisionFields, NoticeFields
from claims.ladder import UNHEARD, Audience
from claims.lifecycle import Effect, Move, State, is_stale, on_notice, read_as
from claims.marketplaces import zone_of
from claims.models import Claim, Deadline, Notice
from claims.services.clocks import (
    SETTLED_BEFORE_ARRIVAL,
    change_due,
    end_clocks,
    open_clock,
    refresh_claim,
    touch,
)
from claims.services.events import record_event
from claims.services.facts import add_facts, new_claim
from claims.services.jobs import ask_for_bundle
from claims.services.locks import lock_order
from claims.services.matching import match_claim, same_decision, same_letter
from claims.services.outcomes import (
    complete_decision,
    current_is_of_appeal,
    meet_appeal_made_outside,
    open_appeal_clock,
    record_outcome,
    void_open_replies,
)
from claims.services.policies import policy_for
from claims.services.states import move_claim
from claims.services.warnings import raise_without_clock
from claims.words import DECIDED_KINDS, NoticeKind, NoticeStatus

_REQUEST_CLOCKS = {
    Effect.OPEN_RESPONSE: DeadlineKind.RESPONSE,
    Effect.OPEN_APPEAL_INFORMATION: DeadlineKind.APPEAL_INFORMATION,
}
_STALE_CLOCKS = {
    NoticeKind.INFORMATION_REQUESTED: DeadlineKind.RESPONSE,
    NoticeKind.APPEAL_INFORMATION_REQUESTED: DeadlineKind.APPEAL_INFORMATION,
}


@dataclass(frozen=True)
class Letter:
    """One letter on its way into its claim."""

    notice: Notice
    fields: NoticeFields
    actor: Actor
    now: datetime

    @property
    def decided_at(self) -> datetime:
        decision = self.fields.decision
        return (decision.decided_at if decision else None) or self.fields.noticed_at


def apply_letter(letter: Letter, *, claim: Claim | None = None) -> bool:
    """Find or make the letter's claim and move it. False: several claims could be meant, nothing was moved.

    `claim` skips the search: a person said which one it is.
    """
    notice, fields = letter.notice, letter.fields
    lock_order(notice.seller_id, fields.order_id)
    if claim is None:
        match = match_claim(seller_id=notice.seller_id, fields=fields)
        if match.ambiguous:
            return False
        claim = match.claim
    original = same_letter(notice, claim, kind=fields.kind, noticed_at=fields.noticed_at) if claim else None
    if claim is not None and original is not None and same_decision(claim, original, fields.decision):
        _attach(letter, claim, original)
    else:
        claim = _move(letter, claim)
    refresh_claim(claim)
    if claim.state != State.CLOSED:
        ask_for_bundle(claim, now=letter.now)
    return True


def _attach(letter: Letter, claim: Claim, original: Notice) -> None:
    """The same letter through a second door: no second clock; the earlier due time wins."""
    notice, fields, now = letter.notice, letter.fields, letter.now
    notice.same_letter_as = original
    _keep_reading(letter, claim)
    add_facts(claim, notice, fields, actor=letter.actor, now=now, copy=True)
    complete_decision(claim, original, fields.decision, now=now)
    running = Deadline.objects.select_for_update(no_key=True).filter(notice=original, settled=False).first()
    if running is not None and running.kind in _REQUEST_CLOCKS.values():
        clock = _clock(letter, DeadlineKind(running.kind))
        if clock.due_at < running.due_at:
            change_due(running, clock.due_at, basis=clock.basis, source=clock.source, now=now)
    touch(claim, now=now)
    record_event(
        "same_letter_attached", claim=claim, notice=notice, actor=letter.actor, now=now, original=original.pk
    )


def _move(letter: Letter, claim: Claim | None) -> Claim:
    fields, now = letter.fields, letter.now
    state = State(claim.state) if claim else None
    kind = read_as(fields.kind, state)
    moment = letter.decided_at if kind in DECIDED_KINDS else fields.noticed_at
    newer = claim is None or claim.decided_at is None or moment > claim.decided_at
    appeal_decided = not newer and claim is not None and current_is_of_appeal(claim)
    move = on_notice(fields.kind, state, newer=newer, appeal_decided=appeal_decided)
    if claim is None:
        assert move.to is not None
        claim = new_claim(letter.notice, fields, state=move.to, actor=letter.actor, now=now)
    else:
        _before(letter, claim, move)
        if move.to is not None:
            _change_state(letter, claim, move, kind)
        else:
            touch(claim, now=now)
            record_event(
                "notice_recorded",
                claim=claim,
                notice=letter.notice,
                actor=letter.actor,
                now=now,
                kind=kind.value,
            )
    _keep_reading(letter, claim)
    add_facts(claim, letter.notice, fields, actor=letter.actor, now=now)
    if is_stale(fields.kind, state, newer=newer, appeal_decided=appeal_decided):
        _record_stale(letter, claim)
    else:
        _after(letter, claim, move, kind)
    return claim


def _keep_reading(letter: Letter, claim: Claim) -> None:
    notice, fields = letter.notice, letter.fields
    notice.claim = claim
    notice.kind = fields.kind
    notice.order_id = fields.order_id
    notice.marketplace_id = fields.marketplace_id
    notice.amazon_claim_id = fields.amazon_claim_id
    notice.noticed_at = fields.noticed_at
    if notice.status == NoticeStatus.NEEDS_PERSON:
        notice.status = NoticeStatus.RESOLVED
    notice.save()


def _before(letter: Letter, claim: Claim, move: Move) -> None:
    """What ends as the claim moves on."""
    now = letter.now
    if move.has(Effect.MEET_APPEAL):
        meet_appeal_made_outside(claim, answered_at=letter.fields.noticed_at, now=now)
    if move.has(Effect.CLOSE_PREPARATION):
        end_clocks(claim, now=now, reason="request_arrived", kinds=[DeadlineKind.PREPARATION])
    if move.has(Effect.END_CLOCKS):
        end_clocks(claim, now=now, reason="reopened" if move.has(Effect.MARK_REOPENED) else "decided")
    if move.has(Effect.VOID_REPLIES):
        void_open_replies(claim, reason="decided", actor=letter.actor, now=now)


def _change_state(letter: Letter, claim: Claim, move: Move, kind: NoticeKind) -> None:
    assert move.to is not None
    changes: dict[str, object] = {}
    if move.has(Effect.MARK_REOPENED):
        changes["reopened"] = True
    if move.has(Effect.DECISION_TO_HISTORY):
        claim.decisions.filter(current=True).update(current=False)
        changes |= {
            "decision": "", "funded_by": "", "counts_in_odr": "", "debited_amount": None,
            "loss_reason": "", "decided_at": None, "fought": None,
        }  # fmt: skip
    move_claim(
        claim,
        move.to,
        verb=kind.value,
        actor=letter.actor,
        now=letter.now,
        changes=changes,
        notice=letter.notice,
        read_as=kind.value,
    )


def _after(letter: Letter, claim: Claim, move: Move, kind: NoticeKind) -> None:
    """What begins once the claim has moved."""
    if move.has(Effect.RECORD_DECISION):
        decision = letter.fields.decision or DecisionFields("withdrawn")
        record_outcome(
            claim, decision, notice=letter.notice, decided_at=letter.decided_at,
            of_appeal=kind is NoticeKind.APPEAL_DECIDED, actor=letter.actor, now=letter.now,
        )  # fmt: skip
    if move.has(Effect.OPEN_APPEAL_IF_LOST):
        open_appeal_clock(
            claim, notice=letter.notice, decided_at=letter.decided_at, actor=letter.actor, now=letter.now
        )
    if move.has(Effect.OPEN_PREPARATION):
        _open(letter, claim, DeadlineKind.PREPARATION)
    for effect, clock_kind in _REQUEST_CLOCKS.items():
        if move.has(effect):
            _open(letter, claim, clock_kind)
    if move.has(Effect.MARK_UNHEARD):
        Claim.objects.filter(pk=claim.pk).update(unheard=True)
        claim.unheard = True
        raise_without_clock(claim, UNHEARD, Audience.LEADS, now=letter.now)


def _record_stale(letter: Letter, claim: Claim) -> None:
    """A letter that was overtaken: its clock is written down as settled, an older decision as history."""
    kind = letter.fields.kind
    if kind in _STALE_CLOCKS:
        _open(letter, claim, _STALE_CLOCKS[kind], settled_reason=SETTLED_BEFORE_ARRIVAL)
    if letter.fields.decision is not None:
        record_outcome(
            claim, letter.fields.decision, notice=letter.notice, decided_at=letter.decided_at,
            of_appeal=kind is NoticeKind.APPEAL_DECIDED, actor=letter.actor, now=letter.now, current=False,
        )  # fmt: skip


def _clock(letter: Letter, kind: DeadlineKind) -> Clock:
    fields = letter.fields
    zone = zone_of(fields.marketplace_id)
    stated = fields.stated if kind in _REQUEST_CLOCKS.values() else None
    policy = None
    if kind in _REQUEST_CLOCKS.values():
        policy = policy_for(
            seller_id=letter.notice.seller_id,
            marketplace_id=fields.marketplace_id,
            kind=kind,
            on=fields.noticed_at.astimezone(zone).date(),
        )
    return clock_for(kind, noticed_at=fields.noticed_at, zone=zone, stated=stated, policy=policy)


def _open(letter: Letter, claim: Claim, kind: DeadlineKind, *, settled_reason: str = "") -> None:
    open_clock(
        _clock(letter, kind),
        seller_id=claim.seller_id,
        claim=claim,
        notice=letter.notice,
        noticed_at=letter.fields.noticed_at,
        actor=letter.actor,
        now=letter.now,
        settled_reason=settled_reason,
    )
