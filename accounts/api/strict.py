"""Refusing what was not asked for: unknown fields, and values no database column can hold.

`StrictSerializer` is the base of every request body. Field kinds live in `fields.py`.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Any, ClassVar

from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.fields import empty
from rest_framework.settings import api_settings
from rest_framework.utils import html

FORM_FIELDS = frozenset({"csrfmiddlewaretoken"})
LARGEST_INTEGER = 2**63 - 1
DEEPEST = 100


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

    Walks without recursion, and refuses what is nested so deep that others could only fail on it.
    """
    return _first_fault(value, _fault)


def too_deep(value: Any) -> ErrorDetail | None:
    """For content kept as it came: only the nesting is looked at."""
    return _first_fault(value, lambda part: None)


def _first_fault(value: Any, judge: Callable[[Any], ErrorDetail | None]) -> ErrorDetail | None:
    waiting = [(value, 0)]
    while waiting:
        current, depth = waiting.pop()
        fault = judge(current)
        if fault is not None:
            return fault
        if depth > DEEPEST:
            return ErrorDetail("This is nested too deep.", code="too_deep")
        waiting.extend((part, depth + 1) for part in _parts(current))
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
        errors = self._misplaced(data) if isinstance(data, Mapping) else {}
        if isinstance(data, Mapping) and self.root is self and not html.is_html_input(data):
            unusable = self._unusable(data)
            if unusable:
                raise ValidationError({**errors, **unusable})
        try:
            values = super().to_internal_value(data)
        except ValidationError as refused:
            if not errors or not isinstance(refused.detail, dict):
                raise
            raise ValidationError({**refused.detail, **errors}) from refused
        if errors:
            raise ValidationError(errors)
        return values

    def _misplaced(self, data: Any) -> dict[str, Any]:
        """Names that this body does not have, or has for reading only."""
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
        return errors

    def _unusable(self, data: Any) -> dict[str, Any]:
        """Values on which fields could only fail: they have validators, but repeat the value in a message."""
        errors: dict[str, Any] = {}
        for name, value in data.items():
            field = self.fields.get(name)
            if field is None or field.read_only:
                continue
            fault = too_deep(value) if name in self.free_fields else unstorable(value)
            if fault is not None:
                is_nested = isinstance(field, serializers.BaseSerializer)
                errors[name] = {api_settings.NON_FIELD_ERRORS_KEY: [fault]} if is_nested else [fault]
        return errors
