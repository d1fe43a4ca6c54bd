"""Receivers that refuse, ask for time, hang or close: nothing is lost, and nothing that was taken comes again."""

import threading
import time

import pytest

from tests.faults.conftest import Build, Record
from tests.faults.installation import Installation, Watch
from tests.faults.receiver import Behaviour, closing, hanging, refusing, taking
from tests.faults.sizes import FULL
from tests.faults.table import settle
from tests.faults.working import begun

pytestmark = pytest.mark.faults

TROUBLE_SECONDS = 15
RETRY_AFTER_SECONDS = 4


def misbehaving(house: Installation, behaviour: Behaviour) -> tuple[float, float]:
    """For a while; returns when it began and when it was over."""
    began_at = time.monotonic()
    house.receiver.behaviour = behaviour
    time.sleep(TROUBLE_SECONDS)
    house.receiver.behaviour = taking()
    return began_at, time.monotonic()


def times_by_room(house: Installation, since: float, until: float) -> dict[str, list[float]]:
    """When each room was posted to."""
    found: dict[str, list[float]] = {}
    for path, _, at in house.receiver.seen:
        if since <= at <= until:
            found.setdefault(path, []).append(at)
    return found


def test_500_delays_and_a_minute_of_it_is_noticed(build: Build, record: Record) -> None:
    house = build()
    with Watch(house.watch_url) as watch:
        begun(house, watch, FULL)
        house.receiver.behaviour = refusing(500)
        began_at = time.monotonic()
        # the oldest warning may have waited already; its minute is up soon
        watch.wait(503, since=began_at, within_seconds=75)
        house.receiver.behaviour = taking()
        over_at = time.monotonic()
        row = settle(house, "500 for a minute", over_at=over_at)
        record(row)
        assert watch.is_well(within_seconds=60)


@pytest.mark.parametrize("asks", [True, False], ids=["with Retry-After", "without"])
def test_429_makes_a_room_be_asked_seldom(build: Build, record: Record, asks: bool) -> None:
    house = build()
    with Watch(house.watch_url) as watch:
        begun(house, watch, FULL)
        pause = RETRY_AFTER_SECONDS if asks else None
        began_at, over_at = misbehaving(house, refusing(429, retry_after_seconds=pause))
        name = f"429 with Retry-After: {RETRY_AFTER_SECONDS}" if asks else "429 without Retry-After"
        record(settle(house, name, over_at=over_at))
        assert watch.is_well()
        # by two who send, each once a pause, and once more for what each sweep of the time newly raised
        most = 2 * (TROUBLE_SECONDS / RETRY_AFTER_SECONDS + 1 + TROUBLE_SECONDS / 5 + 1)
        for posts in times_by_room(house, began_at, over_at).values():
            assert len(posts) <= most


def test_a_receiver_that_hangs_costs_time_only(build: Build, record: Record) -> None:
    house = build()
    let_go = threading.Event()
    with Watch(house.watch_url) as watch:
        begun(house, watch, FULL)
        _, over_at = misbehaving(house, hanging(let_go))
        let_go.set()
        record(settle(house, "the receiver hangs", over_at=over_at))
        assert watch.is_well()


def test_a_receiver_that_closes_the_connection_costs_time_only(build: Build, record: Record) -> None:
    house = build()
    with Watch(house.watch_url) as watch:
        begun(house, watch, FULL)
        _, over_at = misbehaving(house, closing())
        record(settle(house, "the receiver closes the connection", over_at=over_at))
        assert watch.is_well()
