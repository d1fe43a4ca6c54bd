"""The sellers' own ladders of warnings; who has none climbs the installation's, claims.ladder.DEFAULT."""

import logging
from collections.abc import Iterable

from claims.ladder import Audience, Rung
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
            rung = Rung(step.stage, step.before, tuple(Audience(a) for a in step.audience), step.repeats)
        except ValueError:
            logger.exception("Step %s of a ladder cannot be read; the installation's is used.", step.pk)
            unreadable.add(key)
        else:
            own.setdefault(key, []).append(rung)
    return {key: rungs for key, rungs in own.items() if key not in unreadable}
