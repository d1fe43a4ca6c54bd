"""Moments and days as mail programs and letters write them, in the languages of the stores.

A time counts only with a zone that means one offset; a numeric date that could be read two ways is returned
both ways. Nothing here knows today's date.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

from claims.intake.text import fold

_MONTH_NAMES = (
    "jan|gennaio|gen|enero|ene|janvier|januar|januari|janeiro|stycznia|sty|january|ocak",
    "feb|february|febbraio|febrero|fevrier|fevr|fev|februar|februari|fevereiro|lutego|lut|subat",
    "mar|march|marzo|mars|marz|maerz|maart|mrt|marco|marca|mart",
    "apr|april|aprile|abril|abr|avril|avr|kwietnia|kwi|nisan",
    "may|maggio|mag|mayo|mai|mei|maj|maio|maja|mayis",
    "jun|june|giugno|giu|junio|juin|juni|junho|czerwca|cze|haziran",
    "jul|july|luglio|lug|julio|juillet|juil|juli|julho|lipca|lip|temmuz",
    "aug|august|agosto|ago|aout|augustus|augusti|sierpnia|sie|agustos",
    "sep|sept|september|settembre|set|septiembre|septembre|setembro|wrzesnia|wrz|eylul",
    "oct|october|ottobre|ott|octubre|octobre|okt|oktober|outubro|out|pazdziernika|paz|ekim",
    "nov|november|novembre|noviembre|novembro|listopada|lis|kasim",
    "dec|december|dicembre|dic|diciembre|decembre|dez|dezember|dezembro|grudnia|gru|aralik",
)
_MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES, start=1) for name in names.split("|")}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DAY_FIRST = re.compile(
    rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th|er|º|\.)? ?(?:de |-)?({_MONTH})\b\.?,? ?(?:de |del |-)?(\d{{4}})\b"
)
_MONTH_FIRST = re.compile(rf"\b({_MONTH})\.? (\d{{1,2}})(?:st|nd|rd|th)?,? (\d{{4}})\b")
_YEAR_FIRST = re.compile(
    r"(?<!\d)(20\d\d)(?:-|/|\.|年|년) ?(\d{1,2})(?:-|/|\.|月|월) ?(\d{1,2})(?:日|일)?(?!\d)"
)
_NUMERIC = re.compile(r"(?<!\d)(\d{1,2})([./-])(\d{1,2})\2(20\d\d)(?!\d)")
_TIME = re.compile(r"(?<![\d:+-])(\d{1,2})[:h.](\d{2})(?:[:.](\d{2}))?(?!\d)(?: ?(a\.?m\.?|p\.?m\.?)(?!\w))?")
# Only names that mean one offset everywhere; CST, IST and BST mean several.
_ZONES = {
    "utc": 0, "gmt": 0, "z": 0, "wet": 0, "west": 60, "cet": 60, "mez": 60, "cest": 120, "mesz": 120,
    "hnec": 60, "haec": 120, "eet": 120, "eest": 180, "jst": 540, "aest": 600, "aedt": 660, "pst": -480,
    "pdt": -420, "mst": -420, "mdt": -360, "est": -300, "edt": -240, "cdt": -300, "sast": 120,
}  # fmt: skip
_OFFSET = re.compile(r"[ (,]{0,3}(?:utc|gmt)? ?([+-])(\d{1,2})(?::?([0-5]\d))?(?![\d-])")
_NAMED_ZONE = re.compile(rf"[ (,]{{0,3}}({'|'.join(sorted(_ZONES, key=len, reverse=True))})\b(?! [a-z])")
_YEARS = range(2000, 2100)


def _day(year: str, month: int, day: str) -> date | None:
    try:
        found = date(int(year), month, int(day))
    except ValueError:
        return None
    return found if found.year in _YEARS else None


def days_in(text: str) -> tuple[date, ...]:
    """The day the text names first, in every way it can be read; earliest reading first."""
    folded = fold(text)[:500]
    readings: list[tuple[int, date | None]] = []
    for match in _DAY_FIRST.finditer(folded):
        readings.append((match.start(), _day(match[3], _MONTHS[match[2]], match[1])))
    for match in _MONTH_FIRST.finditer(folded):
        readings.append((match.start(), _day(match[3], _MONTHS[match[1]], match[2])))
    for match in _YEAR_FIRST.finditer(folded):
        readings.append((match.start(), _day(match[1], int(match[2]), match[3])))
    for match in _NUMERIC.finditer(folded):
        first, second = match[1], match[3]
        readings.append((match.start(), _day(match[4], int(second), first)))
        readings.append((match.start(), _day(match[4], int(first), second)))
    found = [(start, day) for start, day in readings if day is not None]
    earliest = min((start for start, _ in found), default=0)
    return tuple(sorted({day for start, day in found if start == earliest}))


def _offset_after(folded: str, end_of_time: int) -> timezone | None:
    """The offset from UTC named right behind the time; "est" before a word is French."""
    named = _OFFSET.match(folded, end_of_time)
    if named:
        minutes = int(named[2]) * 60 + int(named[3] or 0)
        if minutes > 14 * 60:
            return None
        return timezone(timedelta(minutes=minutes if named[1] == "+" else -minutes))
    zone = _NAMED_ZONE.match(folded, end_of_time)
    return timezone(timedelta(minutes=_ZONES[zone[1]])) if zone else None


def moment_in(text: str) -> datetime | None:
    """The moment in UTC, where day, time and zone are all there and can be read one way only."""
    folded = fold(text)[:500]
    days = days_in(folded)
    without_days = _YEAR_FIRST.sub(" ", _NUMERIC.sub(" ", folded))
    time_of_day = _TIME.search(without_days)
    offset = _offset_after(without_days, time_of_day.end()) if time_of_day else None
    if len(days) != 1 or time_of_day is None or offset is None:
        return None
    hour, minute, second = int(time_of_day[1]), int(time_of_day[2]), int(time_of_day[3] or 0)
    half = (time_of_day[4] or "").replace(".", "")
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0) if 1 <= hour <= 12 else 99
    try:
        local = datetime(days[0].year, days[0].month, days[0].day, hour, minute, second, tzinfo=offset)
        return local.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def header_moment(value: str) -> datetime | None:
    """The moment of a mail's Date header in UTC; None without a zone or out of any sensible year."""
    try:
        parsed = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError, AttributeError):
        return moment_in(value)
    if parsed.tzinfo is None:
        # "-0000" is UTC whose local zone is not told (RFC 5322, 3.3); no zone at all is no moment.
        if not re.search(r"-0000\b", value):
            return moment_in(value)
        parsed = parsed.replace(tzinfo=UTC)
    try:
        moment = parsed.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return moment if moment.year in _YEARS else None
