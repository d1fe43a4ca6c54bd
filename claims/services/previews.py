"""What would go out for a claim, when and to whom: the ladder read ahead, with the same rules that send.

Writes nothing. What has been raised comes from the warnings' rows, what is to come is worked out from the
ladder that counts, the rota at that moment, and the members' quiet hours. A bounded number of queries.
"""

from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db.models import Prefetch

from claims.ladder import Moment, moments
from claims.ladder_preview import Plan, Stage, stages_of
from claims.models import Claim, Deadline, Delivery, Warning
from claims.selectors.ladders import Ladder, ladders_of
from claims.services.outbox import addresses_of, held_back
from claims.services.recipients import Team, recipients_of, teams


@dataclass(frozen=True)
class PreviewDelivery:
    """One message to one person. `delayed`: it waits for the end of quiet hours until `at`."""

    recipient: str
    user_id: int | None
    channel: str
    round: int
    at: datetime
    delayed: bool
    status: str


@dataclass(frozen=True)
class PreviewStage:
    stage: str
    at: datetime
    status: str
    repeats: bool
    audience: tuple[str, ...]
    channels: tuple[str, ...]
    deliveries: tuple[PreviewDelivery, ...]


@dataclass(frozen=True)
class PreviewClock:
    deadline: Deadline
    own_ladder: bool
    stages: list[PreviewStage] = field(default_factory=list)


def preview_warnings(*, claim: Claim, now: datetime) -> list[PreviewClock]:
    """The stages of every clock of the claim on which something is owed, the nearest target first."""
    deadlines = Deadline.objects.filter(claim=claim, settled=False).order_by("target_at", "id")
    raised = Prefetch(
        "warnings",
        Warning.objects.order_by("stage_at", "id").prefetch_related(
            Prefetch("deliveries", Delivery.objects.order_by("id"))
        ),
    )
    found = list(deadlines.prefetch_related(raised))
    if not found:
        return []
    ahead = _Ahead.of(claim, now)
    ladders = {ladder.kind.value: ladder for ladder in ladders_of(claim.seller_id)}
    return [_clock(deadline, ladders[deadline.kind], ahead) for deadline in found]


@dataclass(frozen=True)
class _Ahead:
    """What tells who hears a stage to come."""

    claim: Claim
    now: datetime
    team: Team

    @classmethod
    def of(cls, claim: Claim, now: datetime) -> "_Ahead":
        team = teams([claim.seller_id], now=now)[claim.seller_id]
        return cls(claim, now, team)

    def team_at(self, moment: datetime) -> Team:
        """The team, with those who will be on call."""
        return replace(self.team, at=moment)


def _clock(deadline: Deadline, ladder: Ladder, ahead: _Ahead) -> PreviewClock:
    steps = moments(
        ladder.rungs, started_at=deadline.started_at, target_at=deadline.target_at, due_at=deadline.due_at
    )
    rows = {w.stage: w for w in deadline.warnings.all() if w.deadline_version == deadline.version}
    statuses = {stage: str(row.status) for stage, row in rows.items()}
    on_ladder = {step.rung.stage for step in steps}
    stages = [_raised(row) for stage, row in rows.items() if stage not in on_ladder]
    for stage in stages_of(steps, statuses=statuses, now=ahead.now):
        row = rows.get(stage.moment.rung.stage)
        stages.append(_raised(row) if row is not None else _planned(stage, steps, deadline, ahead))
    return PreviewClock(deadline, ladder.own, sorted(stages, key=lambda stage: stage.at))


def _raised(warning: Warning) -> PreviewStage:
    """As it went out, with its rounds; of a rung that the ladder has lost meanwhile too."""
    deliveries = tuple(
        PreviewDelivery(
            recipient=row.recipient,
            user_id=row.user_id,
            channel=row.channel,
            round=row.round,
            at=row.sent_at or row.next_attempt_at or row.created_at,
            delayed=row.status == Delivery.Status.PENDING and row.attempts == 0 and _is_held(row),
            status=row.status,
        )
        for row in warning.deliveries.all()
    )
    audience = tuple(warning.audience)
    return PreviewStage(
        warning.stage,
        warning.stage_at,
        warning.status,
        warning.repeats,
        audience,
        tuple(warning.channels),
        deliveries,
    )


def _is_held(row: Delivery) -> bool:
    return row.next_attempt_at is not None and row.next_attempt_at > row.created_at


def _planned(stage: Stage, steps: list[Moment], deadline: Deadline, ahead: _Ahead) -> PreviewStage:
    rung = stage.moment.rung
    audience = tuple(audience.value for audience in rung.audience)
    deliveries: tuple[PreviewDelivery, ...] = ()
    if stage.status == Plan.PLANNED.value:
        deliveries = _to_come(stage, steps, audience, ahead)
    return PreviewStage(rung.stage, stage.at, stage.status, rung.repeats, audience, rung.channels, deliveries)


def _to_come(
    stage: Stage, steps: list[Moment], audience: tuple[str, ...], ahead: _Ahead
) -> tuple[PreviewDelivery, ...]:
    """What the outbox would send out at that moment."""
    team = ahead.team_at(stage.at)
    people = recipients_of(team, audience, ahead.claim.assignee_id)
    rung = stage.moment.rung
    addresses = addresses_of(people, team=team, audience=audience, kinds=rung.channels)
    held = held_back(addresses, team=team, steps=steps, stage=rung.stage, now=stage.at)
    return tuple(
        PreviewDelivery(
            recipient=address.recipient,
            user_id=address.user_id,
            channel=address.channel,
            round=1,
            at=later or stage.at,
            delayed=later is not None,
            status=Plan.PLANNED.value,
        )
        for address, later in zip(addresses, held, strict=True)
    )
