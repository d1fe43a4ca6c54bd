"""What a seller's clocks and warnings are made from: policy rows and the ladder that counts for him."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from claims import ladder
from claims.deadlines import DeadlineKind
from claims.ladder import Audience, Rung
from claims.models import LadderStep, PolicyWindow


def policies_of(seller_id: int) -> QuerySet[PolicyWindow]:
    """The installation's rows and the seller's own."""
    return PolicyWindow.objects.filter(Q(seller__isnull=True) | Q(seller_id=seller_id))


@dataclass(frozen=True)
class Ladder:
    """The stages of one kind of clock; `own`: set by the seller, not by the installation."""

    kind: DeadlineKind
    own: bool
    rungs: tuple[Rung, ...]


def ladders_of(seller_id: int) -> list[Ladder]:
    """The ladder that counts for each kind of clock; one query."""
    own: dict[str, list[Rung]] = {}
    for step in LadderStep.objects.filter(seller_id=seller_id).order_by("kind", "position"):
        rung = Rung(step.stage, step.before, tuple(Audience(a) for a in step.audience), step.repeats)
        own.setdefault(step.kind, []).append(rung)
    return [
        Ladder(kind, kind.value in own, tuple(own.get(kind.value) or ladder.DEFAULT[kind]))
        for kind in DeadlineKind
    ]
