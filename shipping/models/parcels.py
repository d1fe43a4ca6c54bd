"""Shipments and what was learnt about them.

A snapshot is the truth and is never changed or deleted; events and the derived columns of a shipment are read
from snapshots and can be rebuilt (`manage.py rebuild_tracking`). Rows only: the rules live in `rules/`, the
readers in `carriers/`, writing in `services/`.
"""

from typing import ClassVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q

from accounts.models import Seller
from shipping.vocabulary import Channel, EventSource, Leg, ParcelStatus, SnapshotStatus, TimeBasis

NUMBER_LENGTH = 64


class Shipment(models.Model):
    """One parcel of one order. The key is (seller, order, number): carriers use their numbers again."""

    seller = models.ForeignKey(Seller, on_delete=models.PROTECT, related_name="shipments")
    order_id = models.CharField(max_length=19)
    marketplace_id = models.CharField(max_length=32, blank=True, default="")
    carrier = models.CharField(max_length=100, blank=True, default="")
    tracking_number = models.CharField(max_length=NUMBER_LENGTH, help_text="Upper case, no blanks or dashes.")
    service = models.CharField(max_length=200, blank=True, default="")
    shipped_at = models.DateTimeField(null=True, blank=True)
    ship_by = models.DateTimeField(null=True, blank=True)
    deliver_by = models.DateTimeField(null=True, blank=True)
    bought_through_buy_shipping = models.BooleanField(null=True, blank=True, help_text="Empty: not known.")
    claims_protected = models.BooleanField(null=True, blank=True, help_text="Empty: not known.")
    signature_required = models.BooleanField(null=True, blank=True, help_text="Empty: not known.")
    amazon_shipment_id = models.CharField(max_length=64, blank=True, default="")
    ship_to = models.JSONField(default=dict, blank=True, help_text="The buyer's address, by part.")

    status = models.CharField(max_length=32, choices=ParcelStatus.choices, default=ParcelStatus.UNKNOWN)
    leg = models.CharField(max_length=8, choices=Leg.choices, default=Leg.UNKNOWN)
    delivered_at = models.DateTimeField(null=True, blank=True, help_text="Delivery to the buyer's side, UTC.")
    delivered_local = models.CharField(
        max_length=40, blank=True, default="", help_text="As the carrier wrote it."
    )
    time_basis = models.CharField(max_length=24, choices=TimeBasis.choices, blank=True, default="")
    delivered_earliest = models.DateTimeField(null=True, blank=True)
    delivered_latest = models.DateTimeField(null=True, blank=True)
    place = models.JSONField(default=dict, blank=True)
    received_by = models.JSONField(default=dict, blank=True, help_text="{raw, kind}")
    signature = models.JSONField(default=dict, blank=True, help_text="{required, obtained}")
    first_scan_at = models.DateTimeField(null=True, blank=True)
    first_scan = models.JSONField(
        default=dict,
        blank=True,
        encoder=DjangoJSONEncoder,
        help_text="{at, local, time_basis, earliest, latest, …}",
    )
    address_match = models.JSONField(
        default=dict, blank=True, help_text="match, mismatch or not_stated, by part."
    )
    address_how = models.JSONField(default=dict, blank=True, help_text="The rule that decided, by part.")
    name_match = models.JSONField(
        default=dict, blank=True, help_text="{result: match | partial | mismatch | cannot_tell, how}"
    )
    conflicts = models.JSONField(default=list, blank=True)
    gaps = models.JSONField(default=list, blank=True)
    documents = models.JSONField(default=list, blank=True)
    number_check = models.JSONField(default=dict, blank=True)
    order_facts = models.JSONField(
        default=dict,
        blank=True,
        help_text="What answers say of order and label, by name; see rules/order_facts.py.",
    )

    facts_pending = models.BooleanField(
        default=False, help_text="Changed, and not yet read by whoever uses it."
    )
    plan_pending = models.BooleanField(
        default=True, db_default=True, help_text="When to ask whom is to be worked out anew."
    )
    watched_until = models.DateTimeField(
        null=True, blank=True, help_text="Until then somebody waits for news of it."
    )
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField(help_text="Grows with every change of facts.")

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["seller", "order_id", "tracking_number"], name="shipment_once"),
            models.CheckConstraint(name="shipment_status_known", condition=Q(status__in=ParcelStatus.values)),
            models.CheckConstraint(name="shipment_leg_known", condition=Q(leg__in=Leg.values)),
            models.CheckConstraint(
                name="shipment_delivered_has_basis",
                condition=Q(delivered_at__isnull=True) | ~Q(time_basis=""),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["seller", "status", "id"], name="shipment_status"),
            models.Index(
                fields=["tracking_number"], name="shipment_number_start", opclasses=["varchar_pattern_ops"]
            ),
            models.Index(fields=["updated_at"], name="shipment_pending", condition=Q(facts_pending=True)),
            models.Index(fields=["id"], name="shipment_plan_pending", condition=Q(plan_pending=True)),
        ]

    def __str__(self) -> str:
        return f"{self.carrier or 'parcel'} {self.tracking_number} of order {self.order_id}"


class TrackingSnapshot(models.Model):
    """One answer about one parcel, byte for byte. Append-only but for what its reading gave."""

    shipment = models.ForeignKey(Shipment, on_delete=models.PROTECT, related_name="snapshots")
    provider = models.CharField(max_length=40)
    channel = models.CharField(max_length=16, choices=Channel.choices)
    http_status = models.PositiveSmallIntegerField(default=200)
    content_type = models.CharField(max_length=200, blank=True, default="")
    raw = models.BinaryField()
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    request = models.JSONField(
        default=dict, blank=True, help_text="What was asked, without secrets; empty where it was not asked."
    )
    signature_verified = models.BooleanField(
        null=True, blank=True, help_text="Of a delivery by webhook; empty for every other."
    )
    fetched_at = models.DateTimeField(help_text="When the carrier gave the answer, as far as known.")
    received_at = models.DateTimeField(help_text="When it came in here.")
    actor_kind = models.CharField(max_length=16)
    actor_label = models.CharField(max_length=200)
    status = models.CharField(max_length=16, choices=SnapshotStatus.choices)
    reason = models.CharField(max_length=500, blank=True, default="", help_text="Why it was not read.")
    stated = models.JSONField(default=dict, blank=True, help_text="What it says of the parcel as a whole.")
    parser_version = models.CharField(max_length=40, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["shipment", "provider", "sha256", "http_status"], name="snapshot_once"
            ),
            models.CheckConstraint(
                name="snapshot_status_known", condition=Q(status__in=SnapshotStatus.values)
            ),
            models.CheckConstraint(
                name="snapshot_hash_is_sha256", condition=Q(sha256__regex=r"^[0-9a-f]{64}$")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider} answer {self.sha256[:12]} ({self.status})"


class TrackingEvent(models.Model):
    """One thing a carrier said, once, with a pointer to where it says so."""

    shipment = models.ForeignKey(Shipment, on_delete=models.PROTECT, related_name="events")
    snapshot = models.ForeignKey(TrackingSnapshot, on_delete=models.PROTECT, related_name="events")
    position = models.PositiveIntegerField(help_text="Which one in the snapshot, from 0.")
    fingerprint = models.CharField(max_length=64)
    provider = models.CharField(max_length=40)
    carrier = models.CharField(max_length=100, blank=True, default="")
    tracking_number = models.CharField(max_length=NUMBER_LENGTH, blank=True, default="")
    leg = models.CharField(max_length=8, choices=Leg.choices, help_text="In the light of all events.")
    stated_leg = models.CharField(max_length=8, choices=Leg.choices, help_text="As this event says.")
    status = models.CharField(max_length=32, choices=ParcelStatus.choices)
    provider_status = models.CharField(max_length=100, blank=True, default="", help_text="Verbatim.")
    code = models.CharField(max_length=100, blank=True, default="", help_text="Verbatim.")
    text = models.TextField(blank=True, default="", help_text="Verbatim.")
    time_raw = models.CharField(max_length=100, blank=True, default="", help_text="Verbatim.")
    local_time = models.CharField(max_length=40, blank=True, default="", help_text="ISO 8601 without offset.")
    offset_minutes = models.SmallIntegerField(null=True, blank=True)
    occurred_at = models.DateTimeField(null=True, blank=True)
    time_basis = models.CharField(max_length=24, choices=TimeBasis.choices, blank=True, default="")
    sort_at = models.DateTimeField(null=True, blank=True, help_text="For ordering only; proves nothing.")
    place = models.JSONField(default=dict, blank=True)
    source = models.CharField(max_length=20, choices=EventSource.choices)

    class Meta:
        ordering: ClassVar = [F("sort_at").asc(nulls_first=True), "position", "fingerprint"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shipment", "fingerprint"], name="tracking_event_once"),
            models.CheckConstraint(
                name="tracking_event_status_known", condition=Q(status__in=ParcelStatus.values)
            ),
            models.CheckConstraint(
                name="tracking_event_time_has_basis",
                condition=(Q(occurred_at__isnull=True) & Q(local_time="")) | ~Q(time_basis=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.status}: {self.text}"


class ShipmentChange(models.Model):
    """Who said what about a shipment, and when. Append-only."""

    shipment = models.ForeignKey(Shipment, on_delete=models.PROTECT, related_name="changes")
    kind = models.CharField(max_length=40)
    actor_kind = models.CharField(max_length=16)
    actor_user_id = models.BigIntegerField(null=True, blank=True)
    actor_integration_id = models.BigIntegerField(null=True, blank=True)
    actor_label = models.CharField(max_length=200)
    at = models.DateTimeField()
    details = models.JSONField(default=dict, blank=True, encoder=DjangoJSONEncoder)

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.kind} by {self.actor_label}"
