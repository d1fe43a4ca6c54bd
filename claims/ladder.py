"""The ladder of warnings: which stage of a clock is reached when, and who hears it.

Pure: rungs come in as data (the installation's, or a seller's own), moments go out. Counting down goes to
the clock's target, "missed" to the moment Amazon's window ends.
"""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property
from operator import attrgetter
from typing import NamedTuple

from claims.deadlines import DeadlineKind


class Audience(StrEnum):
    ASSIGNEE = "assignee"  # unassigned: everyone on call; without a rota every active agent and lead
    ON_CALL = "on_call"
    LEADS = "leads"
    OWNERS = "owners"


AT_ONCE = "at_once"
MISSED = "missed"
UNHEARD = "unheard"  # a claim that we heard of only when it was decided; belongs to no clock
TROUBLE = "trouble"  # no rung: the operator is told that the warnings of this clock cannot be made

REPEAT_EVERY = timedelta(minutes=15)
REPEATS_AT_MOST = 8


@dataclass(frozen=True)
class Rung:
    """One stage of a ladder.

    `before`: how long before the target it is reached; None for `at_once` (when the clock starts) and
    `missed` (when the window ends). `repeats`: whether it is said again until somebody acknowledges it.
    `channels`: the kinds of channel it goes out by; none named: by all.
    """

    stage: str
    before: timedelta | None
    audience: tuple[Audience, ...]
    repeats: bool = False
    channels: tuple[str, ...] = ()

    @cached_property
    def urgency(self) -> tuple[int, timedelta]:
        """By this the rungs of a ladder are put in order, the least urgent first."""
        if self.stage == MISSED:
            return 2, timedelta(0)
        return (0, timedelta(0)) if self.before is None else (1, -self.before)


_A, _L, _O = Audience.ASSIGNEE, Audience.LEADS, Audience.OWNERS


def _hours(n: int, *audience: Audience, repeats: bool = False) -> Rung:
    return Rung(f"{n}h", timedelta(hours=n), audience, repeats)


def _days(n: int, *audience: Audience) -> Rung:
    return Rung(f"{n}d", timedelta(days=n), audience)


_RESPONSE = (
    Rung(AT_ONCE, None, (_A,)),
    _hours(24, _A),
    _hours(12, _A, _L),
    _hours(4, _A, _L, repeats=True),
    _hours(1, _A, _L, _O, repeats=True),
    Rung(MISSED, None, (_A, _L, _O), repeats=True),
)

#: The ladders of an installation, used where a seller has none of his own.
DEFAULT: dict[DeadlineKind, tuple[Rung, ...]] = {
    DeadlineKind.RESPONSE: _RESPONSE,
    DeadlineKind.APPEAL_INFORMATION: _RESPONSE,
    DeadlineKind.TRIAGE: tuple(
        Rung(r.stage, r.before, (Audience.ON_CALL, *r.audience[1:]), r.repeats) for r in _RESPONSE
    ),
    DeadlineKind.APPEAL: (
        Rung(AT_ONCE, None, (_A,)),
        _days(14, _A),
        _days(7, _A, _L),
        _days(3, _A, _L),
        _hours(24, _A, _L, _O),
        Rung(MISSED, None, (_A, _L, _O), repeats=True),
    ),
    DeadlineKind.PREPARATION: (Rung(AT_ONCE, None, (_A,)), _hours(24, _A)),
}


class Moment(NamedTuple):
    """A rung and the moment at which a given clock reaches it."""

    rung: Rung
    at: datetime


_URGENCY = attrgetter("urgency")


def moments(
    rungs: Sequence[Rung], *, started_at: datetime, target_at: datetime, due_at: datetime
) -> list[Moment]:
    """When a clock reaches each rung, the least urgent first, in whatever order the rungs are stored.

    `started_at` is when this version of the clock began to run. A rung whose moment lies before that is
    reached as the clock starts, and is still more urgent than those that come before it.
    """
    in_order = sorted(rungs, key=_URGENCY)
    return [Moment(rung, _moment(rung, started_at, target_at, due_at)) for rung in in_order]


def _moment(rung: Rung, started_at: datetime, target_at: datetime, due_at: datetime) -> datetime:
    if rung.stage == MISSED:
        return max(due_at, started_at)
    if rung.before is None:
        return started_at
    return max(target_at - rung.before, started_at)


class Reached(NamedTuple):
    """What a clock owes at a moment: the stage to warn of, those it overtakes, and when to look again."""

    warn: Moment | None
    superseded: tuple[Moment, ...]
    next_at: datetime | None


def reached(all_moments: Sequence[Moment], *, now: datetime, done: Set[str]) -> Reached:
    """Of the stages reached by `now` and not yet `done`, only the most urgent is warned of.

    A stage that comes before one that is done already is superseded by it, never warned of late.
    """
    crossed = [m for m in all_moments if m.at <= now]
    later = [m.at for m in all_moments if m.at > now]
    fresh = [m for m in crossed if m.rung.stage not in done]
    next_at = min(later, default=None)
    if not fresh:
        return Reached(None, (), next_at)
    most_urgent = crossed[-1]
    if most_urgent.rung.stage in done:
        return Reached(None, tuple(fresh), next_at)
    return Reached(most_urgent, tuple(m for m in fresh if m is not most_urgent), next_at)
