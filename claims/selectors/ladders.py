"""The sellers' own ladders of warnings; who has none climbs the installation's, claims.ladder.DEFAULT."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from claims.deadlines import DeadlineKind
from claims.ladder import DEFAULT, Audience, Moment, Rung, moments
from claims.models import LadderStep

logger = logging.getLogger(__name__)

Ladders = dict[tuple[int, str], list[Rung]]


def ladders(seller_ids: Iterable[int]) -> Ladders:
    """The sellers' own ladders by (seller, kind); without one, or with one nobody can read, the installation's."""
    own: Ladders = {}
    unreadable = set()
    for step in LadderStep.objects.filter(seller_id__in=set(seller_ids)).order_by("kind", "position"):
        key = (step.seller_id, step.kind)
        try:
            audience = tuple(Audience(name) for name in step.audience)
            rung = Rung(step.stage, step.before, audience, step.repeats, tuple(step.channels))
        except ValueError:
            logger.exception("Step %s of a ladder cannot be read; the installation's is used.", step.pk)
            unreadable.add(key)
        else:
            own.setdefault(key, []).append(rung)
    return {key: rungs for key, rungs in own.items() if key not in unreadable}


@dataclass(frozen=True)
class Ladder:
    """The stages of one kind of clock; `own`: set by the seller, not by the installation."""

    seller_id: int
    kind: DeadlineKind
    own: bool
    rungs: tuple[Rung, ...]


def ladders_of(seller_id: int) -> list[Ladder]:
    """The ladder that counts for each kind of clock; one query."""
    own = ladders([seller_id])
    return [
        Ladder(seller_id, kind, is_own, tuple(own[seller_id, kind.value]) if is_own else DEFAULT[kind])
        for kind in DeadlineKind
        for is_own in [(seller_id, kind.value) in own]
    ]


def ladder_of(seller_id: int, kind: str) -> Ladder | None:
    """The one for a kind of clock; None for a word that is none."""
    return next((each for each in ladders_of(seller_id) if each.kind.value == kind), None)


class Runs(Protocol):
    """What is asked of a clock: a Deadline, or the columns that a sweep reads of it."""

    @property
    def seller_id(self) -> int: ...
    @property
    def kind(self) -> str: ...
    @property
    def started_at(self) -> datetime: ...
    @property
    def target_at(self) -> datetime: ...
    @property
    def due_at(self) -> datetime: ...


def steps_of(deadline: Runs, own: Ladders) -> list[Moment]:
    """When the clock reaches each stage of the ladder that counts for it, the least urgent first."""
    ladder = own.get((deadline.seller_id, deadline.kind)) or DEFAULT[DeadlineKind(deadline.kind)]
    return moments(
        ladder, started_at=deadline.started_at, target_at=deadline.target_at, due_at=deadline.due_at
    )
