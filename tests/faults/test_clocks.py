"""Clocks that jump by an hour: those of workers and beats change nothing, the database's own is the time.

libfaketime stands between a program and its clock; what it reads from a file is added. The monotonic clock
goes on, as it does when a machine's time is set.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from claims.services.deliveries import BATCH
from tests.faults.conftest import Build, Record
from tests.faults.filling import SELLERS
from tests.faults.installation import Watch
from tests.faults.receiver import taking
from tests.faults.servers import Postgres
from tests.faults.sizes import FULL
from tests.faults.table import settle
from tests.faults.working import begun
from tests.running import ROOT, open_folder

pytestmark = pytest.mark.faults

#: libfaketime 0.9.10 fails the call that Python's own sleep makes (clock_nanosleep until a monotonic moment).
OTHER_SLEEP = """
import select, time
time.sleep = lambda seconds: select.select([], [], [], seconds) and None
"""
LIBRARIES = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))


@dataclass(frozen=True)
class Wrist:
    """A clock that tells the time a little off, for whatever program is started with `environment`."""

    file: Path

    @property
    def environment(self) -> dict[str, str]:
        return {
            "LD_PRELOAD": str(LIBRARIES[0]),
            "FAKETIME_TIMESTAMP_FILE": str(self.file),
            "FAKETIME_CACHE_DURATION": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }

    @property
    def python_environment(self) -> dict[str, str]:
        return {**self.environment, "PYTHONPATH": f"{self.file.parent}:{ROOT}"}

    def set(self, off: str) -> None:
        """As libfaketime reads it: `+1h`, `-1h`, `+0`."""
        draft = self.file.with_suffix(".draft")
        draft.write_text(off)
        draft.chmod(0o644)
        draft.rename(self.file)


@pytest.fixture
def wrist() -> Iterator[Wrist]:
    if not LIBRARIES:
        pytest.skip("faketime is missing")
    with open_folder() as folder:
        (folder / "sitecustomize.py").write_text(OTHER_SLEEP)
        found = Wrist(folder / "off")
        found.set("+0")
        yield found


@pytest.mark.parametrize("off", ["+1h", "-1h"])
@pytest.mark.parametrize("whose", [("worker", "beat"), ("worker",), ("beat",)], ids=" and ".join)
def test_a_jump_of_the_engines_clocks_changes_nothing(
    build: Build, record: Record, wrist: Wrist, whose: tuple[str, ...], off: str
) -> None:
    house = build()
    with Watch(house.watch_url) as watch:
        for name in whose:
            house.start(name, **wrist.python_environment)
        begun(house, watch, FULL)
        wrist.set(off)
        jumped_at = time.monotonic()
        record(settle(house, f"clock of {' and '.join(whose)} jumps {off}", over_at=jumped_at))
        time.sleep(
            max(0, jumped_at + 25 - time.monotonic())
        )  # were the engine still, it would be seen by now
        assert watch.first(503, since=jumped_at) is None


@pytest.fixture
def wrong_postgres(postgres: Postgres, wrist: Wrist, monkeypatch: pytest.MonkeyPatch) -> Iterator[Postgres]:
    """The cluster under a clock that can be set."""
    postgres.server.stop()
    with monkeypatch.context() as patched:
        for name, value in wrist.environment.items():
            patched.setenv(name, value)
        postgres.server.start()
    try:
        yield postgres
    finally:
        postgres.server.stop()
        postgres.server.start()


def test_when_the_databases_clock_jumps_ahead_nothing_is_lost(
    wrong_postgres: Postgres, build: Build, record: Record, wrist: Wrist
) -> None:
    """What lies in the hour between is due at once. Leases end with the jump: what was just being sent may be sent
    by another worker as well, under the same id."""
    house = build()
    with Watch(house.watch_url) as watch:
        house.start("worker-2")
        begun(house, watch, FULL, pace=taking(0.01))
        wrist.set("+1h")
        jumped_at = time.monotonic()
        time.sleep(2)
        row = settle(house, "clock of PostgreSQL jumps +1h", over_at=jumped_at)
        watch.wait(200, since=jumped_at, within_seconds=60)
        assert row.repeats <= 4 * SELLERS * BATCH  # two workers, each with two who send
        record(replace(row, expected=row.repeats))


def test_while_the_databases_clock_is_an_hour_back_warnings_wait_and_then_all_go_out(
    wrong_postgres: Postgres, build: Build, record: Record, wrist: Wrist
) -> None:
    """It is the time: an hour back, nothing that became due since is due. The engine lives and says so."""
    house = build()
    with Watch(house.watch_url) as watch:
        begun(house, watch, FULL)
        wrist.set("-1h")
        back_at = time.monotonic()
        time.sleep(20)
        arrived = len(house.receiver.taken)
        assert arrived < house.due
        assert watch.status() == 200
        time.sleep(5)
        assert len(house.receiver.taken) == arrived
        wrist.set("+0")
        right_at = time.monotonic()
        record(settle(house, "clock of PostgreSQL -1h for 25 s", over_at=right_at))
        assert right_at - back_at < 60
        watch.wait(200, since=right_at, within_seconds=60)
