"""A stretch of the day in a time zone, such as 22:00 to 06:00 in Berlin: when it begins and ends in UTC.

Pure. Used for shifts of a rota and for quiet hours. On the days when clocks change a stretch is an hour
shorter or longer; a time that does not exist counts as the same reading before the change, one that comes
twice as the first. So stretches that touch on the clock touch in UTC too: no gap, no overlap.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """One day's stretch: from `starts_at` up to, not including, `ends_at`. `day` is that of the start."""

    day: date
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class DailyWindow:
    """From `starts` to `ends` on the clock of `zone`; an end not after the start is on the next day."""

    starts: time
    ends: time
    zone: ZoneInfo

    def on(self, day: date) -> Span:
        """The stretch that begins on `day`, in UTC."""
        last_day = day if self.ends > self.starts else day + ONE_DAY
        return Span(day, self._moment(day, self.starts), self._moment(last_day, self.ends))

    def spans_at(self, moment: datetime) -> Iterator[Span]:
        """The stretches that hold `moment`: that of its own day, and that of the day before."""
        today = moment.astimezone(self.zone).date()
        for span in (self.on(today - ONE_DAY), self.on(today)):
            if span.starts_at <= moment < span.ends_at:
                yield span

    def end_after(self, moment: datetime) -> datetime | None:
        """When the stretch that holds `moment` ends, in UTC; None outside of it."""
        return max((span.ends_at for span in self.spans_at(moment)), default=None)

    def _moment(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, tzinfo=self.zone).astimezone(UTC)
