"""`me/`: who is asking, for whom, and in which zone times are shown to him."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from accounts.access import caller_of, caller_of_user
from accounts.api.serializers import MeSerializer, TimeZoneSerializer, described_caller
from accounts.errors import PermissionRefused
from accounts.selectors import sellers_visible_to
from accounts.services.people import link_code_of, set_time_zone


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
        return Response(MeSerializer(described_caller(caller, sellers, code)).data)

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
