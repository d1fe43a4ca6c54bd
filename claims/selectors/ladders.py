"""The sellers' own ladders of warnings; who has none climbs the installation's, claims.ladder.DEFAULT."""

import logging
from collections.abc import Iterable

from claims.deadlines import DeadlineKind
from claims.ladder import DEFAULT, Audience, Moment, Rung, moments
from claims.models import Deadline, LadderStep

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


def steps_of(deadline: Deadline, own: Ladders) -> list[Moment]:
    """When the clock reaches each stage of the ladder that counts for it, the least urgent first."""
    ladder = own.get((deadline.seller_id, deadline.kind)) or DEFAULT[DeadlineKind(deadline.kind)]
    return moments(
        ladder, started_at=deadline.started_at, target_at=deadline.target_at, due_at=deadline.due_at
    )
