"""Raising warnings: the stages that clocks have reached become rows, with a delivery for everyone who hears.

The sweep reads one partial index, so it costs what is due and not what is open. Any number of sweeps may
run beside each other: rows are skipped while another one holds them, and a warning is unique by clock,
version and stage. A batch is read as plain tuples, judged clock by clock, and written by one statement a table
(`warning_rows`, `outbox`). Repeating is in `repeats`, sending in `deliveries`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction

from accounts.actors import SYSTEM
from claims.deadlines import NEVER_MISSED, earliest
from claims.ladder import TROUBLE, Audience, Moment, reached
from claims.models import Claim, Deadline, Event, Warning
from claims.selectors.ladders import ladders, steps_of
from claims.services.assembly import next_assembly_at
from claims.services.batches import work_through
from claims.services.due_clocks import DueClock, due_clocks, said_of
from claims.services.events import event_row, iso, record_event
from claims.services.outbox import Address, Dispatch, addresses_of, held_back, held_until, send_out
from claims.services.recipients import operator, recipients_of, teams
from claims.services.warning_rows import NewWarning, NextLook, move_on, overtake, store_warnings

PUSHED_BACK = timedelta(minutes=5)
_OPEN: str = Deadline.Status.OPEN.value


@dataclass
class Raised:
    """What one round did, for the log and the tests."""

    warnings: int = 0
    superseded: int = 0
    missed: int = 0
    pushed_back: list[int] = field(default_factory=list)


@dataclass
class Batch:
    """What the clocks of one transaction owe, to be written in a few statements."""

    looks: list[NextLook] = field(default_factory=list)
    raised: list[tuple[NewWarning, Sequence[Address], Sequence[datetime | None]]] = field(
        default_factory=list
    )
    superseded: list[NewWarning] = field(default_factory=list)
    overtaken: list[int] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)


def raise_due_warnings(*, now: datetime) -> Raised:
    """Raise every stage that is reached by `now`, batch by batch, each in its own transaction."""
    raised = Raised()

    def due(most: int, pk: int | None = None) -> list[DueClock]:
        return due_clocks(now=now, most=most, pk=pk)

    def work(clocks: list[DueClock]) -> None:
        batch = _read(clocks, now=now)
        _write(batch, now=now)
        raised.warnings += len(batch.raised)
        raised.superseded += len(batch.superseded)
        raised.missed += len(batch.events)

    def set_aside(pk: int, error: Exception) -> None:
        _set_aside(pk, error, now=now)
        raised.pushed_back.append(pk)

    work_through(due, work, set_aside)
    return raised


def _read(clocks: Sequence[DueClock], *, now: datetime) -> Batch:
    batch = Batch()
    own = ladders(clock.seller_id for clock in clocks)
    said = said_of(clocks)
    hearers = _Hearers(clocks, now=now)
    for clock in clocks:
        steps = steps_of(clock, own)
        what = reached(steps, now=now, done=said.stages[clock.pk])
        batch.superseded += [NewWarning(clock, each, superseded=True) for each in what.superseded]
        if what.warn is not None:
            addresses, later = hearers.of(clock, what.warn, steps)
            warning = NewWarning(clock, what.warn, superseded=False, held_until=held_until(addresses, later))
            batch.raised.append((warning, addresses, later))
            batch.overtaken += said.running[clock.pk]
        may_miss = clock.status == _OPEN and clock.kind not in NEVER_MISSED
        missed = may_miss and clock.due_at <= now
        if missed:
            batch.events.append(_missed_event(clock, now))
        ends_at = clock.due_at if may_miss and not missed else None  # also where a ladder has no such rung
        next_at = earliest([what.next_at, ends_at, next_assembly_at(clock, now=now)])
        batch.looks.append(NextLook(clock.pk, next_at, missed))
    return batch


class _Hearers:
    """Who hears the stages of a batch: found once for all claims of a seller that one person has."""

    def __init__(self, clocks: Sequence[DueClock], *, now: datetime) -> None:
        self._now = now
        self._teams = teams({clock.seller_id for clock in clocks}, now=now)
        self._known: dict[tuple[int, str, str, int | None], tuple[Address, ...]] = {}

    def of(
        self, clock: DueClock, moment: Moment, steps: Sequence[Moment]
    ) -> tuple[Sequence[Address], Sequence[datetime | None]]:
        """Where the stage goes, and for each of these when, where that is not at once."""
        team, rung = self._teams[clock.seller_id], moment.rung
        key = (clock.seller_id, clock.kind, rung.stage, clock.assignee_id)
        addresses = self._known.get(key)
        if addresses is None:
            people = recipients_of(team, rung.audience, clock.assignee_id)
            addresses = addresses_of(people, team=team, audience=rung.audience, kinds=rung.channels)
            self._known[key] = addresses
        return addresses, held_back(addresses, team=team, steps=steps, stage=rung.stage, now=self._now)


def _missed_event(clock: DueClock, now: datetime) -> Event:
    return event_row(
        "deadline_missed",
        claim=clock.claim_id,
        seller_id=clock.seller_id,
        actor=SYSTEM,
        now=now,
        deadline=clock.pk,
        kind=clock.kind,
        due_at=iso(clock.due_at),
    )


def _write(batch: Batch, *, now: datetime) -> None:
    move_on(batch.looks)
    overtake(batch.overtaken)
    ids = store_warnings([*batch.superseded, *(warning for warning, _, _ in batch.raised)], now=now)
    raised = zip(ids[len(batch.superseded) :], batch.raised, strict=True)
    send_out((Dispatch(pk, now, 1, addresses, later) for pk, (_, addresses, later) in raised), now=now)
    Event.objects.bulk_create(batch.events)


def _set_aside(pk: int, error: Exception, *, now: datetime) -> None:
    """A clock whose warnings cannot be made is tried again later; the operator is told, once a version."""
    with transaction.atomic():
        deadline = (
            Deadline.objects.select_for_update(no_key=True, of=("self",)).select_related("claim").get(pk=pk)
        )
        if deadline.next_warn_at is None:  # settled meanwhile
            return
        Deadline.objects.filter(pk=pk).update(next_warn_at=now + PUSHED_BACK)
        warning, made = Warning.objects.get_or_create(
            deadline=deadline,
            deadline_version=deadline.version,
            stage=TROUBLE,
            defaults={
                "seller_id": deadline.seller_id,
                "claim_id": deadline.claim_id,
                "stage_at": now,
                "created_at": now,
                "rounds": 1,
            },
        )
        if not made:
            return
        addresses = addresses_of([operator()])
        send_out([Dispatch(warning.pk, now, 1, addresses, [None])], now=now)
        record_event(
            "warning_pushed_back",
            claim=deadline.claim,
            seller_id=deadline.seller_id,
            actor=SYSTEM,
            now=now,
            deadline=pk,
            error=f"{type(error).__name__}: {error}"[:500],
        )


def raise_without_clock(claim: Claim, stage: str, audience: Audience, *, now: datetime) -> Warning:
    """A warning that belongs to no clock; in the caller's transaction."""
    warning = Warning.objects.create(
        seller_id=claim.seller_id,
        claim=claim,
        stage=stage,
        stage_at=now,
        created_at=now,
        audience=[audience.value],
        rounds=1,
    )
    team = teams([claim.seller_id], now=now)[claim.seller_id]
    people = recipients_of(team, warning.audience, claim.assignee_id)
    addresses = addresses_of(people, team=team, audience=warning.audience)
    send_out([Dispatch(warning.pk, now, 1, addresses, [None] * len(addresses))], now=now)
    return warning
