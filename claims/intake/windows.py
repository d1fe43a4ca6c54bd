"""The time to answer that a letter states: a window ("within 3 calendar days") or a date.

Read with the sentence it stands in; several are read as the shortest. Sentences about an appeal, or about
the seller's duty to answer the *buyer*, are no windows of a claim. When one ends is for `claims.deadlines`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from claims.deadlines import Window
from claims.intake.dates import days_in, moment_in
from claims.intake.reading import StatedDate, StatedWindow
from claims.intake.text import Sentence

_NUMBER_WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "seven": 7, "due": 2, "tre": 3, "sette": 7,
    "dos": 2, "tres": 3, "siete": 7, "deux": 2, "trois": 3, "sept": 7, "zwei": 2, "drei": 3, "sieben": 7,
}  # fmt: skip
_COUNT = rf"(?P<count>\d{{1,3}}|{'|'.join(_NUMBER_WORDS)})"
_HOURS = (
    r"(?P<hours>hours?|hrs?|ore|horas?|heures?|h|stunden|uur|godzin\w{0,2}|timmar|saat|時間|个?小时|個?小時)"
)
_DAYS = (
    r"(?P<days>(?:calendar |business |working )?days?|giorni|dias?|jours?|(?:kalender|werk|arbeits)?tagen?|"
    r"(?:kalender|werk)?dagen|dni|(?:kalender|arbets)?dagar|gun|日|(?:个?自然|工作)?[天日])"
)
_WITHIN = (
    r"(?:within|in the next|entro(?: e non oltre)?|en(?: un)? plazo(?: maximo)? de|dentro de|em ate|"
    r"no prazo de|"
    r"dans(?: un delai de| les)?|sous|innerhalb(?: von| der nachsten)?|binnen|w ciagu|inom)"
)
_WINDOW = re.compile(
    rf"\b{_WITHIN} (?:the next |i prossimi |los proximos |les )?{_COUNT}[ -]?(?:{_HOURS}|{_DAYS})(?![a-z])"
)
_WINDOW_HAVE = re.compile(rf"\byou have {_COUNT}[ -](?:{_HOURS}|{_DAYS}) to\b")
_WINDOW_AFTER = re.compile(rf"{_COUNT} ?(?:{_HOURS}|{_DAYS}) ?(?:以内|之?内|內|icinde)")
_ANSWER = re.compile(
    r"respond|\brepl(?:y|ies)\b|\banswer|provide|submit|rispond|rispost|fornir|contest|repond|"
    r"fourni|antwort|reagier|"
    r"stellungnahme|antwoord|reageer|odpowied|svara|yanit|"
    r"回答|返信|ご返答|回复|答复|回覆|答覆|提供"
)
_OTHER_MATTER = re.compile(
    r"appeal|ricorso|ricorrere|recurso|recurrir|apelaci|\brecours\b|contestation|\bcontester\b|"
    r"einspruch|widerspruch|"
    r"申诉|申訴|異議|"
    r"(?:respond|repl(?:y|ied)|answer)\w* to (?:the |your |a )?(?:buyer|customer)|"
    r"(?:buyer|customer)s? (?:who )?contact"
)
_BY_DATE = re.compile(
    r"\b(?:by|before|no later than|until|entro(?: il| e non oltre il)?|prima del|antes del?|"
    r"hasta el|avant le|"
    r"d'ici le|au plus tard le|bis(?: spatestens)?(?: zum)?|voor|uiterlijk|senast|przed|do dnia)\b"
)
_BY_DATE_AFTER = re.compile(r"までに|之前|以前")
_STATED_WITHIN = timedelta(days=60)


def _windows_in(sentence: Sentence) -> list[StatedWindow]:
    found = []
    for pattern in (_WINDOW, _WINDOW_HAVE, _WINDOW_AFTER):
        for match in pattern.finditer(sentence.folded):
            count = _NUMBER_WORDS.get(match["count"]) or int(match["count"])
            if match["hours"] and 1 <= count <= 720:
                found.append(StatedWindow(Window(hours=count), sentence.text))
            elif match["days"] and 1 <= count <= 60:
                # Working days too: read as calendar days they end earlier, never later.
                found.append(StatedWindow(Window(calendar_days=count), sentence.text))
    return found


def _shortest_hours(stated: StatedWindow) -> float:
    window = stated.window
    if window.hours is not None:
        return float(window.hours)
    assert window.calendar_days is not None
    return (window.calendar_days - 1) * 24 + 0.1  # at best noticed just before midnight


def stated_window(letter: Sequence[Sentence]) -> StatedWindow | None:
    """The shortest window to answer that the letter states."""
    found = [
        window
        for sentence in letter
        if _ANSWER.search(sentence.folded) and not _OTHER_MATTER.search(sentence.folded)
        for window in _windows_in(sentence)
    ]
    return min(found, key=_shortest_hours, default=None)


def _date_in(sentence: Sentence, noticed_at: datetime | None) -> StatedDate | None:
    by = _BY_DATE.search(sentence.folded)
    if not by and not _BY_DATE_AFTER.search(sentence.folded):
        return None
    words = sentence.folded[by.end() if by else 0 :][:100]
    moment = moment_in(words)
    if moment is not None:
        sensible = noticed_at is None or noticed_at <= moment <= noticed_at + _STATED_WITHIN
        return StatedDate(moment, None, sentence.text) if sensible else None
    day = _sensible_day(days_in(words), noticed_at)
    return StatedDate(None, day, sentence.text) if day else None


def _sensible_day(days: Sequence[date], noticed_at: datetime | None) -> date | None:
    """The earliest reading that does not lie before the letter; without the letter's date only a sure one."""
    if noticed_at is None:
        return days[0] if len(days) == 1 else None
    # A day of room: the letter's local date may be the one before its date in UTC.
    first, last = noticed_at.date() - timedelta(days=1), (noticed_at + _STATED_WITHIN).date()
    return next((day for day in days if first <= day <= last), None)


def stated_date(letter: Sequence[Sentence], noticed_at: datetime | None) -> StatedDate | None:
    """The earliest date to answer by that the letter states."""
    found = [
        stated
        for sentence in letter
        if _ANSWER.search(sentence.folded) and not _OTHER_MATTER.search(sentence.folded)
        for stated in [_date_in(sentence, noticed_at)]
        if stated is not None
    ]
    return min(found, key=_day_of, default=None)


def _day_of(stated: StatedDate) -> date:
    return stated.day or (stated.moment.date() if stated.moment else date.max)
