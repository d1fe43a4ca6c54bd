"""Celery's beat for ticks every few seconds, which must not stop because a clock was set.

Nothing is kept in a file: after a start every tick is due within its interval anyway, and a file left from a time
that lies ahead would silence a tick until then.
"""

import time
from typing import Any

from celery.beat import Scheduler

#: Less is what a clock does that is held in step by NTP.
JUMP_SECONDS = 1.0


class SteadyScheduler(Scheduler):
    """Celery waits for moments of the machine's clock; put back by an hour it would be silent for an hour."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._offset = _offset()
        super().__init__(*args, **kwargs)

    def tick(self, *args: Any, **kwargs: Any) -> float:
        offset = _offset()
        if abs(offset - self._offset) > JUMP_SECONDS:
            self._begin_anew()
        self._offset = offset
        seconds: float = super().tick(*args, **kwargs)
        return seconds

    def _begin_anew(self) -> None:
        """By the new time, every entry is due one interval from now."""
        for entry in self.schedule.values():
            entry.last_run_at = entry.default_now()
        self._heap = None


def _offset() -> float:
    """Moves only when the clock is set."""
    return time.time() - time.monotonic()
