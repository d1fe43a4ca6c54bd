"""Quiet hours put off what can wait, and nothing else. Clock: target Wednesday 18 November, 12:00 in Berlin."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from accounts.daily_windows import DailyWindow
from claims.deadlines import DeadlineKind
from claims.ladder import AT_ONCE, DEFAULT, MISSED, Audience, Moment, Rung, moments
from claims.quiet_hours import delayed_until

TARGET = datetime(2026, 11, 18, 11, 0, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
RESPONSE = DEFAULT[DeadlineKind.RESPONSE]


def at(text: str) -> datetime:
    """Day of November and time, UTC."""
    return datetime.fromisoformat(f"2026-11-{text}").replace(tzinfo=UTC)


def steps(ladder: tuple[Rung, ...] = RESPONSE, started: str = "16T11:00") -> list[Moment]:
    return moments(ladder, started_at=at(started), target_at=TARGET, due_at=TARGET + timedelta(hours=24))


def quiet(hours: str, zone: ZoneInfo = BERLIN) -> DailyWindow:
    starts, ends = (time.fromisoformat(text) for text in hours.split("-"))
    return DailyWindow(starts, ends, zone)


NIGHT = "22:00-07:00"


@pytest.mark.parametrize(
    ("stage", "now", "hours", "until"),
    [
        # 24h is reached on the 17th at 11:00Z, 12h at 23:00Z, 4h on the 18th at 07:00Z, 1h at 10:00Z
        ("at_once", "16T20:59", NIGHT, None),  # 21:59 in Berlin
        ("at_once", "16T21:00", NIGHT, "17T06:00"),
        ("at_once", "17T05:59", NIGHT, "17T06:00"),
        ("at_once", "17T06:00", NIGHT, None),
        ("at_once", "16T21:00", "22:00-12:00", None),  # would end when 24h is reached
        ("at_once", "16T21:00", "22:00-11:59", "17T10:59"),
        ("24h", "17T11:00", "12:00-18:00", "17T17:00"),
        ("24h", "17T11:00", "12:00-00:00", None),  # would end when 12h is reached
        ("24h", "17T11:00", "12:00-23:59", "17T22:59"),
        ("12h", "17T23:00", NIGHT, "18T06:00"),
        ("12h", "17T23:00", "22:00-08:00", None),  # would end when 4h is reached
        ("4h", "18T07:00", "07:00-09:00", None),  # of the last two
        ("1h", "18T10:00", "10:00-11:30", None),
        ("missed", "19T11:00", "12:00-13:00", None),
        ("missed", "19T23:30", NIGHT, None),
    ],
)
def test_a_stage_waits_only_where_the_next_one_still_lies_ahead(
    stage: str, now: str, hours: str, until: str | None
) -> None:
    found = steps()
    index = [each.rung.stage for each in found].index(stage)
    assert delayed_until(found, index, quiet(hours), at(now)) == (at(until) if until else None)


def test_without_quiet_hours_nothing_waits() -> None:
    assert delayed_until(steps(), 0, None, at("16T23:00")) is None


def test_the_zone_is_that_of_the_person() -> None:
    tokyo = quiet(NIGHT, ZoneInfo("Asia/Tokyo"))
    assert delayed_until(steps(), 0, tokyo, at("16T13:00")) == at("16T22:00")
    assert delayed_until(steps(), 0, tokyo, at("16T21:59")) == at("16T22:00")
    assert delayed_until(steps(), 0, tokyo, at("16T22:00")) is None


def test_a_ladder_of_two_rungs_never_waits() -> None:
    assert DEFAULT[DeadlineKind.PREPARATION][-1].stage == "24h"
    found = steps(DEFAULT[DeadlineKind.PREPARATION])
    assert [delayed_until(found, index, quiet("00:00-23:59"), at("16T12:00")) for index in (0, 1)] == [
        None,
        None,
    ]


def test_the_last_two_before_missed_never_wait_however_far_off_they_are() -> None:
    rungs = (
        Rung(AT_ONCE, None, (Audience.ASSIGNEE,)),
        Rung("14d", timedelta(days=14), (Audience.ASSIGNEE,)),
        Rung("7d", timedelta(days=7), (Audience.ASSIGNEE,)),
        Rung(MISSED, None, (Audience.ASSIGNEE,)),
    )
    found = moments(rungs, started_at=at("01T00:00"), target_at=TARGET + timedelta(days=30), due_at=TARGET)
    night = quiet(NIGHT)
    assert delayed_until(found, 0, night, at("01T23:00")) == at("02T06:00")
    assert delayed_until(found, 1, night, at("02T23:00")) is None
    assert delayed_until(found, 2, night, at("02T23:00")) is None


def test_on_the_night_when_clocks_go_back_the_quiet_lasts_an_hour_longer() -> None:
    target = datetime(2026, 10, 27, 12, 0, tzinfo=UTC)
    found = moments(RESPONSE, started_at=target - timedelta(hours=48), target_at=target, due_at=target)
    now = datetime(2026, 10, 24, 23, 0, tzinfo=UTC)  # 01:00 in Berlin, summer time
    assert delayed_until(found, 0, quiet(NIGHT), now) == datetime(2026, 10, 25, 6, 0, tzinfo=UTC)
