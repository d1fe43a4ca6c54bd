"""Refusing what was not asked for: unknown fields, and values no database column can hold.

`StrictSerializer` is the base of every request body. Field kinds live in `fields.py`.
"""

import math
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.fields import empty
from rest_framework.settings import api_settings
from rest_framework.utils import html

FORM_FIELDS = frozenset({"csrfmiddlewaretoken"})
LARGEST_INTEGER = 2**63 - 1


def _fault(value: Any) -> ErrorDetail | None:
    """Why this single value cannot be taken, or None."""
    if isinstance(value, str):
        if "\x00" in value:
            return ErrorDetail("Null characters are not allowed.", code="null_characters_not_allowed")
        if any("\ud800" <= character <= "\udfff" for character in value):
            return ErrorDetail(
                "Half a surrogate pair is no character.", code="surrogate_characters_not_allowed"
            )
    elif isinstance(value, float) and not math.isfinite(value):
        return ErrorDetail("Must be a finite number.", code="not_finite")
    elif isinstance(value, int) and abs(value) > LARGEST_INTEGER:
        return ErrorDetail("This number is too large.", code="out_of_range")
    return None


def _parts(value: Any) -> Iterator[Any]:
    if isinstance(value, Mapping):
        yield from value.keys()
        yield from value.values()
    elif isinstance(value, list | tuple):
        yield from value


def unstorable(value: Any) -> ErrorDetail | None:
    """The first fault anywhere inside a JSON value: NUL, lone surrogate, NaN, infinity, more than 64 bits.

    Walks without recursion, so depth is no danger.
    """
    waiting = [value]
    while waiting:
        current = waiting.pop()
        fault = _fault(current)
        if fault is not None:
            return fault
        waiting.extend(_parts(current))
    return None


def _printable(name: Any) -> str:
    return str(name).encode("utf-8", "backslashreplace").decode().replace("\x00", "\\x00")


class StrictSerializer(serializers.Serializer[Any]):
    """Refuses fields it does not know (`unknown_field`) and fields that are only read (`read_only_field`).

    Nested ones do the same, each error at its own pointer. `free_fields` names those whose content is kept
    as it came (a carrier's raw answer) and therefore not searched for unstorable characters.
    """

    free_fields: ClassVar[frozenset[str]] = frozenset()

    def get_value(self, dictionary: Mapping[Any, Any]) -> Any:
        """In a form, a nested group left empty is a group not given."""
        value = super().get_value(dictionary)  # type: ignore[no-untyped-call,unused-ignore]
        if value is empty or self.required or not html.is_html_input(dictionary):
            return value
        return value if any(text not in ("", None) for text in value.values()) else empty

    def to_internal_value(self, data: Any) -> Any:
        errors = self._faults(data) if isinstance(data, Mapping) else {}
        try:
            values = super().to_internal_value(data)
        except ValidationError as refused:
            if not errors or not isinstance(refused.detail, dict):
                raise
            raise ValidationError({**refused.detail, **errors}) from refused
        if errors:
            raise ValidationError(errors)
        return values

    def _faults(self, data: Any) -> dict[str, Any]:
        is_form = html.is_html_input(data)
        errors: dict[str, Any] = {}
        for given in data:
            name = str(given)
            if is_form:
                if name in FORM_FIELDS:
                    continue
                name = name.split(".", 1)[0].split("[", 1)[0]
            if name not in self.fields:
                errors[_printable(name)] = [ErrorDetail("Unknown field.", code="unknown_field")]
            elif self.fields[name].read_only:
                errors[name] = [ErrorDetail("This field is read only.", code="read_only_field")]
        is_root = self.root is self
        if is_root and not is_form:
            self._search(data, errors)
        return errors

    def _search(self, data: Mapping[Any, Any], errors: dict[str, Any]) -> None:
        """Leaves have their own validators; this catches what they repeat in a message or never look at."""
        for name, value in data.items():
            field = self.fields.get(name)
            if field is None or name in errors or name in self.free_fields:
                continue
            fault = unstorable(value)
            if fault is not None:
                if isinstance(field, serializers.BaseSerializer):
                    errors[name] = {api_settings.NON_FIELD_ERRORS_KEY: [fault]}
                else:
                    errors[name] = [fault]
