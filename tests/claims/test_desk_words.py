"""How pages write time: what is left, in which zone, and what stands out."""

from datetime import UTC, datetime, timedelta

import pytest

from claims.templatetags.desk import bytesize, left, moment, pill, place, said, store

NOW = datetime(2026, 11, 22, 16, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("to_target", "to_due", "words"),
    [
        (timedelta(hours=53), timedelta(hours=53), "2 d 5 h left"),
        (timedelta(hours=3, minutes=12, seconds=59), timedelta(hours=4), "3 h 12 min left"),
        (timedelta(minutes=45), timedelta(hours=1), "45 min left"),
        (timedelta(seconds=59), timedelta(seconds=59), "0 min left"),
        (timedelta(0), timedelta(hours=24), "Target passed, due in 1 d 0 h"),
        (timedelta(hours=-5), timedelta(hours=-1, minutes=-1), "Overdue by 1 h 1 min"),
    ],
)
def test_the_time_left_is_said_in_two_units_the_target_first(
    to_target: timedelta, to_due: timedelta, words: str
) -> None:
    assert said(to_target, to_due) == words


@pytest.mark.parametrize(
    ("hours", "look"), [(3.99, "left--danger"), (4, "left--soon"), (24, "left--calm"), (-1, "left--danger")]
)
def test_less_than_four_hours_stand_out(hours: float, look: str) -> None:
    assert f'class="left {look}"' in left((NOW + timedelta(hours=hours)).isoformat(), NOW)


def test_a_moment_names_its_zone() -> None:
    assert moment("2026-11-22T16:03:37Z", "Europe/Berlin") == (
        '<time datetime="2026-11-22T16:03:37Z"><span class="at">Sun 22 Nov 2026, 17:03</span> '
        '<span class="zone">Europe/Berlin</span></time>'
    )
    assert "Mon 23 Nov 2026, 01:03" in moment("2026-11-22T16:03:37Z", "Asia/Tokyo")
    assert moment(None, "Asia/Tokyo") == "–"
    assert moment("soon", "Asia/Tokyo") == "–"
    assert '<span class="zone">UTC</span>' in moment(NOW, "Mars/Olympus")


def test_what_a_person_typed_is_never_markup() -> None:
    assert left("<b>", NOW) == ""
    assert moment("<b>", "UTC") == "–"


def test_words_of_rows_and_stores() -> None:
    assert (pill("missed"), pill("open")) == ("pill pill--danger", "pill")
    assert (store("A1PA6795UKMFR9"), store("NOBODYKNOWS"), store("")) == ("DE", "NOBODYKNOWS", "–")
    assert place({"city": "Berlin", "name": "Jane Doe", "line2": ""}) == "Jane Doe, Berlin"
    assert [bytesize(999), bytesize(131_571), bytesize(25_000_000)] == ["999 bytes", "131.6 kB", "25.0 MB"]
