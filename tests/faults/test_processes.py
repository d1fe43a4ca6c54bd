"""kill -9 of workers and beats, and more beats than one."""

import time

import pytest

from tests.faults.conftest import Build, Record
from tests.faults.installation import SILENT_AT_MOST_SECONDS, Watch
from tests.faults.receiver import taking
from tests.faults.sizes import FULL, Size, full, short
from tests.faults.table import settle, went_down_and_came_back
from tests.faults.working import begun


@pytest.mark.parametrize("size", [full, short])
def test_a_worker_killed_mid_delivery_loses_nothing_and_repeats_only_what_it_could_not_note(
    build: Build, record: Record, size: Size
) -> None:
    house = build(**size.settings)
    with Watch(house.watch_url) as watch:
        begun(house, watch, size, pace=taking(0.01))
        house.kill("worker")
        down_at = time.monotonic()
        time.sleep(1)  # what was already in the receiver's socket is taken meanwhile
        expected = house.taken_but_not_noted()
        watch.wait(503, since=down_at, within_seconds=SILENT_AT_MOST_SECONDS)
        house.receiver.behaviour = taking()
        house.start("worker")
        back_at = time.monotonic()
        down, up = went_down_and_came_back(watch, down_at=down_at, back_at=back_at)
        record(
            settle(
                house,
                f"kill -9 of a worker, {size}",
                over_at=back_at,
                expected=expected,
                until_503=down,
                recovered=up,
            )
        )


@pytest.mark.faults
def test_a_beat_killed_is_noticed_and_made_up_for(build: Build, record: Record) -> None:
    house = build()
    with Watch(house.watch_url) as watch:
        begun(house, watch, FULL)
        house.kill("beat")
        down_at = time.monotonic()
        watch.wait(503, since=down_at, within_seconds=SILENT_AT_MOST_SECONDS)
        house.start("beat")
        back_at = time.monotonic()
        down, up = went_down_and_came_back(watch, down_at=down_at, back_at=back_at)
        record(settle(house, "kill -9 of beat", over_at=back_at, until_503=down, recovered=up))


@pytest.mark.faults
def test_three_beats_and_two_workers_send_nothing_twice(build: Build, record: Record) -> None:
    house = build()
    with Watch(house.watch_url) as watch:
        house.start("beat-2", "beat-3", "worker-2")
        begun(house, watch, FULL)
        over_at = time.monotonic()
        record(settle(house, "three beats at once", over_at=over_at))
        assert all(program.lives() for program in house.programs.values())
        assert watch.is_well()
