"""Work on a claim itself: facts, people, notes, and the actions that give up, close or reopen it."""

from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.actors import SYSTEM, Actor
from accounts.errors import InvalidInput, StaleRevision
from accounts.models import Membership, User
from claims.deadlines import DeadlineKind
from claims.lifecycle import Action, State, taken_back
from claims.models import Claim, Deadline, Warning
from claims.services.clocks import (
    APPEAL_LAPSED,
    CLOSED_BY_AGENT,
    CONCEDED,
    end_clocks,
    refresh_claim,
    restart_clocks,
    touch,
    unsettled,
)
from claims.services.events import record_event
from claims.services.jobs import ask_for_bundle
from claims.services.locks import lock_claim
from claims.services.outcomes import void_open_replies
from claims.services.states import move_claim, target_of

CHANGEABLE = frozenset(
    {
        "reason", "reason_label", "buyer_comment", "amount", "currency", "amazon_claim_id", "ship_to",
        "request_text",
    }
)  # fmt: skip


def update_claim(
    *, claim_id: int, revision: int, changes: dict[str, Any], actor: Actor, now: datetime
) -> Claim:
    """Correct what is known of a claim; the bundle is made anew. Raises StaleRevision, InvalidInput."""
    unknown = sorted(changes.keys() - CHANGEABLE)
    if unknown:
        raise InvalidInput.at(f"/{unknown[0]}", "This field cannot be changed.", code="unknown_field")
    with transaction.atomic():
        claim = lock_claim(claim_id)
        if claim.revision != revision:
            raise StaleRevision(extra={"revision": claim.revision})
        before = {name: getattr(claim, name) for name in changes if getattr(claim, name) != changes[name]}
        if not before:
            return claim
        _check_amazon_id(claim, changes)
        Claim.objects.filter(pk=claim.pk).update(**{name: changes[name] for name in before})
        for name in before:
            setattr(claim, name, changes[name])
        touch(claim, now=now)
        record_event(
            "claim_updated",
            claim=claim,
            actor=actor,
            now=now,
            changed={name: [_text(old), _text(changes[name])] for name, old in before.items()},
        )
        ask_for_bundle(claim, now=now)
    return claim


def _text(value: Any) -> Any:
    return value if value is None or isinstance(value, (str, dict)) else str(value)


def _check_amazon_id(claim: Claim, changes: dict[str, Any]) -> None:
    new = changes.get("amazon_claim_id", claim.amazon_claim_id)
    others = Claim.objects.filter(seller_id=claim.seller_id, marketplace_id=claim.marketplace_id).exclude(
        pk=claim.pk
    )
    clash = (
        others.filter(amazon_claim_id=new)
        if new
        else others.filter(order_id=claim.order_id, amazon_claim_id="")
    )
    if new != claim.amazon_claim_id and clash.exists():
        raise InvalidInput.at("/amazon_claim_id", "Another claim has this id already.", code="not_unique")


def assign_claim(*, claim_id: int, assignee: User | None, actor: Actor, now: datetime) -> Claim:
    """Give the claim to an active member of its seller, or to nobody."""
    with transaction.atomic():
        claim = lock_claim(claim_id)
        if (
            assignee is not None
            and not Membership.objects.filter(
                seller_id=claim.seller_id, user=assignee, is_active=True, user__is_active=True
            ).exists()
        ):
            raise InvalidInput.at("/assignee", "There is no such member.", code="does_not_exist")
        before = claim.assignee_id
        Claim.objects.filter(pk=claim.pk).update(assignee=assignee)
        claim.assignee = assignee
        touch(claim, now=now)
        record_event(
            "assign",
            claim=claim,
            actor=actor,
            now=now,
            before=before,
            assignee=assignee.pk if assignee else None,
        )
    return claim


def acknowledge_claim(*, claim_id: int, actor: Actor, now: datetime) -> Claim:
    """«I have seen it»: ends the repeats of the stages sent so far, never a later stage."""
    with transaction.atomic():
        claim = lock_claim(claim_id)
        Claim.objects.filter(pk=claim.pk).update(acknowledged_at=now, acknowledged_by_id=actor.user_id)
        claim.acknowledged_at = now
        claim.acknowledged_by_id = actor.user_id
        sent = Warning.objects.filter(claim=claim, acknowledged_at__isnull=True).exclude(
            status__in=[Warning.Status.PENDING, Warning.Status.VOID, Warning.Status.SUPERSEDED]
        )
        ended = sent.update(acknowledged_at=now, acknowledged_by_id=actor.user_id, next_round_at=None)
        touch(claim, now=now)
        record_event("acknowledge", claim=claim, actor=actor, now=now, warnings=ended)
    return claim


def add_note(*, claim_id: int, text: str, actor: Actor, now: datetime) -> Claim:
    """A line of history in an agent's own words."""
    with transaction.atomic():
        claim = lock_claim(claim_id)
        touch(claim, now=now)
        record_event("note", claim=claim, actor=actor, now=now, text=text)
    return claim


def concede_claim(*, claim_id: int, reason: str, actor: Actor, now: datetime) -> Claim:
    """Give up the fight: clocks are cancelled (one that had passed stays missed), Amazon has the last word."""
    with transaction.atomic():
        claim = lock_claim(claim_id)
        to = target_of(claim, Action.CONCEDE)
        end_clocks(claim, now=now, reason=CONCEDED)
        void_open_replies(claim, reason=CONCEDED, actor=actor, now=now)
        move_claim(
            claim,
            to,
            verb=Action.CONCEDE.value,
            actor=actor,
            now=now,
            changes={"fought": False},
            reason=reason,
        )
        refresh_claim(claim)
    return claim


def close_claim(*, claim_id: int, reason: str, actor: Actor, now: datetime) -> Claim:
    """Done with it; a claim that can still be appealed is closed only with a reason."""
    with transaction.atomic():
        claim = lock_claim(claim_id)
        to = target_of(claim, Action.CLOSE)
        if not reason.strip() and any(
            d.status == Deadline.Status.OPEN for d in unsettled(claim, DeadlineKind.APPEAL)
        ):
            raise InvalidInput.at(
                "/reason", "An appeal is still open: say why it is not made.", code="required"
            )
        end_clocks(claim, now=now, reason=CLOSED_BY_AGENT)
        void_open_replies(claim, reason="closed", actor=actor, now=now)
        move_claim(claim, to, verb=Action.CLOSE.value, actor=actor, now=now, reason=reason)
        refresh_claim(claim)
    return claim


def reopen_claim(*, claim_id: int, reason: str, actor: Actor, now: datetime) -> Claim:
    """Back to where it stood before it was closed or given up; the clocks that this ended run again.

    An appeal clock runs again while its time lasts. A clock that conceding ended runs again in any case: where
    its time is over it is missed, and Amazon may still read a late answer.
    """
    with transaction.atomic():
        claim = lock_claim(claim_id)
        given_up = claim.fought is False
        back = taken_back(State(claim.state)) if given_up else None
        to = back or target_of(claim, Action.REOPEN)
        changes = {"fought": None} if given_up else {}
        move_claim(claim, to, verb=Action.REOPEN.value, actor=actor, now=now, changes=changes, reason=reason)
        ended = Deadline.objects.select_for_update(no_key=True).filter(claim=claim)
        if back is not None:
            ended = ended.filter(closed_reason=CONCEDED).exclude(kind=DeadlineKind.APPEAL)
        else:
            ended = ended.filter(
                kind=DeadlineKind.APPEAL,
                status=Deadline.Status.CANCELLED,
                closed_reason__in=[CLOSED_BY_AGENT, CONCEDED],
                noticed_at=claim.decided_at or now,
                due_at__gt=now,
            )
        restart_clocks(ended, now=now)
        refresh_claim(claim)
    return claim


def close_after_appeal(*, now: datetime) -> int:
    """The sweep's part: a lost claim whose appeal clock passed a week ago is closed."""
    closed = 0
    while True:
        with transaction.atomic():
            lapsed = Claim.objects.select_for_update(skip_locked=True, no_key=True).filter(close_at__lte=now)
            claim_id = lapsed.order_by("close_at").values_list("pk", flat=True).first()
            if claim_id is None:
                return closed
            _close_lapsed(Claim.objects.get(pk=claim_id), now=now)
            closed += 1


def _close_lapsed(claim: Claim, *, now: datetime) -> None:
    if claim.state != State.DECIDED:
        refresh_claim(claim)
        return
    end_clocks(claim, now=now, reason=APPEAL_LAPSED)
    void_open_replies(claim, reason=APPEAL_LAPSED, actor=SYSTEM, now=now)
    move_claim(claim, State.CLOSED, verb="closed_after_appeal", actor=SYSTEM, now=now)
    refresh_claim(claim)
