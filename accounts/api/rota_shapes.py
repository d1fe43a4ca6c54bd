"""What shifts and hand-overs look like in requests and answers."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api.fields import AwareDateTimeField, StrictSerializer, TimeZoneField
from accounts.api.people import MaybeMemberField, MemberField, ShownPersonSerializer
from accounts.api.quiet_hours import ClockTimeField
from accounts.models import Membership, Role
from accounts.rota import WEEKDAYS, on_call_at
from accounts.selectors import Duty

WEEKDAY_CHOICES = [(day, day) for day in WEEKDAYS]


@extend_schema_field({"type": "array", "items": {"type": "string", "enum": list(WEEKDAYS)}})
class WeekdaysField(serializers.MultipleChoiceField):
    """Days of the week, each once and in their order."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=WEEKDAY_CHOICES, allow_empty=False, **kwargs)

    def to_internal_value(self, data: Any) -> Any:
        chosen = super().to_internal_value(data)
        return [day for day in WEEKDAYS if day in chosen]

    def to_representation(self, value: Any) -> Any:
        return [day for day in WEEKDAYS if day in value]


class ShiftInSerializer(StrictSerializer):
    """The hours at which a member is on call, every week."""

    user = MemberField()
    weekdays = WeekdaysField(help_text="On which the shift begins.")
    starts = ClockTimeField(help_text="Such as 09:00.")
    ends = ClockTimeField(help_text="Not after the start: on the next day.")
    time_zone = TimeZoneField(
        max_length=64, required=False, help_text="IANA name; left out: the seller's zone."
    )
    valid_from = serializers.DateField(help_text="The first day, in that zone.")
    valid_to = serializers.DateField(
        required=False, allow_null=True, help_text="The last day on which it begins; empty: for good."
    )


class ShiftSerializer(serializers.Serializer[Any]):
    """One shift."""

    id = serializers.IntegerField(read_only=True)
    seller = serializers.CharField(source="seller.merchant_token", read_only=True)
    user = ShownPersonSerializer(read_only=True)
    weekdays = WeekdaysField(read_only=True)
    starts = ClockTimeField(read_only=True)
    ends = ClockTimeField(read_only=True)
    time_zone = serializers.CharField(read_only=True)
    valid_from = serializers.DateField(read_only=True)
    valid_to = serializers.DateField(read_only=True, allow_null=True)
    created_at = AwareDateTimeField(read_only=True)


class HandOverInSerializer(StrictSerializer):
    """Hours to be taken over by a colleague."""

    given_by = MaybeMemberField(
        required=False,
        allow_null=True,
        nobody="everyone on call",
        help_text="Whose hours; left out: those of everyone on call.",
    )
    taken_by = MemberField()
    starts_at = AwareDateTimeField()
    ends_at = AwareDateTimeField()
    reason = serializers.CharField(max_length=255)


class EndHandOverSerializer(StrictSerializer):
    """Another end."""

    ends_at = AwareDateTimeField(required=False, allow_null=True, help_text="Empty: now.")


class HandOverSerializer(serializers.Serializer[Any]):
    """One hand-over; `given_by` null: of everyone on call."""

    id = serializers.IntegerField(read_only=True)
    seller = serializers.CharField(source="seller.merchant_token", read_only=True)
    given_by = ShownPersonSerializer(read_only=True, allow_null=True)
    taken_by = ShownPersonSerializer(read_only=True)
    starts_at = AwareDateTimeField(read_only=True)
    ends_at = AwareDateTimeField(read_only=True)
    reason = serializers.CharField(read_only=True)
    created_by = ShownPersonSerializer(read_only=True)
    created_at = AwareDateTimeField(read_only=True)


class OnCallSerializer(serializers.Serializer[Any]):
    """Who is on call at a moment."""

    at = AwareDateTimeField(read_only=True)
    by = serializers.ChoiceField(
        choices=["rota", "mark", "everyone"],
        read_only=True,
        help_text="`mark`: the rota names nobody, these members are marked on call; `everyone`: nobody is.",
    )
    people = ShownPersonSerializer(many=True, read_only=True)


def on_call_shown(
    duty: Duty, members: Mapping[int, Membership], *, moment: datetime, at: str
) -> dict[str, Any]:
    """The values of OnCallSerializer; without anybody named, every active agent and lead."""
    named = duty.at(moment)
    by = "mark" if named else "everyone"
    if on_call_at(duty.shifts, duty.handovers, moment):
        by = "rota"
    if not named:
        named = frozenset(pk for pk, row in members.items() if row.role in (Role.AGENT, Role.LEAD))
    people = [row.user for pk, row in sorted(members.items()) if pk in named]
    return {
        "at": at,
        "by": by,
        "people": [{"id": user.pk, "username": user.get_username()} for user in people],
    }
