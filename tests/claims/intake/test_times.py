"""Windows, dates and moments as letters and mail programs write them."""

from datetime import UTC, date, datetime

import pytest

from claims.deadlines import Window
from claims.intake.dates import days_in, header_moment, moment_in
from claims.intake.text import sentences
from claims.intake.windows import stated_date, stated_window

NOTICED = datetime(2026, 8, 29, 17, 37, 31, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    [
        "August 29, 2026 at 7:37:31 PM GMT+2",
        "29 agosto 2026 alle ore 19:37:31 CEST",
        "29. August 2026 um 19:37:31 MESZ",
        "29 août 2026 à 19:37:31 UTC+2",
        "29 de agosto de 2026, 19:37:31 CEST",
        "29 sierpnia 2026 19:37:31 CEST",
        "2026年8月30日 2:37:31 JST",
        "29/08/2026 19:37:31 +0200",
        "2026-08-29T17:37:31Z",
        "2026-08-29 17:37:31 +00:00",
        "Sat, 29 Aug 2026 17:37:31 +0000",
    ],
)
def test_a_moment_is_read_where_its_zone_is_named(written: str) -> None:
    assert moment_in(written) == NOTICED


@pytest.mark.parametrize(
    "written",
    [
        "Saturday, August 29, 2026 5:37 PM",
        "sab 29 ago 2026 alle ore 19:37",
        "29 août 2026 19:37 est arrivé",
        "29 Aug 2026 19:37 CST",
        "29 Aug 2026 19:37 BST",
        "03/04/2026 10:00 UTC",
        "29 Aug 2026 25:37 UTC",
        "31 Feb 2026 10:00 UTC",
        "UTC",
        "",
    ],
)
def test_no_moment_is_guessed(written: str) -> None:
    assert moment_in(written) is None


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        ("Sat, 29 Aug 2026 19:37:31 +0200", NOTICED),
        ("Sat, 29 Aug 2026 17:37:31 -0000", NOTICED),
        ("Sat, 29 Aug 2026 17:37:31 GMT (UTC)", NOTICED),
        ("29 Aug 2026 19:37:31 CEST", NOTICED),
        ("Sat, 29 Aug 2026 17:37:31", None),
        ("Sat, 29 Aug 1926 17:37:31 +0000", None),
        ("Sat, 29 Aug 99999999999 17:37:31 +0000", None),
        ("Sat, 32 Aug 2026 17:37:31 +9999", None),
        ("", None),
    ],
)
def test_a_date_header_is_read_or_refused(value: str, moment: datetime | None) -> None:
    assert header_moment(value) == moment


def test_a_numeric_day_is_read_both_ways() -> None:
    assert days_in("by 03/04/2026") == (date(2026, 3, 4), date(2026, 4, 3))
    assert days_in("by 13.04.2026") == (date(2026, 4, 13),)
    assert days_in("on 5 May 2026, not 6 June 2026") == (date(2026, 5, 5),)
    assert days_in("soon") == ()


@pytest.mark.parametrize(
    ("sentence", "window"),
    [
        ("Deve rispondere entro 3 giorni di calendario.", Window(calendar_days=3)),
        ("You must respond within three calendar days.", Window(calendar_days=3)),
        ("You have 72 hours to reply.", Window(hours=72)),
        ("Please respond within 2 business days.", Window(calendar_days=2)),
        ("Debe responder en un plazo de 48 horas.", Window(hours=48)),
        ("Vous devez répondre dans un délai de 72 heures.", Window(hours=72)),
        ("Bitte antworten Sie innerhalb von 3 Kalendertagen.", Window(calendar_days=3)),
        ("U moet binnen 48 uur antwoorden.", Window(hours=48)),
        ("Prosimy o odpowiedź w ciągu 48 godzin.", Window(hours=48)),
        ("Du måste svara inom 48 timmar.", Window(hours=48)),
        ("48時間以内にご返答ください。", Window(hours=48)),
        ("请在3天内回复。", Window(calendar_days=3)),
        ("You have 72 hours to respond. Please reply within 3 calendar days.", Window(calendar_days=3)),
        ("Please reply within 3 calendar days. Please respond within 48 hours.", Window(hours=48)),
    ],
)
def test_a_window_to_answer_is_read_and_the_shortest_counts(sentence: str, window: Window) -> None:
    found = stated_window(sentences(sentence))
    assert found is not None
    assert found.window == window
    assert found.source_text in sentence


@pytest.mark.parametrize(
    "sentence",
    [
        "You can appeal within 30 days.",
        "Sie können innerhalb von 30 Tagen Widerspruch einlegen und antworten.",
        "You did not respond to the buyer within 48 hours.",
        "The parcel came within 3 days.",
        "You must respond within 0 hours.",
        "You must respond within 999 days.",
    ],
)
def test_other_spans_are_no_window_to_answer(sentence: str) -> None:
    assert stated_window(sentences(sentence)) is None


@pytest.mark.parametrize(
    ("sentence", "day"),
    [
        ("Please respond by September 1, 2026.", date(2026, 9, 1)),
        ("Please respond by 2026-09-01 17:00.", date(2026, 9, 1)),
        ("Deve rispondere entro il 1 settembre 2026.", date(2026, 9, 1)),
        ("Bitte antworten Sie bis zum 1. September 2026.", date(2026, 9, 1)),
        ("Veuillez répondre avant le 1er septembre 2026.", date(2026, 9, 1)),
        ("2026年9月1日までにご返答ください。", date(2026, 9, 1)),
        ("Please respond by 09/10/2026.", date(2026, 9, 10)),
        ("Please respond by 08/09/2026.", date(2026, 9, 8)),
        ("Please respond by 3 September 2026. Please reply by 1 September 2026.", date(2026, 9, 1)),
    ],
)
def test_a_bare_date_to_answer_by_is_read_in_its_earliest_sense(sentence: str, day: date) -> None:
    found = stated_date(sentences(sentence), NOTICED)
    assert found is not None
    assert (found.moment, found.day) == (None, day)


def test_a_date_before_the_letter_or_far_off_is_none_to_answer_by() -> None:
    assert stated_date(sentences("Please respond by September 1, 2025."), NOTICED) is None
    assert stated_date(sentences("Please respond by September 1, 2028."), NOTICED) is None
    assert stated_date(sentences("You may appeal by September 20, 2026 and respond."), NOTICED) is None


def test_an_ambiguous_date_is_not_read_without_the_letters_own() -> None:
    letter = sentences("Please respond by 08/09/2026.")
    assert stated_date(letter, None) is None
    assert stated_date(sentences("Please respond by 29/09/2026."), None) is not None


def test_a_moment_to_answer_by_keeps_its_sentence() -> None:
    words = "Please respond by September 1, 2026 5:00 PM PDT."
    found = stated_date(sentences(words), NOTICED)
    assert found is not None
    assert (found.moment, found.day, found.source_text) == (datetime(2026, 9, 2, tzinfo=UTC), None, words)
