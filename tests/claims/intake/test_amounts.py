"""Amounts in the stores' local forms."""

from decimal import Decimal

import pytest

from claims.intake.amounts import claimed_amount, find_amounts, read_number
from claims.intake.text import sentences


@pytest.mark.parametrize(
    ("written", "value", "currency"),
    [
        ("119,00\xa0€", "119.00", "EUR"),
        ("1.234,56 €", "1234.56", "EUR"),
        ("€ 1.234.567,89", "1234567.89", "EUR"),
        ("1.234 €", "1234.00", "EUR"),
        ("49,90 EUR", "49.90", "EUR"),
        ("EUR 0,99", "0.99", "EUR"),
        ("$1,234.56", "1234.56", "USD"),
        ("US$12.00", "12.00", "USD"),
        ("$12.00 CAD", "12.00", "CAD"),
        ("A$12.50", "12.50", "AUD"),
        ("R$ 10,00", "10.00", "BRL"),
        ("£9.99", "9.99", "GBP"),
        ("1\u202f234,56\xa0zł", "1234.56", "PLN"),
        ("kr 1.234,00", "1234.00", "SEK"),
        ("1 234,50 kr", "1234.50", "SEK"),
        ("¥1,234", "1234", "JPY"),
        ("￥１，２３４", "1234", "JPY"),
        ("12,800円", "12800", "JPY"),
        ("JPY 980", "980", "JPY"),
        ("CN¥12.50", "12.50", "CNY"),
        ("CHF 1’234.50", "1234.50", "CHF"),
        ("CHF 1'234.50", "1234.50", "CHF"),
        ("₹1,23,456.00", "123456.00", "INR"),
        ("R1,234.00", "1234.00", "ZAR"),
        ("١١٩٫٠٠ ر.س", "119.00", "SAR"),
    ],
)
def test_an_amount_is_read_with_its_currency(written: str, value: str, currency: str) -> None:
    (found,) = find_amounts(f"a claim of {written} on the order 112-3334445-5556667.")
    assert str(found.value) == value
    store = {"USD": "USD", "SEK": "SEK"}.get(currency)
    assert found.currency(store) == currency


@pytest.mark.parametrize(
    "text",
    ["$XX.XX", "-5,00 €", "order 402-3427577-1965903 EUR", "3 days", "€", "1,2,3 €", "0,00 €", "12.345.6 €"],
)
def test_what_is_no_amount_is_not_read_as_one(text: str) -> None:
    assert find_amounts(text) == ()


def test_a_bare_dollar_means_the_stores_dollar_or_stays_open() -> None:
    (found,) = find_amounts("$10")
    assert [found.currency(store) for store in ("USD", "CAD", "MXN", "EUR", None)] == [
        "USD",
        "CAD",
        "MXN",
        None,
        None,
    ]


def test_a_yen_sign_with_decimals_is_no_yen() -> None:
    (found,) = find_amounts("¥12.50")
    assert (found.currency(None), found.value) == ("CNY", Decimal("12.50"))


def test_numbers_whose_separators_make_no_sense_are_refused() -> None:
    assert [read_number(written) for written in ("1.23.45", "1,234,5", "12 34", "1.234.56", "")] == [None] * 5
    assert read_number("1,234.00", decimals=0) == Decimal("1234")
    assert read_number("1,234.50", decimals=0) is None


def test_the_claims_amount_is_the_one_in_its_sentence_and_two_there_are_none() -> None:
    letter = sentences("We cover up to $2,500. We received a claim of $34.90. Fees are $1.00.")
    found = claimed_amount(letter, ([letter[1]],))
    assert found is not None
    assert found.value == Decimal("34.90")
    assert claimed_amount(letter, ([],)) is None
    assert claimed_amount(letter, (letter[:2],)) is None
