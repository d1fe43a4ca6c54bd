"""Who is on call at a moment: weekly shifts, and hours that were handed over. Pure, rows come in as facts.

Leaves to the readers which rows count, and who hears a warning when nobody is on call.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from accounts.daily_windows import DailyWindow

#: As shifts name them, in the order of `date.weekday()`.
WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class Shift:
    """One person's hours in the week. `first_day` and `last_day` bound the days on which they begin."""

    user_id: int
    weekdays: frozenset[str]
    window: DailyWindow
    first_day: date
    last_day: date | None = None

    def holds(self, moment: datetime) -> bool:
        return any(
            WEEKDAYS[span.day.weekday()] in self.weekdays
            and self.first_day <= span.day
            and (self.last_day is None or span.day <= self.last_day)
            for span in self.window.spans_at(moment)
        )


@dataclass(frozen=True, slots=True)
class HandedOver:
    """From `starts_at` up to `ends_at`, `taken_by` stands in for `given_by`; None: for everyone on call."""

    given_by: int | None
    taken_by: int
    starts_at: datetime
    ends_at: datetime


def on_call_at(shifts: Iterable[Shift], handovers: Iterable[HandedOver], moment: datetime) -> set[int]:
    """The users on call at `moment`.

    Hand-overs count in the order given, oldest first, so hours can be handed on. One by somebody who is not
    on call at that moment changes nothing.
    """
    on_call = {shift.user_id for shift in shifts if shift.holds(moment)}
    for handed in handovers:
        if not handed.starts_at <= moment < handed.ends_at:
            continue
        if handed.given_by is None:
            on_call = {handed.taken_by}
        elif handed.given_by in on_call:
            on_call = (on_call - {handed.given_by}) | {handed.taken_by}
    return on_call
