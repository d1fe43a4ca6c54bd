"""The table of marketplaces."""

from zoneinfo import ZoneInfo

import pytest

from claims.marketplaces import (
    MARKETPLACES,
    by_domain,
    by_host,
    by_sender,
    decimals_of,
    is_amazon_host,
    marketplace,
    zone_of,
)


def test_every_marketplace_is_there_with_a_zone_that_exists() -> None:
    assert len(MARKETPLACES) == 23
    assert len({row.domain for row in MARKETPLACES.values()}) == 23
    assert all(ZoneInfo(row.zone) for row in MARKETPLACES.values())


@pytest.mark.parametrize(
    ("marketplace_id", "country", "zone", "currency"),
    [
        ("ATVPDKIKX0DER", "US", "America/Los_Angeles", "USD"),
        ("A2EUQ1WTGCTBG2", "CA", "America/Los_Angeles", "CAD"),
        ("A1AM78C64UM0Y8", "MX", "America/Los_Angeles", "MXN"),
        ("A2Q3Y263D00KWC", "BR", "America/Sao_Paulo", "BRL"),
        ("A1F83G8C2ARO7P", "GB", "Europe/London", "GBP"),
        ("A1PA6795UKMFR9", "DE", "Europe/Berlin", "EUR"),
        ("A13V1IB3VIYZZH", "FR", "Europe/Paris", "EUR"),
        ("APJ6JRA9NG5V4", "IT", "Europe/Rome", "EUR"),
        ("A1RKKUPIHCS9HS", "ES", "Europe/Madrid", "EUR"),
        ("A1805IZSGTT6HS", "NL", "Europe/Amsterdam", "EUR"),
        ("AMEN7PMS3EDWL", "BE", "Europe/Brussels", "EUR"),
        ("A2NODRKZP88ZB9", "SE", "Europe/Stockholm", "SEK"),
        ("A1C3SOZRARQ6R3", "PL", "Europe/Warsaw", "PLN"),
        ("A28R8C7NBKEWEA", "IE", "Europe/Dublin", "EUR"),
        ("A33AVAJ2PDY3EV", "TR", "Europe/Istanbul", "TRY"),
        ("ARBP9OOSHTCHU", "EG", "Africa/Cairo", "EGP"),
        ("A17E79C6D8DWNP", "SA", "Asia/Riyadh", "SAR"),
        ("A2VIGQ35RCS4UG", "AE", "Asia/Dubai", "AED"),
        ("A21TJRUUN4KGV", "IN", "Asia/Kolkata", "INR"),
        ("A1VC38T7YXB528", "JP", "Asia/Tokyo", "JPY"),
        ("A19VAU5U5O7RUS", "SG", "Asia/Singapore", "SGD"),
        ("A39IBJ37TRP1C6", "AU", "Australia/Sydney", "AUD"),
        ("AE08WJ6YKNBMC", "ZA", "Africa/Johannesburg", "ZAR"),
    ],
)
def test_a_marketplace_is_read_by_its_id(marketplace_id: str, country: str, zone: str, currency: str) -> None:
    row = marketplace(marketplace_id)
    assert row is not None
    assert (row.country, row.zone, row.currency) == (country, zone, currency)
    assert zone_of(marketplace_id) == ZoneInfo(zone)


def test_an_unknown_marketplace_has_no_row_and_is_in_utc() -> None:
    assert marketplace("A0NOBODY") is None
    assert zone_of("A0NOBODY") == ZoneInfo("UTC")


def test_yen_has_no_decimals_and_unknown_currencies_have_two() -> None:
    assert [decimals_of(code) for code in ("JPY", "EUR", "XXX")] == [0, 2, 2]


@pytest.mark.parametrize(
    ("host", "country"),
    [
        ("amazon.it", "IT"),
        ("sellercentral.amazon.it", "IT"),
        ("www.amazon.co.uk", "GB"),
        ("sellercentral.amazon.com.mx", "MX"),
        ("sellercentral.amazon.co.jp", "JP"),
        ("sellercentral-japan.amazon.com", "JP"),
        ("SELLERCENTRAL.AMAZON.COM.", "US"),
        ("sellercentral-europe.amazon.com", None),
        ("amazon.it.evil.example", None),
        ("evilamazon.it", None),
        ("amazon.cn", None),
        ("", None),
    ],
)
def test_a_host_hints_at_its_store_by_whole_labels(host: str, country: str | None) -> None:
    row = by_host(host)
    assert (row.country if row else None) == country
    sender = by_sender(f"noreply@{host}")
    assert (sender.country if sender else None) == country


def test_a_bare_domain_is_looked_up_exactly() -> None:
    assert [by_domain(name) is not None for name in ("amazon.it", "Amazon.IT ", "www.amazon.it")] == [
        True,
        True,
        False,
    ]


def test_amazons_hosts_are_known_without_a_store() -> None:
    hosts = ["amazon.cn", "sellercentral-europe.amazon.com", "amazon.evil.example"]
    assert [is_amazon_host(host) for host in hosts] == [True, True, False]
