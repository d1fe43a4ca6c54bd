"""What is still to come on a clock's ladder, and what becomes of each stage if nobody answers. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from claims.ladder import Moment, reached


class Plan(StrEnum):
    """Of a stage that no warning stands for yet."""

    PLANNED = "planned"
    SUPERSEDED = "superseded"


@dataclass(frozen=True)
class Stage:
    """A rung of a running clock. `status`: that of its warning, else what the plan is; `at`: when it is said."""

    index: int
    moment: Moment
    at: datetime
    status: str


def stages_of(steps: Sequence[Moment], *, statuses: Mapping[str, str], now: datetime) -> list[Stage]:
    """All stages of a clock, the least urgent first.

    `statuses` are those of the warnings of the clock's running version, by stage. Of stages that are reached
    and stand nowhere yet, the most urgent is said now and overtakes the others, as the sweep will find.
    """
    owed = reached(steps, now=now, done=frozenset(statuses))
    overtaken = {each.rung.stage for each in owed.superseded}
    stages = []
    for index, moment in enumerate(steps):
        stage = moment.rung.stage
        status = statuses.get(stage) or (Plan.SUPERSEDED if stage in overtaken else Plan.PLANNED).value
        is_new = stage not in statuses
        stages.append(Stage(index, moment, max(moment.at, now) if is_new else moment.at, status))
    return stages
