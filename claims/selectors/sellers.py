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

    seller_id: int
    kind: DeadlineKind
    own: bool
    rungs: tuple[Rung, ...]


def ladders_of(seller_id: int) -> list[Ladder]:
    """The ladder that counts for each kind of clock; one query."""
    own: dict[str, list[Rung]] = {}
    unreadable: set[str] = set()
    for step in LadderStep.objects.filter(seller_id=seller_id).order_by("kind", "position"):
        try:
            own.setdefault(step.kind, []).append(rung_of(step))
        except ValueError:  # an audience nobody knows: the sweep goes by the installation's ladder too
            unreadable.add(step.kind)
    return [
        Ladder(seller_id, kind, True, tuple(own[kind.value]))
        if kind.value in own.keys() - unreadable
        else Ladder(seller_id, kind, False, ladder.DEFAULT[kind])
        for kind in DeadlineKind
    ]


def ladder_of(seller_id: int, kind: str) -> Ladder | None:
    """The one for a kind of clock; None for a word that is none."""
    return next((each for each in ladders_of(seller_id) if each.kind.value == kind), None)


def rung_of(step: LadderStep) -> Rung:
    """Raises ValueError for an audience that nobody knows."""
    audience = tuple(Audience(name) for name in step.audience)
    return Rung(step.stage, step.before, audience, step.repeats, tuple(step.channels))
