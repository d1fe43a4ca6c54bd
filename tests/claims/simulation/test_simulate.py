"""A season as the command plays it, and what the oracle says of clocks whose warnings were counted by hand."""

import os
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from claims.management.simulation.scratch import scratch_database
from claims.management.simulation.season import season
from claims.management.simulation.stages import Clock, Expected, expected
from tests.running import NOT_INHERITED, ROOT

pytestmark = pytest.mark.slow

MIDNIGHT = datetime(2026, 3, 2, tzinfo=UTC)
HALF_AN_HOUR = timedelta(minutes=30)
#: More on a quiet machine: SIMULATED_CLAIMS=2000 SIMULATED_DAYS=90.
CLAIMS, DAYS = os.environ.get("SIMULATED_CLAIMS", "30"), os.environ.get("SIMULATED_DAYS", "5")


def at(hours: float) -> datetime:
    return MIDNIGHT + timedelta(hours=hours)


def clock(*, due: float) -> Clock:
    made = Clock("response", at(0), at(0.1), at(due), at(min(due, 48)))
    made.run(at(0.1))
    return made


def told(made: Clock) -> list[tuple[int, str, int, int]]:
    warned, _ = expected(made, origin=MIDNIGHT, interval=HALF_AN_HOUR, beats=200)
    return [(each.version, each.stage, each.beat, each.until) for each in warned]


def test_an_unanswered_clock_is_warned_of_at_every_stage() -> None:
    assert told(clock(due=72)) == [
        (1, "at_once", 1, 48),
        (1, "24h", 48, 72),
        (1, "12h", 72, 88),
        (1, "4h", 88, 94),
        (1, "1h", 94, 144),
        (1, "missed", 144, 201),
    ]


def test_an_answered_clock_is_not_warned_of_any_more() -> None:
    made = clock(due=48)
    made.settle("met", "answered", at(30))
    assert told(made) == [(1, "at_once", 1, 48), (1, "24h", 48, 60)]


def test_a_clock_heard_of_late_is_warned_of_once() -> None:
    made = Clock("response", at(0), at(45), at(48), at(48))
    made.run(at(45))
    made.settle("met", "answered", at(46))
    warned, overtaken = expected(made, origin=MIDNIGHT, interval=HALF_AN_HOUR, beats=200)
    assert warned == [Expected(1, "4h", at(45), 90, 92)]
    assert overtaken == {(1, "at_once"), (1, "24h"), (1, "12h")}


def test_the_same_seed_tells_the_same_season() -> None:
    first = season(claims=40, days=20, seed=3)
    assert first == season(claims=40, days=20, seed=3)
    assert first != season(claims=40, days=20, seed=4)
    assert len({step.act for step in first}) > 9


@pytest.mark.django_db(transaction=True)
def test_the_scratch_database_is_another_one_and_goes_away() -> None:
    real = connection.settings_dict["NAME"]
    with scratch_database() as name:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_database(), (SELECT count(*) FROM claims_claim)")
            assert cursor.fetchone() == (name, 0)
        assert name.startswith("simulation_")
    assert connection.settings_dict["NAME"] == real
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_database(), (SELECT count(*) FROM pg_database WHERE datname = %s)", [name]
        )
        assert cursor.fetchone() == (real, 0)


@pytest.mark.django_db(transaction=True)
def test_where_no_scratch_database_can_be_made_nothing_is_played() -> None:
    user = connection.settings_dict["USER"]
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE simulation_without_rights LOGIN")
    try:
        connection.close()
        connection.settings_dict["USER"] = "simulation_without_rights"
        with pytest.raises(CommandError, match="needs the right CREATEDB"):
            call_command("simulate", claims=1, days=1)
    finally:
        connection.close()
        connection.settings_dict["USER"] = user
        with connection.cursor() as cursor:
            cursor.execute("DROP ROLE simulation_without_rights")


def test_a_season_needs_claims() -> None:
    with pytest.raises(CommandError, match="--claims must be at least 1"):
        call_command("simulate", claims=0)


def test_a_season_with_crashes_loses_nothing_and_says_nothing_twice() -> None:
    environment = {name: value for name, value in os.environ.items() if name not in NOT_INHERITED}
    line = [sys.executable, "manage.py", "simulate", "--claims", CLAIMS, "--days", DAYS, "--faults"]
    done = subprocess.run(
        [*line, "--interval", "120"],
        cwd=ROOT,
        env={**environment, "LOG_LEVEL": "ERROR"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    said = done.stdout
    assert "\nmissed 0\n" in said
    assert "\nduplicates 0 (" in said
    assert "\nwarnings after an answer 0\n" in said
    assert "\nlate 0 (" in said
    assert "\nnot expected 0\n" in said
    assert "\nclocks that disagree 0, claims that disagree 0\n" in said
    assert "\nclaims without a whole trail of events 0\n" in said
    crashes = re.search(r"(\d+) crashes", said)
    assert crashes is not None
    assert int(crashes[1]) > 0
