"""Django's admin, for the installation's operator only; owners work through the API.

Key hashes and secrets are shown nowhere.
"""

from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.http import HttpRequest

from accounts.models import ApiKey, Integration, Membership, Seller, User


class OperatorOnly(admin.ModelAdmin[Any]):
    """Superusers see and change; nobody deletes, since history points at these rows."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_active and request.user.is_superuser)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_module_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_module_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(User)
class PersonAdmin(OperatorOnly, UserAdmin[User]):
    list_display = ("username", "email", "is_active", "is_superuser", "must_change_password")
    fieldsets = (
        (None, {"fields": ("username", "password", "must_change_password")}),
        ("Person", {"fields": ("first_name", "last_name", "email", "time_zone")}),
        ("May", {"fields": ("is_active", "is_staff", "is_superuser")}),
        ("When", {"fields": ("last_login", "date_joined")}),
    )
    list_filter = ("is_active", "is_superuser")
    filter_horizontal = ()


@admin.register(Seller)
class SellerAdmin(OperatorOnly):
    list_display = ("merchant_token", "name", "time_zone")
    search_fields = ("merchant_token", "name")
    readonly_fields = ("created_at",)


@admin.register(Membership)
class MembershipAdmin(OperatorOnly):
    list_display = ("user", "seller", "role", "on_call", "is_active")
    list_filter = ("role", "is_active")
    list_select_related = ("user", "seller")
    readonly_fields = ("created_at",)


@admin.register(Integration)
class IntegrationAdmin(OperatorOnly):
    list_display = ("name", "seller")
    list_select_related = ("seller",)
    readonly_fields = ("created_at",)


@admin.register(ApiKey)
class ApiKeyAdmin(OperatorOnly):
    """To look at: keys are made by a command or the API, which show them once."""

    list_display = ("prefix", "integration", "created_at", "last_used_at", "revoked_at")
    list_select_related = ("integration__seller",)
    fields: ClassVar = (
        "integration",
        "prefix",
        "scopes",
        "require_signature",
        "created_at",
        "last_used_at",
        "revoked_at",
    )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
