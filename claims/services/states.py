"""Moving a claim from state to state: the conditional UPDATE that decides who wins."""

from datetime import datetime
from typing import Any

from django.db.models import F

from accounts.actors import Actor
from claims.deadlines import DeadlineKind
from claims.errors import ActionRefused
from claims.lifecycle import Action, State, allowed_actions, target
from claims.models import Claim, Deadline
from claims.services.events import record_event


def has_appeal_clock(claim: Claim) -> bool:
    """Whether an appeal may still be made: its clock is open, or missed and unanswered."""
    return Deadline.objects.filter(claim=claim, kind=DeadlineKind.APPEAL, settled=False).exists()


def refused(claim: Claim, action: str, *, code: str = "", detail: str = "") -> ActionRefused:
    """The 409 for `action`, naming what the claim takes instead."""
    allowed = allowed_actions(
        State(claim.state), has_appeal_clock=has_appeal_clock(claim), conceded=claim.fought is False
    )
    return ActionRefused(action, state=claim.state, allowed=allowed, code=code, detail=detail)


def target_of(claim: Claim, action: Action) -> State:
    """Where `action` leads from the claim's state. Raises ActionRefused."""
    to = target(action, State(claim.state))
    if to is None:
        raise refused(claim, action)
    return to


def move_claim(
    claim: Claim,
    to: State,
    *,
    verb: str,
    actor: Actor,
    now: datetime,
    changes: dict[str, Any] | None = None,
    **facts: Any,
) -> None:
    """Move a locked claim to `to` and write the event, in the caller's transaction.

    The UPDATE is conditional on the state that was read: a second mover changes no row and is refused.
    """
    before = claim.state
    changes = {"state": to.value, "updated_at": now, **(changes or {})}
    moved = Claim.objects.filter(pk=claim.pk, state=before).update(revision=F("revision") + 1, **changes)
    if not moved:
        claim.refresh_from_db()
        raise refused(claim, verb)
    for name, value in changes.items():
        setattr(claim, name, value)
    claim.revision += 1
    record_event(verb, claim=claim, actor=actor, now=now, state_before=before, state=to.value, **facts)
