"""`sellers/{id}/policies/`: what this seller's clocks are made from. Ladders are in `ladders`."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.errors import NotVisible
from accounts.models import Seller
from accounts.roles import Role
from accounts.selectors import sellers_visible_to
from claims.api.base import ClaimsViewSet
from claims.api.serializers.sellers import PolicySerializer, SetPolicySerializer
from claims.deadlines import DeadlineKind
from claims.models import PolicyWindow
from claims.selectors.sellers import policies_of
from claims.services.policies import set_policy

SELLER = OpenApiParameter("seller_pk", OpenApiTypes.INT, OpenApiParameter.PATH)


class OfSellerViewSet(ClaimsViewSet):
    """Rows of the seller named in the address. Raises NotVisible for one the caller does not see."""

    @property
    def seller(self) -> Seller:
        found = sellers_visible_to(self.caller).filter(pk=self.kwargs["seller_pk"]).first()
        if found is None:
            raise NotVisible
        return found


class PolicyViewSet(mixins.ListModelMixin, OfSellerViewSet):
    """Windows that Amazon was seen to give, with source and date; an owner may switch one on for this seller."""

    queryset = PolicyWindow.objects.none()
    shape = PolicySerializer
    inputs: ClassVar = {"create": SetPolicySerializer}
    scopes: ClassVar = {"list": "claims:read"}
    ordering = "-id"  # the seller's own came later than the installation's

    def get_queryset(self) -> QuerySet[PolicyWindow]:
        return policies_of(self.seller.pk)

    @extend_schema(parameters=[SELLER])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The installation's windows and this seller's own, which go before them."""
        return super().list(request, *args, **kwargs)

    @extend_schema(request=SetPolicySerializer, responses={201: PolicySerializer}, parameters=[SELLER])
    def create(self, request: Request, seller_pk: str) -> Response:
        """Switch a window on or off for this seller (owner). Letters that are here already keep their clocks."""
        seller = self.seller
        self.require_role(seller.pk, Role.OWNER)
        values = self.checked(request)
        policy = set_policy(
            seller=seller,
            marketplace_id=values["marketplace_id"],
            kind=DeadlineKind(values["kind"]),
            hours=values.get("hours"),
            calendar_days=values.get("calendar_days"),
            source=values["source"],
            active=values["active"],
            actor=self.caller.actor,
            now=timezone.now(),
        )
        return self.shown(policy, 201)
