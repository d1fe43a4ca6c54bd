"""`sellers/{id}/sources/` and `sellers/{id}/tracking-endpoints/`: who is asked, and who may send (owners)."""

from datetime import timedelta
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.exceptions import Throttled
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.serializers import EmptySerializer
from accounts.api.viewsets import SellerScopedViewSet
from accounts.attempts import FailureLimit
from accounts.clock import database_now
from accounts.errors import NotVisible
from accounts.models import Role, Seller
from accounts.selectors import sellers_visible_to
from shipping import selectors
from shipping.api import source_shapes as shapes
from shipping.models import SourceAccount, TrackingEndpoint
from shipping.services.endpoints import make_endpoint, retire_endpoint
from shipping.services.sources import change_source, create_source, try_source

SELLER = OpenApiParameter("seller_pk", OpenApiTypes.INT, OpenApiParameter.PATH)
#: A test is a real call: the button must not use up a quota.
TESTS = FailureLimit(name="source-test", most=10, within=timedelta(minutes=10))


class _OwnersViewSet(SellerScopedViewSet):
    """What the two share: for owners who are signed in, each with his own seller."""

    ordering = "id"
    serializer_classes: ClassVar[dict[str, type[Any]]] = {}

    @property
    def seller(self) -> Seller:
        """Raises NotVisible for one the caller does not see, PermissionRefused for who is no owner."""
        found = sellers_visible_to(self.caller).filter(pk=self.kwargs["seller_pk"]).first()
        if found is None:
            raise NotVisible
        self.require_role(found.pk, Role.OWNER)
        return found

    def get_serializer_class(self) -> type[Any]:
        return self.serializer_classes.get(self.action or "", self.serializer_class or EmptySerializer)

    def _checked(self, request: Request, **kwargs: Any) -> dict[str, Any]:
        body = self.get_serializer(data=request.data, **kwargs)
        body.is_valid(raise_exception=True)
        values: dict[str, Any] = body.validated_data
        return values

    def _shown(self, shape: type[Any], row: Any, status: int = 200) -> Response:
        """A plain dict: the page offers its form again."""
        return Response(dict(shape(row, context=self.get_serializer_context()).data), status=status)


@extend_schema_view(list=extend_schema(parameters=[SELLER]), retrieve=extend_schema(parameters=[SELLER]))
class SourceViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, _OwnersViewSet):
    """The seller's accounts with carriers and tracking services (owner).

    Every parcel is asked for where it may be known. Credentials are encrypted and never shown again.
    """

    queryset = SourceAccount.objects.none()
    serializer_class = shapes.SourceSerializer
    serializer_classes: ClassVar = {
        "create": shapes.NewSourceSerializer,
        "partial_update": shapes.ChangeSourceSerializer,
        "test": EmptySerializer,
        "history": shapes.SourceChangeSerializer,
    }
    list_parameters: ClassVar = {"list": (), "history": ()}
    people_only: ClassVar = frozenset({"list", "retrieve", "create", "partial_update", "test", "history"})

    def get_queryset(self) -> QuerySet[SourceAccount]:
        return selectors.sources_of(self.seller)

    @extend_schema(
        request=shapes.NewSourceSerializer, responses={201: shapes.SourceSerializer}, parameters=[SELLER]
    )
    def create(self, request: Request, seller_pk: str) -> Response:
        """Add an account (owner), then test it. Which credentials are needed depends on the source."""
        seller = self.seller
        given = self._checked(request)
        account = create_source(
            seller=seller,
            source=given["source"],
            secrets=shapes.secrets_of(given),
            base_url=given.get("base_url", ""),
            actor=self.caller.actor,
            now=timezone.now(),
        )
        return self._shown(shapes.SourceSerializer, account, 201)

    @extend_schema(
        request=shapes.ChangeSourceSerializer, responses=shapes.SourceSerializer, parameters=[SELLER]
    )
    def partial_update(self, request: Request, seller_pk: str, pk: str) -> Response:
        """Replace the credentials or the address, or switch it off and on (owner)."""
        account: SourceAccount = self.get_object()
        given = self._checked(request, partial=True)
        changed = change_source(
            account_id=account.pk,
            secrets=shapes.secrets_of(given),
            base_url=given.get("base_url"),
            is_active=given.get("is_active"),
            actor=self.caller.actor,
            now=timezone.now(),
        )
        return self._shown(shapes.SourceSerializer, changed)

    @extend_schema(request=None, responses=shapes.TriedSerializer, parameters=[SELLER])
    @action(detail=True, methods=["post"])
    def test(self, request: Request, seller_pk: str, pk: str) -> Response:
        """Make a real call with these credentials now. A failure is kept as the account's last error."""
        account: SourceAccount = self.get_object()
        self.get_serializer(data=request.data).is_valid(raise_exception=True)
        person = str(self.caller.actor.user_id)
        if TESTS.is_reached(person):
            raise Throttled(wait=TESTS.within.total_seconds(), detail="Too many tests. Try again later.")
        TESTS.count_failure(person)
        tried = try_source(account=account, actor=self.caller.actor, now=database_now)
        return self._shown(shapes.TriedSerializer, tried)

    @extend_schema(responses=shapes.SourceChangeSerializer(many=True), parameters=[SELLER])
    @action(detail=False)
    def history(self, request: Request, seller_pk: str) -> Response:
        """Who did what to sources and addresses, oldest first (owner)."""
        page = self.paginate_queryset(selectors.source_changes_of(self.seller))
        shape = shapes.SourceChangeSerializer(page, many=True, context=self.get_serializer_context())
        return self.get_paginated_response(shape.data)


@extend_schema_view(list=extend_schema(parameters=[SELLER]), retrieve=extend_schema(parameters=[SELLER]))
class TrackingEndpointViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, _OwnersViewSet):
    """The addresses to which tracking services send news by themselves (owner).

    Each is unguessable and for one source. Making another for the same source retires the one before.
    """

    queryset = TrackingEndpoint.objects.none()
    serializer_class = shapes.EndpointSerializer
    serializer_classes: ClassVar = {"create": shapes.NewEndpointSerializer, "retire": EmptySerializer}
    people_only: ClassVar = frozenset({"list", "retrieve", "create", "retire"})

    def get_queryset(self) -> QuerySet[TrackingEndpoint]:
        return selectors.tracking_endpoints_of(self.seller)

    @extend_schema(
        request=shapes.NewEndpointSerializer, responses={201: shapes.EndpointSerializer}, parameters=[SELLER]
    )
    def create(self, request: Request, seller_pk: str) -> Response:
        """Make an address, or replace the one in use (owner). Give it to the source as its webhook."""
        seller = self.seller
        given = self._checked(request)
        endpoint = make_endpoint(
            seller=seller,
            source=given["source"],
            secret=given.get("secret", ""),
            actor=self.caller.actor,
            now=timezone.now(),
        )
        return self._shown(shapes.EndpointSerializer, endpoint, 201)

    @extend_schema(request=None, responses=shapes.EndpointSerializer, parameters=[SELLER])
    @action(detail=True, methods=["post"])
    def retire(self, request: Request, seller_pk: str, pk: str) -> Response:
        """Close the address (owner). What is sent there from now on is refused as unknown."""
        endpoint: TrackingEndpoint = self.get_object()
        self.get_serializer(data=request.data).is_valid(raise_exception=True)
        retired = retire_endpoint(endpoint=endpoint, actor=self.caller.actor, now=timezone.now())
        return self._shown(shapes.EndpointSerializer, retired)
