"""A claim, the letters it is known from, and the history of what happened to it."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVector
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce, Replace

from accounts.models import Seller
from claims.lifecycle import LABELS, State
from claims.words import (
    CountsInOdr,
    DecisionOutcome,
    FundedBy,
    LossReason,
    NoticeKind,
    NoticeStatus,
    Reason,
)

STATE_CHOICES = [(state.value, LABELS[state]) for state in State]

#: What a search looks through, by words. The same expression must stand in the index and in the query.
CLAIM_WORDS = SearchVector(
    Replace("order_id", Value("-"), Value(" ")),
    Replace("amazon_claim_id", Value("-"), Value(" ")),
    "buyer_comment",
    config="simple",
)


class Claim(models.Model):
    """One A-to-z claim on one order. `state` moves only by the tables of `claims.lifecycle`.

    `respond_by`, `target_by`, `deadline_basis` and `prepare_by` repeat the nearest clock that still counts,
    so that the queue is one index range; `services.clocks.refresh_claim` is their only writer.
    """

    seller = models.ForeignKey(Seller, on_delete=models.PROTECT, related_name="claims")
    marketplace_id = models.CharField(max_length=32)
    order_id = models.CharField(max_length=19)
    amazon_claim_id = models.CharField(max_length=64, blank=True)
    reason = models.CharField(max_length=32, choices=Reason.choices, blank=True)
    reason_label = models.CharField(max_length=500, blank=True)
    buyer_comment = models.TextField(blank=True)
    amount = models.DecimalField(max_digits=14, decimal_places=3, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    ship_to = models.JSONField(default=dict, blank=True)
    request_text = models.TextField(blank=True)
    requested = ArrayField(models.CharField(max_length=32), default=list, blank=True)
    stated_window = models.CharField(max_length=500, blank=True)

    state = models.CharField(max_length=32, choices=STATE_CHOICES)
    decision = models.CharField(max_length=32, choices=DecisionOutcome.choices, blank=True)
    funded_by = models.CharField(max_length=16, choices=FundedBy.choices, blank=True)
    counts_in_odr = models.CharField(max_length=16, choices=CountsInOdr.choices, blank=True)
    debited_amount = models.DecimalField(max_digits=14, decimal_places=3, null=True, blank=True)
    loss_reason = models.CharField(max_length=32, choices=LossReason.choices, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    reopened = models.BooleanField(default=False)
    unheard = models.BooleanField(default=False)
    fought = models.BooleanField(null=True, blank=True)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="claims"
    )
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    respond_by = models.DateTimeField(null=True, blank=True)
    target_by = models.DateTimeField(null=True, blank=True)
    prepare_by = models.DateTimeField(null=True, blank=True)
    deadline_basis = models.CharField(max_length=16, blank=True)
    close_at = models.DateTimeField(null=True, blank=True)

    checklist = models.JSONField(default=list, blank=True)
    checklist_satisfied = models.BooleanField(default=False)
    missing = ArrayField(models.CharField(max_length=32), default=list, blank=True)
    strength = models.CharField(
        max_length=1, blank=True, default="", help_text="A to F; empty: no grade, or not judged yet."
    )
    number_misfit = models.BooleanField(
        default=False, help_text="A tracking number that its carrier does not have, and that can be repaired."
    )

    opened_at = models.DateTimeField()
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "seller",
                "marketplace_id",
                "amazon_claim_id",
                condition=~Q(amazon_claim_id=""),
                name="claim_amazon_id_once",
            ),
            models.UniqueConstraint(
                "seller",
                "marketplace_id",
                "order_id",
                condition=Q(amazon_claim_id=""),
                name="claim_order_once_without_amazon_id",
            ),
            models.CheckConstraint(
                condition=Q(state__in=sorted(state.value for state in State)), name="claim_state_known"
            ),
            models.CheckConstraint(
                condition=Q(strength__in=["", "A", "B", "C", "D", "E", "F"]), name="claim_strength_known"
            ),
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gte=0), name="claim_amount_not_negative"
            ),
        ]
        indexes = [
            models.Index(fields=["seller", "order_id"], name="claim_order"),
            models.Index(
                F("seller"),
                Coalesce("target_by", "prepare_by").asc(nulls_last=True),
                F("id"),
                name="claim_queue",
            ),
            models.Index(fields=["seller", "target_by", "id"], name="claim_target"),
            models.Index(fields=["seller", "opened_at", "id"], name="claim_opened"),
            models.Index(fields=["seller", "amount", "id"], name="claim_amount"),
            models.Index(
                F("seller"),
                F("state"),
                Coalesce("target_by", "prepare_by").asc(nulls_last=True),
                F("id"),
                name="claim_state_queue",
            ),
            models.Index(fields=["seller", "marketplace_id"], name="claim_marketplace"),
            models.Index(fields=["seller", "reason"], name="claim_reason"),
            GinIndex(CLAIM_WORDS, name="claim_words"),
            models.Index(fields=["close_at"], condition=Q(close_at__isnull=False), name="claim_to_close"),
        ]

    def __str__(self) -> str:
        return f"claim {self.pk} on order {self.order_id}"


class Notice(models.Model):
    """One letter as it came in: its raw bytes first, then what was read from it.

    `source` names the door: `integration:<id>`, `mailbox:<name>` or `form`. Duplicates are decided by the
    constraint on (seller, source, notice_id), never by looking first.
    """

    seller = models.ForeignKey(Seller, on_delete=models.PROTECT, related_name="notices")
    source = models.CharField(max_length=64)
    notice_id = models.CharField(max_length=255)
    content_hash = models.CharField(max_length=64)
    media_type = models.CharField(max_length=100)
    raw = models.BinaryField()
    received_at = models.DateTimeField()
    received_from = models.CharField(max_length=255)

    status = models.CharField(max_length=16, choices=NoticeStatus.choices)
    why = models.TextField(blank=True)
    kind = models.CharField(max_length=32, choices=NoticeKind.choices, blank=True)
    marketplace_id = models.CharField(max_length=32, blank=True)
    marketplace_inferred = models.BooleanField(default=False)
    order_id = models.CharField(max_length=19, blank=True)
    amazon_claim_id = models.CharField(max_length=64, blank=True)
    noticed_at = models.DateTimeField(null=True, blank=True)
    noticed_at_basis = models.CharField(max_length=32, blank=True)
    subject = models.CharField(max_length=500, blank=True)
    text = models.TextField(blank=True)
    facts = models.JSONField(default=dict, blank=True)

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, null=True, blank=True, related_name="notices")
    same_letter_as = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="copies"
    )
    conflicts_with = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="conflicts"
    )
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.CharField(max_length=255, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "seller",
                "source",
                "notice_id",
                condition=~Q(status=NoticeStatus.CONFLICT),
                name="notice_id_once",
            ),
            models.UniqueConstraint(
                "seller",
                "source",
                "notice_id",
                "content_hash",
                condition=Q(status=NoticeStatus.CONFLICT),
                name="notice_conflict_once_per_content",
            ),
        ]
        indexes = [
            models.Index(fields=["seller", "-received_at", "-id"], name="notice_received"),
            models.Index(fields=["seller", "order_id"], name="notice_order"),
            models.Index(fields=["seller", "status", "-received_at", "-id"], name="notice_status"),
            models.Index(fields=["claim", "kind", "noticed_at"], name="notice_same_letter"),
        ]

    def __str__(self) -> str:
        return f"notice {self.notice_id}"


class NoticeAttempt(models.Model):
    """A letter kept alone: refused (400), not read yet, or a copy in other bytes. It uses up no notice id."""

    seller = models.ForeignKey(Seller, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    received_at = models.DateTimeField()
    received_from = models.CharField(max_length=255)
    media_type = models.CharField(max_length=100)
    raw = models.BinaryField()
    errors = models.JSONField(default=list)

    class Meta:
        indexes = [models.Index(fields=["seller", "-received_at"], name="attempt_received")]

    def __str__(self) -> str:
        return f"refused notice of {self.received_at:%Y-%m-%d %H:%M}"


class Event(models.Model):
    """One thing that happened: who did what to a claim (or to a letter without one), and when."""

    seller = models.ForeignKey(Seller, on_delete=models.PROTECT, related_name="+")
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, null=True, blank=True, related_name="events")
    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, null=True, blank=True, related_name="events")
    verb = models.CharField(max_length=48)
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=16)
    actor_label = models.CharField(max_length=255)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    integration_id = models.BigIntegerField(null=True, blank=True)
    facts = models.JSONField(default=dict, blank=True)

    class Meta:
        indexes = [models.Index(fields=["claim", "id"], name="event_of_claim")]

    def __str__(self) -> str:
        return f"{self.verb} at {self.at:%Y-%m-%d %H:%M:%S}"
