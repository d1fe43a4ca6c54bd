"""Ladders and their rungs: as they are shown, as a request gives them, and as a person writes them down."""

import math
import re
from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.fields import empty
from rest_framework.utils import html

from accounts.api.fields import StrictSerializer
from claims.api import choices
from claims.api.serializers import parts
from claims.ladder import AT_ONCE, MISSED, Audience, Rung
from claims.ladder_rules import iso_duration, line_of, rungs_written, stage_of

_ISO = re.compile(
    r"P(?=.)(?:(?P<weeks>[0-9]{1,4})W)?(?:(?P<days>[0-9]{1,4})D)?"
    r"(?:T(?=.)(?:(?P<hours>[0-9]{1,5})H)?(?:(?P<minutes>[0-9]{1,6})M)?(?:(?P<seconds>[0-9]{1,8})S)?)?"
)
_HOURS = re.compile(r"[0-9]{1,5}(?:\.[0-9]{1,4})?")
_MOST_HOURS = 100_000
_TEXT_HELP = (
    "One rung a line, the first at_once, then nearer and nearer to the target, the last missed: "
    "«4h: assignee, leads; repeats; by email»."
)


@extend_schema_field(
    {
        "oneOf": [{"type": "string"}, {"type": "number"}, {"type": "null"}],
        "description": "ISO 8601 duration (PT4H, P14D) or a number of hours; null for at_once and missed.",
    }
)
class BeforeField(serializers.Field[timedelta, Any, Any, Any]):
    """How long before the target: an ISO 8601 duration, or hours."""

    default_error_messages: ClassVar = {
        "invalid": "Not a duration. Write PT4H or P14D, or a number of hours."
    }

    def to_internal_value(self, data: Any) -> timedelta:
        if isinstance(data, bool):
            self.fail("invalid")
        if isinstance(data, int | float | Decimal):
            hours = float(data)
            if not math.isfinite(hours) or abs(hours) > _MOST_HOURS:
                self.fail("invalid")
            return timedelta(hours=hours)
        text = data.strip() if isinstance(data, str) else ""
        if _HOURS.fullmatch(text):
            return timedelta(hours=float(text))
        found = _ISO.fullmatch(text)
        if found is None:
            self.fail("invalid")
        return timedelta(**{unit: int(number) for unit, number in found.groupdict(default="0").items()})

    def to_representation(self, value: timedelta) -> str:
        return iso_duration(value)


class RungInSerializer(StrictSerializer):
    """One rung. Its name follows from `before`; without one it is `at_once` or `missed`."""

    stage = serializers.CharField(max_length=16, required=False)
    before = BeforeField(required=False, allow_null=True, default=None)
    audience = serializers.ListField(
        child=serializers.ChoiceField(choices.AUDIENCES), allow_empty=False, max_length=len(Audience)
    )
    channels = serializers.ListField(
        child=serializers.ChoiceField(choices.CHANNEL_KINDS),
        required=False,
        default=list,
        help_text="Kinds of channel; empty: all.",
    )
    repeats = serializers.BooleanField(
        default=False,
        help_text="Said again every 15 minutes until somebody acknowledges it, at most 8 times.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        before, stage = attrs["before"], attrs.get("stage", "")
        if before is None and stage not in (AT_ONCE, MISSED):
            code = "stage_unknown" if stage else "required"
            raise ValidationError(
                {"stage": ErrorDetail("Name at_once or missed, or give before.", code=code)}
            )
        if before is not None and stage not in ("", stage_of(before)):
            detail = f"This rung is named {stage_of(before)}; leave its stage out."
            raise ValidationError({"stage": ErrorDetail(detail, code="stage_mismatch")})
        return {**attrs, "stage": stage if before is None else stage_of(before)}


class RungSerializer(serializers.Serializer[Any]):
    """One stage: how long before the target (null: at once, or when the window ends), and who hears it how."""

    stage = parts.text()
    before = serializers.SerializerMethodField()
    audience = serializers.ListField(
        child=serializers.ChoiceField(choices.AUDIENCES, read_only=True), read_only=True
    )
    channels = serializers.ListField(
        child=serializers.ChoiceField(choices.CHANNEL_KINDS, read_only=True), read_only=True
    )
    repeats = parts.flag()

    @extend_schema_field({"type": ["string", "null"], "description": "ISO 8601 duration"})
    def get_before(self, rung: Rung) -> str | None:
        return None if rung.before is None else iso_duration(rung.before)


class LadderSerializer(serializers.Serializer[Any]):
    """The ladder of one kind of clock as it counts for this seller. `own`: not the installation's."""

    kind = serializers.ChoiceField(choices.DEADLINE_KINDS, read_only=True)
    own = parts.flag()
    rungs = RungSerializer(many=True, read_only=True)


class _Lines(list[Any]):
    """Rungs that a form's text box shows as their lines."""

    def __init__(self, rungs: Any, text: str) -> None:
        super().__init__(rungs)
        self.text = text

    def __str__(self) -> str:
        return self.text


class RungsField(serializers.ListField):
    """Rungs in their order; in a form a text with one on each line."""

    child = RungInSerializer()

    def get_value(self, dictionary: Mapping[Any, Any]) -> Any:
        if not html.is_html_input(dictionary):
            return dictionary.get(self.field_name, empty)
        text = dictionary.get(self.field_name)
        return empty if text is None else _Lines(rungs_written(str(text)), str(text))

    def to_representation(self, data: Any) -> Any:
        if isinstance(data, _Lines):
            return data
        return _Lines(RungSerializer(data, many=True).data, "\n".join(line_of(rung) for rung in data))


class SetLadderSerializer(StrictSerializer):
    """The rungs of a ladder, the first `at_once`, then nearer and nearer to the target, the last `missed`."""

    rungs = RungsField(
        style={"base_template": "textarea.html", "rows": 8}, help_text=_TEXT_HELP, allow_empty=True
    )

    def validate_rungs(self, rungs: list[dict[str, Any]]) -> tuple[Rung, ...]:
        return tuple(
            Rung(
                rung["stage"],
                rung["before"],
                tuple(Audience(name) for name in dict.fromkeys(rung["audience"])),
                rung["repeats"],
                tuple(dict.fromkeys(rung["channels"])),
            )
            for rung in rungs
        )
