"""Of several parcels in one answer, the one meant: by number, ship date, and only then by destination."""

from datetime import UTC, datetime
from typing import Any

import pytest

from shipping.reading import Place, ReadEvent, Reading, Stated, gathered
from shipping.rules.parcels import other_parcel, parcel_of
from shipping.rules.times import read_iso
from shipping.vocabulary import ParcelStatus, SnapshotStatus

NUMBER = "770012345678"


def parcel(day: str, postal_code: str = "", number: str = NUMBER) -> Reading:
    event = ReadEvent(ParcelStatus.IN_TRANSIT, time=read_iso(f"{day}T12:00:00Z"), text=day)
    to = Place(postal_code=postal_code, country_code="US" if postal_code else "")
    return Reading(events=(event,), stated=Stated(destination=to.to_json()), numbers=frozenset({number}))


def chosen(*parcels: Reading, shipped: str | None, **ship_to: Any) -> str:
    found = parcel_of(
        gathered(parcels),
        tracking_number=NUMBER,
        shipped_at=datetime.fromisoformat(shipped).replace(tzinfo=UTC) if shipped else None,
        ship_to=ship_to,
    )
    return found.events[0].text if found.events else ""


OLD, NEW, OTHER = parcel("2024-02-01"), parcel("2026-11-04"), parcel("2026-11-04", number="1")


@pytest.mark.parametrize(
    ("parcels", "shipped", "expected"),
    [
        ((OLD, NEW), "2026-11-03", "2026-11-04"),
        ((NEW, OLD), "2026-11-03", "2026-11-04"),
        ((OLD, NEW), "2024-01-31", "2024-02-01"),
        ((OLD, NEW), None, "2026-11-04"),  # without a date the newest
        ((OTHER, OLD), "2024-01-31", "2024-02-01"),
        ((parcel("2026-11-05"), parcel("2026-11-20")), "2026-11-03", "2026-11-05"),
        ((parcel("2026-11-20"), parcel("2026-11-05")), "2026-11-03", "2026-11-05"),
    ],
)
def test_the_ship_date_chooses(parcels: tuple[Reading, ...], shipped: str | None, expected: str) -> None:
    assert chosen(*parcels, shipped=shipped) == expected


def test_a_destination_chooses_only_between_two_that_fit() -> None:
    near, right = parcel("2026-11-04", "10001"), parcel("2026-11-06", "62704")
    assert chosen(near, right, shipped="2026-11-03", postal_code="62704", country_code="US") == "2026-11-06"
    only_wrong = parcel("2026-11-04", "10001")
    too_old = parcel("2024-02-01", "62704")
    assert chosen(only_wrong, too_old, shipped="2026-11-03", postal_code="62704") == "2026-11-04"


def test_one_that_is_known_wins_over_an_error_for_the_same_number() -> None:
    missing = Reading(status=SnapshotStatus.NOT_FOUND, numbers=frozenset({NUMBER}))
    assert chosen(missing, NEW, shipped="2026-11-03") == "2026-11-04"


def test_an_answer_about_other_numbers_alone_stays_whole_and_is_refused() -> None:
    whole = gathered((OTHER, parcel("2026-11-04", number="2")))
    assert parcel_of(whole, tracking_number=NUMBER, shipped_at=None, ship_to={}) is whole
    why = other_parcel(reading=whole, tracking_number=NUMBER, shipped_at=None)
    assert why == "The answer is about 1, 2."


@pytest.mark.parametrize("routing", ["42062704", "420627041234"])
def test_the_zip_routing_before_a_usps_number_does_not_make_another_number(routing: str) -> None:
    answer = Reading(numbers=frozenset({"9261290289104185136058"}))
    number = f"{routing}9261290289104185136058"
    assert other_parcel(reading=answer, tracking_number=number, shipped_at=None) == ""
