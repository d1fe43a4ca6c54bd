"""Whose number it may be."""

import json
from pathlib import Path
from typing import Any

import pytest

from shipping.numbers import normalised, number_check, number_note, possible_carriers, table_name

USPS = "United States Postal Service"
POST = "S10 International Standard"


@pytest.mark.parametrize(
    ("number", "carrier", "expected"),
    [
        ("1Z5R89390357567127", "UPS", {"carriers": ["UPS"], "fits": True}),
        ("1Z5R89390357567127", "U.P.S. Ground", {"carriers": ["UPS"], "fits": True}),
        ("1Z5R89390357567127", "USPS", {"carriers": ["UPS"], "fits": False}),
        ("1Z5R89390357567127", "", {"carriers": ["UPS"], "fits": None}),
        ("1Z5R89390357567128", "UPS", {"carriers": [], "fits": False}),
        ("1Z5R89390357567128", "", {"carriers": [], "fits": False}),
        ("ANYTHING1", "Yanwen", {"carriers": [], "fits": None}),
        ("RB123456785US", "USPS", {"carriers": [USPS, POST], "fits": True}),
        ("RB123456785GB", "Royal Mail", {"carriers": ["Royal Mail", POST], "fits": True}),
        ("RB123456785GB", "", {"carriers": ["Royal Mail", POST], "fits": None}),
        ("RB123456785GB", "Japan Post", {"carriers": ["Royal Mail", POST], "fits": None}),
        ("1234567890", "Japan Post", {"carriers": [], "fits": None}),
        ("RB123456786GB", "", {"carriers": [], "fits": False}),
        ("YT2229521272164446", "Yun Express", {"carriers": ["YunExpress"], "fits": True}),
        ("TBA000000000000", "AMZL_US", {"carriers": ["Amazon"], "fits": True}),
    ],
)
def test_the_sellers_carrier_wins_where_its_format_fits(
    number: str, carrier: str, expected: dict[str, Any]
) -> None:
    assert number_check(number, carrier) == expected


def test_formats_overlap_and_those_with_a_check_digit_come_first() -> None:
    carriers = possible_carriers("9261292700768711948021")
    assert carriers == [USPS, "FedEx"]


@pytest.mark.parametrize("written", [" 1z-5r8939 0357.567127 ", "1Z5R89390357567127"])
def test_blanks_dashes_and_case_do_not_count(written: str) -> None:
    assert normalised(written) == "1Z5R89390357567127"


@pytest.mark.parametrize(
    ("number", "carrier", "fits"),
    [
        ("00340434161094042557", "DHL", True),
        ("563102430313", "DHL", True),
        ("01234567890123", "DPD", True),
        ("3SABCD1234567", "DHL Parcel", True),
        ("T1234567890", "UPS", True),
        ("563102430314", "DHL", False),
        ("00340434161094042557", "UPS", False),
    ],
)
def test_series_that_carriers_print_at_home_are_theirs(number: str, carrier: str, fits: bool) -> None:
    assert number_check(number, carrier)["fits"] is fits


@pytest.mark.parametrize(
    ("number", "carrier", "note"),
    [
        ("1Z5R89390357567127", "UPS", ""),
        ("ANYTHING1", "Yanwen", ""),
        ("1Z5R89390357567127", "USPS", "This is no number of USPS. It looks like a number of UPS. "),
        ("1Z5R89390357567128", "UPS", "This is no number of UPS. No known carrier has such numbers. "),
    ],
)
def test_what_does_not_fit_is_said_with_what_can_be_done(number: str, carrier: str, note: str) -> None:
    repair = (
        "Amazon marks tracking as unconfirmed where number and carrier do not belong together; before delivery it "
        "can still be repaired."
    )
    assert number_note(number_check(number, carrier), carrier) == (note + repair if note else "")


@pytest.mark.needs_samples
def test_the_carrier_of_every_valid_sample_is_ranked_first_where_the_seller_names_it(samples: Path) -> None:
    wrong = []
    for group in json.loads((samples / "numbers.json").read_text())["formats"]:
        for number in group["valid"]:
            check = number_check(normalised(number), group["carrier"])
            is_named = table_name(group["carrier"]) is not None  # S10 is a standard, no carrier
            if (
                (check["carriers"][:1] != [group["carrier"]] or not check["fits"])
                if is_named
                else (group["carrier"] not in check["carriers"])
            ):
                wrong.append(f"{number}: {check}")
    assert wrong == []
