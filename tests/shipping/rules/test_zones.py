"""Which clock a place keeps, and which stated offsets it refutes."""

from datetime import UTC, datetime

import pytest

from shipping.reading import Place, ReadEvent
from shipping.rules.times import ReadTime, at_stated_offset, read_iso, read_local
from shipping.rules.zones import country_of, in_named_zone, placed, zones_of
from shipping.vocabulary import ParcelStatus


def at(place: Place, raw: str, *, offsets_are_local: bool = True) -> ReadTime:
    event = ReadEvent(ParcelStatus.DELIVERED, time=read_iso(raw), place=place)
    return placed(event, offsets_are_local=offsets_are_local).time


@pytest.mark.parametrize(
    ("place", "local", "utc"),
    [
        (Place(postal_code="62704", region="IL", country_code="US"), "2026-11-06T12:00:00", "18:00"),
        (Place(postal_code="62704-1234", region="Illinois", country_code="US"), "2026-07-06T12:00:00", "17:00"),
        (Place(postal_code="532195012", region="WI"), "2026-11-06T12:00:00", "18:00"),
        (Place(city="Paramus", region="NJ", country_code="US"), "2026-11-06T12:00:00", "17:00"),
        (Place(city="AMARILLO", region="TX", country_code="USA"), "2026-11-06T12:00:00", "18:00"),
        (Place(city="Phoenix", region="AZ", country_code="US"), "2026-07-06T12:00:00", "19:00"),
        (Place(city="Bonn", country_code="Germany"), "2026-07-06T12:00:00", "10:00"),
        (Place(city="Bonn", country_code="Deutschland"), "2026-11-06T12:00:00", "11:00"),
        (Place(country_code="GB"), "2026-07-06T12:00:00", "11:00"),
        (Place(country_code="JP"), "2026-07-06T12:00:00", "03:00"),
        (Place(country_code="IN"), "2026-07-06T12:00:00", "06:30"),
        (Place(country_code="ES", postal_code="35001"), "2026-07-06T12:00:00", "11:00"),
        (Place(country_code="ES", postal_code="28001"), "2026-07-06T12:00:00", "10:00"),
        (Place(country_code="PT", postal_code="9500-119"), "2026-07-06T12:00:00", "12:00"),
        (Place(country_code="FR", postal_code="75001"), "2026-07-06T12:00:00", "10:00"),
        (Place(country_code="BR", latitude=-23.55, longitude=-46.63), "2026-07-06T12:00:00", "15:00"),
    ],
)  # fmt: skip
def test_a_clock_time_takes_the_zone_that_its_place_settles(place: Place, local: str, utc: str) -> None:
    time = at(place, local)
    assert time.basis == "place_inferred"
    assert time.occurred_at == datetime.fromisoformat(f"{local[:10]}T{utc}:00").replace(tzinfo=UTC)
    assert (time.raw, time.local) == (local, local)
    assert time.interval() == (time.occurred_at, time.occurred_at)


@pytest.mark.parametrize(
    ("place", "local"),
    [
        (Place(), "2026-11-06T12:00:00"),
        (Place(city="Springfield", country_code="US"), "2026-11-06T12:00:00"),
        (Place(region="TX", country_code="US"), "2026-11-06T12:00:00"),
        (Place(city="Paramus", region="NJ"), "2026-11-06T12:00:00"),  # NJ of which country?
        (Place(postal_code="62704"), "2026-11-06T12:00:00"),  # five digits are postal codes elsewhere too
        (Place(postal_code="62704", region="NY", country_code="US"), "2026-11-06T12:00:00"),
        (Place(country_code="BR"), "2026-11-06T12:00:00"),
        (Place(country_code="ES"), "2026-11-06T12:00:00"),
        (Place(country_code="FR", postal_code="97400"), "2026-11-06T12:00:00"),
        (Place(country_code="Atlantis"), "2026-11-06T12:00:00"),
        (Place(area="New York, NY"), "2026-11-06T12:00:00"),
        (
            Place(region="IL", postal_code="62704", country_code="US"),
            "2026-11-01T01:30:00",
        ),  # twice that night
        (
            Place(region="IL", postal_code="62704", country_code="US"),
            "2026-03-08T02:30:00",
        ),  # never that night
    ],
)
def test_where_the_place_leaves_more_than_one_clock_the_whole_uncertainty_stays(
    place: Place, local: str
) -> None:
    time = at(place, local)
    assert (time.basis, time.occurred_at, time.local) == ("assumed", None, local)


@pytest.mark.parametrize(
    ("place", "raw"),
    [
        (Place(city="SAO PAULO", country_code="BR"), "2026-11-06T12:00:00+01:00"),  # La Poste in Brazil
        (Place(city="OSAKA", country_code="JP"), "2026-11-06T12:00:00+00:00"),  # FedEx in Japan
        (
            Place(city="SEATTLE", region="WA", postal_code="98101", country_code="US"),
            "2026-02-02T12:01:00-07:00",
        ),
    ],
)
def test_an_offset_that_no_clock_there_keeps_is_not_believed(place: Place, raw: str) -> None:
    time = at(place, raw)
    stated = read_iso(raw)
    assert (time.basis, time.occurred_at, time.offset_minutes) == ("assumed", None, stated.offset_minutes)
    earliest, latest = time.interval() or (None, None)
    assert earliest is not None
    assert latest is not None
    assert stated.occurred_at is not None
    assert earliest <= stated.occurred_at <= latest


@pytest.mark.parametrize(
    ("place", "raw"),
    [
        (Place(city="RECIFE", country_code="BR"), "2026-11-06T12:00:00-03:00"),
        (Place(country_code="Atlantis"), "2026-11-06T12:00:00+01:00"),
        (Place(), "2026-11-06T12:00:00+01:00"),
        (Place(region="IL", postal_code="62704", country_code="US"), "2026-11-01T01:30:00-05:00"),
        (Place(region="IL", postal_code="62704", country_code="US"), "2026-11-01T01:30:00-06:00"),
        (Place(country_code="JP"), "2026-11-06T12:00:00Z"),  # UTC is UTC
    ],
)
def test_an_offset_that_the_place_allows_stands(place: Place, raw: str) -> None:
    assert at(place, raw) == read_iso(raw)


def test_offsets_that_are_not_meant_to_be_local_are_not_judged() -> None:
    raw = "2026-11-06T12:00:00+00:00"
    assert at(Place(country_code="JP"), raw, offsets_are_local=False) == read_iso(raw)


@pytest.mark.parametrize(
    ("zone", "local", "minutes"),
    [
        ("ET", "2026-07-06 12:26", -240),
        ("et", "2026-11-06 12:26", -300),
        ("EST", "2026-11-06 12:26", -300),
        ("CDT", "2026-07-06 12:26", -300),
        ("EST", "2026-07-06 12:26", None),  # the word of the other season
        ("ET", "2026-11-01 01:30", None),
        ("IST", "2026-07-06 12:26", None),
        ("", "2026-07-06 12:26", None),
    ],
)
def test_a_zones_name_is_read_in_its_season(zone: str, local: str, minutes: int | None) -> None:
    time = in_named_zone(read_local(local, local, "%Y-%m-%d %H:%M"), zone)
    assert time.offset_minutes == minutes
    assert time.basis == ("assumed" if minutes is None else "place_inferred")


@pytest.mark.parametrize(
    ("offset", "minutes"),
    [
        ("-6:00", -360),
        ("-06:00", -360),
        ("+0530", 330),
        ("Z", 0),
        ("", None),
        ("-99:00", None),
        ("CET", None),
    ],
)
def test_an_offset_in_a_field_of_its_own_is_read(offset: str, minutes: int | None) -> None:
    assert at_stated_offset(read_iso("2026-11-06T12:00:00"), offset).offset_minutes == minutes


def test_a_local_time_is_read_by_its_format_and_within_plausible_years() -> None:
    assert read_local("18.03.2016 10:02", "18.03.2016 10:02", "%d.%m.%Y %H:%M").local == "2016-03-18T10:02:00"
    assert read_local("18.03.2016", "18.03.2016", "%d.%m.%Y").basis == "date_only"
    assert read_local("31.02.2016 10:02", "31.02.2016 10:02", "%d.%m.%Y %H:%M") == ReadTime(
        "31.02.2016 10:02"
    )
    assert read_local("1.1.0001 00:00", "1.1.0001 00:00", "%d.%m.%Y %H:%M") == ReadTime("1.1.0001 00:00")


def test_countries_are_known_by_code_and_name() -> None:
    assert [country_of(name) for name in ("de", "Germany", " united  kingdom ", "UK", "Narnia")] == [
        "DE", "DE", "GB", "GB", "NARNIA",
    ]  # fmt: skip
    assert zones_of(Place(country_code="Japan")) == {"Asia/Tokyo"}
