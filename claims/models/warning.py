"""The warnings that go out before clocks run out, what carries them to people, and the engine's sign of life."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.models import Seller, WarningChannel
from claims.models.claim import Claim
from claims.models.clocks import Deadline


class Warning(models.Model):
    """One stage of one version of a clock, once it is reached. Repeats are rounds of it, not new warnings."""

    class Status(models.TextChoices):
        PENDING = "pending", "Pending"
        SENT = "sent", "Sent"
        FAILED = "failed", "Failed"
        SUPERSEDED = "superseded", "Superseded by a more urgent one"
        VOID = "void", "Void: moved or answered first"

    seller = models.ForeignKey(Seller, on_delete=models.PROTECT, related_name="+", db_index=False)
    claim = models.ForeignKey(
        Claim, on_delete=models.PROTECT, null=True, blank=True, related_name="warnings", db_index=False
    )
    deadline = models.ForeignKey(
        Deadline, on_delete=models.PROTECT, null=True, blank=True, related_name="warnings", db_index=False
    )
    deadline_version = models.PositiveIntegerField(default=1)
    stage = models.CharField(max_length=16)
    stage_at = models.DateTimeField()
    status = models.CharField(max_length=16, choices=Status.choices, default=Status.PENDING)
    created_at = models.DateTimeField()
    audience = ArrayField(models.CharField(max_length=16), default=list)
    channels = ArrayField(
        models.CharField(max_length=16), default=list, blank=True, help_text="Kinds of channel; empty: all."
    )
    held_until = models.DateTimeField(
        null=True, blank=True, help_text="Everyone who hears it has quiet hours until then."
    )
    repeats = models.BooleanField(default=False)
    rounds = models.PositiveSmallIntegerField(default=0)
    next_round_at = models.DateTimeField(null=True, blank=True)
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )

    class Meta:
        constraints = [
            models.UniqueConstraint("deadline", "deadline_version", "stage", name="warning_once_per_stage"),
            models.UniqueConstraint(
                "claim", "stage", "stage_at", condition=Q(deadline__isnull=True), name="warning_once_no_clock"
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_round_at"],
                condition=Q(next_round_at__isnull=False),
                name="warning_next_round",
            ),
            models.Index(fields=["seller", "-created_at", "-id"], name="warning_created"),
            models.Index(fields=["seller", "stage", "-created_at", "-id"], name="warning_stage"),
            models.Index(
                fields=["stage_at"], condition=Q(status__in=["pending", "failed"]), name="warning_unsent"
            ),
            models.Index(fields=["claim", "id"], name="warning_of_claim"),
            models.Index(
                fields=["acknowledged_by"],
                condition=Q(acknowledged_by__isnull=False),
                name="warning_acknowledged_by",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stage} of clock {self.deadline_id} v{self.deadline_version}"


class Delivery(models.Model):
    """One round of one warning to one recipient by one channel, leased while it is being sent.

    `target` is the seller's or a member's own channel that it goes by; without one it is a mail to `recipient`.
    """

    class Status(models.TextChoices):
        PENDING = "pending", "Pending"
        SENDING = "sending", "Sending"
        SENT = "sent", "Sent"
        FAILED = "failed", "Failed"
        VOID = "void", "Void: answered or moved before it was sent"

    class Channel(models.TextChoices):
        EMAIL = "email", "E-mail"
        IN_APP = "in_app", "In the app"
        WEBHOOK = "webhook", "Signed webhook"
        APPRISE = "apprise", "Chat, SMS or push"

    warning = models.ForeignKey(Warning, on_delete=models.PROTECT, related_name="deliveries", db_index=False)
    recipient = models.CharField(max_length=320)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    channel = models.CharField(max_length=16, choices=Channel.choices)
    target = models.ForeignKey(
        WarningChannel, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    round = models.PositiveSmallIntegerField(default=1)
    status = models.CharField(max_length=16, choices=Status.choices, default=Status.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    next_attempt_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    last_error = models.TextField(blank=True)
    message_id = models.CharField(max_length=255)

    class Meta:
        constraints = [
            models.UniqueConstraint("warning", "recipient", "channel", "round", name="delivery_once"),
        ]
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                condition=Q(status__in=["pending", "sending"], target__isnull=True),
                name="delivery_due",
            ),
            models.Index(
                fields=["target", "next_attempt_at"],
                condition=Q(status__in=["pending", "sending"], target__isnull=False),
                name="delivery_due_by_channel",
            ),
            models.Index(fields=["warning"], condition=Q(status="failed"), name="delivery_failed"),
            models.Index(fields=["target"], condition=Q(target__isnull=False), name="delivery_by_target"),
        ]

    def __str__(self) -> str:
        return f"{self.channel} to {self.recipient}"


class EngineHeartbeat(models.Model):
    """When the engine last did its round; one row, read by the health check."""

    name = models.CharField(max_length=32, primary_key=True)
    last_sweep_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name}: {self.last_sweep_at:%Y-%m-%d %H:%M:%S}Z"
