"""The rows that carry a warning to people and rooms: one delivery for each recipient, channel and round.

Leaves raising warnings to `warnings` and `repeats`, and sending to `deliveries`.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import connection

from claims.ladder import Moment
from claims.models import Delivery, Warning
from claims.quiet_hours import delayed_until
from claims.services.arrays import array_of
from claims.services.recipients import Recipient, Team

_IN_APP: str = Delivery.Channel.IN_APP.value


class Address(NamedTuple):
    """One recipient by one channel. `target_id` is the seller's or a member's own channel; None: a mailbox."""

    recipient: str
    channel: str
    user_id: int | None = None
    target_id: int | None = None


class Dispatch(NamedTuple):
    """One round of a warning. `later`: for each address when it goes out; None: at once."""

    warning_id: int
    warned_at: datetime
    number: int
    addresses: Sequence[Address]
    later: Sequence[datetime | None]


def addresses_of(
    recipients: Sequence[Recipient],
    *,
    team: Team | None = None,
    audience: Iterable[str] = (),
    kinds: Sequence[str] = (),
) -> tuple[Address, ...]:
    """A mail for each address, and for whoever is a user a row to see; with a `team` also its channels.

    Those are its members' own, and its rooms that listen to the `audience`. `kinds` are what the rung names: the
    operator always hears, and what would leave nobody is no choice.
    """
    outgoing = [Address(r.email, Delivery.Channel.EMAIL.value, r.user_id) for r in recipients if r.email]
    if team is not None:
        targets = [c for r in recipients for c in team.own_channels(r)] + team.rooms(audience)
        outgoing += [Address(f"channel:{c.pk}", c.kind, c.user_id, c.pk) for c in targets]
    if any(each.channel in kinds for each in outgoing):
        outgoing = [a for a in outgoing if a.channel in kinds or (a.user_id is None and a.target_id is None)]
    shown = [Address(r.name, _IN_APP, r.user_id) for r in recipients if r.user_id is not None]
    return (*outgoing, *shown)


def held_back(
    addresses: Sequence[Address], *, team: Team, steps: Sequence[Moment], stage: str, now: datetime
) -> list[datetime | None]:
    """For each address when a member's quiet hours let it out; None: they do not hold it.

    `steps` are the stages of the clock: by them is told what can wait. What is shown in the application never waits.
    """
    at = next((place for place, step in enumerate(steps) if step.rung.stage == stage), None)
    if at is None or not team.keeps_quiet:
        return [None] * len(addresses)
    return [
        delayed_until(steps, at, team.quiet_hours(address.user_id), now)
        if address.user_id is not None and address.channel != _IN_APP
        else None
        for address in addresses
    ]


def held_until(addresses: Sequence[Address], later: Sequence[datetime | None]) -> datetime | None:
    """When the first of those who are told hears of it, where everybody's quiet hours hold it back."""
    if not any(later):
        return None
    outgoing = [at for address, at in zip(addresses, later, strict=True) if address.channel != _IN_APP]
    first = [at for at in outgoing if at is not None]
    return min(first) if first and len(first) == len(outgoing) else None


_STORE = """
INSERT INTO claims_delivery
       (warning_id, recipient, user_id, channel, target_id, round, status, attempts, next_attempt_at,
        created_at, sent_at, last_error, message_id)
SELECT v.warning_id, a.recipient, a.user_id, a.channel, a.target_id, v.round,
       CASE a.channel WHEN 'in_app' THEN 'sent' ELSE 'pending' END, 0,
       CASE a.channel WHEN 'in_app' THEN NULL ELSE coalesce(v.later, %(now)s) END,
       %(now)s, CASE a.channel WHEN 'in_app' THEN %(now)s END, '',
       concat_ws('-', 'warning', v.warning_id, v.round, a.mark)
  FROM unnest(%(warning_ids)s::bigint[], %(rounds)s::int[], %(numbers)s::int[],
              %(later)s::timestamptz[])
       WITH ORDINALITY AS v (warning_id, round, number, later, place)
  JOIN jsonb_to_recordset(%(book)s::jsonb)
       AS a (number int, recipient text, channel text, user_id bigint, target_id bigint, mark text)
       USING (number)
 ORDER BY v.place
"""


def send_out(dispatches: Iterable[Dispatch], *, now: datetime) -> None:
    """Store the rows, in the caller's transaction and one statement. What is only shown is delivered by that."""
    known: dict[tuple[Address, datetime], int] = {}
    warning_ids, rounds, numbers, later = [], [], [], []
    for dispatch in dispatches:
        for address, at in zip(dispatch.addresses, dispatch.later, strict=True):
            warning_ids.append(dispatch.warning_id)
            rounds.append(dispatch.number)
            numbers.append(known.setdefault((address, dispatch.warned_at), len(known)))
            later.append(at)
    if not warning_ids:
        return
    book = [
        {**address._asdict(), "number": number, "mark": _mark(address.recipient, warned_at)}
        for (address, warned_at), number in known.items()
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            _STORE,
            {
                "now": now,
                "warning_ids": array_of(warning_ids),
                "rounds": array_of(rounds),
                "numbers": array_of(numbers),
                "later": array_of(later),
                "book": json.dumps(book),
            },
        )


def _mark(recipient: str, warned_at: datetime) -> str:
    """Makes the id of a message: the same for every attempt of one round, so that a receiver can drop a repeat.

    The moment is part of it: in a database made anew the numbers begin again.
    """
    return hashlib.sha256(f"{recipient}|{warned_at.isoformat()}".encode()).hexdigest()[:20]


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
