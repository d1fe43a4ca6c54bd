"""Accounts with sources, the plan of asking them, addresses they send to, and answers that fit no parcel yet.

Rows only: how a source is asked is in `sources/`, when in `rules/polling.py`, writing in `services/`.
"""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from accounts.models import Seller
from shipping.models.parcels import NUMBER_LENGTH, Shipment, TrackingSnapshot
from shipping.sources.words import SendingSource, SourceName


class SourceAccount(models.Model):
    """A seller's account with a source. The secrets are encrypted and never shown again.

    `failures` in a row open the breaker: until `paused_until` nothing is asked.
    """

    seller = models.ForeignKey(Seller, on_delete=models.PROTECT, related_name="sources")
    source = models.CharField(max_length=32, choices=SourceName.choices)
    base_url = models.CharField(max_length=300)
    secrets_encrypted = models.TextField()
    is_active = models.BooleanField(default=True)
    last_ok_at = models.DateTimeField(null=True, blank=True, help_text="Written at most once a minute.")
    last_error = models.TextField(blank=True, default="")
    last_error_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveIntegerField(default=0)
    paused_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["seller", "source"], name="source_account_once", condition=Q(is_active=True)
            ),
            models.CheckConstraint(name="source_known", condition=Q(source__in=SourceName.values)),
            models.CheckConstraint(name="source_has_secrets", condition=~Q(secrets_encrypted="")),
        ]

    def __str__(self) -> str:
        return f"{self.get_source_display()} of seller {self.seller_id}"


class SourcePace(models.Model):
    """The bucket of one operation of one account, so that any number of workers keep one pace."""

    account = models.ForeignKey(SourceAccount, on_delete=models.PROTECT, related_name="paces")
    operation = models.CharField(max_length=32)
    tokens = models.FloatField()
    filled_at = models.DateTimeField()
    day = models.DateField(help_text="UTC.")
    used = models.PositiveIntegerField(help_text="Calls of that day.")

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["account", "operation"], name="source_pace_once"),
        ]

    def __str__(self) -> str:
        return f"{self.operation} of account {self.account_id}"


class ParcelPoll(models.Model):
    """When one source is to be asked about one parcel, and how it went. While leased, `attempts` names the lease."""

    shipment = models.ForeignKey(Shipment, on_delete=models.PROTECT, related_name="polls")
    account = models.ForeignKey(SourceAccount, on_delete=models.PROTECT, related_name="polls")
    next_poll_at = models.DateTimeField(null=True, blank=True, help_text="Empty: not to be asked again.")
    reason = models.CharField(max_length=200, blank=True, default="", help_text="Why then, or why not.")
    is_urgent = models.BooleanField(
        default=False, help_text="Somebody waits: first, and from what is kept back."
    )
    lease_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    last_asked_at = models.DateTimeField(null=True, blank=True)
    last_answer_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=500, blank=True, default="")
    failures = models.PositiveIntegerField(default=0, help_text="In a row.")
    proof_asked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["shipment", "account"], name="parcel_poll_once"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["-is_urgent", "next_poll_at"],
                name="parcel_poll_due",
                condition=Q(next_poll_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"parcel {self.shipment_id} by account {self.account_id}"


class TrackingEndpoint(models.Model):
    """The unguessable address to which one source sends news for one seller. A new one retires the old."""

    seller = models.ForeignKey(Seller, on_delete=models.PROTECT, related_name="tracking_endpoints")
    source = models.CharField(max_length=32, choices=SendingSource.choices)
    token = models.CharField(max_length=64, unique=True)
    secret_encrypted = models.TextField(
        blank=True, default="", help_text="Empty for ShipEngine: its key is public."
    )
    is_active = models.BooleanField(default=True)
    last_received_at = models.DateTimeField(null=True, blank=True, help_text="Written at most once a minute.")
    last_refused_at = models.DateTimeField(null=True, blank=True, help_text="A signature did not fit.")
    created_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["seller", "source"], name="tracking_endpoint_once", condition=Q(is_active=True)
            ),
            models.CheckConstraint(name="sending_source_known", condition=Q(source__in=SendingSource.values)),
            models.CheckConstraint(
                name="tracking_endpoint_has_secret",
                condition=Q(source=SendingSource.SHIPENGINE) | ~Q(secret_encrypted=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_source_display()} to seller {self.seller_id}"


class StrayAnswer(models.Model):
    """What a source sent about a parcel that nobody knows yet; it is linked when the parcel comes."""

    endpoint = models.ForeignKey(TrackingEndpoint, on_delete=models.PROTECT, related_name="strays")
    seller = models.ForeignKey(Seller, on_delete=models.PROTECT, related_name="stray_answers")
    provider = models.CharField(max_length=40)
    tracking_number = models.CharField(max_length=NUMBER_LENGTH, blank=True, default="")
    content_type = models.CharField(max_length=200, blank=True, default="")
    raw = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    received_at = models.DateTimeField()
    linked_at = models.DateTimeField(null=True, blank=True)
    snapshot = models.ForeignKey(
        TrackingSnapshot, on_delete=models.PROTECT, null=True, blank=True, related_name="strays"
    )

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["seller", "provider", "sha256"], name="stray_once"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["seller", "tracking_number"],
                name="stray_unlinked",
                condition=Q(linked_at__isnull=True) & ~Q(tracking_number=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider} about {self.tracking_number or 'no number'}"


class SourceChange(models.Model):
    """Who did what to a seller's sources and addresses, and when. Append-only; no secret is in it."""

    seller = models.ForeignKey(Seller, on_delete=models.PROTECT, related_name="source_changes")
    account = models.ForeignKey(SourceAccount, on_delete=models.PROTECT, null=True, related_name="changes")
    endpoint = models.ForeignKey(
        TrackingEndpoint, on_delete=models.PROTECT, null=True, related_name="changes"
    )
    kind = models.CharField(max_length=40)
    actor_kind = models.CharField(max_length=16)
    actor_user_id = models.BigIntegerField(null=True, blank=True)
    actor_integration_id = models.BigIntegerField(null=True, blank=True)
    actor_label = models.CharField(max_length=200)
    at = models.DateTimeField()
    details = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.kind} by {self.actor_label}"
