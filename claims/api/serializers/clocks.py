"""Clocks and warnings as they are shown, and what moving and cancelling take."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api.fields import AwareDateTimeField, StrictSerializer
from claims.api import choices
from claims.api.serializers import parts
from claims.models import Deadline, Warning
from claims.selectors.clocks import order_id_of


class DeadlineSerializer(serializers.Serializer[Any]):
    """One clock. `seconds_left` counts to the target when shown; it is negative once that has passed."""

    id = parts.number()
    claim = parts.maybe_number(source="claim_id")
    notice = parts.maybe_number(source="notice_id")
    seller = parts.seller()
    order_id = serializers.SerializerMethodField()
    kind = serializers.ChoiceField(choices.DEADLINE_KINDS, read_only=True)
    due_at = parts.moment()
    target_at = parts.moment()
    seconds_left = serializers.SerializerMethodField()
    stated = parts.text()
    basis = serializers.ChoiceField(choices.BASES, read_only=True)
    basis_source = parts.text()
    version = parts.number()
    previous_due_at = parts.maybe_moment()
    status = serializers.ChoiceField(choices.DEADLINE_STATUSES, read_only=True)
    answered_at = parts.maybe_moment()
    closed_at = parts.maybe_moment()
    closed_reason = parts.text(source="closed_for")

    @extend_schema_field({"type": "string"})
    def get_order_id(self, deadline: Deadline) -> str:
        return order_id_of(deadline)

    @extend_schema_field({"type": ["integer", "null"]})
    def get_seconds_left(self, deadline: Deadline) -> int | None:
        if deadline.settled:
            return None
        return int((deadline.target_at - self.context["now"]).total_seconds())


class MoveDeadlineSerializer(StrictSerializer):
    """The true date, as Seller Central shows it."""

    due_at = AwareDateTimeField()
    reason = serializers.CharField(max_length=255)


class CancelDeadlineSerializer(StrictSerializer):
    """Why this clock does not run."""

    reason = serializers.CharField(max_length=255)


class DeliverySerializer(serializers.Serializer[Any]):
    """One round of a warning to one recipient."""

    recipient = parts.text()
    channel = serializers.ChoiceField(choices.DELIVERY_CHANNELS, read_only=True)
    round = parts.number()
    status = serializers.ChoiceField(choices.DELIVERY_STATUSES, read_only=True)
    attempts = parts.number()
    sent_at = parts.maybe_moment()
    last_error = parts.text()


class WarningSerializer(serializers.Serializer[Any]):
    """One stage of a clock that was reached, and who was told."""

    id = parts.number()
    claim = parts.maybe_number(source="claim_id")
    notice = serializers.SerializerMethodField()
    seller = parts.seller()
    order_id = serializers.SerializerMethodField()
    deadline = parts.maybe_number(source="deadline_id")
    deadline_kind = serializers.SerializerMethodField()
    deadline_version = parts.number()
    stage = parts.text()
    due_at = serializers.SerializerMethodField()
    created_at = parts.moment()
    status = serializers.ChoiceField(choices.WARNING_STATUSES, read_only=True)
    acknowledged_by = serializers.SerializerMethodField()
    acknowledged_at = parts.maybe_moment()
    deliveries = DeliverySerializer(many=True, read_only=True)

    @extend_schema_field({"type": ["integer", "null"]})
    def get_notice(self, warning: Warning) -> int | None:
        return warning.deadline.notice_id if warning.deadline else None

    @extend_schema_field({"type": "string"})
    def get_order_id(self, warning: Warning) -> str:
        if warning.claim is not None:
            return warning.claim.order_id
        return order_id_of(warning.deadline) if warning.deadline else ""

    @extend_schema_field(serializers.ChoiceField(choices.DEADLINE_KINDS, allow_null=True))
    def get_deadline_kind(self, warning: Warning) -> str | None:
        return warning.deadline.kind if warning.deadline else None

    @extend_schema_field({"type": ["string", "null"], "format": "date-time"})
    def get_due_at(self, warning: Warning) -> str | None:
        return _moment(warning.deadline.due_at) if warning.deadline else None

    @extend_schema_field({"type": ["string", "null"]})
    def get_acknowledged_by(self, warning: Warning) -> str | None:
        return warning.acknowledged_by.get_username() if warning.acknowledged_by else None


def _moment(value: Any) -> str:
    return AwareDateTimeField().to_representation(value)
