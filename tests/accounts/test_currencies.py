"""Amounts are printed with the digits of their currency, and never with fewer than were stated."""

from decimal import Decimal

import pytest

from accounts.currencies import printed


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        ("8600.000", "JPY", "8600 JPY"),
        ("23.5", "EUR", "23.50 EUR"),
        ("119.000", "EUR", "119.00 EUR"),
        ("1.2345", "EUR", "1.2345 EUR"),
        ("5", "", "5.00"),
        ("0", "USD", "0.00 USD"),
        ("1E+2", "USD", "100.00 USD"),
    ],
)
def test_an_amount_has_the_digits_of_its_currency(amount: str, currency: str, text: str) -> None:
    assert printed(Decimal(amount), currency) == text


def test_an_amount_that_is_not_known_is_not_printed() -> None:
    assert printed(None, "EUR") == ""
