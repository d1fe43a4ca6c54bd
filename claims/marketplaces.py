"""Amazon's marketplaces as a table: id, country, operating zone, currency, domain.

A pure look-up for whoever needs the zone of a bare date, the decimals of an amount or a hint which store a
host belongs to. It leaves to others what to do with an id nobody knows: such an id is legal, its zone is UTC.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from zoneinfo import ZoneInfo

UTC_ZONE = ZoneInfo("UTC")


@dataclass(frozen=True)
class Marketplace:
    """One store: ISO 3166 country (the UK is GB), the zone Amazon operates it in, its currency and decimals."""

    id: str
    country: str
    zone: str
    currency: str
    domain: str
    decimals: int = 2


# https://developer-docs.amazon.com/sp-api/docs/marketplace-ids for ids, countries and domains.
_ROWS: tuple[Marketplace, ...] = (
    Marketplace("ATVPDKIKX0DER", "US", "America/Los_Angeles", "USD", "amazon.com"),
    Marketplace("A2EUQ1WTGCTBG2", "CA", "America/Los_Angeles", "CAD", "amazon.ca"),
    Marketplace("A1AM78C64UM0Y8", "MX", "America/Los_Angeles", "MXN", "amazon.com.mx"),
    Marketplace("A2Q3Y263D00KWC", "BR", "America/Sao_Paulo", "BRL", "amazon.com.br"),
    Marketplace("A1F83G8C2ARO7P", "GB", "Europe/London", "GBP", "amazon.co.uk"),
    Marketplace("A1PA6795UKMFR9", "DE", "Europe/Berlin", "EUR", "amazon.de"),
    Marketplace("A13V1IB3VIYZZH", "FR", "Europe/Paris", "EUR", "amazon.fr"),
    Marketplace("APJ6JRA9NG5V4", "IT", "Europe/Rome", "EUR", "amazon.it"),
    Marketplace("A1RKKUPIHCS9HS", "ES", "Europe/Madrid", "EUR", "amazon.es"),
    Marketplace("A1805IZSGTT6HS", "NL", "Europe/Amsterdam", "EUR", "amazon.nl"),
    Marketplace("AMEN7PMS3EDWL", "BE", "Europe/Brussels", "EUR", "amazon.com.be"),
    Marketplace("A2NODRKZP88ZB9", "SE", "Europe/Stockholm", "SEK", "amazon.se"),
    Marketplace("A1C3SOZRARQ6R3", "PL", "Europe/Warsaw", "PLN", "amazon.pl"),
    Marketplace("A28R8C7NBKEWEA", "IE", "Europe/Dublin", "EUR", "amazon.ie"),
    Marketplace("A33AVAJ2PDY3EV", "TR", "Europe/Istanbul", "TRY", "amazon.com.tr"),
    Marketplace("ARBP9OOSHTCHU", "EG", "Africa/Cairo", "EGP", "amazon.eg"),
    Marketplace("A17E79C6D8DWNP", "SA", "Asia/Riyadh", "SAR", "amazon.sa"),
    Marketplace("A2VIGQ35RCS4UG", "AE", "Asia/Dubai", "AED", "amazon.ae"),
    Marketplace("A21TJRUUN4KGV", "IN", "Asia/Kolkata", "INR", "amazon.in"),
    Marketplace("A1VC38T7YXB528", "JP", "Asia/Tokyo", "JPY", "amazon.co.jp", decimals=0),
    Marketplace("A19VAU5U5O7RUS", "SG", "Asia/Singapore", "SGD", "amazon.sg"),
    Marketplace("A39IBJ37TRP1C6", "AU", "Australia/Sydney", "AUD", "amazon.com.au"),
    Marketplace("AE08WJ6YKNBMC", "ZA", "Africa/Johannesburg", "ZAR", "amazon.co.za"),
)

MARKETPLACES: Mapping[str, Marketplace] = MappingProxyType({row.id: row for row in _ROWS})
CURRENCY_DECIMALS: Mapping[str, int] = MappingProxyType({row.currency: row.decimals for row in _ROWS})

_BY_DOMAIN = {row.domain: row for row in _ROWS}
# Stores whose Seller Central lives on a host of amazon.com; sellercentral-europe is shared by many stores.
_BY_SHARED_HOST = {"sellercentral-japan.amazon.com": _BY_DOMAIN["amazon.co.jp"]}
_NO_HINT_HOSTS = frozenset({"sellercentral-europe.amazon.com"})
# Amazon's own, though no store of the table.
_OTHER_AMAZON_DOMAINS = frozenset({"amazon.cn", "amazon.com.cn"})


def marketplace(marketplace_id: str) -> Marketplace | None:
    """The row of this id, or None for an id nobody knows."""
    return MARKETPLACES.get(marketplace_id)


def zone_of(marketplace_id: str) -> ZoneInfo:
    """The store's operating zone; UTC for an id nobody knows (DESIGN: such an id is taken)."""
    row = MARKETPLACES.get(marketplace_id)
    return ZoneInfo(row.zone) if row else UTC_ZONE


def decimals_of(currency: str) -> int:
    """How many decimals an amount of this currency has; 2 for a currency of no known store."""
    return CURRENCY_DECIMALS.get(currency, 2)


def by_domain(domain: str) -> Marketplace | None:
    """The store of a bare retail domain such as `amazon.it`."""
    return _BY_DOMAIN.get(domain.strip().lower().rstrip("."))


def _amazon_domain_of(host: str) -> str | None:
    labels = host.split(".")
    for start in range(len(labels) - 1):
        suffix = ".".join(labels[start:])
        if suffix in _BY_DOMAIN or suffix in _OTHER_AMAZON_DOMAINS:
            return suffix
    return None


def by_host(host: str) -> Marketplace | None:
    """The store a host hints at (`sellercentral.amazon.it` → Italy); None where several stores share it.

    A hint only: one Seller Central account may serve stores on several hosts.
    """
    wanted = host.strip().lower().rstrip(".")
    if wanted in _NO_HINT_HOSTS:
        return None
    shared = _BY_SHARED_HOST.get(wanted)
    if shared:
        return shared
    domain = _amazon_domain_of(wanted)
    return _BY_DOMAIN.get(domain) if domain else None


def by_sender(address: str) -> Marketplace | None:
    """The store the domain of a mail address hints at (`someone@amazon.co.uk` → UK)."""
    return by_host(address.rpartition("@")[2])


def is_amazon_host(host: str) -> bool:
    """Whether the host is one of Amazon's retail domains or below one, by whole labels."""
    return _amazon_domain_of(host.strip().lower().rstrip(".")) is not None
