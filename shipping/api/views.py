"""`shipments/`: parcels, and the answers of carriers about them."""

from typing import Any, ClassVar, Final

from django.db.models import QuerySet
from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import chosen_seller
from accounts.api.files import WhateverAccepted, bytes_response
from accounts.api.viewsets import SellerScopedViewSet
from accounts.errors import NotVisible
from accounts.models import Role
from shipping import selectors
from shipping.api import serializers as shapes
from shipping.api.filters import ShipmentFilter
from shipping.models import Shipment
from shipping.services import document_of_shipment, merge_shipment, record_tracking, update_shipment
from shipping.vocabulary import Channel

_SERVED_AS: Final = {
    "application/pdf": ("application/pdf", "pdf"),
    "image/png": ("image/png", "png"),
    "image/jpeg": ("image/jpeg", "jpg"),
    "image/gif": ("image/gif", "gif"),
    "image/tiff": ("application/octet-stream", "tif"),
    "text/html": ("text/plain; charset=utf-8", "html.txt"),
}
"""A page of HTML comes from outside, so it is given as text, under a name that no browser opens as a page."""


class ShipmentViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, SellerScopedViewSet):
    """Parcels of your orders, and what carriers say of them.

    Post a parcel with its order and tracking number; post a carrier's answer to that parcel's `tracking/`.
    The answer is kept as it came; status, delivery, recipient and contradictions are read from it.
    """

    queryset = Shipment.objects.none()
    ordering = "-id"
    filterset_class = ShipmentFilter
    list_parameters: ClassVar = {"list": (), "tracking": ()}
    scopes: ClassVar = {
        "list": "claims:read",
        "retrieve": "claims:read",
        "create": "shipments:write",
        "partial_update": "shipments:write",
        "tracking": "claims:read",
        "record": "tracking:write",
        "document": "claims:read",
    }
    serializer_class = shapes.ShipmentSerializer
    serializer_classes: ClassVar = {
        "retrieve": shapes.ShipmentDetailSerializer,
        "create": shapes.NewShipmentSerializer,
        "partial_update": shapes.ChangeShipmentSerializer,
        "tracking": shapes.SnapshotSerializer,
        "record": shapes.TrackingSerializer,
    }

    def get_queryset(self) -> QuerySet[Shipment]:
        if self.action == "list":
            return selectors.shipments_visible_to(self.caller)
        if self.action == "retrieve":
            return selectors.shipments_with_history_visible_to(self.caller)
        return selectors.shipments_visible_to(self.caller)

    def get_serializer_class(self) -> type[Any]:
        return self.serializer_classes.get(self.action or "", self.serializer_class)

    def _checked(self, request: Request, **kwargs: Any) -> dict[str, Any]:
        body = self.get_serializer(data=request.data, **kwargs)
        body.is_valid(raise_exception=True)
        checked: dict[str, Any] = body.validated_data
        return checked

    def _own_shipment(self) -> Shipment:
        """The parcel of this address, if the caller may write to it."""
        shipment: Shipment = self.get_object()
        self.require_role(shipment.seller_id, Role.AGENT)
        return shipment

    def _shown(self, shipment_id: int, code: int) -> Response:
        row = selectors.shipments_with_history_visible_to(self.caller).get(pk=shipment_id)
        shape = shapes.ShipmentDetailSerializer(row, context=self.get_serializer_context())
        return Response(shape.data, status=code)

    @extend_schema(
        request=shapes.NewShipmentSerializer,
        responses={201: shapes.ShipmentDetailSerializer, 200: shapes.ShipmentDetailSerializer},
    )
    def create(self, request: Request) -> Response:
        """Make a parcel known. The same order and number again: 200, and what is given now is taken over."""
        given = self._checked(request)
        seller = chosen_seller(self.caller, given.get("seller_id"))
        self.require_role(seller.pk, Role.AGENT)
        shipment, created = merge_shipment(
            seller=seller,
            order_id=given["order_id"],
            marketplace_id=given.get("marketplace_id", ""),
            fields=shapes.shipment_fields(given),
            ship_to=given.get("ship_to"),
            actor=self.caller.actor,
            now=timezone.now(),
        )
        return self._shown(shipment.pk, status.HTTP_201_CREATED if created else status.HTTP_200_OK)

    @extend_schema(request=shapes.ChangeShipmentSerializer, responses=shapes.ShipmentDetailSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Correct what is stated of a parcel. An empty value means: not known after all."""
        shipment = self._own_shipment()
        changes = self._checked(request, partial=True)
        update_shipment(shipment=shipment, changes=changes, actor=self.caller.actor, now=timezone.now())
        return self._shown(shipment.pk, status.HTTP_200_OK)

    @extend_schema(responses=shapes.SnapshotSerializer(many=True), filters=False)
    @action(detail=True)
    def tracking(self, request: Request, pk: str) -> Response:
        """The carriers' answers kept about this parcel. Post another with the form below."""
        shipment: Shipment = self.get_object()
        page = self.paginate_queryset(selectors.snapshots_visible_to(self.caller, shipment.pk))
        shape = shapes.SnapshotSerializer(page, many=True, context=self.get_serializer_context())
        return self.get_paginated_response(shape.data)

    @extend_schema(
        request=shapes.TrackingSerializer,
        responses={201: shapes.RecordedTrackingSerializer, 200: shapes.RecordedTrackingSerializer},
    )
    @tracking.mapping.post
    def record(self, request: Request, pk: str) -> Response:
        """Hand in a carrier's answer. The same bytes again answer 200.

        One that breaks its provider's format is kept and answers 400; one of a provider without a reader is
        kept as `unsupported`.
        """
        shipment = self._own_shipment()
        given = self._checked(request)
        recorded = record_tracking(
            shipment=shipment, actor=self.caller.actor, now=timezone.now(), channel=Channel.API, **given
        )
        shape = shapes.RecordedTrackingSerializer(recorded, context=self.get_serializer_context())
        return Response(
            shape.data, status=status.HTTP_201_CREATED if recorded.created else status.HTTP_200_OK
        )

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY, 304: None})
    @action(
        detail=True,
        url_path=r"documents/(?P<sha256>[0-9a-f]{64})",
        url_name="document",
        content_negotiation_class=WhateverAccepted,
    )
    def document(self, request: Request, pk: str, sha256: str) -> HttpResponse:
        """A proof that stood inside a carrier's answer, as a file; `documents` of the parcel lists its hash."""
        shipment: Shipment = self.get_object()
        found = document_of_shipment(shipment=shipment, sha256=sha256)
        if found is None:
            raise NotVisible("The parcel has no such document.")
        served_as, ending = _SERVED_AS[found.media_type]
        name = f"{shipment.tracking_number}-{found.kind.replace('_', '-')}.{ending}"
        return bytes_response(request, found.content, name=name, served_as=served_as, sha256=sha256)
