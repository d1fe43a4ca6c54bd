"""The preview of a claim's warnings: clocks, their stages, and the messages of each stage."""

from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from claims.api import choices
from claims.api.serializers import parts


class PreviewDeliverySerializer(serializers.Serializer[Any]):
    """One message to one recipient, sent or to come. `delayed`: held back until `at` by quiet hours."""

    recipient = parts.text()
    user = parts.maybe_number(source="user_id")
    channel = serializers.ChoiceField(choices.DELIVERY_CHANNELS, read_only=True)
    round = parts.number()
    at = parts.moment()
    delayed = parts.flag()
    status = serializers.ChoiceField(choices.PREVIEW_DELIVERY_STATUSES, read_only=True)


class PreviewStageSerializer(serializers.Serializer[Any]):
    """One stage: as its warning went, or what is planned as long as nobody answers."""

    stage = parts.text()
    at = parts.moment()
    status = serializers.ChoiceField(choices.PREVIEW_STATUSES, read_only=True)
    repeats = parts.flag()
    audience = serializers.ListField(
        child=serializers.ChoiceField(choices.AUDIENCES, read_only=True), read_only=True
    )
    channels = serializers.ListField(
        child=serializers.ChoiceField(choices.CHANNEL_KINDS, read_only=True), read_only=True
    )
    deliveries = PreviewDeliverySerializer(many=True, read_only=True)


class PreviewClockSerializer(serializers.Serializer[Any]):
    """One clock of the claim that still runs or was missed."""

    deadline = parts.number(source="deadline.pk")
    kind = serializers.ChoiceField(choices.DEADLINE_KINDS, read_only=True, source="deadline.kind")
    version = parts.number(source="deadline.version")
    status = serializers.ChoiceField(choices.DEADLINE_STATUSES, read_only=True, source="deadline.status")
    target_at = parts.moment(source="deadline.target_at")
    due_at = parts.moment(source="deadline.due_at")
    own_ladder = parts.flag()
    stages = PreviewStageSerializer(many=True, read_only=True)


@extend_schema_serializer(many=False)
class WarningPreviewSerializer(serializers.Serializer[Any]):
    """What would go out for a claim, when and to whom, as things stand `as_of`."""

    claim = parts.number()
    as_of = parts.moment()
    clocks = PreviewClockSerializer(many=True, read_only=True)
