"""The rule of time: what is due when, in the shortest reading, in every marketplace's zone."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.deadlines import (
    Clock,
    DeadlineKind,
    Policy,
    Stated,
    Window,
    clock_for,
    start_of_day,
    target_for,
)
from claims.marketplaces import MARKETPLACES

ROME = ZoneInfo("Europe/Rome")
LOS_ANGELES = ZoneInfo("America/Los_Angeles")
SAO_PAULO = ZoneInfo("America/Sao_Paulo")
CAIRO = ZoneInfo("Africa/Cairo")
TOKYO = ZoneInfo("Asia/Tokyo")
UTC_ZONE = ZoneInfo("UTC")
NOTICED = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
RESPONSE = DeadlineKind.RESPONSE
HELP = Policy(Window(hours=48), "help page")


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def due(kind: DeadlineKind = RESPONSE, *, zone: ZoneInfo = ROME, **given: object) -> Clock:
    return clock_for(kind, noticed_at=NOTICED, zone=zone, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("stated", "policy", "due_at", "target_at", "basis"),
    [
        (None, None, "2026-11-18 09:00", "2026-11-18 09:00", "default_48h"),
        (None, HELP, "2026-11-18 09:00", "2026-11-18 09:00", "policy"),
        (None, Policy(Window(hours=72), "sighting"), "2026-11-19 09:00", "2026-11-18 09:00", "policy"),
        (None, Policy(Window(hours=24), "sighting"), "2026-11-17 09:00", "2026-11-17 09:00", "policy"),
        (Stated(moment=moment("2026-11-20 15:30")), HELP, "2026-11-20 15:30", "2026-11-18 09:00", "stated_date"),
        (Stated(moment=moment("2026-11-17 06:00")), HELP, "2026-11-17 06:00", "2026-11-17 06:00", "stated_date"),
        (Stated(on_date=date(2026, 11, 19)), HELP, "2026-11-18 23:00", "2026-11-18 09:00", "stated_date"),
        (Stated(on_date=date(2026, 11, 18)), HELP, "2026-11-17 23:00", "2026-11-17 23:00", "stated_date"),
        (Stated(window=Window(hours=72)), HELP, "2026-11-19 09:00", "2026-11-18 09:00", "stated_window"),
        (Stated(window=Window(hours=24)), HELP, "2026-11-17 09:00", "2026-11-17 09:00", "stated_window"),
        (Stated(window=Window(calendar_days=3)), HELP, "2026-11-18 23:00", "2026-11-18 09:00", "stated_window"),
        (Stated(window=Window(calendar_days=2)), HELP, "2026-11-17 23:00", "2026-11-17 23:00", "stated_window"),
        (
            Stated(moment=moment("2026-11-20 15:30"), window=Window(hours=24)), HELP,
            "2026-11-20 15:30", "2026-11-18 09:00", "stated_date",
        ),
    ],
)  # fmt: skip
def test_a_request_is_due_as_stated_else_by_policy_else_in_48_hours(
    stated: Stated | None, policy: Policy | None, due_at: str, target_at: str, basis: str
) -> None:
    clock = due(stated=stated, policy=policy)
    assert (clock.due_at, clock.target_at) == (moment(due_at), moment(target_at))
    assert clock.basis == basis


def test_a_clock_says_where_its_time_was_read() -> None:
    words = "Deve rispondere entro 3 giorni di calendario."
    stated = due(stated=Stated(window=Window(calendar_days=3), text=words))
    assert (stated.source, stated.stated) == ("stated in the request: 3 calendar days", words)
    bare = due(stated=Stated(on_date=date(2026, 11, 19)))
    assert bare.source == "stated in the request as 2026-11-19, read as 00:00 Europe/Rome"
    assert due(policy=HELP).source == "help page"
    assert due().source == "no window known: 48 hours"


@pytest.mark.parametrize(
    ("noticed_at", "day", "zone", "due_at", "at_once"),
    [
        ("2026-11-16 09:00", date(2026, 11, 16), ROME, "2026-11-16 09:00", True),
        ("2026-11-16 23:30", date(2026, 11, 17), ROME, "2026-11-16 23:30", True),
        ("2026-11-16 23:00", date(2026, 11, 17), ROME, "2026-11-16 23:00", False),
        ("2026-11-16 22:30", date(2026, 11, 17), ROME, "2026-11-16 23:00", False),
        ("2026-11-17 03:00", date(2026, 11, 16), LOS_ANGELES, "2026-11-17 03:00", True),
        ("2026-11-17 03:00", date(2026, 11, 17), LOS_ANGELES, "2026-11-17 08:00", False),
    ],
)  # fmt: skip
def test_a_bare_date_of_the_letters_own_day_is_due_as_the_letter_comes(
    noticed_at: str, day: date, zone: ZoneInfo, due_at: str, at_once: bool
) -> None:
    clock = clock_for(RESPONSE, noticed_at=moment(noticed_at), zone=zone, stated=Stated(on_date=day))
    assert (clock.due_at, clock.target_at) == (moment(due_at), moment(due_at))
    read = f"stated in the request as {day}, read as 00:00 {zone.key}"
    assert clock.source == (f"{read}, which was before the letter: due at once" if at_once else read)


def test_an_appeal_is_due_at_midnight_of_the_thirtieth_day_in_the_stores_zone() -> None:
    policy = Policy(Window(calendar_days=30), "help page")
    for zone, expected in [
        (ROME, "2026-12-15 23:00"),
        (LOS_ANGELES, "2026-12-16 08:00"),
        (TOKYO, "2026-12-15 15:00"),
    ]:
        clock = due(DeadlineKind.APPEAL, zone=zone, policy=policy)
        assert (clock.due_at, clock.target_at) == (moment(expected), moment(expected))


def test_the_local_day_of_the_letter_counts_and_not_the_day_in_utc() -> None:
    late = moment("2026-11-16 23:30")  # already the 17th in Rome, still the 16th in Los Angeles
    window = Window(calendar_days=3)
    assert window.end(late, ROME) == moment("2026-11-19 23:00")
    assert window.end(late, LOS_ANGELES) == moment("2026-11-19 08:00")


@pytest.mark.parametrize("kind", [DeadlineKind.PREPARATION, DeadlineKind.TRIAGE])
def test_our_own_clocks_run_48_hours_whatever_is_stated(kind: DeadlineKind) -> None:
    clock = due(kind, stated=Stated(window=Window(hours=12)), policy=Policy(Window(hours=12), "row"))
    assert (clock.due_at, clock.target_at) == (NOTICED + timedelta(hours=48), NOTICED + timedelta(hours=48))
    assert clock.basis == "internal"


@pytest.mark.parametrize(
    ("kind", "aims_at_48_hours"),
    [
        (DeadlineKind.RESPONSE, True),
        (DeadlineKind.APPEAL_INFORMATION, True),
        (DeadlineKind.APPEAL, False),
        (DeadlineKind.PREPARATION, False),
        (DeadlineKind.TRIAGE, False),
    ],
)
def test_the_target_is_48_hours_for_what_amazon_asks_and_else_the_due_time(
    kind: DeadlineKind, aims_at_48_hours: bool
) -> None:
    far, near = NOTICED + timedelta(hours=100), NOTICED + timedelta(hours=20)
    expected = NOTICED + timedelta(hours=48) if aims_at_48_hours else far
    assert target_for(kind, noticed_at=NOTICED, due_at=far) == expected
    assert target_for(kind, noticed_at=NOTICED, due_at=near) == near


@pytest.mark.parametrize(
    ("zone", "day", "expected"),
    [
        (ROME, date(2026, 3, 29), "2026-03-28 23:00"),  # the clock goes forward at 02:00 that night
        (ROME, date(2026, 3, 30), "2026-03-29 22:00"),
        (ROME, date(2026, 10, 25), "2026-10-24 22:00"),  # and back at 03:00
        (ROME, date(2026, 10, 26), "2026-10-25 23:00"),
        (LOS_ANGELES, date(2026, 3, 8), "2026-03-08 08:00"),
        (LOS_ANGELES, date(2026, 3, 9), "2026-03-09 07:00"),
        (LOS_ANGELES, date(2026, 11, 1), "2026-11-01 07:00"),
        (LOS_ANGELES, date(2026, 11, 2), "2026-11-02 08:00"),
        (SAO_PAULO, date(2018, 11, 4), "2018-11-04 03:00"),  # there was no midnight: the day began at 01:00
        (SAO_PAULO, date(2018, 2, 18), "2018-02-18 03:00"),  # 23:00 to 24:00 of the day before came twice
        (SAO_PAULO, date(2026, 11, 16), "2026-11-16 03:00"),
        (CAIRO, date(2026, 4, 24), "2026-04-23 22:00"),  # no midnight either
        (CAIRO, date(2026, 4, 25), "2026-04-24 21:00"),
        (CAIRO, date(2026, 10, 30), "2026-10-29 22:00"),
        (UTC_ZONE, date(2026, 11, 16), "2026-11-16 00:00"),
    ],
)
def test_a_day_begins_at_its_first_moment_in_the_zone(zone: ZoneInfo, day: date, expected: str) -> None:
    start = start_of_day(day, zone)
    assert start == moment(expected)
    local = start.astimezone(zone)
    assert local.date() == day
    assert (start - timedelta(seconds=1)).astimezone(zone).date() == day - timedelta(days=1)


@pytest.mark.parametrize(
    ("noticed_at", "expected"),
    [("2026-03-27 12:00", "2026-03-29 22:00"), ("2026-10-23 12:00", "2026-10-25 23:00")],
)
def test_three_calendar_days_over_a_clock_change_end_at_local_midnight(
    noticed_at: str, expected: str
) -> None:
    assert Window(calendar_days=3).end(moment(noticed_at), ROME) == moment(expected)


def test_hours_take_no_notice_of_a_clock_change() -> None:
    assert Window(hours=48).end(moment("2026-03-28 12:00"), ROME) == moment("2026-03-30 12:00")


@pytest.mark.parametrize("given", [{}, {"hours": 48, "calendar_days": 2}])
def test_a_window_has_hours_or_days_and_not_both(given: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="either hours or calendar days"):
        Window(**given)


MOMENTS = st.datetimes(datetime(2015, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))
ZONES = st.sampled_from(sorted({row.zone for row in MARKETPLACES.values()} | {"UTC"})).map(ZoneInfo)
HOURS = st.integers(1, 24 * 60)
DAYS = st.integers(1, 60)
WINDOWS = HOURS.map(lambda n: Window(hours=n)) | DAYS.map(lambda n: Window(calendar_days=n))
KINDS = st.sampled_from(DeadlineKind)


@given(KINDS, MOMENTS, ZONES, st.none() | WINDOWS, st.none() | WINDOWS)
def test_nothing_is_due_before_its_letter_and_no_target_is_later_than_due(
    kind: DeadlineKind, noticed_at: datetime, zone: ZoneInfo, stated: Window | None, policy: Window | None
) -> None:
    clock = clock_for(
        kind, noticed_at=noticed_at, zone=zone, stated=Stated(window=stated),
        policy=Policy(policy, "row") if policy else None,
    )  # fmt: skip
    assert noticed_at < clock.due_at
    assert noticed_at < clock.target_at <= clock.due_at
    if kind in (DeadlineKind.RESPONSE, DeadlineKind.APPEAL_INFORMATION):
        assert clock.target_at <= noticed_at + timedelta(hours=48)


@given(MOMENTS, ZONES, DAYS)
def test_calendar_days_are_never_longer_than_the_same_number_of_24_hours(
    noticed_at: datetime, zone: ZoneInfo, days: int
) -> None:
    end = Window(calendar_days=days).end(noticed_at, zone)
    change = timedelta(hours=1)  # the night in which clocks go back has an hour more
    assert end <= noticed_at + timedelta(days=days) + change
    assert end > noticed_at + timedelta(days=days - 1) - change
    assert end.astimezone(zone).date() == noticed_at.astimezone(zone).date() + timedelta(days=days)


@given(MOMENTS, ZONES, DAYS)
def test_one_more_calendar_day_is_due_later(noticed_at: datetime, zone: ZoneInfo, days: int) -> None:
    assert Window(calendar_days=days).end(noticed_at, zone) < Window(calendar_days=days + 1).end(
        noticed_at, zone
    )


@given(st.dates(date(2015, 1, 2), date(2035, 1, 1)), ZONES)
def test_a_bare_date_is_its_first_moment(day: date, zone: ZoneInfo) -> None:
    start = start_of_day(day, zone)
    assert start.astimezone(zone).date() == day
    assert (start - timedelta(microseconds=1)).astimezone(zone).date() < day
