"""Which clock a place keeps: the zone of a time that came without one, and offsets that cannot be right.

Used after reading, on the events of every provider. A zone is taken only where the place leaves one offset at
that moment; the hour that a clock repeats in autumn leaves two. Sources: the ZIP table of `zipcodes`, the map
of `tzfpy` for coordinates, `zone.tab` and `iso3166.tab` of the IANA database for countries.
"""

import re
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from importlib.resources import files
from typing import Final
from zoneinfo import ZoneInfo

import tzfpy
import zipcodes

from shipping.reading import Place, ReadEvent
from shipping.rules.times import ReadTime, at_minutes
from shipping.vocabulary import TimeBasis

_ZIP: Final = re.compile(r"(\d{5})(?:-?\d{4})?", re.ASCII)
_OTHER_NAMES: Final = {
    "UK": "GB", "USA": "US", "UNITED STATES OF AMERICA": "US", "UNITED KINGDOM": "GB", "GREAT BRITAIN": "GB",
    "DEUTSCHLAND": "DE", "FRANKREICH": "FR", "ITALIEN": "IT", "ITALIA": "IT", "SPANIEN": "ES", "ESPAÑA": "ES",
    "NIEDERLANDE": "NL", "BELGIEN": "BE", "POLEN": "PL", "SCHWEDEN": "SE", "ÖSTERREICH": "AT", "SCHWEIZ": "CH",
    "TURKEY": "TR", "TÜRKIYE": "TR", "SOUTH KOREA": "KR", "CZECH REPUBLIC": "CZ",
}  # fmt: skip
_BY_POSTAL_CODE: Final = {
    "ES": (
        ("35", "Atlantic/Canary"),
        ("38", "Atlantic/Canary"),
        ("51", "Africa/Ceuta"),
        ("", "Europe/Madrid"),
    ),
    "PT": (
        *((start, "Atlantic/Madeira") for start in ("90", "91", "92", "93", "94")),
        *((start, "Atlantic/Azores") for start in ("95", "96", "97", "98", "99")),
        ("", "Europe/Lisbon"),
    ),
    "FR": (("97", ""), ("98", ""), ("", "Europe/Paris")),
}
"""First digits of a postal code where a country's islands keep another clock; no zone: not told here."""
_NAMED: Final = {
    f"{letter}{kind}T": (zone, offset)
    for letter, zone, standard in (
        ("E", "America/New_York", -300),
        ("C", "America/Chicago", -360),
        ("M", "America/Denver", -420),
        ("P", "America/Los_Angeles", -480),
    )
    for kind, offset in (("", None), ("S", standard), ("D", standard + 60))
}
"""US zones as US carriers abbreviate them, with the offset that the word implies ("EST": -300)."""


@dataclass(frozen=True, slots=True)
class _UsZones:
    by_zip: dict[str, tuple[str, str]]  # ZIP -> zone, state
    by_state: dict[str, frozenset[str]]
    by_city: dict[tuple[str, str], frozenset[str]]


@lru_cache(maxsize=1)
def _us() -> _UsZones:
    """Some 42,000 ZIP codes; those of the military and of places without a zone are left out."""
    by_zip: dict[str, tuple[str, str]] = {}
    states: dict[str, set[str]] = defaultdict(set)
    cities: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in zipcodes.list_all():  # type: ignore[no-untyped-call]
        zone, state = row["timezone"], row["state"]
        if "/" not in zone:
            continue
        by_zip[row["zip_code"]] = (zone, state)
        states[state].add(zone)
        cities[state, row["city"].casefold()].add(zone)
    return _UsZones(
        by_zip,
        {state: frozenset(zones) for state, zones in states.items()},
        {city: frozenset(zones) for city, zones in cities.items()},
    )


def _rows(name: str) -> list[list[str]]:
    text = files("tzdata.zoneinfo").joinpath(name).read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]


@lru_cache(maxsize=1)
def _country_zones() -> dict[str, frozenset[str]]:
    zones: dict[str, set[str]] = defaultdict(set)
    for code, _, zone, *_ in _rows("zone.tab"):
        zones[code].add(zone)
    return {code: frozenset(names) for code, names in zones.items()}


@lru_cache(maxsize=1)
def _country_names() -> dict[str, str]:
    return {**{name.upper(): code for code, name, *_ in _rows("iso3166.tab")}, **_OTHER_NAMES}


def country_of(text: str) -> str:
    """The ISO 3166 code of a code or name; as it stands where neither is known."""
    plain = " ".join(text.upper().split())
    return _country_names().get(plain, plain)


@lru_cache(maxsize=8192)
def zones_of(place: Place) -> frozenset[str]:
    """The zones that may be kept at this place; empty where nothing is known of them."""
    if place.latitude is not None and place.longitude is not None:
        zone = tzfpy.get_tz(place.longitude, place.latitude)
        return frozenset({zone} if zone else ())
    country = country_of(place.country_code)
    if country in ("US", ""):
        return _us_zones(place, is_stated=country == "US")
    starts = _BY_POSTAL_CODE.get(country)
    postal = re.sub(r"\D", "", place.postal_code)
    if starts and (postal or country == "FR"):
        found = next(zone for start, zone in starts if postal.startswith(start))
        return frozenset({found} if found else ())
    return _country_zones().get(country, frozenset())


def _us_zones(place: Place, *, is_stated: bool) -> frozenset[str]:
    """By ZIP code, else state and city. Without a country only a ZIP that lies in the stated state counts."""
    us, state = _us(), place.region.strip().upper()
    digits = _ZIP.fullmatch(place.postal_code.strip())
    by_zip = us.by_zip.get(digits[1]) if digits else None
    if by_zip is not None and by_zip[1] == state:
        return frozenset({by_zip[0]})
    if not is_stated:
        return frozenset()
    of_state = us.by_city.get((state, place.city.strip().casefold())) or us.by_state.get(state)
    if by_zip is not None:  # a state that is not the ZIP's leaves both open
        return frozenset({by_zip[0]}) | (of_state or frozenset())
    return of_state or frozenset().union(*us.by_state.values())


@lru_cache(maxsize=8192)
def _offsets(zones: frozenset[str], local: str) -> frozenset[int]:
    """Minutes east of UTC that clocks in these zones may be at this local time."""
    clock = datetime.fromisoformat(local)
    found = set()
    for zone in zones:
        for fold in (0, 1):
            offset = clock.replace(tzinfo=ZoneInfo(zone), fold=fold).utcoffset()
            found.add(round(offset.total_seconds() / 60) if offset is not None else 0)
    return frozenset(found)


def placed(event: ReadEvent, *, offsets_are_local: bool = True) -> ReadEvent:
    """The event with its time judged by its place.

    A clock time gets UTC where the place leaves one offset. A stated offset that no clock there keeps is not
    believed: the time becomes `assumed`, with its whole uncertainty. `offsets_are_local` is False for
    providers whose offsets are not meant to be the place's.
    """
    time = event.time
    if not time.local or time.basis not in _JUDGED:
        return event
    possible = _offsets(zones_of(event.place), time.local)
    if time.basis == TimeBasis.ASSUMED:
        if len(possible) != 1 or time.offset_minutes is not None:
            return event
        clock = datetime.fromisoformat(time.local)
        return replace(event, time=at_minutes(time.raw, clock, min(possible), TimeBasis.PLACE_INFERRED))
    if not offsets_are_local or not possible or time.offset_minutes in possible:
        return event
    return replace(event, time=replace(time, occurred_at=None, basis=TimeBasis.ASSUMED))


_JUDGED: Final = frozenset({TimeBasis.ASSUMED, TimeBasis.CARRIER_OFFSET, TimeBasis.PLACE_INFERRED})


def in_named_zone(time: ReadTime, name: str) -> ReadTime:
    """A clock time beside which a US zone is named ("ET", "CST"). A word of the other season is not believed."""
    word = name.strip().upper()
    if time.basis != TimeBasis.ASSUMED or word not in _NAMED:
        return time
    zone, implied = _NAMED[word]
    possible = _offsets(frozenset({zone}), time.local)
    if len(possible) != 1 or implied not in (None, *possible):
        return time
    return at_minutes(time.raw, datetime.fromisoformat(time.local), min(possible), TimeBasis.PLACE_INFERRED)
