"""Clocks, and the data that they and their warnings are made from."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.models import Seller
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
