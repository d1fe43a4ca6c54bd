"""What a ladder must be like before a seller may use it, and how its stages are named and written.

Pure. Reading moments off a ladder is in `ladder`. The rules keep a seller from switching off the last
warnings before Amazon decides against him.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from accounts.errors import FieldError
from claims.deadlines import NEVER_MISSED, DeadlineKind
from claims.ladder import AT_ONCE, MISSED, Rung

MOST_RUNGS = 20
LONGEST_BEFORE = timedelta(days=366)
#: A ladder of these kinds keeps `missed`, and a rung in the last hours before the target.
MUST_END_LOUD = frozenset({DeadlineKind.RESPONSE, DeadlineKind.APPEAL_INFORMATION, DeadlineKind.TRIAGE})
LAST_HOURS = timedelta(hours=4)
_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
_STAGE = re.compile(r"(?P<number>[0-9]{1,6})(?P<unit>[mhd])")
_UNITS = {"m": _MINUTE, "h": _HOUR, "d": _DAY}


def stage_of(before: timedelta) -> str:
    """The one name of a stage: `90m`, `24h`, and in days from two days on, `14d`."""
    if before % _DAY == timedelta(0) and before > _DAY:
        return f"{before // _DAY}d"
    if before % _HOUR == timedelta(0):
        return f"{before // _HOUR}h"
    return f"{before // _MINUTE}m"


def before_of(stage: str) -> timedelta | None:
    """How long before the target a stage of that name is; None for `at_once`, `missed` and other words."""
    found = _STAGE.fullmatch(stage)
    return int(found["number"]) * _UNITS[found["unit"]] if found else None


def iso_duration(before: timedelta) -> str:
    """`P14D`, `PT24H`, `PT90M`: the stage's name as ISO 8601 has it."""
    name = stage_of(before).upper()
    return f"P{name}" if name.endswith("D") else f"PT{name}"


def faults_of(kind: DeadlineKind, rungs: Sequence[Rung]) -> list[FieldError]:
    """Everything that keeps these rungs from being a ladder for `kind`; empty for a good one."""
    if not rungs:
        return [FieldError("/rungs", "empty", "A ladder has at least the rung at_once.")]
    if len(rungs) > MOST_RUNGS:
        return [FieldError("/rungs", "too_many", f"At most {MOST_RUNGS} rungs.")]
    return [*_order_faults(rungs), *_end_faults(kind, rungs)]


def _order_faults(rungs: Sequence[Rung]) -> Iterator[FieldError]:
    last = len(rungs) - 1
    shortest: timedelta | None = None
    for place, rung in enumerate(rungs):
        at = f"/rungs/{place}"
        if (rung.stage == AT_ONCE) != (place == 0):
            yield FieldError(f"{at}/stage", "out_of_order", "A ladder begins with at_once, and has it once.")
        if rung.stage == MISSED and place != last:
            yield FieldError(f"{at}/stage", "out_of_order", "Only the last rung is missed.")
        if rung.before is None:
            continue
        if not _MINUTE <= rung.before <= LONGEST_BEFORE or rung.before % _MINUTE:
            yield FieldError(f"{at}/before", "out_of_range", "Whole minutes, from one to 366 days.")
        elif shortest is not None and rung.before >= shortest:
            yield FieldError(
                f"{at}/before", "not_falling", "Each rung is nearer to the target than the last."
            )
        shortest = rung.before


def _end_faults(kind: DeadlineKind, rungs: Sequence[Rung]) -> Iterator[FieldError]:
    is_missed = [rung.stage == MISSED for rung in rungs]
    if kind in NEVER_MISSED and any(is_missed):
        place = is_missed.index(True)
        detail = f"A {kind.value} clock is never missed."
        yield FieldError(f"/rungs/{place}/stage", "never_missed", detail)
    if kind not in MUST_END_LOUD:
        return
    if not any(is_missed):
        yield FieldError("/rungs", "missed_required", f"A {kind.value} ladder ends with missed.")
    if not any(rung.before is not None and rung.before <= LAST_HOURS for rung in rungs):
        detail = f"A {kind.value} ladder keeps a rung in the last 4 hours before the target."
        yield FieldError("/rungs", "last_hours_required", detail)


def line_of(rung: Rung) -> str:
    """A rung as a person writes it: `4h: assignee, leads; repeats; by email`."""
    parts = [f"{rung.stage}: {', '.join(audience.value for audience in rung.audience)}"]
    if rung.repeats:
        parts.append("repeats")
    if rung.channels:
        parts.append(f"by {', '.join(rung.channels)}")
    return "; ".join(parts)


def rungs_written(text: str) -> list[dict[str, Any]]:
    """The rungs of a text with one on each line, as a request has them; what cannot be read is left in."""
    return [_rung_written(line) for line in text.splitlines() if line.strip()]


def _rung_written(line: str) -> dict[str, Any]:
    stage, _, rest = (part.strip() for part in line.partition(":"))
    audience, *marks = (part.strip() for part in rest.split(";"))
    before = before_of(stage)
    rung: dict[str, Any] = {"before": iso_duration(before)} if before else {"stage": stage, "before": None}
    rung["audience"] = _words(audience)
    for mark in marks:
        if mark == "repeats":
            rung["repeats"] = True
        elif mark.startswith("by "):
            rung["channels"] = _words(mark.removeprefix("by "))
        elif mark:
            rung[mark] = True  # refused by its name
    return rung


def _words(text: str) -> list[str]:
    return [word for word in re.split(r"[\s,]+", text) if word]
