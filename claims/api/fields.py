"""Field kinds of claims alone: due dates, choices of several words, ids in a form's text box."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.utils import html

from accounts.access import caller_of
from accounts.api.choices import option
from accounts.api.fields import AwareDateTimeField, MoneyField
from accounts.currencies import MINOR_DIGITS, amount_fits
from accounts.models import User
from accounts.roles import Role, reaches
from accounts.selectors import active_members

MAY_BE_AHEAD = timedelta(minutes=5)
LONG_TEXT = 50_000
MONEY = {"type": ["string", "null"], "format": "decimal", "pattern": r"^[0-9]+(\.[0-9]+)?$"}


def short_text(at_most: int, **kwargs: Any) -> serializers.CharField:
    """A text that may be left out or empty."""
    return serializers.CharField(required=False, allow_blank=True, max_length=at_most, **kwargs)


def long_text() -> serializers.CharField:
    """A text of several lines that may be left out or empty."""
    return short_text(LONG_TEXT, style={"base_template": "textarea.html", "rows": 6})


class AmountField(MoneyField):
    """An amount with as many decimals as any currency has; `check_amount` knows the currency."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("decimal_places", 3)
        super().__init__(**kwargs)


@extend_schema_field(MONEY)
class AmountOut(serializers.Field[Any, Any, Any, Any]):
    """An amount of a row with the decimals of the row's currency: 119.00 EUR, 1200 JPY."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs["read_only"] = True
        super().__init__(**kwargs)

    def get_attribute(self, instance: Any) -> Any:
        amount = super().get_attribute(instance)
        return None if amount is None else (amount, instance.currency)

    def to_representation(self, value: tuple[Decimal, str]) -> str:
        amount, currency = value
        digits = MINOR_DIGITS.get(currency, 2)
        return f"{amount:.{digits}f}"


def check_amount(amount: Decimal | None, currency: str) -> dict[str, serializers.ErrorDetail]:
    """The faults of an amount with its currency, by field. No currency is ever guessed."""
    if amount is None:
        return {}
    if not currency:
        return {"currency": serializers.ErrorDetail("Required with an amount.", code="required")}
    if not amount_fits(amount, currency):
        digits = MINOR_DIGITS[currency]
        detail = f"{currency} has {digits or 'no'} digits after the point."
        return {"amount": serializers.ErrorDetail(detail, code="max_decimal_places")}
    return {}


@extend_schema_field({"type": "string", "description": "A moment with its offset, or a bare date."})
class DueField(AwareDateTimeField):
    """A moment, or a bare date as letters state it: the day, whose zone is the marketplace's."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("style", {"placeholder": "2026-11-22T10:00:00Z or 2026-11-22"})
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> Any:
        text = data.strip() if isinstance(data, str) else ""
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
            try:
                day = date.fromisoformat(text)
            except ValueError:
                self.fail("invalid")
            if not 1995 <= day.year < 2200:
                self.fail("out_of_range")
            return day
        return super().to_internal_value(data)

    def to_representation(self, value: Any) -> str:
        return super().to_representation(value) if isinstance(value, datetime) else str(value)


class NotAheadField(AwareDateTimeField):
    """A moment that has been: at most five minutes ahead of our clock, for the sake of others' clocks."""

    default_error_messages: ClassVar = {"in_future": "This moment lies in the future; check the offset."}

    def to_internal_value(self, data: Any) -> datetime:
        moment = super().to_internal_value(data)
        if moment > timezone.now() + MAY_BE_AHEAD:
            self.fail("in_future")
        return moment


class SeveralField(serializers.MultipleChoiceField):
    """Several words of a list, in the order given and each once."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, Mapping):
            self.fail("not_a_list", input_type=type(data).__name__)
        known = super().to_internal_value(data)
        return [word for word in dict.fromkeys(str(word) for word in data) if word in known]

    def to_representation(self, value: Any) -> Any:
        return list(value)


class IdListField(serializers.ListField):
    """Ids; a form gives them in one text box, with spaces or commas between."""

    child = serializers.IntegerField(min_value=1, max_value=2**63 - 1)

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("style", {"base_template": "input.html", "placeholder": "17, 18, 21"})
        super().__init__(**kwargs)

    def get_value(self, dictionary: Mapping[Any, Any]) -> Any:
        given = super().get_value(dictionary)  # type: ignore[no-untyped-call,unused-ignore]
        if html.is_html_input(dictionary) and isinstance(given, list):
            return [word for text in given for word in re.split(r"[\s,]+", str(text)) if word]
        return given

    def to_internal_value(self, data: Any) -> list[int]:
        return list(dict.fromkeys(super().to_internal_value(data)))


@extend_schema_field({"type": "integer"})
class AssigneeField(serializers.Field[User | None, Any, Any, Any]):
    """A person by id, among the active members who may work for the seller; null for nobody.

    `context["seller_id"]` bounds the choice; without it (a bulk of several sellers) the service decides.
    """

    default_error_messages: ClassVar = {
        "invalid": "Give the id of a member, or null for nobody.",
        "does_not_exist": "There is no such member.",
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("allow_null", True)
        kwargs.setdefault("style", {"base_template": "select.html"})
        super().__init__(**kwargs)

    def _members(self) -> dict[int, User]:
        request = self.context.get("request")
        if request is None:
            return {}
        seller_id = self.context.get("seller_id")
        sellers = caller_of(request).seller_ids() if seller_id is None else [seller_id]
        rows = [row for seller in sorted(sellers) for row in active_members(seller)]
        return {row.user_id: row.user for row in rows if reaches(row.role, Role.AGENT)}

    def to_internal_value(self, data: Any) -> User:
        text = str(data).strip()
        if isinstance(data, bool | float) or not (text.isascii() and text.isdigit() and len(text) < 19):
            self.fail("invalid")
        member = self._members().get(int(text))
        if member is None:
            self.fail("does_not_exist")
        return member

    def to_representation(self, value: Any) -> Any:
        return getattr(value, "pk", value)

    def iter_options(self) -> Iterator[dict[str, Any]]:
        """The choices of the form: members of the claim's seller."""
        nobody = [("", "nobody")]
        people = [(str(pk), user.get_username()) for pk, user in self._members().items()]
        for value, text in nobody + people:
            yield option(value, text)


@extend_schema_field(OpenApiTypes.URI)
class LinkField(serializers.HyperlinkedIdentityField):
    """The address of a row, or of one of its files."""
