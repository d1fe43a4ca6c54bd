"""Who is on call: shifts over midnight and over clock changes, hours handed over and handed on."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from accounts.daily_windows import DailyWindow
from accounts.rota import WEEKDAYS, HandedOver, Shift, on_call_at

ANNA, BEN, CARL = 1, 2, 3
BERLIN, TOKYO, APIA = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Tokyo"), ZoneInfo("Pacific/Apia")
EVERY_DAY = frozenset(WEEKDAYS)
SINCE = date(2026, 1, 1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def shift(
    user: int, hours: str, *days: str, zone: ZoneInfo = BERLIN, since: date = SINCE, until: date | None = None
) -> Shift:
    starts, ends = (time.fromisoformat(text) for text in hours.split("-"))
    return Shift(user, frozenset(days) or EVERY_DAY, DailyWindow(starts, ends, zone), since, until)


WEEK = [
    shift(ANNA, "09:00-17:00", "mon", "tue"),
    shift(BEN, "17:00-09:00", "mon", "tue"),
]


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-11-16T07:59:59", set()),  # Monday 08:59:59 in Berlin
        ("2026-11-16T08:00:00", {ANNA}),
        ("2026-11-16T15:59:59", {ANNA}),
        ("2026-11-16T16:00:00", {BEN}),
        ("2026-11-17T07:59:59", {BEN}),  # Tuesday morning still belongs to Monday's night
        ("2026-11-17T08:00:00", {ANNA}),
        ("2026-11-18T07:59:59", {BEN}),  # Wednesday morning belongs to Tuesday's night
        ("2026-11-18T08:00:00", set()),
        ("2026-11-18T16:30:00", set()),
    ],
)
def test_a_night_belongs_to_the_weekday_on_which_it_began(moment: str, expected: set[int]) -> None:
    assert on_call_at(WEEK, [], at(moment)) == expected


@pytest.mark.parametrize("day", ["2026-03-28", "2026-03-29", "2026-10-24", "2026-10-25"])
def test_shifts_that_touch_on_the_clock_leave_no_gap_and_no_overlap_when_clocks_change(day: str) -> None:
    """Berlin: 29 March has no 02:00 to 03:00, 25 October has it twice. Shifts change right inside that hour."""
    shifts = [shift(ANNA, "02:30-14:00"), shift(BEN, "14:00-02:30")]
    start = at(f"{day}T00:00:00")
    for minute in range(0, 24 * 60, 5):
        moment = datetime.fromtimestamp(start.timestamp() + minute * 60, UTC)
        assert len(on_call_at(shifts, [], moment)) == 1, moment


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 3, 28), 7), (date(2026, 6, 1), 8), (date(2026, 10, 24), 9)]
)
def test_a_night_is_an_hour_shorter_or_longer_when_clocks_change(day: date, hours: int) -> None:
    span = DailyWindow(time(22), time(6), BERLIN).on(day)
    assert (span.ends_at - span.starts_at).total_seconds() == hours * 3600


def test_a_shift_that_ends_when_it_starts_lasts_a_whole_day() -> None:
    whole = [shift(ANNA, "08:00-08:00", "mon", zone=TOKYO)]
    assert on_call_at(whole, [], at("2026-11-15T22:59:59")) == set()
    assert on_call_at(whole, [], at("2026-11-15T23:00:00")) == {ANNA}
    assert on_call_at(whole, [], at("2026-11-16T22:59:59")) == {ANNA}
    assert on_call_at(whole, [], at("2026-11-16T23:00:00")) == set()


def test_zones_far_from_each_other_hand_on_around_the_day() -> None:
    """09:00 to 21:00 in Apia (UTC+13) is the European night before."""
    shifts = [shift(ANNA, "09:00-21:00", zone=APIA), shift(BEN, "09:00-21:00")]
    assert on_call_at(shifts, [], at("2026-11-15T20:00:00")) == {ANNA}
    assert on_call_at(shifts, [], at("2026-11-16T08:00:00")) == {BEN}


def test_the_first_and_last_day_are_those_on_which_the_shift_begins() -> None:
    night = [shift(ANNA, "22:00-06:00", since=date(2026, 11, 16), until=date(2026, 11, 17))]
    assert on_call_at(night, [], at("2026-11-16T03:00:00")) == set()  # the night of the 15th
    assert on_call_at(night, [], at("2026-11-17T03:00:00")) == {ANNA}
    assert on_call_at(night, [], at("2026-11-18T04:59:59")) == {ANNA}  # the last night ends on the 18th
    assert on_call_at(night, [], at("2026-11-18T21:30:00")) == set()
    never = [shift(ANNA, "22:00-06:00", since=date(2026, 11, 16), until=date(2026, 11, 15))]
    assert on_call_at(never, [], at("2026-11-16T23:00:00")) == set()


def handed(given_by: int | None, taken_by: int, start: str = "10:00", end: str = "12:00") -> HandedOver:
    return HandedOver(given_by, taken_by, at(f"2026-11-16T{start}"), at(f"2026-11-16T{end}"))


@pytest.mark.parametrize(
    ("handovers", "moment", "expected"),
    [
        ([handed(ANNA, CARL)], "09:59", {ANNA}),
        ([handed(ANNA, CARL)], "10:00", {CARL}),
        ([handed(ANNA, CARL)], "11:59", {CARL}),
        ([handed(ANNA, CARL)], "12:00", {ANNA}),
        ([handed(BEN, CARL)], "11:00", {ANNA}),  # Ben is not on call then: nothing to hand over
        ([handed(None, CARL)], "11:00", {CARL}),
        ([handed(ANNA, CARL), handed(CARL, BEN)], "11:00", {BEN}),  # handed on
        ([handed(ANNA, CARL), handed(ANNA, BEN)], "11:00", {CARL}),  # Anna had nothing left to give
        ([handed(ANNA, CARL), handed(CARL, ANNA, "11:00")], "11:30", {ANNA}),  # and back
        ([handed(ANNA, CARL, "11:00", "11:00")], "11:00", {ANNA}),  # taken back before it began
    ],
)
def test_hours_are_handed_over_for_their_time_only(
    handovers: list[HandedOver], moment: str, expected: set[int]
) -> None:
    assert on_call_at(WEEK, handovers, at(f"2026-11-16T{moment}")) == expected


def test_whoever_stands_in_beside_another_leaves_the_other_on_call() -> None:
    both = [*WEEK, shift(BEN, "09:00-17:00", "mon")]
    assert on_call_at(both, [handed(ANNA, CARL)], at("2026-11-16T11:00")) == {BEN, CARL}
    assert on_call_at(both, [handed(None, CARL)], at("2026-11-16T11:00")) == {CARL}
    assert on_call_at([], [handed(None, CARL)], at("2026-11-16T11:00")) == {CARL}
