"""How single things are written on a page: times with zone and in UTC, money, places, codes, yes and no.

Leaves to others: what is written where (`first_page`, `timeline`, `pages`).
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from claims.bundle.content import Address
from claims.bundle.scripts import WIDE, Words, words
from claims.marketplaces import decimals_of

# Fixed words: strftime would follow the machine's locale.
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
NOT_KNOWN = "not known"


@dataclass(frozen=True, slots=True)
class Pen:
    """Writes in one display zone; `home` is the country whose Han forms are used in doubt."""

    zone: str
    home: str = ""

    def say(self, text: str, *, room: int = WIDE, home: str = "") -> Words:
        return words(text, home=home or self.home, room=room)

    def local(self, moment: datetime) -> str:
        """`2025-03-04 14:05 CET`."""
        there = moment.astimezone(ZoneInfo(self.zone))
        return f"{there:%Y-%m-%d %H:%M} {_abbreviation(there)}"

    def utc(self, moment: datetime) -> str:
        return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"

    def both(self, moment: datetime) -> str:
        """`Tue 4 Mar 2025, 14:05 CET (13:05 UTC)`; the date is repeated where UTC has another one."""
        there, here = moment.astimezone(ZoneInfo(self.zone)), moment.astimezone(UTC)
        utc = f"{here:%H:%M} UTC" if here.date() == there.date() else f"{_date(here)}, {here:%H:%M} UTC"
        return f"{_DAYS[there.weekday()]} {_date(there)}, {there:%H:%M} {_abbreviation(there)} ({utc})"

    def observed(self, moment: datetime | None) -> str:
        return f"{self.local(moment)} ({self.utc(moment)})" if moment else NOT_KNOWN


def _date(moment: datetime) -> str:
    return f"{moment.day} {_MONTHS[moment.month - 1]} {moment.year}"


def _abbreviation(moment: datetime) -> str:
    name = moment.tzname() or ""
    return name if name.isalpha() else f"UTC{moment:%z}"[:6] + ":" + f"{moment:%z}"[3:5]


def in_words(code: str) -> str:
    """`proof_of_delivery` is `Proof of delivery`."""
    return code.replace("_", " ").strip().capitalize().replace(" utc", " UTC")


def yes_no(value: bool | None) -> str:
    return {True: "yes", False: "no", None: NOT_KNOWN}[value]


def money(amount: Decimal | None, currency: str) -> str:
    if amount is None:
        return NOT_KNOWN
    # Never fewer decimals than the amount has: a wrong figure is worse than an odd one.
    places = decimals_of(currency) if amount == round(amount, decimals_of(currency)) else 2
    return f"{amount:,.{places}f} {currency}".strip()


def place_line(place: Address | None) -> str:
    if place is None:
        return ""
    town = " ".join(part for part in (place.postal_code, place.city) if part)
    parts = (place.name, place.line1, place.line2, town, place.region, place.country_code)
    return ", ".join(part for part in parts if part)


def address_lines(address: Address | None) -> list[str]:
    if address is None:
        return []
    town = " ".join(part for part in (address.postal_code, address.city, address.region) if part)
    lines = (address.name, address.line1, address.line2, town, address.country_code)
    return [line for line in lines if line]
