"""The ladder by itself: moments, the most urgent crossed stage, and what it overtakes."""

from datetime import timedelta

from claims.deadlines import DeadlineKind
from claims.ladder import DEFAULT, Audience, Rung, moments, reached
from tests.claims.stories import MONDAY, hours


def response(started: float = 0, target: float = 48, due: float = 48) -> dict[str, float]:
    found = moments(
        DEFAULT[DeadlineKind.RESPONSE],
        started_at=MONDAY + hours(started),
        target_at=MONDAY + hours(target),
        due_at=MONDAY + hours(due),
    )
    return {m.rung.stage: (m.at - MONDAY) / timedelta(hours=1) for m in found}


def test_stages_count_down_to_the_target_and_missed_waits_for_the_due_moment() -> None:
    assert response(due=72) == {"at_once": 0, "24h": 24, "12h": 36, "4h": 44, "1h": 47, "missed": 72}


def test_stages_of_the_past_are_reached_as_the_clock_starts() -> None:
    assert response(started=45) == {
        "at_once": 45, "24h": 45, "12h": 45, "4h": 45, "1h": 47, "missed": 48,
    }  # fmt: skip


def test_only_the_most_urgent_crossed_stage_is_owed() -> None:
    steps = moments(
        DEFAULT[DeadlineKind.RESPONSE],
        started_at=MONDAY + hours(45),
        target_at=MONDAY + hours(48),
        due_at=MONDAY + hours(48),
    )
    owed = reached(steps, now=MONDAY + hours(45), done=frozenset())
    assert owed.warn is not None
    assert owed.warn.rung.stage == "4h"
    assert [m.rung.stage for m in owed.superseded] == ["at_once", "24h", "12h"]
    assert owed.next_at == MONDAY + hours(47)


def test_what_comes_before_a_stage_already_warned_of_is_superseded_not_sent_late() -> None:
    steps = moments(
        DEFAULT[DeadlineKind.RESPONSE],
        started_at=MONDAY,
        target_at=MONDAY + hours(48),
        due_at=MONDAY + hours(48),
    )
    owed = reached(steps, now=MONDAY + hours(44), done=frozenset({"at_once", "4h"}))
    assert owed.warn is None
    assert [m.rung.stage for m in owed.superseded] == ["24h", "12h"]


def test_a_rung_longer_than_the_window_is_more_urgent_than_at_once_and_less_than_the_next() -> None:
    rungs = [
        Rung("12h", hours(12), (Audience.LEADS,)),
        Rung("96h", hours(96), (Audience.LEADS,)),
        Rung("at_once", None, (Audience.LEADS,)),
    ]
    steps = moments(rungs, started_at=MONDAY, target_at=MONDAY + hours(48), due_at=MONDAY + hours(48))
    assert [m.rung.stage for m in steps] == ["at_once", "96h", "12h"]
    owed = reached(steps, now=MONDAY, done=frozenset())
    assert owed.warn is not None
    assert owed.warn.rung.stage == "96h"


def test_who_hears_widens_with_every_ladder() -> None:
    heard = {kind: [[a.value for a in rung.audience] for rung in rungs] for kind, rungs in DEFAULT.items()}
    one, two, three = ["assignee"], ["assignee", "leads"], ["assignee", "leads", "owners"]
    assert heard[DeadlineKind.RESPONSE] == [one, one, two, two, three, three]
    assert heard[DeadlineKind.APPEAL_INFORMATION] == heard[DeadlineKind.RESPONSE]
    assert heard[DeadlineKind.APPEAL] == [one, one, two, two, three, three]
    assert heard[DeadlineKind.PREPARATION] == [one, one]
    assert [audience[0] for audience in heard[DeadlineKind.TRIAGE]] == ["on_call"] * 6
    assert [rung.stage for rung in DEFAULT[DeadlineKind.RESPONSE] if rung.repeats] == ["4h", "1h", "missed"]
