"""Policy rows and ladders of a seller, and what switching a policy takes."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from accounts.api.fields import StrictSerializer, YesNoField
from claims.api import choices
from claims.api.serializers import parts
from claims.models import PolicyWindow
from claims.services.policies import EVERYWHERE


class PolicySerializer(serializers.Serializer[Any]):
    """One window with where it was read. `own`: this seller's, which goes before the installation's."""

    id = parts.number()
    own = serializers.SerializerMethodField()
    marketplace_id = parts.text(help_text="`*` stands for every marketplace.")
    kind = serializers.ChoiceField(choices.DEADLINE_KINDS, read_only=True)
    hours = parts.maybe_number()
    calendar_days = parts.maybe_number()
    effective_from = serializers.DateField(read_only=True)
    source = parts.text()  # type: ignore[assignment]
    source_date = serializers.DateField(read_only=True, allow_null=True)
    active = parts.flag()

    @extend_schema_field({"type": "boolean"})
    def get_own(self, policy: PolicyWindow) -> bool:
        return policy.seller_id is not None


class SetPolicySerializer(StrictSerializer):
    """A window for this seller, in hours or calendar days; counts for letters that come from now on."""

    marketplace_id = serializers.RegexField(
        r"\A(\*|[A-Z0-9]{1,32})\Z",
        default=EVERYWHERE,
        initial=EVERYWHERE,
        help_text="`*` for every marketplace.",
    )
    kind = serializers.ChoiceField(choices.POLICY_KINDS)
    hours = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=8784)
    calendar_days = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=366)
    source = serializers.CharField(  # type: ignore[assignment]
        max_length=1000, help_text="Where it says so."
    )
    active = YesNoField(default=True, initial=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if (attrs.get("hours") is None) == (attrs.get("calendar_days") is None):
            raise ValidationError(
                {"hours": ErrorDetail("Give either hours or calendar_days.", code="one_of")}
            )
        return attrs
