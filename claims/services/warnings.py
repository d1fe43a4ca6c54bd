"""Raising warnings: the stages that clocks have reached become rows, with a delivery for everyone who hears.

The sweep reads one partial index, so it costs what is due and not what is open. Any number of sweeps may
run beside each other: rows are skipped while another one holds them, and a warning is unique by clock,
version and stage.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import DatabaseError, transaction

from accounts.actors import SYSTEM
from claims.deadlines import NEVER_MISSED, DeadlineKind
from claims.ladder import (
    DEFAULT,
    MISSED,
    REPEAT_EVERY,
    REPEATS_AT_MOST,
    Audience,
    Moment,
    Rung,
    moments,
    reached,
)
from claims.models import Claim, Deadline, Delivery, LadderStep, Warning
from claims.services.events import iso, record_event
from claims.services.jobs import ask_for_bundle
from claims.services.recipients import Recipient, Team, recipients_of, teams

BATCH = 500
PUSHED_BACK = timedelta(minutes=5)
#: What a row with impossible data can raise; it is pushed back and reported, the others go on.
POISON = (DatabaseError, LookupError, ValueError, TypeError)

Ladders = dict[tuple[int, str], list[Rung]]


@dataclass
class Raised:
    """What one round did, for the log and the tests."""

    warnings: int = 0
    superseded: int = 0
    missed: int = 0
    pushed_back: list[int] = field(default_factory=list)


def raise_due_warnings(*, now: datetime) -> Raised:
    """Raise every stage that is reached by `now`, batch by batch, each in its own transaction."""
    raised = Raised()
    while True:
        try:
            with transaction.atomic():
                found = _raise_batch(_due(now)[:BATCH], now=now, raised=raised)
        except POISON:
            found = _raise_one_by_one(now=now, raised=raised)
        if found < BATCH:
            return raised


def _due(now: datetime):  # type: ignore[no-untyped-def]
    return (
        Deadline.objects.select_for_update(skip_locked=True, no_key=True, of=("self",))
        .filter(next_warn_at__lte=now)
        .select_related("claim", "seller")
        .order_by("next_warn_at")
    )


def _raise_one_by_one(*, now: datetime, raised: Raised) -> int:
    """After a batch failed: find the row at fault, push it back, do the others."""
    ids = list(Deadline.objects.filter(next_warn_at__lte=now).order_by("next_warn_at").values_list("pk", flat=True)[:BATCH])
    for pk in ids:
        try:
            with transaction.atomic():
                _raise_batch(_due(now).filter(pk=pk), now=now, raised=raised)
        except POISON as error:
            with transaction.atomic():
                Deadline.objects.filter(pk=pk).update(next_warn_at=now + PUSHED_BACK)
                deadline = Deadline.objects.select_related("claim").get(pk=pk)
                record_event(
                    "warning_pushed_back",
                    claim=deadline.claim,
                    seller_id=deadline.seller_id,
                    actor=SYSTEM,
                    now=now,
                    deadline=pk,
                    error=f"{type(error).__name__}: {error}"[:500],
                )
            raised.pushed_back.append(pk)
    return len(ids)


def _raise_batch(due: Iterable[Deadline], *, now: datetime, raised: Raised) -> int:
    deadlines = list(due)
    if not deadlines:
        return 0
    rungs = ladders(d.seller_id for d in deadlines)
    team_of = teams(d.seller_id for d in deadlines)
    done = _stages_done(deadlines)
    warnings: list[Warning] = []
    for deadline in deadlines:
        ladder = rungs.get((deadline.seller_id, deadline.kind)) or DEFAULT[DeadlineKind(deadline.kind)]
        steps = moments(
            ladder, started_at=deadline.started_at, target_at=deadline.target_at, due_at=deadline.due_at
        )
        what = reached(steps, now=now, done=done[deadline.pk])
        deadline.next_warn_at = what.next_at
        warnings += [_row(deadline, m, now, superseded=True) for m in what.superseded]
        raised.superseded += len(what.superseded)
        if what.warn is not None:
            _overtake(deadline)
            warnings.append(_row(deadline, what.warn, now))
            raised.warnings += 1
        _mark_missed(deadline, steps, now=now, raised=raised)
        _assemble(deadline, now=now)
    Deadline.objects.bulk_update(deadlines, ["next_warn_at", "status", "assembled_version"])
    Warning.objects.bulk_create(warnings)
    pending = [w for w in warnings if w.status == Warning.Status.PENDING]
    claim_of = {d.pk: d.claim for d in deadlines}
    Delivery.objects.bulk_create(
        delivery
        for w in pending
        for delivery in deliveries_for(
            w, recipients_of(team_of[w.seller_id], w.audience, claim_of[w.deadline_id or 0]), round=1, now=now
        )
    )
    return len(deadlines)


def ladders(seller_ids: Iterable[int]) -> Ladders:
    """The sellers' own ladders by (seller, kind); who has none uses the installation's."""
    own: Ladders = {}
    for step in LadderStep.objects.filter(seller_id__in=set(seller_ids)).order_by("kind", "position"):
        rung = Rung(step.stage, step.before, tuple(Audience(a) for a in step.audience), step.repeats)
        own.setdefault((step.seller_id, step.kind), []).append(rung)
    return own


def _stages_done(deadlines: list[Deadline]) -> dict[int, frozenset[str]]:
    version_of = {d.pk: d.version for d in deadlines}
    rows = Warning.objects.filter(deadline__in=version_of).values_list("deadline_id", "deadline_version", "stage")
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
        repeats=repeats,
        rounds=0 if superseded else 1,
        next_round_at=now + REPEAT_EVERY if repeats else None,
    )


def _overtake(deadline: Deadline) -> None:
    """A new stage ends the repeats of the earlier ones; one that never got out is superseded."""
    earlier = Warning.objects.filter(deadline=deadline)
    earlier.filter(next_round_at__isnull=False).update(next_round_at=None)
    unsent = earlier.filter(status=Warning.Status.PENDING)
    Delivery.objects.filter(warning__in=unsent, status=Delivery.Status.PENDING).update(
        status=Delivery.Status.VOID, next_attempt_at=None
    )
    unsent.update(status=Warning.Status.SUPERSEDED)


def _mark_missed(deadline: Deadline, steps: list[Moment], *, now: datetime, raised: Raised) -> None:
    if deadline.status != Deadline.Status.OPEN or deadline.kind in NEVER_MISSED:
        return
    if deadline.due_at > now:
        if all(step.rung.stage != MISSED for step in steps):  # a ladder without that rung
            deadline.next_warn_at = min(deadline.next_warn_at or deadline.due_at, deadline.due_at)
        return
    deadline.status = Deadline.Status.MISSED
    raised.missed += 1
    record_event(
        "deadline_missed",
        claim=deadline.claim,
        seller_id=deadline.seller_id,
        actor=SYSTEM,
        now=now,
        deadline=deadline.pk,
        kind=deadline.kind,
        due_at=iso(deadline.due_at),
    )


def _assemble(deadline: Deadline, *, now: datetime) -> None:
    """Near the target the bundle and a reply are made from what there is, once a version."""
    lead = timedelta(hours=deadline.seller.assembly_lead_hours)
    asked = deadline.kind in (DeadlineKind.RESPONSE, DeadlineKind.APPEAL_INFORMATION)
    if deadline.claim is None or not asked or deadline.assembled_version == deadline.version:
        return
    if deadline.target_at - lead <= now:
        deadline.assembled_version = deadline.version
        ask_for_bundle(deadline.claim, now=now)


def deliveries_for(
    warning: Warning, recipients: Iterable[Recipient], *, round: int, now: datetime
) -> list[Delivery]:
    """One delivery by mail for each recipient, and one in the app for each who has a user there."""
    rows = []
    for recipient in recipients:
        channels = [Delivery.Channel.EMAIL]
        if recipient.user_id is not None:
            channels.append(Delivery.Channel.IN_APP)
        rows += [
            Delivery(
                warning=warning,
                recipient=recipient.email,
                user_id=recipient.user_id,
                channel=channel,
                round=round,
                created_at=now,
                next_attempt_at=now,
                message_id=_stable_id(warning, recipient.email, round),
            )
            for channel in channels
        ]
    return rows


def _stable_id(warning: Warning, recipient: str, round: int) -> str:
    """The same for every attempt of one round, so that a receiver can drop a repeat."""
    who = hashlib.sha256(recipient.encode()).hexdigest()[:16]
    return f"warning-{warning.pk}-{round}-{who}"


def repeat_unacknowledged(*, now: datetime) -> int:
    """Say a stage again, as a new round of the same warning, while nobody has acknowledged it."""
    with transaction.atomic():
        rows = list(
            Warning.objects.select_for_update(skip_locked=True, no_key=True, of=("self",))
            .filter(next_round_at__lte=now)
            .select_related("claim", "deadline")
            .order_by("next_round_at")[:BATCH]
        )
        team_of = teams(w.seller_id for w in rows)
        deliveries: list[Delivery] = []
        for warning in rows:
            if not may_still_warn(warning) or warning.acknowledged_at is not None:
                warning.next_round_at = None
                continue
            warning.rounds += 1
            last = warning.rounds > REPEATS_AT_MOST
            warning.next_round_at = None if last else now + REPEAT_EVERY
            people = recipients_of(team_of[warning.seller_id], warning.audience, warning.claim)
            deliveries += deliveries_for(warning, people, round=warning.rounds, now=now)
        Warning.objects.bulk_update(rows, ["rounds", "next_round_at"])
        Delivery.objects.bulk_create(deliveries, ignore_conflicts=True)
    return len(deliveries)


def may_still_warn(warning: Warning) -> bool:
    """Whether the clock still runs in the version that the warning speaks of."""
    if warning.status in (Warning.Status.VOID, Warning.Status.SUPERSEDED):
        return False
    deadline = warning.deadline
    return deadline is None or (not deadline.settled and deadline.version == warning.deadline_version)


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
    team: Team = teams([claim.seller_id])[claim.seller_id]
    people = recipients_of(team, warning.audience, claim)
    Delivery.objects.bulk_create(deliveries_for(warning, people, round=1, now=now))
    return warning
