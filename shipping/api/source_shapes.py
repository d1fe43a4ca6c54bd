"""What sources and their addresses look like in requests and answers. A credential goes in and never comes out."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.reverse import reverse

from accounts.api.fields import AwareDateTimeField, StrictSerializer
from shipping.api.fields import YesNoUnknownField
from shipping.models import ParcelPoll, SourceAccount, TrackingEndpoint
from shipping.sources.words import SECRET_FIELDS, SendingSource, SourceName

TRIED = [
    ("ok", "the source answered"),
    ("refused", "the credentials are refused"),
    ("failed", "no useful answer; it may work later"),
]


def _secret(help_text: str) -> serializers.CharField:
    return serializers.CharField(
        required=False,
        allow_blank=True,
        write_only=True,
        max_length=4000,
        help_text=help_text,
        style={"input_type": "password"},
    )


class CredentialsSerializer(StrictSerializer):
    """All that any source asks for; each needs its own part of it."""

    api_key = _secret("EasyPost, 17TRACK, DHL Unified.")
    client_id = _secret("Amazon, FedEx, UPS, USPS.")
    client_secret = _secret("Amazon, FedEx, UPS, USPS.")
    refresh_token = _secret("Amazon: of the seller's authorisation.")
    account_number = _secret("FedEx, UPS, MyDHL, where documents need it.")
    username = _secret("MyDHL.")
    password = _secret("MyDHL.")


def secrets_of(given: dict[str, Any]) -> dict[str, str]:
    """The credentials among checked values; what was left empty was not given."""
    return {name: given[name] for name in SECRET_FIELDS if given.get(name)}


class NewSourceSerializer(CredentialsSerializer):
    """An account with a source."""

    source = serializers.ChoiceField(SourceName.choices)  # type: ignore[assignment]
    base_url = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=300,
        help_text="Empty: the vendor's own address. Amazon: by region, such as https://sellingpartnerapi-eu.amazon.com.",
    )


class ChangeSourceSerializer(CredentialsSerializer):
    """Other credentials (all of them anew), another address, or on and off."""

    base_url = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=300,
        help_text="Another needs the credentials anew. Empty: as it was.",
    )
    is_active = YesNoUnknownField(help_text="No: nothing more is asked there. Empty: as it was.")


class SourceSerializer(serializers.Serializer[Any]):
    """An account without its credentials."""

    id = serializers.IntegerField(read_only=True)
    url = serializers.SerializerMethodField()
    seller = serializers.CharField(source="seller.merchant_token", read_only=True)
    source = serializers.ChoiceField(SourceName.choices, read_only=True)  # type: ignore[assignment]
    base_url = serializers.CharField(read_only=True)
    is_active = serializers.BooleanField(read_only=True)
    last_ok_at = AwareDateTimeField(read_only=True, allow_null=True, help_text="To the minute.")
    last_error = serializers.CharField(read_only=True)
    last_error_at = AwareDateTimeField(read_only=True, allow_null=True)
    paused_until = AwareDateTimeField(read_only=True, allow_null=True, help_text="Nothing is asked before.")
    created_at = AwareDateTimeField(read_only=True)

    @extend_schema_field(OpenApiTypes.URI)
    def get_url(self, account: SourceAccount) -> str:
        return reverse(
            "source-detail", args=[account.seller_id, account.pk], request=self.context.get("request")
        )


class TriedSerializer(serializers.Serializer[Any]):
    """What became of the test call."""

    status = serializers.ChoiceField(choices=TRIED, read_only=True)
    detail = serializers.CharField(read_only=True)


class NewEndpointSerializer(StrictSerializer):
    """An address for a source to send to. One in use before for the same source is retired at once."""

    source = serializers.ChoiceField(SendingSource.choices)  # type: ignore[assignment]
    secret = serializers.CharField(
        required=False,
        allow_blank=True,
        write_only=True,
        max_length=400,
        help_text="What the source signs with: the webhook secret (EasyPost, AfterShip) or the API key (17TRACK).",
        style={"input_type": "password"},
    )


class EndpointSerializer(serializers.Serializer[Any]):
    """An address; give it to the source."""

    id = serializers.IntegerField(read_only=True)
    url = serializers.SerializerMethodField()
    seller = serializers.CharField(source="seller.merchant_token", read_only=True)
    source = serializers.ChoiceField(SendingSource.choices, read_only=True)  # type: ignore[assignment]
    address = serializers.SerializerMethodField(help_text="Where the source sends to; null once retired.")
    is_active = serializers.BooleanField(read_only=True)
    last_received_at = AwareDateTimeField(read_only=True, allow_null=True, help_text="To the minute.")
    last_refused_at = AwareDateTimeField(
        read_only=True, allow_null=True, help_text="A delivery whose signature did not fit."
    )
    created_at = AwareDateTimeField(read_only=True)

    @extend_schema_field(OpenApiTypes.URI)
    def get_url(self, endpoint: TrackingEndpoint) -> str:
        given = [endpoint.seller_id, endpoint.pk]
        return reverse("tracking-endpoint-detail", args=given, request=self.context.get("request"))

    @extend_schema_field({"type": ["string", "null"], "format": "uri"})
    def get_address(self, endpoint: TrackingEndpoint) -> str | None:
        if not endpoint.is_active:
            return None
        return reverse("tracking-webhook-list", args=[endpoint.token], request=self.context.get("request"))


class SourceChangeSerializer(serializers.Serializer[Any]):
    """One line of the history of sources and addresses."""

    at = AwareDateTimeField(read_only=True)
    kind = serializers.CharField(read_only=True)
    by = serializers.CharField(source="actor_label", read_only=True)
    account = serializers.IntegerField(source="account_id", read_only=True, allow_null=True)
    endpoint = serializers.IntegerField(source="endpoint_id", read_only=True, allow_null=True)
    details = serializers.JSONField(read_only=True)


class TakenSerializer(serializers.Serializer[Any]):
    """The delivery is kept."""

    parcels = serializers.IntegerField(
        read_only=True, help_text="How many parcels it speaks of; 0: kept aside."
    )


class PollSerializer(serializers.Serializer[Any]):
    """How one source is asked about this parcel."""

    source = serializers.ChoiceField(SourceName.choices, source="account.source", read_only=True)  # type: ignore[assignment]
    last_asked_at = AwareDateTimeField(read_only=True, allow_null=True)
    last_answer_at = AwareDateTimeField(read_only=True, allow_null=True)
    next_ask_at = serializers.SerializerMethodField(help_text="Null: not again.")
    reason = serializers.CharField(read_only=True, help_text="Why then, or why not.")
    error = serializers.CharField(source="last_error", read_only=True)
    failures = serializers.IntegerField(read_only=True, help_text="In a row.")

    @extend_schema_field({"type": ["string", "null"], "format": "date-time"})
    def get_next_ask_at(self, poll: ParcelPoll) -> str | None:
        """Not before the account's pause ends."""
        moments = [each for each in (poll.next_poll_at, poll.account.paused_until) if each is not None]
        if poll.next_poll_at is None or not poll.account.is_active:
            return None
        shown: str = AwareDateTimeField().to_representation(max(moments))
        return shown
