"""The whole rule of time for claims: when an answer is due, and what we aim at.

Pure: every moment is passed in, nothing is read from a clock or a database. Windows come in as data
(what the letter states, a policy row), and go out as a `Clock`. Moments are aware datetimes in UTC.

The rule, with its sources: Amazon grants a claim that is not answered in time; the window is 48 hours in
most of its help pages, while newer letters state 72 hours or "3 calendar days", without a zone. So what a
letter states decides `due_at`, always in its shortest reading, and 48 hours stay the target.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

DEFAULT_WINDOW = timedelta(hours=48)
TARGET_WINDOW = timedelta(hours=48)
#: How long a decided claim stays open after its appeal clock has passed.
CLOSE_AFTER_APPEAL = timedelta(days=7)
#: Two letters of one kind from two sources within this span are the same letter.
SAME_LETTER = timedelta(minutes=60)


class DeadlineKind(StrEnum):
    RESPONSE = "response"
    APPEAL = "appeal"
    APPEAL_INFORMATION = "appeal_information"
    PREPARATION = "preparation"
    TRIAGE = "triage"


#: Clocks that Amazon runs; the others are ours.
AMAZON_KINDS = (DeadlineKind.RESPONSE, DeadlineKind.APPEAL, DeadlineKind.APPEAL_INFORMATION)
#: Clocks whose target is at most 48 hours after the letter, whatever it states.
_TARGETED = frozenset({DeadlineKind.RESPONSE, DeadlineKind.APPEAL_INFORMATION})
#: Clocks that are only a plan: never missed, never overdue.
NEVER_MISSED = frozenset({DeadlineKind.PREPARATION})


class Basis(StrEnum):
    STATED_DATE = "stated_date"
    STATED_WINDOW = "stated_window"
    POLICY = "policy"
    DEFAULT_48H = "default_48h"
    INTERNAL = "internal"
    SET_BY_AGENT = "set_by_agent"


@dataclass(frozen=True)
class Window:
    """A length of time as a letter or a policy states it: hours, or calendar days. Exactly one is set."""

    hours: int | None = None
    calendar_days: int | None = None

    def __post_init__(self) -> None:
        if (self.hours is None) == (self.calendar_days is None):
            raise ValueError("a window has either hours or calendar days")

    def end(self, start: datetime, zone: ZoneInfo) -> datetime:
        """The shortest reading: N calendar days end at 00:00, in `zone`, of the day N days later."""
        if self.hours is not None:
            return start + timedelta(hours=self.hours)
        assert self.calendar_days is not None
        return start_of_day(start.astimezone(zone).date() + timedelta(days=self.calendar_days), zone)

    def __str__(self) -> str:
        return f"{self.hours} hours" if self.hours is not None else f"{self.calendar_days} calendar days"


@dataclass(frozen=True)
class Stated:
    """What a letter says of its own deadline: a moment, a bare date or a window, with its words."""

    moment: datetime | None = None
    on_date: date | None = None
    window: Window | None = None
    text: str = ""


@dataclass(frozen=True)
class Policy:
    """A policy row as the rule needs it: its window and where it was read."""

    window: Window
    source: str


@dataclass(frozen=True)
class Clock:
    """A deadline to be: `due_at` is Amazon's (or ours), `target_at` is what we aim at, never later."""

    kind: DeadlineKind
    due_at: datetime
    target_at: datetime
    basis: Basis
    source: str
    stated: str = ""


def start_of_day(day: date, zone: ZoneInfo) -> datetime:
    """00:00 of `day` in `zone`, as UTC. Where a clock change skips midnight, the first moment of the day."""
    return datetime.combine(day, time.min, tzinfo=zone).astimezone(UTC)


def target_for(kind: DeadlineKind, *, noticed_at: datetime, due_at: datetime) -> datetime:
    """The earlier of `due_at` and 48 hours after the letter for what Amazon asks; else `due_at`."""
    return min(due_at, noticed_at + TARGET_WINDOW) if kind in _TARGETED else due_at


def clock_for(
    kind: DeadlineKind,
    *,
    noticed_at: datetime,
    zone: ZoneInfo,
    stated: Stated | None = None,
    policy: Policy | None = None,
) -> Clock:
    """The clock that a letter of `noticed_at` starts: stated date, stated window, policy row, else 48 hours.

    For an appeal `noticed_at` is the moment of the decision. `zone` is the marketplace's.
    """
    if kind in (DeadlineKind.PREPARATION, DeadlineKind.TRIAGE):
        due_at = noticed_at + DEFAULT_WINDOW
        return Clock(kind, due_at, due_at, Basis.INTERNAL, "our own target: 48 hours")
    due_at, basis, source, words = _due(noticed_at, zone, stated or Stated(), policy)
    target_at = target_for(kind, noticed_at=noticed_at, due_at=due_at)
    return Clock(kind, due_at, target_at, basis, source, words)


def _due(
    noticed_at: datetime, zone: ZoneInfo, stated: Stated, policy: Policy | None
) -> tuple[datetime, Basis, str, str]:
    if stated.moment is not None:
        return stated.moment, Basis.STATED_DATE, "stated in the request", stated.text
    if stated.on_date is not None:
        return *_due_on(stated.on_date, noticed_at, zone), stated.text
    if stated.window is not None:
        source = f"stated in the request: {stated.window}"
        return stated.window.end(noticed_at, zone), Basis.STATED_WINDOW, source, stated.text
    if policy is not None:
        return policy.window.end(noticed_at, zone), Basis.POLICY, policy.source, ""
    return noticed_at + DEFAULT_WINDOW, Basis.DEFAULT_48H, "no window known: 48 hours", ""


def _due_on(day: date, noticed_at: datetime, zone: ZoneInfo) -> tuple[datetime, Basis, str]:
    """The first moment of the day; on a letter's own day that has been, so it is due as it comes."""
    start = start_of_day(day, zone)
    source = f"stated in the request as {day}, read as 00:00 {zone.key}"
    if start < noticed_at:
        source += ", which was before the letter: due at once"
    return max(start, noticed_at), Basis.STATED_DATE, source


def earliest(moments: Sequence[datetime | None]) -> datetime | None:
    """The earliest of the moments that are set."""
    return min((moment for moment in moments if moment is not None), default=None)
