"""Clocks that jump by an hour: those of workers and beats change nothing, the database's own is the time."""

import time
from collections.abc import Iterator
from dataclasses import replace

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
from tests.wrong_clock import Wrist, running_wrist

pytestmark = pytest.mark.faults


@pytest.fixture
def wrist() -> Iterator[Wrist]:
    with running_wrist() as found:
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
        assert watch.is_well()


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
