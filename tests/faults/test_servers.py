"""Redis and PostgreSQL go away and come back, with what they held or without."""

import signal
import time

import pytest

from tests.faults.conftest import Build, Record
from tests.faults.installation import SILENT_AT_MOST_SECONDS, Watch
from tests.faults.receiver import taking
from tests.faults.sizes import FULL, Size, full, short
from tests.faults.table import settle, went_down_and_came_back
from tests.faults.working import begun


@pytest.mark.faults
def test_flushing_redis_again_and_again_changes_nothing(build: Build, record: Record) -> None:
    house = build()
    with Watch(house.watch_url) as watch:
        begun(house, watch, FULL)
        for _ in range(20):
            house.redis.client().flushall()
            time.sleep(0.3)
        record(settle(house, "Redis FLUSHALL, 20 times", over_at=time.monotonic()))
        assert watch.is_well()


@pytest.mark.parametrize("size", [full, short])
def test_a_redis_killed_and_started_empty_is_noticed_and_made_up_for(
    build: Build, record: Record, size: Size
) -> None:
    house = build(**size.settings)
    with Watch(house.watch_url) as watch:
        begun(house, watch, size)
        house.redis.signal(signal.SIGKILL)
        down_at = time.monotonic()
        watch.wait(503, since=down_at, within_seconds=SILENT_AT_MOST_SECONDS)
        house.redis.start()
        back_at = time.monotonic()
        down, up = went_down_and_came_back(watch, down_at=down_at, back_at=back_at)
        row = settle(
            house, f"kill -9 of Redis, started empty, {size}", over_at=back_at, until_503=down, recovered=up
        )
        record(row)
        assert all(program.lives() for program in house.programs.values())


@pytest.mark.faults
def test_a_redis_that_hangs_is_noticed_and_made_up_for(build: Build, record: Record) -> None:
    house = build()
    with Watch(house.watch_url) as watch:
        begun(house, watch, FULL)
        house.redis.signal(signal.SIGSTOP)
        down_at = time.monotonic()
        watch.wait(503, since=down_at, within_seconds=SILENT_AT_MOST_SECONDS)
        house.redis.signal(signal.SIGCONT)
        back_at = time.monotonic()
        down, up = went_down_and_came_back(watch, down_at=down_at, back_at=back_at)
        record(settle(house, "Redis hangs", over_at=back_at, until_503=down, recovered=up))
        assert all(program.lives() for program in house.programs.values())


@pytest.mark.faults
def test_postgresql_killed_mid_delivery_loses_nothing_and_repeats_nothing(
    build: Build, record: Record
) -> None:
    """Who sent keeps what became of it until the database is back."""
    house = build()
    with Watch(house.watch_url) as watch:
        begun(house, watch, FULL, pace=taking(0.01))
        house.postgres.kill()
        down_at = time.monotonic()
        watch.wait(503, since=down_at, within_seconds=SILENT_AT_MOST_SECONDS)
        time.sleep(8)
        house.postgres.server.start()
        back_at = time.monotonic()
        down, up = went_down_and_came_back(watch, down_at=down_at, back_at=back_at)
        record(settle(house, "kill -9 of PostgreSQL", over_at=back_at, until_503=down, recovered=up))
        assert all(program.lives() for program in house.programs.values())


@pytest.mark.faults
def test_postgresql_restarted_mid_delivery_loses_nothing_and_repeats_nothing(
    build: Build, record: Record
) -> None:
    house = build()
    with Watch(house.watch_url) as watch:
        begun(house, watch, FULL, pace=taking(0.01))
        house.postgres.server.stop()
        house.postgres.server.start()
        record(settle(house, "PostgreSQL restarted", over_at=time.monotonic()))
        assert all(program.lives() for program in house.programs.values())
        assert watch.status() == 200
