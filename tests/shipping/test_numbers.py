"""Whose number it may be."""

from typing import Any

import pytest

from shipping.numbers import normalised, number_check, possible_carriers

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
