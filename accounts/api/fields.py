"""Field kinds that every request body of this API shares: moments, money, currencies, marketplaces, sellers.

They refuse rather than guess: a time without offset, an unknown currency, another seller's token.
"""

import re
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any, ClassVar

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from accounts.api.choices import VisibleSellerField, YesNoField
from accounts.api.strict import StrictSerializer, unstorable
from accounts.currencies import MINOR_DIGITS
from accounts.zones import known_zones

__all__ = [
    "AwareDateTimeField",
    "CleanJSONField",
    "CurrencyField",
    "MarketplaceField",
    "MoneyField",
    "StrictSerializer",
    "TimeZoneField",
    "VisibleSellerField",
    "YesNoField",
]

EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
LATEST = datetime(2200, 1, 1, tzinfo=UTC)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(
    r"(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ](?P<hour>[0-9]{2}):(?P<minute>[0-9]{2})"
    r"(?::(?P<second>[0-9]{2})(?:[.,](?P<fraction>[0-9]{1,9}))?)?"
    r"(?P<offset>[Zz]|[+-][0-9]{2}:?[0-9]{2}|[+-][0-9]{2})?"
)
_AMOUNT = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,10})?")
_MARKETPLACE = re.compile(r"[A-Z0-9]{1,32}")


def utc_text(moment: datetime) -> str:
    """ISO 8601 with `Z`, the one way this API writes a moment."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _offset(text: str) -> timezone:
    if text in "Zz":
        return UTC
    digits = text[1:].replace(":", "").ljust(4, "0")
    hours, minutes = int(digits[:2]), int(digits[2:])
    if hours > 14 or minutes > 59:
        raise ValueError("no place on earth has this offset")
    span = timedelta(hours=hours, minutes=minutes)
    return timezone(-span if text[0] == "-" else span)


@extend_schema_field(OpenApiTypes.DATETIME)
class AwareDateTimeField(serializers.Field[datetime, Any, Any, Any]):
    """A moment in ISO 8601 with its offset, refused without one; read into UTC, written with `Z`."""

    default_error_messages: ClassVar = {
        "invalid": "Not a moment. Write it like 2026-11-20T10:00:00Z or 2026-11-20T11:00:00+01:00.",
        "offset_missing": "The offset from UTC is missing. Add Z or, for example, +01:00: it is not guessed.",
        "date_only": "A date alone is no moment. Add the time and its offset, like 2026-11-20T10:00:00Z.",
        "out_of_range": "This moment lies outside the years 1995 to 2199.",
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("style", {"placeholder": "2026-11-20T10:00:00Z"})
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> datetime:
        if isinstance(data, datetime) and data.tzinfo is not None:
            return self._in_range(data)
        text = data.strip() if isinstance(data, str) else ""
        if _DATE.fullmatch(text):
            self.fail("date_only")
        found = _MOMENT.fullmatch(text)
        if found is None:
            self.fail("invalid")
        if not found["offset"]:
            self.fail("offset_missing")
        microsecond = int((found["fraction"] or "0")[:6].ljust(6, "0"))
        try:
            year, month, day = (int(part) for part in found["date"].split("-"))
            hour, minute, second = int(found["hour"]), int(found["minute"]), int(found["second"] or 0)
            offset = _offset(found["offset"])
            moment = datetime(year, month, day, hour, minute, second, microsecond, tzinfo=offset)
        except ValueError:
            self.fail("out_of_range" if found["date"].startswith("0000") else "invalid")
        return self._in_range(moment)

    def _in_range(self, moment: datetime) -> datetime:
        if not EARLIEST <= moment < LATEST:
            self.fail("out_of_range")
        return moment.astimezone(UTC)

    def to_representation(self, value: datetime) -> str:
        return utc_text(value) if isinstance(value, datetime) else str(value)


class MoneyField(serializers.DecimalField):
    """An amount as decimal string with two digits after the point, never below zero; JSON numbers too."""

    default_error_messages: ClassVar = {"invalid": "Not an amount. Write it like 119.00."}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_digits", 14)
        kwargs.setdefault("decimal_places", 2)
        kwargs.setdefault("min_value", Decimal(0))
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> Decimal:
        if isinstance(data, bool) or not isinstance(data, str | int | float | Decimal):
            self.fail("invalid")
        text = format(Decimal(str(data)), "f") if isinstance(data, float | Decimal) else str(data).strip()
        if not _AMOUNT.fullmatch(text):
            self.fail("invalid")
        whole, _, fraction = text.partition(".")
        return super().to_internal_value(f"{whole}.{fraction.rstrip('0')}".rstrip("."))


class CurrencyField(serializers.CharField):
    """An active currency of ISO 4217 in capitals, such as EUR."""

    default_error_messages: ClassVar = {"unknown_currency": "Not an active ISO 4217 code, such as EUR."}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("style", {"placeholder": "EUR"})
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> str:
        text = super().to_internal_value(data)
        if text and text not in MINOR_DIGITS:
            self.fail("unknown_currency")
        return text


class MarketplaceField(serializers.CharField):
    """Amazon's marketplace id, such as A1PA6795UKMFR9. One that nobody knows yet is taken too."""

    default_error_messages: ClassVar = {
        "invalid_marketplace": "Not a marketplace id: up to 32 capitals and digits, such as A1PA6795UKMFR9."
    }

    def to_internal_value(self, data: Any) -> str:
        text = super().to_internal_value(data)
        if text and not _MARKETPLACE.fullmatch(text):
            self.fail("invalid_marketplace")
        return text


class TimeZoneField(serializers.CharField):
    """An IANA time zone, such as Europe/Rome."""

    default_error_messages: ClassVar = {"unknown_zone": "Not an IANA time zone, such as Europe/Rome."}

    def to_internal_value(self, data: Any) -> str:
        text = super().to_internal_value(data)
        if text and text not in known_zones():
            self.fail("unknown_zone")
        return text


class CleanJSONField(serializers.JSONField):
    """Any JSON that PostgreSQL can keep: no NUL, no half characters, no NaN."""

    def to_internal_value(self, data: Any) -> Any:
        value = super().to_internal_value(data)
        fault = unstorable(value)
        if fault is not None:
            raise ValidationError(fault.nested())
        return value
