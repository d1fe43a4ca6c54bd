"""What shipments look like in requests and answers; notices take `ShipmentFactsSerializer` for theirs."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api.fields import AwareDateTimeField, MarketplaceField, StrictSerializer, VisibleSellerField
from shipping.api.fields import AmazonOrderField, PayloadField, TrackingNumberField, YesNoUnknownField
from shipping.api.source_shapes import PollSerializer
from shipping.carriers.registry import KNOWN_PROVIDERS
from shipping.models import Shipment, TrackingEvent
from shipping.numbers import number_note
from shipping.selectors import known_about
from shipping.services import ShipmentFields
from shipping.vocabulary import Channel, EventSource, Leg, ParcelStatus, SnapshotStatus, TimeBasis


def _text(length: int, **kwargs: Any) -> serializers.CharField:
    return serializers.CharField(required=False, allow_blank=True, max_length=length, **kwargs)


def _moment(**kwargs: Any) -> AwareDateTimeField:
    return AwareDateTimeField(required=False, allow_null=True, **kwargs)


class ShipToSerializer(StrictSerializer):
    """The buyer's address, as far as it is known."""

    nulls_left_out = True

    name = _text(200)
    line1 = _text(200)
    line2 = _text(200)
    city = _text(200)
    region = _text(100)
    postal_code = _text(20)
    country_code = serializers.RegexField(
        r"\A[A-Z]{2}\Z",
        required=False,
        allow_blank=True,
        error_messages={"invalid": "Two capitals of ISO 3166, such as IT."},
        style={"placeholder": "IT"},
    )


class ShipmentFactsSerializer(StrictSerializer):
    """A parcel as its sender knows it. What is left out or empty is not known."""

    nulls_left_out = True

    carrier = _text(100)
    tracking_number = TrackingNumberField()
    service = _text(200)
    shipped_at = _moment()
    ship_by = _moment(help_text="The latest moment for the first scan.")
    deliver_by = _moment()
    bought_through_buy_shipping = YesNoUnknownField()
    claims_protected = YesNoUnknownField()
    signature_required = YesNoUnknownField()
    amazon_shipment_id = _text(64, help_text="Of the Buy Shipping label.")


def shipment_fields(values: Mapping[str, Any]) -> ShipmentFields:
    """Checked values of a `ShipmentFactsSerializer` as the service takes them."""
    names = ShipmentFactsSerializer().fields.keys()
    return ShipmentFields(**{name: values[name] for name in names if values.get(name) is not None})


class NewShipmentSerializer(ShipmentFactsSerializer):
    """A parcel of an order. Posting the same order and number again adds to what is known."""

    seller_id = VisibleSellerField()
    order_id = AmazonOrderField()
    marketplace_id = MarketplaceField(required=False, allow_blank=True)
    ship_to = ShipToSerializer(required=False)


class ChangeShipmentSerializer(ShipmentFactsSerializer):
    """Corrections; here an empty value means: not known after all."""

    marketplace_id = MarketplaceField(required=False, allow_blank=True)
    ship_to = ShipToSerializer(required=False)


class TrackingSerializer(StrictSerializer):
    """A carrier's answer, to be kept and read."""

    free_fields = frozenset({"payload"})

    provider = serializers.CharField(
        max_length=40, help_text=f"One of {', '.join(KNOWN_PROVIDERS)}, or another."
    )
    payload = PayloadField(help_text="The answer as it came.")
    http_status = serializers.IntegerField(required=False, default=200, min_value=100, max_value=599)
    content_type = _text(200)
    fetched_at = _moment(help_text="When the carrier answered; empty: now.")


class SnapshotSerializer(serializers.Serializer[Any]):
    """A kept answer, without its bytes."""

    id = serializers.IntegerField(read_only=True)
    provider = serializers.CharField(read_only=True)
    channel = serializers.ChoiceField(Channel.choices, read_only=True)
    status = serializers.ChoiceField(SnapshotStatus.choices, read_only=True)
    reason = serializers.CharField(read_only=True)
    http_status = serializers.IntegerField(read_only=True)
    content_type = serializers.CharField(read_only=True)
    size = serializers.IntegerField(read_only=True, help_text="Bytes.")
    sha256 = serializers.CharField(read_only=True)
    fetched_at = AwareDateTimeField(read_only=True)
    received_at = AwareDateTimeField(read_only=True)
    actor = serializers.CharField(source="actor_label", read_only=True)
    stated = serializers.JSONField(read_only=True)
    parser_version = serializers.CharField(read_only=True)
    request = serializers.JSONField(read_only=True, help_text="What was asked, without secrets.")
    signature_verified = serializers.BooleanField(read_only=True, allow_null=True)


class TrackingEventSerializer(serializers.Serializer[Any]):
    """One thing that a carrier said."""

    id = serializers.IntegerField(read_only=True)
    status = serializers.ChoiceField(ParcelStatus.choices, read_only=True)
    leg = serializers.ChoiceField(Leg.choices, read_only=True)
    text = serializers.CharField(read_only=True)
    code = serializers.CharField(read_only=True)
    provider = serializers.CharField(read_only=True)
    provider_status = serializers.CharField(read_only=True)
    carrier = serializers.CharField(read_only=True)
    tracking_number = serializers.CharField(read_only=True)
    occurred_at = AwareDateTimeField(read_only=True, allow_null=True)
    local_time = serializers.CharField(read_only=True)
    offset = serializers.SerializerMethodField()
    time_basis = serializers.ChoiceField(TimeBasis.choices, read_only=True, allow_blank=True)
    time_raw = serializers.CharField(read_only=True)
    place = serializers.JSONField(read_only=True)
    source = serializers.ChoiceField(EventSource.choices, read_only=True)  # type: ignore[assignment]
    snapshot = serializers.IntegerField(source="snapshot_id", read_only=True)

    @extend_schema_field({"type": ["string", "null"]})
    def get_offset(self, event: TrackingEvent) -> str | None:
        minutes = event.offset_minutes
        if minutes is None:
            return None
        return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"


class ShipmentSerializer(serializers.Serializer[Any]):
    """A parcel and what is known of its delivery."""

    id = serializers.IntegerField(read_only=True)
    url = serializers.HyperlinkedIdentityField(view_name="shipment-detail")
    seller = serializers.CharField(source="seller.merchant_token", read_only=True)
    order_id = serializers.CharField(read_only=True)
    marketplace_id = serializers.CharField(read_only=True)
    carrier = serializers.CharField(read_only=True)
    tracking_number = serializers.CharField(read_only=True)
    service = serializers.CharField(read_only=True)
    shipped_at = AwareDateTimeField(read_only=True, allow_null=True)
    ship_by = AwareDateTimeField(read_only=True, allow_null=True)
    deliver_by = AwareDateTimeField(read_only=True, allow_null=True)
    bought_through_buy_shipping = serializers.BooleanField(read_only=True, allow_null=True)
    claims_protected = serializers.BooleanField(read_only=True, allow_null=True)
    signature_required = serializers.BooleanField(read_only=True, allow_null=True)
    amazon_shipment_id = serializers.CharField(read_only=True)
    ship_to = serializers.JSONField(read_only=True)
    status = serializers.ChoiceField(ParcelStatus.choices, read_only=True)
    leg = serializers.ChoiceField(Leg.choices, read_only=True)
    delivered_at = AwareDateTimeField(read_only=True, allow_null=True)
    delivered_local = serializers.CharField(read_only=True)
    delivered_earliest = AwareDateTimeField(read_only=True, allow_null=True)
    delivered_latest = AwareDateTimeField(read_only=True, allow_null=True)
    time_basis = serializers.ChoiceField(TimeBasis.choices, read_only=True, allow_blank=True)
    place = serializers.JSONField(read_only=True)
    received_by = serializers.JSONField(read_only=True, help_text="{raw, kind}")
    signature = serializers.JSONField(read_only=True, help_text="{required, obtained}")
    first_scan_at = AwareDateTimeField(read_only=True, allow_null=True)
    first_scan = serializers.JSONField(read_only=True)
    address_match = serializers.JSONField(read_only=True, help_text="match, mismatch or not_stated, by part.")
    address_how = serializers.JSONField(read_only=True, help_text="The rule that decided, by part.")
    name_match = serializers.JSONField(
        read_only=True, help_text="The recorded name against the address: {result, how}"
    )
    conflicts = serializers.JSONField(read_only=True, help_text="[{code, detail, fields}]")
    gaps = serializers.JSONField(read_only=True, help_text="[{code, detail}]")
    documents = serializers.JSONField(
        read_only=True,
        help_text="Proofs inside answers, with the sha256 to fetch them by; links that answers name.",
    )
    number_check = serializers.JSONField(read_only=True, help_text="{carriers, fits}")
    number_note = serializers.SerializerMethodField(
        help_text="What to repair where `fits` is false; else empty."
    )
    order_facts = serializers.SerializerMethodField()
    created_at = AwareDateTimeField(read_only=True)
    updated_at = AwareDateTimeField(read_only=True)

    def get_number_note(self, shipment: Shipment) -> str:
        return number_note(shipment.number_check, shipment.carrier)

    @extend_schema_field({"type": "object", "additionalProperties": {"type": "object"}})
    def get_order_facts(self, shipment: Shipment) -> dict[str, Any]:
        """By name {value, source, snapshot, reasons, stated, beside}: who says what of order and label."""
        return {name: asdict(fact) for name, fact in known_about(shipment).items() if fact.source}


class ShipmentDetailSerializer(ShipmentSerializer):
    """The same with everything that was said, oldest first."""

    events = TrackingEventSerializer(many=True, read_only=True)
    snapshots = SnapshotSerializer(many=True, read_only=True)
    polls = PollSerializer(
        many=True, read_only=True, help_text="Which sources are asked about it, and how that goes."
    )
    watched_until = AwareDateTimeField(
        read_only=True, allow_null=True, help_text="Asked more often until then."
    )


class ShipmentLinkSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField(read_only=True)
    url = serializers.HyperlinkedIdentityField(view_name="shipment-detail")
    status = serializers.ChoiceField(ParcelStatus.choices, read_only=True)


class RecordedTrackingSerializer(serializers.Serializer[Any]):
    """What became of a posted answer."""

    id = serializers.IntegerField(source="snapshot.id", read_only=True)
    status = serializers.ChoiceField(SnapshotStatus.choices, source="snapshot.status", read_only=True)
    reason = serializers.CharField(source="snapshot.reason", read_only=True)
    events_added = serializers.IntegerField(read_only=True)
    shipment = ShipmentLinkSerializer(source="snapshot.shipment", read_only=True)
