"""`me/`: who is asking, for whom, and in which zone times are shown to him."""

from collections.abc import Mapping
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.viewsets import GenericViewSet

from accounts.access import Caller, caller_of, caller_of_user
from accounts.api.fields import StrictSerializer, TimeZoneField
from accounts.errors import PermissionRefused
from accounts.models import Seller
from accounts.selectors import own_memberships, sellers_visible_to
from accounts.services.people import link_code_of, set_time_zone


class TimeZoneSerializer(StrictSerializer):
    time_zone = TimeZoneField(
        max_length=64, allow_blank=True, help_text="IANA name; empty: times in the seller's zone."
    )


class RoleAtSellerSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField(read_only=True)
    merchant_token = serializers.CharField(read_only=True)
    name = serializers.CharField(read_only=True)
    time_zone = serializers.CharField(read_only=True)
    role = serializers.CharField(read_only=True)
    quiet_hours_url = serializers.URLField(
        read_only=True, allow_null=True, help_text="Where you say when early warnings wait; null for a key."
    )


class MeSerializer(serializers.Serializer[Any]):
    """Who is asking."""

    kind = serializers.ChoiceField(choices=["user", "key"], read_only=True)
    name = serializers.CharField(read_only=True)
    time_zone = serializers.CharField(read_only=True, help_text="Empty: times in the seller's zone.")
    email = serializers.CharField(read_only=True, allow_null=True)
    scopes = serializers.ListField(child=serializers.CharField(), read_only=True, allow_null=True)
    sellers = RoleAtSellerSerializer(many=True, read_only=True)
    link_code = serializers.CharField(
        read_only=True,
        allow_null=True,
        help_text="Hand it to an owner who wants you as a member; seven days.",
    )


def described_caller(
    caller: Caller, sellers: list[Seller], link_code: str | None, quiet_urls: Mapping[int, str]
) -> dict[str, Any]:
    """The values of MeSerializer."""
    return {
        "kind": "key" if caller.is_key else "user",
        "name": caller.actor.label,
        "time_zone": caller.user.time_zone if caller.user else "",
        "email": caller.user.email if caller.user else None,
        "scopes": None if caller.scopes is None else sorted(caller.scopes),
        "sellers": [
            {
                "id": seller.pk,
                "merchant_token": seller.merchant_token,
                "name": seller.name,
                "time_zone": seller.time_zone,
                "role": caller.role(seller.pk),
                "quiet_hours_url": quiet_urls.get(seller.pk),
            }
            for seller in sellers
        ],
        "link_code": link_code,
    }


class MeViewSet(GenericViewSet[Any]):
    """Who you are here: a person or a key, the sellers you work for with your role, and your time zone."""

    open_to_strangers: ClassVar = frozenset({"show", "change"})
    people_only: ClassVar = frozenset({"change"})
    scopes: ClassVar[dict[str, str]] = {}
    open_to_any_key: ClassVar = frozenset({"show"})
    serializer_class = TimeZoneSerializer
    pagination_class = None
    filter_backends = ()

    @classmethod
    def as_view(cls, actions: Any = None, **initkwargs: Any) -> Any:
        """One address without an id: what the router calls its list route shows and changes the caller."""
        return super().as_view({"get": "show", "patch": "change"}, **initkwargs)

    def list(self, request: Request) -> Response:
        """Only tells the router that there is a route; see `as_view`."""
        return self.show(request)

    def _described(self, caller: Any) -> Response:
        sellers = list(sellers_visible_to(caller).order_by("id"))
        code = link_code_of(caller.user) if caller.user else None
        return Response(MeSerializer(described_caller(caller, sellers, code, self._quiet_urls(caller))).data)

    def _quiet_urls(self, caller: Caller) -> dict[int, str]:
        own = own_memberships(caller.user) if caller.user else {}
        return {
            seller_id: reverse(
                "seller-quiet-hours",
                kwargs={"pk": seller_id, "member_id": row.pk},
                request=self.request,
            )
            for seller_id, row in own.items()
        }

    @extend_schema(responses=MeSerializer)
    def show(self, request: Request) -> Response:
        """Who you are."""
        return self._described(caller_of(request))

    @extend_schema(request=TimeZoneSerializer, responses=MeSerializer)
    def change(self, request: Request) -> Response:
        """Set the zone in which times are shown to you; empty: the seller's."""
        user = caller_of(request).user
        if user is None:
            raise PermissionRefused("A key has no time zone.", code="people_only")
        body = self.get_serializer(data=request.data)
        body.is_valid(raise_exception=True)
        set_time_zone(user_id=user.pk, time_zone=body.validated_data["time_zone"])
        user.refresh_from_db(fields=["time_zone"])
        return self._described(caller_of_user(user))
