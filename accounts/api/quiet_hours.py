"""What quiet hours look like: their two times and their zone."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api.fields import StrictSerializer, TimeZoneField
from accounts.models import Membership
from accounts.selectors import quiet_hours_of


@extend_schema_field({"type": ["string"], "pattern": "^[0-2][0-9]:[0-5][0-9]$", "example": "22:00"})
class ClockTimeField(serializers.TimeField):
    """A time of day such as 22:00; seconds are taken where they are zero."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%H:%M", input_formats=["%H:%M", "%H:%M:00"], **kwargs)


class QuietHoursSerializer(StrictSerializer):
    """Warnings that can wait do, between these times; the last stages before a clock runs out never wait."""

    starts = ClockTimeField(allow_null=True, help_text="Such as 22:00. Empty: never quiet.")
    ends = ClockTimeField(allow_null=True, help_text="Such as 07:00; not after the start: on the next day.")
    time_zone = TimeZoneField(
        max_length=64,
        required=False,
        allow_blank=True,
        help_text="IANA name; empty: your own zone, else the seller's.",
    )


def quiet_hours_shown(member: Membership) -> dict[str, Any] | None:
    """With the zone that counts. None where it is never quiet; user and seller are loaded before."""
    window = quiet_hours_of(member)
    if window is None:
        return None
    return {
        "starts": f"{window.starts:%H:%M}",
        "ends": f"{window.ends:%H:%M}",
        "time_zone": window.zone.key,
    }


def quiet_hours_page(member: Membership) -> dict[str, Any]:
    """As the form shows it: empty times where it is never quiet."""
    return quiet_hours_shown(member) or {"starts": None, "ends": None, "time_zone": ""}
