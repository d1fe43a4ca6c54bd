"""The installation's operator looks here; nobody changes shipments in the admin."""

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest

from shipping.models import (
    ParcelPoll,
    Shipment,
    SourceAccount,
    SourceChange,
    StrayAnswer,
    TrackingEndpoint,
    TrackingEvent,
    TrackingSnapshot,
)


class LookOnly(admin.ModelAdmin[Any]):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Shipment)
class ShipmentAdmin(LookOnly):
    list_display = ("id", "seller", "order_id", "carrier", "tracking_number", "status", "delivered_at")
    list_filter = ("status",)
    list_select_related = ("seller",)
    search_fields = ("order_id", "tracking_number")


@admin.register(TrackingSnapshot)
class TrackingSnapshotAdmin(LookOnly):
    list_display = ("id", "shipment_id", "provider", "status", "http_status", "size", "received_at")
    list_filter = ("status", "provider")
    exclude: ClassVar = ("raw",)


@admin.register(TrackingEvent)
class TrackingEventAdmin(LookOnly):
    list_display = ("id", "shipment_id", "status", "leg", "occurred_at", "text")
    list_filter = ("status", "leg")


@admin.register(SourceAccount)
class SourceAccountAdmin(LookOnly):
    list_display = ("id", "seller", "source", "is_active", "last_ok_at", "paused_until", "last_error")
    list_filter = ("source", "is_active")
    list_select_related = ("seller",)
    exclude: ClassVar = ("secrets_encrypted",)


@admin.register(ParcelPoll)
class ParcelPollAdmin(LookOnly):
    list_display = ("id", "shipment_id", "account", "next_poll_at", "last_asked_at", "failures", "last_error")
    list_filter = ("account__source",)
    list_select_related = ("account",)
    raw_id_fields = ("shipment", "account")


@admin.register(TrackingEndpoint)
class TrackingEndpointAdmin(LookOnly):
    list_display = ("id", "seller", "source", "is_active", "last_received_at", "last_refused_at")
    list_filter = ("source", "is_active")
    list_select_related = ("seller",)
    exclude: ClassVar = ("secret_encrypted", "token")


@admin.register(StrayAnswer)
class StrayAnswerAdmin(LookOnly):
    list_display = ("id", "seller", "provider", "tracking_number", "received_at", "linked_at")
    list_filter = ("provider",)
    list_select_related = ("seller",)
    exclude: ClassVar = ("raw",)
    raw_id_fields = ("snapshot",)


@admin.register(SourceChange)
class SourceChangeAdmin(LookOnly):
    list_display = ("id", "seller", "kind", "actor_label", "at")
    list_filter = ("kind",)
    list_select_related = ("seller",)
