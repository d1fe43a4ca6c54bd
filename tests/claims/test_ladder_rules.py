"""Which ladders a seller may have, how stages are named, and how a person writes a ladder down."""

from datetime import timedelta

import pytest

from claims.deadlines import DeadlineKind
from claims.ladder import AT_ONCE, DEFAULT, MISSED, Audience, Rung
from claims.ladder_rules import before_of, faults_of, iso_duration, line_of, rungs_written, stage_of

ASSIGNEE, LEADS = Audience.ASSIGNEE, Audience.LEADS


def rung(text: str) -> Rung:
    before = before_of(text)
    return Rung(stage_of(before) if before else text, before, (ASSIGNEE,))


def ladder(text: str) -> list[Rung]:
    return [rung(word) for word in text.split()]


@pytest.mark.parametrize(
    ("before", "stage", "iso"),
    [
        (timedelta(minutes=45), "45m", "PT45M"),
        (timedelta(minutes=90), "90m", "PT90M"),
        (timedelta(hours=1), "1h", "PT1H"),
        (timedelta(hours=24), "24h", "PT24H"),
        (timedelta(hours=36), "36h", "PT36H"),
        (timedelta(hours=48), "2d", "P2D"),
        (timedelta(days=14), "14d", "P14D"),
    ],
)
def test_a_length_of_time_has_one_name(before: timedelta, stage: str, iso: str) -> None:
    assert (stage_of(before), before_of(stage), iso_duration(before)) == (stage, before, iso)


def test_words_that_are_no_length_have_none() -> None:
    assert [before_of(word) for word in (AT_ONCE, MISSED, "soon", "4 h", "-4h", "")] == [None] * 6


@pytest.mark.parametrize("kind", list(DeadlineKind))
def test_the_installations_own_ladders_keep_the_rules(kind: DeadlineKind) -> None:
    assert faults_of(kind, DEFAULT[kind]) == []
    assert [r.stage for r in DEFAULT[kind] if r.before] == [
        stage_of(r.before) for r in DEFAULT[kind] if r.before
    ]


@pytest.mark.parametrize(
    ("kind", "text", "faults"),
    [
        ("response", "at_once 4h missed", []),
        ("response", "at_once 36h 90m 5m missed", []),
        ("preparation", "at_once", []),
        ("appeal", "at_once 10d", []),
        ("response", "", [("/rungs", "empty")]),
        ("response", "24h 4h missed", [("/rungs/0/stage", "out_of_order")]),
        ("response", "at_once 4h at_once missed", [("/rungs/2/stage", "out_of_order")]),
        ("response", "at_once missed 4h", [("/rungs/1/stage", "out_of_order")]),
        ("response", "at_once 4h 12h missed", [("/rungs/2/before", "not_falling")]),
        ("response", "at_once 4h 4h missed", [("/rungs/2/before", "not_falling")]),
        ("response", "at_once 24h 5h missed", [("/rungs", "last_hours_required")]),
        ("response", "at_once 24h 4h", [("/rungs", "missed_required")]),
        ("triage", "at_once", [("/rungs", "missed_required"), ("/rungs", "last_hours_required")]),
        ("appeal_information", "at_once 241m missed", [("/rungs", "last_hours_required")]),
        ("preparation", "at_once 24h missed", [("/rungs/2/stage", "never_missed")]),
        ("appeal", "at_once 367d missed", [("/rungs/1/before", "out_of_range")]),
    ],
)
def test_a_ladder_falls_from_at_once_to_missed_and_ends_loud(
    kind: str, text: str, faults: list[tuple[str, str]]
) -> None:
    found = faults_of(DeadlineKind(kind), ladder(text))
    assert [(fault.pointer, fault.code) for fault in found] == faults


def test_half_minutes_and_crowds_of_rungs_are_refused() -> None:
    half = [rung(AT_ONCE), Rung("0m", timedelta(seconds=30), (ASSIGNEE,)), rung("10d")]
    assert faults_of(DeadlineKind.APPEAL, half)[0].pointer == "/rungs/1/before"
    many = [rung(AT_ONCE), *(rung(f"{100 - n}h") for n in range(20))]
    assert [fault.code for fault in faults_of(DeadlineKind.APPEAL, many)] == ["too_many"]


def test_a_rung_is_written_and_read_on_one_line() -> None:
    loud = Rung("4h", timedelta(hours=4), (ASSIGNEE, LEADS), repeats=True, channels=("email", "webhook"))
    assert line_of(loud) == "4h: assignee, leads; repeats; by email, webhook"
    assert rungs_written(f"at_once: assignee\n\n  {line_of(loud)}\nmissed: owners") == [
        {"stage": "at_once", "before": None, "audience": ["assignee"]},
        {
            "before": "PT4H",
            "audience": ["assignee", "leads"],
            "repeats": True,
            "channels": ["email", "webhook"],
        },
        {"stage": "missed", "before": None, "audience": ["owners"]},
    ]
    assert rungs_written("soon: assignee; loudly") == [
        {"stage": "soon", "before": None, "audience": ["assignee"], "loudly": True}
    ]
