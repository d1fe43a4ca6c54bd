"""Moments as carriers write them, and how far each may be from the truth.

A clock time without an offset is kept as it stands and gets no UTC: a guess would be a lie.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from shipping.vocabulary import TimeBasis

EASTMOST: Final = timedelta(hours=14)
"""UTC+14 is the earliest clock on Earth (Line Islands) …"""
WESTMOST: Final = timedelta(hours=12)
"""… and UTC-12 the latest."""
PLAUSIBLE_YEARS: Final = range(1990, 2101)
_ISO: Final = re.compile(
    r"(?P<date>\d{4}-\d{2}-\d{2})"
    r"(?:[T ](?P<time>\d{2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?) ?(?P<offset>[Zz]|[+-]\d{2}:?\d{2})?)?",
    re.ASCII,
)
_HAS_SECONDS: Final = re.compile(r"\d:\d{2}:\d{2}|(?<!\d)\d{6}(?!\d)", re.ASCII)
"""`13:42:00` and `134200`."""
_TO_THE_MINUTE: Final = timedelta(seconds=59)
"""`13:42` is any second of that minute; with it 23:59 is still known by 23:59:59."""
_OFFSET: Final = re.compile(r"[Zz]|(?P<sign>[+-])(?P<hours>\d{1,2}):?(?P<minutes>[0-5]\d)", re.ASCII)
_EXACT: Final = frozenset({TimeBasis.CARRIER_OFFSET, TimeBasis.CARRIER_UTC, TimeBasis.PLACE_INFERRED})


@dataclass(frozen=True, slots=True)
class ReadTime:
    """`raw` verbatim; `local` ISO 8601 without offset; `occurred_at` UTC, or None where UTC is not known.

    An offset beside the basis `assumed` was stated and is not believed: no clock at the place keeps it.
    """

    raw: str = ""
    local: str = ""
    offset_minutes: int | None = None
    occurred_at: datetime | None = None
    basis: str = ""

    @property
    def is_refuted(self) -> bool:
        """Whether an offset was stated that cannot be right for the place."""
        return self.basis == TimeBasis.ASSUMED and self.offset_minutes is not None

    @property
    def sort_at(self) -> datetime | None:
        """For ordering only: local time is taken as if it were UTC."""
        if self.occurred_at is not None:
            return self.occurred_at
        return datetime.fromisoformat(self.local).replace(tzinfo=UTC) if self.local else None

    def interval(self) -> tuple[datetime, datetime] | None:
        """The earliest and the latest UTC moment that this may mean; None where there is no moment."""
        at = self.sort_at
        if at is None:
            return None
        minute = _TO_THE_MINUTE if at.second == 0 and not _HAS_SECONDS.search(self.raw) else timedelta(0)
        if self.basis in _EXACT:
            return at, at + minute
        day = timedelta(days=1) if self.basis == TimeBasis.DATE_ONLY else timedelta(0)
        return at - EASTMOST, at + (day or minute) + WESTMOST


def read_iso(raw: str, *, utc_basis: str = TimeBasis.CARRIER_UTC) -> ReadTime:
    """Read ISO 8601. `utc_basis` says what a `Z` is worth at this provider.

    What is no such time, or outside the years 1990 to 2100, comes back with its text alone.
    """
    found = _ISO.fullmatch(raw.strip())
    if found is None or int(raw.strip()[:4]) not in PLAUSIBLE_YEARS:
        return ReadTime(raw=raw)
    try:
        clock = datetime.fromisoformat(f"{found['date']}T{(found['time'] or '00:00').replace(',', '.')}")
    except ValueError:
        return ReadTime(raw=raw)
    if found["time"] is None:
        return ReadTime(raw=raw, local=found["date"], basis=TimeBasis.DATE_ONLY)
    if found["offset"] is None:
        return ReadTime(raw=raw, local=clock.isoformat(), basis=TimeBasis.ASSUMED)
    if found["offset"] in ("Z", "z"):
        return ReadTime(raw=raw, offset_minutes=0, occurred_at=clock.replace(tzinfo=UTC), basis=utc_basis)
    return at_offset(raw, clock, found["offset"])


def at_offset(raw: str, clock: datetime, offset: str) -> ReadTime:
    """`clock` (naive) at an offset such as `+02:00` or `-0500`; an impossible offset is left out."""
    digits = offset[1:].replace(":", "")
    minutes = int(digits[:2]) * 60 + int(digits[2:])
    return at_minutes(raw, clock, -minutes if offset[0] == "-" else minutes)


def at_minutes(raw: str, clock: datetime, minutes: int, basis: str = TimeBasis.CARRIER_OFFSET) -> ReadTime:
    """`clock` (naive) so many minutes east of UTC; an impossible offset is left out."""
    local = clock.isoformat()
    if not -WESTMOST <= timedelta(minutes=minutes) <= EASTMOST:
        return ReadTime(raw=raw, local=local, basis=TimeBasis.ASSUMED)
    return ReadTime(
        raw=raw,
        local=local,
        offset_minutes=minutes,
        occurred_at=(clock - timedelta(minutes=minutes)).replace(tzinfo=UTC),
        basis=basis,
    )


def read_local(raw: str, text: str, *formats: str) -> ReadTime:
    """A clock time without offset, `text` in one of these strptime formats; one without hours is a date.

    `raw` is kept as what the carrier wrote. What fits no format comes back with its text alone.
    """
    for form in formats:
        try:
            clock = datetime.strptime(text.strip(), form)  # noqa: DTZ007  # no zone is the point
        except ValueError:
            continue
        if clock.year not in PLAUSIBLE_YEARS:
            break
        if "%H" in form or "%I" in form:
            return ReadTime(raw=raw, local=clock.isoformat(), basis=TimeBasis.ASSUMED)
        return ReadTime(raw=raw, local=clock.date().isoformat(), basis=TimeBasis.DATE_ONLY)
    return ReadTime(raw=raw)


def at_stated_offset(time: ReadTime, offset: str) -> ReadTime:
    """A clock time beside which an offset such as `-5:00`, `+0100` or `Z` is stated in a field of its own."""
    found = _OFFSET.fullmatch(offset.strip())
    if found is None or time.basis != TimeBasis.ASSUMED:
        return time
    raw = f"{time.raw} {offset.strip()}"
    clock = datetime.fromisoformat(time.local)
    if found["sign"] is None:
        return at_minutes(raw, clock, 0)
    return at_offset(raw, clock, f"{found['sign']}{int(found['hours']):02d}:{found['minutes']}")


def known_by(interval: tuple[datetime, datetime] | None, moment: datetime) -> bool | None:
    """Whether it happened at or before `moment`: True, False, or None where the uncertainty spans it."""
    if interval is None:
        return None
    earliest, latest = interval
    if latest <= moment:
        return True
    return False if earliest > moment else None
