"""Claims in Django's admin, for the installation's operator: to look, never to change.

Everything is written by services, with an event for each change; a form here would go round them.
"""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest

from claims import models


class ReadOnlyAdmin(admin.ModelAdmin[Model]):
    """Lists and pages without a button that writes. Raw bytes are left out."""

    exclude = ("raw",)
    show_full_result_count = False
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(getattr(request.user, "is_superuser", False))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)


@admin.register(models.Claim)
class ClaimAdmin(ReadOnlyAdmin):
    list_display = ("id", "order_id", "seller", "marketplace_id", "state", "respond_by", "target_by")
    list_filter = ("state", "reason")
    search_fields = ("order_id", "amazon_claim_id")


@admin.register(models.Notice)
class NoticeAdmin(ReadOnlyAdmin):
    list_display = ("id", "notice_id", "seller", "kind", "status", "order_id", "received_at")
    list_filter = ("status", "kind")
    search_fields = ("order_id", "notice_id")


@admin.register(models.NoticeAttempt)
class NoticeAttemptAdmin(ReadOnlyAdmin):
    list_display = ("id", "seller", "received_at", "received_from", "media_type")


@admin.register(models.Deadline)
class DeadlineAdmin(ReadOnlyAdmin):
    list_display = ("id", "seller", "claim", "kind", "due_at", "status", "version", "next_warn_at")
    list_filter = ("kind", "status")


@admin.register(models.Warning)
class WarningAdmin(ReadOnlyAdmin):
    list_display = ("id", "seller", "claim", "stage", "status", "stage_at", "created_at")
    list_filter = ("status", "stage")


@admin.register(models.Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    list_display = ("id", "warning", "recipient", "channel", "round", "status", "attempts", "sent_at")
    list_filter = ("status", "channel")


@admin.register(models.Job)
class JobAdmin(ReadOnlyAdmin):
    list_display = ("id", "claim", "kind", "status", "attempts", "run_at", "finished_at")
    list_filter = ("status", "kind")


@admin.register(
    models.Bundle,
    models.Decision,
    models.EngineHeartbeat,
    models.Event,
    models.EvidenceItem,
    models.Finding,
    models.LadderStep,
    models.PolicyWindow,
    models.Reply,
)
class PlainAdmin(ReadOnlyAdmin):
    """What needs no columns of its own."""
