"""The beat goes on when the machine's clock is set: forward, back, and by as little as NTP does."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from celery import Celery

from config import beat

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
FIVE = timedelta(seconds=5)


class Machine:
    """A wall clock and what has really passed."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.wall, self.set_by = NOON, timedelta(0)
        self.sent: list[str] = []
        app = Celery("ticks", set_as_current=False)
        app.conf.update(
            timezone="UTC",
            beat_schedule={name: {"task": name, "schedule": FIVE} for name in ("sweep", "deliver", "work")},
        )
        monkeypatch.setattr(app, "now", lambda: self.wall + self.set_by)
        monkeypatch.setattr(beat, "_offset", self._offset)
        monkeypatch.setattr(beat.SteadyScheduler, "apply_entry", self._apply)
        self.scheduler = beat.SteadyScheduler(app, max_interval=1)

    def _offset(self) -> float:
        return self.set_by.total_seconds()

    def _apply(self, entry: Any, producer: Any = None) -> None:
        self.sent.append(entry.name)

    def passes(self, seconds: int) -> list[str]:
        """What was sent in this time, second by second."""
        self.sent.clear()
        for _ in range(seconds):
            self.wall += timedelta(seconds=1)
            while self.scheduler.tick() == 0:
                pass
        return sorted(self.sent)


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    # the producer is asked for at every tick and would call a broker
    monkeypatch.setattr(beat.SteadyScheduler, "producer", None)
    return Machine(monkeypatch)


@pytest.mark.parametrize(
    "jump", [timedelta(hours=-1), timedelta(hours=1), timedelta(days=-400), timedelta(0)]
)
def test_every_tick_goes_on_within_its_interval_whatever_the_clock_is_set_to(
    machine: Machine, jump: timedelta
) -> None:
    machine.passes(12)
    machine.set_by += jump
    assert set(machine.passes(6)) == {"sweep", "deliver", "work"}
    assert machine.passes(10) == ["deliver", "deliver", "sweep", "sweep", "work", "work"]


def test_a_step_of_ntp_changes_nothing(machine: Machine) -> None:
    machine.passes(12)
    machine.set_by -= timedelta(seconds=0.4)
    assert machine.passes(15) == ["deliver"] * 3 + ["sweep"] * 3 + ["work"] * 3
