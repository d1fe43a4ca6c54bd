"""The words of a warning: time left across clock changes, absolute times with their zone, no foreign lines."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from claims.warning_text import WarningFacts, absolute, body_of, subject_of, time_left
from tests.claims.stories import MONDAY, hours


def facts(**given: Any) -> WarningFacts:
    values: dict[str, Any] = {
        "stage": "4h",
        "kind": "response",
        "order_id": "402-3427577-1965903",
        "url": "https://claims.example.com/api/v1/claims/7/",
        "zone": "Europe/Rome",
        "now": MONDAY + hours(44),
        "target_at": MONDAY + hours(48),
        "due_at": MONDAY + hours(48),
    }
    return WarningFacts(**{**values, **given})


def test_the_whole_text_names_time_zone_hours_left_what_is_missing_and_where_to_click() -> None:
    text = body_of(
        facts(
            due_at=MONDAY + hours(72),
            previous_due_at=MONDAY + hours(96),
            amount="119 EUR",
            assignee="alice",
            missing=("proof_of_delivery", "signature"),
            documents=(("Evidence", "https://claims.example.com/api/v1/bundles/3/pdf/"),),
        )
    )
    assert text == (
        "Answer Amazon's request for order 402-3427577-1965903: 4 h 0 min left.\n"
        "\n"
        "Aim at:   Wed 18 Nov 2026 10:00 Europe/Rome (2026-11-18 09:00 UTC)\n"
        "Due:      Thu 19 Nov 2026 10:00 Europe/Rome (2026-11-19 09:00 UTC)\n"
        "Moved:    it was Fri 20 Nov 2026 10:00 Europe/Rome (2026-11-20 09:00 UTC)\n"
        "At stake: 119 EUR\n"
        "With:     alice\n"
        "Missing:  proof of delivery, signature\n"
        "\n"
        "Open it: https://claims.example.com/api/v1/claims/7/\n"
        "Evidence: https://claims.example.com/api/v1/bundles/3/pdf/\n"
    )


@pytest.mark.parametrize(
    ("zone", "local_now", "local_due", "expected"),
    [
        # the night of 25 October 2026 has an hour more in Rome, that of 29 March 2026 one less
        ("Europe/Rome", (2026, 10, 24, 20, 0), (2026, 10, 25, 20, 0), "25 h 0 min left"),
        ("Europe/Rome", (2026, 3, 28, 20, 0), (2026, 3, 29, 20, 0), "23 h 0 min left"),
        ("America/Los_Angeles", (2026, 10, 31, 20, 0), (2026, 11, 1, 20, 0), "25 h 0 min left"),
        ("Asia/Tokyo", (2026, 10, 24, 20, 0), (2026, 10, 25, 20, 0), "24 h 0 min left"),
    ],
)
def test_hours_left_are_right_on_days_of_a_clock_change(
    zone: str, local_now: tuple[int, ...], local_due: tuple[int, ...], expected: str
) -> None:
    now, due = (
        datetime(*moment, tzinfo=ZoneInfo(zone)).astimezone(UTC)  # type: ignore[misc,arg-type]
        for moment in (local_now, local_due)
    )
    assert time_left(due, now) == expected
    assert subject_of(facts(now=now, target_at=due, due_at=due)).startswith(f"{expected}: answer Amazon's")


def test_the_hour_that_comes_twice_is_told_apart_by_utc() -> None:
    first = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert absolute(first, "Europe/Rome") == "Sun 25 Oct 2026 02:30 Europe/Rome (2026-10-25 00:30 UTC)"
    assert absolute(first + hours(1), "Europe/Rome") == (
        "Sun 25 Oct 2026 02:30 Europe/Rome (2026-10-25 01:30 UTC)"
    )


@pytest.mark.parametrize("zone", ["UTC", "", "Nowhere/City", "../etc/passwd", "Europe"])
def test_a_zone_nobody_knows_is_told_as_utc(zone: str) -> None:
    assert absolute(MONDAY, zone) == "Mon 16 Nov 2026 09:00 UTC"


@pytest.mark.parametrize(
    ("left", "expected"),
    [
        (timedelta(minutes=59, seconds=59), "59 min left"),
        (timedelta(hours=1), "1 h 0 min left"),
        (timedelta(hours=71, minutes=59), "71 h 59 min left"),
        (timedelta(days=3, hours=2), "3 days 2 h left"),
        (timedelta(seconds=-90), "1 min over"),
    ],
)
def test_time_left_is_rounded_down(left: timedelta, expected: str) -> None:
    assert time_left(MONDAY + left, MONDAY) == expected


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("preparation", "now: prepare the evidence, order 402-3427577-1965903"),
        ("response", "the time is up: answer Amazon's request, order 402-3427577-1965903"),
        ("buyer_message", "the time is up: see to the clock «buyer_message», order 402-3427577-1965903"),
    ],
)
def test_past_its_moment_a_clock_says_so_and_a_plan_says_now(kind: str, expected: str) -> None:
    assert subject_of(facts(kind=kind, now=MONDAY + hours(60))) == expected


def test_a_reminder_counts_itself() -> None:
    assert subject_of(facts(round=3)).endswith("order 402-3427577-1965903 (reminder 2)")


def test_missed_letters_and_appeals_have_words_of_their_own() -> None:
    late = {"stage": "missed", "now": MONDAY + hours(49)}
    assert "Answer all the same, Amazon may still read it." in body_of(facts(**late))
    assert "Nobody has read it in time." in body_of(facts(**late, kind="triage", order_id=""))
    assert "A late one can still be tried." in body_of(facts(**late, kind="appeal"))


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\x0b", "\x85", "\u2028", "\x1b[2J", "\x00"])
def test_foreign_words_start_no_header_and_no_line(end: str) -> None:
    evil = f"1-2{end}Bcc: victim@example.com{end}{end}Open it: https://evil.example"
    found = facts(order_id=evil, subject=evil, assignee=evil, amount=evil, missing=(evil,))
    subject = subject_of(found)
    assert subject.isprintable()
    assert len(subject) <= 200
    lines = body_of(found).split("\n")
    assert all(line.isprintable() for line in lines)
    assert [line for line in lines if line.startswith(("Bcc", "Open it"))] == [
        "Open it: https://claims.example.com/api/v1/claims/7/"
    ]


def test_a_long_subject_of_a_letter_is_cut() -> None:
    text = body_of(facts(kind="triage", order_id="", subject="索赔" * 500))
    assert len(text.split("\n")[0]) < 220
