"""The rows that carry a warning to people and rooms: one delivery for each recipient, channel and round.

Leaves raising warnings to `warnings` and `repeats`, and sending to `deliveries`.
"""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from accounts.models import WarningChannel
from claims.ladder import Moment
from claims.models import Delivery, Warning
from claims.quiet_hours import delayed_until
from claims.services.recipients import Recipient, Team


def deliveries_for(
    warning: Warning,
    recipients: Sequence[Recipient],
    *,
    number: int,
    now: datetime,
    team: Team | None = None,
    steps: Sequence[Moment] = (),
) -> list[Delivery]:
    """The rows of round `number`, not yet stored: a mail for each address, and for each user a row to see.

    With a `team` also its members' own channels and its rooms. What is shown in the application is delivered by
    being stored. `steps` are the stages of the clock: by them a member's quiet hours hold back what can wait,
    and where they hold back all of it the warning's `held_until` is set.
    """
    mails = [_mail(warning, recipient, number, now) for recipient in recipients if recipient.email]
    shown = [_shown(warning, r, number, now) for r in recipients if r.user_id is not None]
    rooms: list[Delivery] = []
    if team is not None:
        targets = [c for r in recipients for c in team.own_channels(r)] + team.rooms(warning.audience)
        rooms = [_by_channel(warning, target, number, now) for target in targets]
    outgoing = _of_kinds(warning.channels, [*mails, *rooms])
    if team is not None:
        _hold_back(warning, outgoing, team, steps, now)
    return [*outgoing, *shown]


def _of_kinds(kinds: Sequence[str], rows: list[Delivery]) -> list[Delivery]:
    """What goes out by the kinds that the rung names; the operator always hears, and nobody is no choice."""
    if not any(row.channel in kinds for row in rows):
        return rows
    return [row for row in rows if row.channel in kinds or (row.user_id is None and row.target is None)]


def _hold_back(
    warning: Warning, rows: list[Delivery], team: Team, steps: Sequence[Moment], now: datetime
) -> None:
    index = next((place for place, step in enumerate(steps) if step.rung.stage == warning.stage), None)
    if index is None:
        return
    for row in rows:
        quiet = team.quiet_hours(row.user_id) if row.user_id is not None else None
        row.next_attempt_at = delayed_until(steps, index, quiet, now) or now
    first_at = min((row.next_attempt_at for row in rows if row.next_attempt_at is not None), default=now)
    warning.held_until = first_at if first_at > now else None


def _mail(warning: Warning, recipient: Recipient, number: int, now: datetime) -> Delivery:
    facts = _facts(warning, recipient.email, recipient.user_id, number, now)
    return Delivery(**facts, channel=Delivery.Channel.EMAIL, next_attempt_at=now)


def _shown(warning: Warning, recipient: Recipient, number: int, now: datetime) -> Delivery:
    facts = _facts(warning, recipient.name, recipient.user_id, number, now)
    return Delivery(**facts, channel=Delivery.Channel.IN_APP, status=Delivery.Status.SENT, sent_at=now)


def _by_channel(warning: Warning, target: WarningChannel, number: int, now: datetime) -> Delivery:
    facts = _facts(warning, f"channel:{target.pk}", target.user_id, number, now)
    return Delivery(**facts, channel=target.kind, target=target, next_attempt_at=now)


def _facts(
    warning: Warning, recipient: str, user_id: int | None, number: int, now: datetime
) -> dict[str, Any]:
    return {
        "warning": warning,
        "recipient": recipient,
        "user_id": user_id,
        "round": number,
        "created_at": now,
        "message_id": message_id(warning, recipient, number),
    }


def message_id(warning: Warning, recipient: str, number: int) -> str:
    """The same for every attempt of one round, so that a receiver can drop a repeat.

    The moment is part of it: in a database made anew the numbers begin again.
    """
    seed = f"{recipient}|{warning.created_at.isoformat()}"
    return f"warning-{warning.pk}-{number}-{hashlib.sha256(seed.encode()).hexdigest()[:20]}"


def withdraw(warning_ids: Iterable[int]) -> None:
    """Take back what has not been sent of these warnings; in the caller's transaction."""
    Delivery.objects.filter(warning__in=list(warning_ids), status=Delivery.Status.PENDING).update(
        status=Delivery.Status.VOID, next_attempt_at=None
    )


def may_still_warn(warning: Warning) -> bool:
    """Whether the clock still runs in the version that the warning speaks of."""
    if warning.status in (Warning.Status.VOID, Warning.Status.SUPERSEDED):
        return False
    deadline = warning.deadline
    return deadline is None or (not deadline.settled and deadline.version == warning.deadline_version)
