"""Writing down what happened. Called inside the transaction of the change that it tells of."""

from datetime import datetime
from typing import Any

from accounts.actors import Actor
from claims.models import Claim, Event, Notice


def event_row(
    verb: str,
    *,
    claim: Claim | int | None,
    actor: Actor,
    now: datetime,
    notice: Notice | None = None,
    seller_id: int | None = None,
    **facts: Any,
) -> Event:
    """One line of history, not yet stored: for those who write many in one statement.

    `claim` may be an id alone, beside a `seller_id`.
    """
    about = notice if claim is None or isinstance(claim, int) else claim
    owner = about.seller_id if about is not None else seller_id
    if owner is None:
        raise ValueError("an event belongs to a seller")
    return Event(
        seller_id=owner,
        claim_id=claim.pk if isinstance(claim, Claim) else claim,
        notice=notice,
        verb=verb,
        at=now,
        actor_kind=actor.kind,
        actor_label=actor.label,
        user_id=actor.user_id,
        integration_id=actor.integration_id,
        facts=facts,
    )


def record_event(
    verb: str,
    *,
    claim: Claim | None,
    actor: Actor,
    now: datetime,
    notice: Notice | None = None,
    seller_id: int | None = None,
    **facts: Any,
) -> Event:
    """One line of history. `facts` holds JSON values only: moments as ISO text, amounts as text."""
    event = event_row(verb, claim=claim, actor=actor, now=now, notice=notice, seller_id=seller_id, **facts)
    event.save(force_insert=True)
    return event


def iso(moment: datetime | None) -> str | None:
    """A moment as history stores it."""
    return moment.isoformat().replace("+00:00", "Z") if moment is not None else None
