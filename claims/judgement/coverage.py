"""Where Buy Shipping spares a seller the defect, and where Amazon is known to pay. Data with source and date.

Facts of the day they were read. A marketplace that no source names is unknown, never assumed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

from claims.marketplaces import MARKETPLACES

YES, NO, UNKNOWN = "yes", "no", "unknown"
_US_HELP: Final = (
    "Seller Central US, Buy Shipping: claims protection",
    date(2026, 11, 22),
)
_GUIDES: Final = (
    "Chinese-language guides to Buy Shipping; they contradict each other on who pays",
    date(2026, 11, 22),
)
_SILENT: Final = ("No source names this marketplace", date(2026, 11, 22))
_NAMED: Final = frozenset({"CA", "GB", "DE", "FR", "IT", "ES", "IN", "MX", "NL", "JP"})


@dataclass(frozen=True)
class Coverage:
    """What Claims Protected is worth in one marketplace: `yes`, `no` or `unknown`, as `source` says on `read_on`."""

    odr_protected: str
    amazon_funds: str
    source: str
    read_on: date


def _of(country: str) -> Coverage:
    if country == "US":
        return Coverage(YES, YES, *_US_HELP)
    if country in _NAMED:
        return Coverage(YES, UNKNOWN, *_GUIDES)
    return Coverage(UNKNOWN, UNKNOWN, *_SILENT)


COVERAGE: Final[Mapping[str, Coverage]] = MappingProxyType(
    {marketplace_id: _of(row.country) for marketplace_id, row in MARKETPLACES.items()}
)


def coverage_of(marketplace_id: str) -> Coverage:
    """The row of a marketplace; one that nobody knows is unknown."""
    return COVERAGE.get(marketplace_id, Coverage(UNKNOWN, UNKNOWN, *_SILENT))
