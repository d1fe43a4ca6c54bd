"""Places against addresses, part by part."""

import pytest

from shipping.rules.addresses import address_match


@pytest.mark.parametrize(
    ("part", "delivered", "meant", "country", "expected"),
    [
        ("city", "MUENCHEN", "München", "DE", "match"),
        ("city", "Munchen", "München", "DE", "match"),
        ("city", "SAO PAULO", "São Paulo", "BR", "match"),
        ("city", "ST. LOUIS", "Saint Louis", "US", "match"),
        ("city", "Köln", "Bonn", "DE", "mismatch"),
        ("city", "東京", "東京", "JP", "match"),
        ("city", "", "Bonn", "DE", "not_stated"),
        ("line1", "12 ELM ST", "12 Elm Street", "US", "match"),
        ("postal_code", "62704-1234", "62704", "US", "match"),
        ("postal_code", "60610", "60654", "US", "mismatch"),
        ("postal_code", "ex332jl", "EX33 2JL", "GB", "match"),
        ("postal_code", "EX33", "EX33 2JL", "GB", "not_stated"),
        ("postal_code", "EX34", "EX33 2JL", "GB", "mismatch"),
        ("postal_code", "D-80331", "80331", "DE", "match"),
        ("postal_code", "150-0001", "1500001", "JP", "match"),
        ("postal_code", "00-950", "00950", "PL", "match"),
        ("postal_code", "SE-111 22", "111 22", "SE", "match"),
        ("region", "New Jersey", "NJ", "US", "match"),
        ("region", "NY", "NJ", "US", "mismatch"),
        ("region", "Bayern", "BY", "DE", "match"),
        ("region", "Lazio", "RM", "IT", "not_stated"),
        ("country_code", "UK", "GB", "", "match"),
        ("country_code", "Deutschland", "DE", "", "match"),
        ("country_code", "FR", "DE", "", "mismatch"),
    ],
)
def test_each_part_is_compared_as_it_is_written_in_its_country(
    part: str, delivered: str, meant: str, country: str, expected: str
) -> None:
    address = {"country_code": country, part: meant} if country else {part: meant}
    assert address_match({part: delivered}, address)[part] == expected
