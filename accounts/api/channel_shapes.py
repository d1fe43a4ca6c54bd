"""What warning channels look like in requests and answers. A target goes in and never comes out again."""

from typing import Any

from django.urls import NoReverseMatch
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.fields import empty
from rest_framework.reverse import reverse
from rest_framework.utils.html import is_html_input

from accounts.api.fields import AwareDateTimeField, StrictSerializer, VisibleSellerField, YesNoField
from accounts.channels.targets import LONGEST_TARGET
from accounts.channels.words import AUDIENCES, ChannelAudience, ChannelKind
from accounts.models import WarningChannel

TARGET_HELP = (
    "E-mail: an address. Webhook: an https address. Apprise: an address such as slack://…, tgram://…, "
    "workflows://…, dingtalk://…, wecombot://…, feishu://…, pover://… or twilio://…, or the service's own web hook."
)


class AudiencesField(serializers.MultipleChoiceField):
    """Whose warnings a room listens to; an array, in the order of escalation."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("style", {"says_none": True})
        super().__init__(choices=ChannelAudience.choices, allow_empty=False, **kwargs)

    def get_value(self, dictionary: Any) -> Any:
        """In a form none ticked means everybody's; an empty array of a program is refused."""
        given = super().get_value(dictionary)
        if given is empty or not is_html_input(dictionary):
            return given
        return [name for name in given if name] or list(AUDIENCES)

    def to_internal_value(self, data: Any) -> Any:
        given = super().to_internal_value(data)
        return [name for name in AUDIENCES if name in given]

    def to_representation(self, value: Any) -> Any:
        return [name for name in AUDIENCES if name in value]


class ChannelSerializer(StrictSerializer):
    """A channel without its secrets; `target_hint` tells it from others."""

    id = serializers.IntegerField(read_only=True)
    url = serializers.HyperlinkedIdentityField(view_name="channel-detail")
    test_url = serializers.SerializerMethodField(help_text="POST there to send a test message now.")
    seller = serializers.CharField(source="seller.merchant_token", read_only=True)
    user = serializers.SerializerMethodField(help_text="Whose own channel it is; null: the seller's room.")
    kind = serializers.ChoiceField(choices=ChannelKind.choices, read_only=True)
    label = serializers.CharField(max_length=100)  # type: ignore[assignment]
    target = serializers.CharField(
        write_only=True,
        required=False,
        allow_blank=True,
        max_length=LONGEST_TARGET,
        help_text=f"Replaces the target; empty: as it was. {TARGET_HELP}",
        style={"placeholder": "leave empty to keep it"},
    )
    target_hint = serializers.CharField(read_only=True)
    audiences = AudiencesField(required=False, help_text="Whose warnings the room hears; none: everybody's.")
    is_active = YesNoField(help_text="Switching on again gives a channel that was ended a new chance.")
    disabled_at = AwareDateTimeField(read_only=True, allow_null=True)
    disabled_reason = serializers.CharField(
        read_only=True, help_text="Why it was ended; its owners were told."
    )
    last_error = serializers.CharField(read_only=True)
    last_error_at = AwareDateTimeField(read_only=True, allow_null=True)
    last_sent_at = AwareDateTimeField(read_only=True, allow_null=True, help_text="To the minute.")
    created_at = AwareDateTimeField(read_only=True)

    def get_fields(self) -> dict[str, Any]:
        """A member's own channel has no audiences to choose."""
        fields = super().get_fields()
        if isinstance(self.instance, WarningChannel) and self.instance.user_id is not None:
            fields["audiences"].read_only = True
            fields["audiences"].required = False
        return fields

    @extend_schema_field({"type": ["string", "null"], "format": "uri"})
    def get_test_url(self, channel: WarningChannel) -> str | None:
        """None where nothing is installed that sends."""
        try:
            return reverse("channel-test-list", args=[channel.pk], request=self.context.get("request"))
        except NoReverseMatch:
            return None

    @extend_schema_field({"type": ["string", "null"]})
    def get_user(self, channel: WarningChannel) -> str | None:
        return channel.user.get_username() if channel.user else None


class NewChannelSerializer(StrictSerializer):
    """A room of the seller."""

    kind = serializers.ChoiceField(choices=ChannelKind.choices)
    label = serializers.CharField(  # type: ignore[assignment]
        max_length=100, help_text="What people call it, such as «#claims in Slack»."
    )
    target = serializers.CharField(max_length=LONGEST_TARGET, help_text=TARGET_HELP)
    audiences = AudiencesField(required=False, help_text="Whose warnings it hears; left out: everybody's.")


class NewOwnChannelSerializer(StrictSerializer):
    """A channel of the person who asks, for one of the sellers he works for."""

    seller_id = VisibleSellerField()
    kind = serializers.ChoiceField(choices=ChannelKind.choices)
    label = serializers.CharField(  # type: ignore[assignment]
        max_length=100, help_text="What you call it, such as «My telephone»."
    )
    target = serializers.CharField(max_length=LONGEST_TARGET, help_text=TARGET_HELP)


class CreatedChannelSerializer(ChannelSerializer):
    signing_secret = serializers.CharField(
        read_only=True, allow_null=True, help_text="Of a webhook; shown this once."
    )
