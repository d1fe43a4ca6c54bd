"""Clocks, the warnings that go out before they run out, and the data that both are made from."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.models import Seller, WarningChannel
from claims.deadlines import Basis, DeadlineKind
from claims.models.claim import Claim, Notice
from claims.models.outcome import Reply

KIND_CHOICES = [(kind.value, kind.value.replace("_", " ")) for kind in DeadlineKind]

#: Marks the reason of a clock that a person cancelled: moving it again takes that back.
BY_HAND = "by hand: "


class Deadline(models.Model):
    """One clock. Moving it makes a new `version`, which voids the warnings of the old one.

    `next_warn_at` is the stored next moment to act: the sweep reads the partial index over it and nothing
    else. `settled`: nothing is owed any more (answered, decided, conceded or cancelled).
    """

    class Status(models.TextChoices):
        OPEN = "open", "Open"
        MET = "met", "Met"
        MISSED = "missed", "Missed"
        CANCELLED = "cancelled", "Cancelled"

    # An index of the foreign key alone is left out where another one begins with it: rows change with all of theirs.
    seller = models.ForeignKey(Seller, on_delete=models.PROTECT, related_name="+", db_index=False)
    claim = models.ForeignKey(
        Claim, on_delete=models.PROTECT, null=True, blank=True, related_name="deadlines", db_index=False
    )
    notice = models.ForeignKey(
        Notice, on_delete=models.PROTECT, null=True, blank=True, related_name="deadlines"
    )
    kind = models.CharField(max_length=32, choices=KIND_CHOICES)
    noticed_at = models.DateTimeField()
    due_at = models.DateTimeField()
    target_at = models.DateTimeField()
    stated = models.TextField(blank=True)
    basis = models.CharField(max_length=16, choices=[(b.value, b.value) for b in Basis])
    basis_source = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    previous_due_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField()
    created_at = models.DateTimeField()
    status = models.CharField(max_length=16, choices=Status.choices, default=Status.OPEN)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        Reply, on_delete=models.PROTECT, null=True, blank=True, related_name="answers", db_index=False
    )
    settled = models.BooleanField(default=False)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_reason = models.TextField(blank=True)
    next_warn_at = models.DateTimeField(null=True, blank=True)
    assembled_version = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(claim__isnull=False) | Q(notice__isnull=False), name="deadline_of_something"
            ),
            models.CheckConstraint(
                condition=~Q(status="open") | Q(settled=False), name="deadline_open_is_not_settled"
            ),
            models.CheckConstraint(
                condition=Q(settled=False) | Q(next_warn_at__isnull=True), name="deadline_settled_is_quiet"
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_warn_at"],
                condition=Q(next_warn_at__isnull=False),
                name="deadline_next_warn",
            ),
            models.Index(fields=["claim", "settled"], name="deadline_of_claim"),
            models.Index(
                fields=["answered_by"], condition=Q(answered_by__isnull=False), name="deadline_answered_by"
            ),
            models.Index(fields=["seller", "due_at", "id"], name="deadline_due"),
            models.Index(
                fields=["seller", "due_at", "id"], condition=Q(settled=False), name="deadline_unsettled_due"
            ),
            models.Index(fields=["seller", "status", "due_at", "id"], name="deadline_status_due"),
            models.Index(fields=["seller", "kind", "due_at", "id"], name="deadline_kind_due"),
            models.Index(
                fields=["seller", "target_at", "id"], condition=Q(settled=False), name="deadline_unsettled"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} clock due {self.due_at:%Y-%m-%d %H:%M}Z"

    @property
    def closed_for(self) -> str:
        """The reason as people gave it."""
        return self.closed_reason.removeprefix(BY_HAND)


class PolicyWindow(models.Model):
    """How long Amazon gives, by marketplace and kind of clock: a sighting with its source and date.

    A row without seller is the installation's; a seller's own active row goes before it. `marketplace_id`
    "*" stands for every marketplace.
    """

    seller = models.ForeignKey(
        Seller, on_delete=models.CASCADE, null=True, blank=True, related_name="policies"
    )
    marketplace_id = models.CharField(max_length=32)
    kind = models.CharField(max_length=32, choices=KIND_CHOICES)
    hours = models.PositiveIntegerField(null=True, blank=True)
    calendar_days = models.PositiveIntegerField(null=True, blank=True)
    effective_from = models.DateField()
    source = models.TextField()
    source_date = models.DateField(null=True, blank=True)
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(hours__isnull=True, calendar_days__gt=0)
                | Q(hours__gt=0, calendar_days__isnull=True),
                name="policy_hours_or_days",
            ),
            models.UniqueConstraint(
                "seller",
                "marketplace_id",
                "kind",
                "effective_from",
                "hours",
                "calendar_days",
                nulls_distinct=False,
                name="policy_once",
            ),
        ]

    def __str__(self) -> str:
        window = f"{self.hours} h" if self.hours else f"{self.calendar_days} calendar days"
        return f"{self.kind} in {self.marketplace_id}: {window}"


class LadderStep(models.Model):
    """One rung of a seller's own ladder; without any the installation's ladder is used."""

    seller = models.ForeignKey(Seller, on_delete=models.CASCADE, related_name="ladder_steps")
    kind = models.CharField(max_length=32, choices=KIND_CHOICES)
    position = models.PositiveSmallIntegerField()
    stage = models.CharField(max_length=16)
    before = models.DurationField(null=True, blank=True)
    audience = ArrayField(models.CharField(max_length=16))
    channels = ArrayField(
        models.CharField(max_length=16), default=list, blank=True, help_text="Kinds of channel; empty: all."
    )
    repeats = models.BooleanField(default=False)

    class Meta:
        ordering = ["kind", "position"]
        constraints = [models.UniqueConstraint("seller", "kind", "stage", name="ladder_stage_once")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.stage}"


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
