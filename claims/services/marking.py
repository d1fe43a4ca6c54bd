"""Writing what became of a batch: sent, tried again after a growing pause, or never; set by set.

Who hears in the place of somebody who cannot be reached is in `passing_on`.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from claims.channels.sending import Outcome, Permanent, Retry, Sent
from claims.models import Delivery
from claims.services import leases, passing_on
from claims.services.leases import Lease, Mark
from claims.services.warning_messages import Prepared

FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(minutes=2)
#: Behind the one that was tried, so that it is the first to be tried again and its pauses grow.
_BEHIND = timedelta(milliseconds=1)
_CHANCE = random.SystemRandom()


@dataclass(frozen=True)
class Marked:
    """How many deliveries took which end. `failed`: tried in vain, for now or for good."""

    sent: int = 0
    failed: int = 0
    void: int = 0


@dataclass(frozen=True)
class Batch:
    """What was taken together: by one channel, or (None) mails."""

    channel_id: int | None
    held: Mapping[int, Lease]
    tried: Sequence[tuple[Prepared, Outcome]]
    not_needed: Sequence[Prepared] = ()


def mark(batch: Batch, *, now: datetime) -> Marked:
    """One transaction for all of it. What another worker has taken since is left alone."""
    until = _down_until(batch, now=now)
    marks = {prepared.delivery.pk: _mark(batch, prepared, said, until, now) for prepared, said in batch.tried}
    void = {p.delivery.pk: Mark(batch.held[p.delivery.pk], Delivery.Status.VOID) for p in batch.not_needed}
    with transaction.atomic():
        written = leases.write([*marks.values(), *void.values()], now=now)
        sent = {pk for pk in written & marks.keys() if marks[pk].status == Delivery.Status.SENT}
        ended = written & void.keys()
        passing_on.mark_reached(sent)
        passing_on.mark_void(ended)
        passing_on.pass_on(
            (
                (prepared.delivery.warning_id, prepared.delivery.round)
                for prepared, said in batch.tried
                if prepared.delivery.pk in written and _in_vain(batch, prepared, said)
            ),
            now=now,
        )
    if until is not None and batch.channel_id is not None:
        leases.put_off_channel(target_id=batch.channel_id, until=until, behind=_BEHIND)
    failed = [pk for pk in written & marks.keys() if pk not in sent and not marks[pk].given_back]
    return Marked(len(sent), len(failed), len(ended))


def _mark(batch: Batch, prepared: Prepared, said: Outcome, until: datetime | None, now: datetime) -> Mark:
    lease = batch.held[prepared.delivery.pk]
    match said:
        case Sent():
            return Mark(lease, Delivery.Status.SENT)
        case Permanent(reason):
            return Mark(lease, Delivery.Status.FAILED, error=reason)
        case Retry(tried=False):
            later = now if until is None or batch.channel_id is None else until + _BEHIND
            error = prepared.delivery.last_error
            return Mark(lease, Delivery.Status.PENDING, later, error=error, given_back=True)
        case Retry():
            again = until if until is not None and said.is_down else now + _pause(lease, said)
            return Mark(lease, Delivery.Status.PENDING, again, error=said.reason)


def _down_until(batch: Batch, *, now: datetime) -> datetime | None:
    """When a target that is out of order for every message is tried again."""
    down = [
        now + _pause(batch.held[prepared.delivery.pk], said)
        for prepared, said in batch.tried
        if isinstance(said, Retry) and said.is_down and said.tried
    ]
    return max(down, default=None)


def _pause(lease: Lease, said: Retry) -> timedelta:
    """What the receiver asked for, else a growing pause with some chance in it."""
    if said.after is not None:
        return said.after
    doubled: timedelta = min(FIRST_PAUSE * 2 ** min(lease.attempt - 1, 10), LONGEST_PAUSE)
    return doubled * _CHANCE.uniform(0.8, 1.2)


def _in_vain(batch: Batch, prepared: Prepared, said: Outcome) -> bool:
    """Whether somebody else must hear: never again, or too often refused.

    While the mail server is away no mail gets out, the operator's neither; an outage alone passes nothing on.
    """
    if isinstance(said, Permanent):
        return True
    if not isinstance(said, Retry) or not said.tried:
        return False
    outage = said.is_down and batch.channel_id is None
    return not outage and batch.held[prepared.delivery.pk].attempt >= passing_on.PATIENCE
