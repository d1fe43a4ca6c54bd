"""What was said to Amazon and what came of it: replies and decisions."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from claims.models.claim import Claim, Notice
from claims.models.evidence import Bundle, EvidenceItem
from claims.words import CountsInOdr, DecisionOutcome, FundedBy, LossReason, ReplyKind, ReplyStatus


class Reply(models.Model):
    """A text for Amazon: drafted, approved by a person, and frozen once its pasting is confirmed."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="replies")
    kind = models.CharField(max_length=32, choices=ReplyKind.choices)
    language = models.CharField(max_length=8, default="en")
    text = models.TextField()
    status = models.CharField(max_length=16, choices=ReplyStatus.choices, default=ReplyStatus.DRAFT)
    revision = models.PositiveIntegerField(default=1)
    bundle = models.ForeignKey(Bundle, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    stale_bundle = models.BooleanField(default=False)
    edited = models.BooleanField(default=False)
    author = models.CharField(max_length=64, blank=True)
    made_outside = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    approved_by = models.CharField(max_length=255, blank=True)
    approved_by_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    confirmed_by = models.CharField(max_length=255, blank=True)
    late = models.BooleanField(default=False)
    text_sha256 = models.CharField(max_length=64, blank=True)
    frozen = models.JSONField(default=dict, blank=True)
    pasted_text = models.TextField(blank=True)
    pasted_differs = models.BooleanField(null=True, blank=True)
    screenshot = models.ForeignKey(
        EvidenceItem, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    retracted_at = models.DateTimeField(null=True, blank=True)
    retracted_by = models.CharField(max_length=255, blank=True)
    retract_reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "claim",
                "kind",
                condition=Q(status__in=[ReplyStatus.DRAFT, ReplyStatus.APPROVED]),
                name="reply_one_open_per_kind",
            ),
            models.CheckConstraint(
                condition=~Q(status=ReplyStatus.SUBMITTED)
                | Q(confirmed_at__isnull=False, submitted_at__isnull=False) & ~Q(text_sha256=""),
                name="reply_submitted_is_frozen",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of claim {self.claim_id}, revision {self.revision}"


class Decision(models.Model):
    """One decision on three axes: what was decided, who pays, whether it counts in the defect rate."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="decisions")
    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decision = models.CharField(max_length=32, choices=DecisionOutcome.choices)
    funded_by = models.CharField(max_length=16, choices=FundedBy.choices, default=FundedBy.UNKNOWN)
    counts_in_odr = models.CharField(max_length=16, choices=CountsInOdr.choices, default=CountsInOdr.UNKNOWN)
    debited_amount = models.DecimalField(max_digits=14, decimal_places=3, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    loss_reason = models.CharField(max_length=32, choices=LossReason.choices, blank=True)
    decision_text = models.TextField(blank=True)
    of_appeal = models.BooleanField(default=False)
    decided_at = models.DateTimeField()
    current = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    created_by = models.CharField(max_length=255)

    class Meta:
        constraints = [
            models.UniqueConstraint("claim", condition=Q(current=True), name="decision_one_current"),
        ]

    def __str__(self) -> str:
        return f"{self.decision} at {self.decided_at:%Y-%m-%d}"
