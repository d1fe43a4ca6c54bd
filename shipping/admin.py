"""The installation's operator looks here; nobody changes shipments in the admin."""

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest

from shipping.models import Shipment, TrackingEvent, TrackingSnapshot


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
