"""Raising warnings: the stages that clocks have reached become rows, with a delivery for everyone who hears.

The sweep reads one partial index, so it costs what is due and not what is open. Any number of sweeps may
run beside each other: rows are skipped while another one holds them, and a warning is unique by clock,
version and stage. Repeating is in `repeats`, sending in `deliveries`.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from accounts.actors import SYSTEM
from claims.deadlines import NEVER_MISSED, earliest
from claims.ladder import REPEAT_EVERY, TROUBLE, Audience, Moment, reached
from claims.models import Claim, Deadline, Delivery, Event, Warning
from claims.selectors.ladders import ladders, steps_of
from claims.services.assembly import next_assembly_at
from claims.services.batches import work_through
from claims.services.events import event_row, iso, record_event
from claims.services.outbox import deliveries_for, withdraw
from claims.services.recipients import operator, recipients_of, teams

PUSHED_BACK = timedelta(minutes=5)


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

    due: list[Deadline]
    steps: dict[int, list[Moment]] = field(default_factory=dict)
    raised: list[Warning] = field(default_factory=list)
    superseded: list[Warning] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)


def raise_due_warnings(*, now: datetime) -> Raised:
    """Raise every stage that is reached by `now`, batch by batch, each in its own transaction."""
    raised = Raised()

    def due() -> QuerySet[Deadline]:
        return (
            Deadline.objects.select_for_update(skip_locked=True, no_key=True, of=("self",))
            .filter(next_warn_at__lte=now)
            .select_related("claim", "seller")
            .order_by("next_warn_at")
        )

    def work(deadlines: list[Deadline]) -> None:
        batch = _read(deadlines, now=now)
        _write(batch, now=now)
        raised.warnings += len(batch.raised)
        raised.superseded += len(batch.superseded)
        raised.missed += len(batch.events)

    def set_aside(pk: int, error: Exception) -> None:
        _set_aside(pk, error, now=now)
        raised.pushed_back.append(pk)

    work_through(due, work, set_aside)
    return raised


def _read(deadlines: list[Deadline], *, now: datetime) -> Batch:
    batch = Batch(deadlines)
    own = ladders(d.seller_id for d in deadlines)
    done = _stages_done(deadlines)
    for deadline in deadlines:
        steps = batch.steps[deadline.pk] = steps_of(deadline, own)
        what = reached(steps, now=now, done=done[deadline.pk])
        if what.warn is not None:
            batch.raised.append(_row(deadline, what.warn, now))
        batch.superseded += [_row(deadline, each, now, superseded=True) for each in what.superseded]
        may_miss = deadline.status == Deadline.Status.OPEN and deadline.kind not in NEVER_MISSED
        if may_miss and deadline.due_at <= now:
            deadline.status = Deadline.Status.MISSED
            batch.events.append(_missed_event(deadline, now))
            may_miss = False
        ends_at = deadline.due_at if may_miss else None  # also where a ladder has no such rung
        deadline.next_warn_at = earliest([what.next_at, ends_at, next_assembly_at(deadline, now=now)])
    return batch


def _stages_done(deadlines: list[Deadline]) -> dict[int, frozenset[str]]:
    version_of = {d.pk: d.version for d in deadlines}
    rows = Warning.objects.filter(deadline__in=version_of).values_list(
        "deadline_id", "deadline_version", "stage"
    )
    done: dict[int, set[str]] = {pk: set() for pk in version_of}
    for pk, version, stage in rows:
        if pk is not None and version_of[pk] == version:
            done[pk].add(stage)
    return {pk: frozenset(stages) for pk, stages in done.items()}


def _row(deadline: Deadline, moment: Moment, now: datetime, *, superseded: bool = False) -> Warning:
    repeats = moment.rung.repeats and not superseded
    return Warning(
        seller_id=deadline.seller_id,
        claim_id=deadline.claim_id,
        deadline=deadline,
        deadline_version=deadline.version,
        stage=moment.rung.stage,
        stage_at=moment.at,
        status=Warning.Status.SUPERSEDED if superseded else Warning.Status.PENDING,
        created_at=now,
        audience=[a.value for a in moment.rung.audience],
        channels=list(moment.rung.channels),
        repeats=repeats,
        rounds=0 if superseded else 1,
        next_round_at=now + REPEAT_EVERY if repeats else None,
    )


def _missed_event(deadline: Deadline, now: datetime) -> Event:
    return event_row(
        "deadline_missed",
        claim=deadline.claim,
        seller_id=deadline.seller_id,
        actor=SYSTEM,
        now=now,
        deadline=deadline.pk,
        kind=deadline.kind,
        due_at=iso(deadline.due_at),
    )


def _write(batch: Batch, *, now: datetime) -> None:
    _move_on(batch.due)
    _overtake([w.deadline_id for w in batch.raised if w.deadline_id is not None])
    Warning.objects.bulk_create([*batch.superseded, *batch.raised])
    _write_deliveries(batch, now=now)
    Event.objects.bulk_create(batch.events)


def _write_deliveries(batch: Batch, *, now: datetime) -> None:
    team_of = teams({w.seller_id for w in batch.raised}, now=now)
    claim_of = {d.pk: d.claim for d in batch.due}
    deliveries: list[Delivery] = []
    for warning in batch.raised:
        team, of = team_of[warning.seller_id], warning.deadline_id or 0
        people = recipients_of(team, warning.audience, claim_of[of])
        deliveries += deliveries_for(warning, people, team=team, steps=batch.steps[of], number=1, now=now)
    Delivery.objects.bulk_create(deliveries)
    held = [warning for warning in batch.raised if warning.held_until is not None]
    if held:
        Warning.objects.bulk_update(held, ["held_until"])


def _move_on(deadlines: list[Deadline]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE claims_deadline d SET next_warn_at = v.next_warn_at, status = v.status
              FROM unnest(%s::bigint[], %s::timestamptz[], %s::text[]) AS v (id, next_warn_at, status)
             WHERE d.id = v.id
            """,
            [
                [d.pk for d in deadlines],
                [d.next_warn_at for d in deadlines],
                [str(d.status) for d in deadlines],
            ],
        )


def _overtake(deadline_ids: list[int]) -> None:
    """A new stage ends the repeats of the earlier ones; one that never got out is superseded."""
    running = Q(next_round_at__isnull=False) | Q(status=Warning.Status.PENDING)
    earlier = [
        warning.pk
        for warning in Warning.objects.select_for_update(no_key=True)
        .filter(running, deadline__in=deadline_ids)
        .order_by("id")
        .only("id")
    ]
    if not earlier:
        return
    rows = Warning.objects.filter(pk__in=earlier)
    rows.update(next_round_at=None)
    withdraw(rows.filter(status=Warning.Status.PENDING).values_list("pk", flat=True))
    rows.filter(status=Warning.Status.PENDING).update(status=Warning.Status.SUPERSEDED)


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
        Delivery.objects.bulk_create(deliveries_for(warning, [operator()], number=1, now=now))
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
    people = recipients_of(team, warning.audience, claim)
    Delivery.objects.bulk_create(deliveries_for(warning, people, team=team, number=1, now=now))
    return warning
