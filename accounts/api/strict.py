"""Refusing what was not asked for: unknown fields, and values no database column can hold.

`StrictSerializer` is the base of every request body. Field kinds live in `fields.py`.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, TypeAlias

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


#: The way to a part, the last step first.
Trail: TypeAlias = tuple[Any, "Trail | None"]


@dataclass(frozen=True)
class Fault:
    """What is wrong, and the names and indices that lead to it."""

    place: tuple[str, ...]
    detail: ErrorDetail

    def nested(self) -> Any:
        """As DRF writes errors: a mapping for each step, at its end the list of faults."""
        found: Any = [self.detail]
        for step in reversed(self.place):
            found = {step: found}
        return found


def _parts(value: Any) -> Iterator[tuple[Any, Any]]:
    """What is inside, each with its name or index; a name is looked at too."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield name, name
            yield name, inner
    elif isinstance(value, list | tuple):
        yield from enumerate(value)


def unstorable(value: Any) -> Fault | None:
    """The first fault anywhere inside a JSON value: NUL, lone surrogate, NaN, infinity, more than 64 bits.

    Walks without recursion, and refuses what is nested so deep that others could only fail on it.
    """
    return _first_fault(value, _fault)


def too_deep(value: Any) -> Fault | None:
    """For content kept as it came: only the nesting is looked at."""
    return _first_fault(value, lambda part: None)


def _first_fault(value: Any, judge: Callable[[Any], ErrorDetail | None]) -> Fault | None:
    waiting: list[tuple[Any, int, Trail | None]] = [(value, 0, None)]
    while waiting:
        current, depth, trail = waiting.pop()
        detail = judge(current)
        if detail is not None:
            return Fault(_place(trail), detail)
        if depth > DEEPEST:
            return Fault((), ErrorDetail("This is nested too deep.", code="too_deep"))
        inside = [(part, depth + 1, (step, trail)) for step, part in _parts(current)]
        waiting.extend(reversed(inside))
    return None


def _place(trail: Trail | None) -> tuple[str, ...]:
    steps: list[str] = []
    while trail is not None:
        step, trail = trail
        steps.insert(0, printable(step))
    return tuple(steps)


def printable(name: Any) -> str:
    """A name that somebody gave, as an answer can carry it."""
    return str(name).encode("utf-8", "backslashreplace").decode().replace("\x00", "\\x00")


class StrictSerializer(serializers.Serializer[Any]):
    """Refuses fields it does not know (`unknown_field`) and fields that are only read (`read_only_field`).

    Nested ones do the same, each error at its own pointer. `free_fields` names those whose content is kept
    as it came (a carrier's raw answer) and therefore not searched for unstorable characters. With
    `nulls_left_out`, null in something new says the same as leaving an optional field out, as many programs
    write it; in a change it stays what the field makes of it.
    """

    free_fields: ClassVar[frozenset[str]] = frozenset()
    nulls_left_out: ClassVar[bool] = False

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
        if self.nulls_left_out and isinstance(data, Mapping) and not getattr(self.root, "partial", False):
            data = data if html.is_html_input(data) else self._without_nulls(data)
        try:
            values = super().to_internal_value(data)
        except ValidationError as refused:
            if not errors or not isinstance(refused.detail, dict):
                raise
            raise ValidationError({**refused.detail, **errors}) from refused
        if errors:
            raise ValidationError(errors)
        return values

    def _without_nulls(self, data: Mapping[Any, Any]) -> dict[Any, Any]:
        optional = {name for name, field in self.fields.items() if not field.required}
        return {name: value for name, value in data.items() if value is not None or name not in optional}

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
                errors[printable(name)] = [ErrorDetail("Unknown field.", code="unknown_field")]
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
                is_group = isinstance(field, serializers.BaseSerializer) and not fault.place
                own = {api_settings.NON_FIELD_ERRORS_KEY: [fault.detail]}
                errors[name] = own if is_group else fault.nested()
        return errors
