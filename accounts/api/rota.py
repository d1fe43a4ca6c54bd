"""`sellers/{id}/rota/`: who is on call when, and handing hours over."""

from datetime import datetime
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import rota_shapes as shapes
from accounts.api.fields import AwareDateTimeField, utc_text
from accounts.api.viewsets import SellerScopedViewSet
from accounts.errors import NotVisible, PermissionRefused
from accounts.models import HandOver, OnCallShift, Role, Seller, User
from accounts.selectors import (
    active_members,
    duties_of,
    hand_overs_visible_to,
    sellers_visible_to,
    shifts_visible_to,
)
from accounts.services.rota import add_shift, change_shift, end_hand_over, hand_over

SELLER = OpenApiParameter("seller_pk", OpenApiTypes.INT, OpenApiParameter.PATH)
AT = OpenApiParameter("at", OpenApiTypes.DATETIME, description="A moment; without it: now.")
HAND_OVER_PATH = r"hand-over/(?P<hand_over_id>[0-9]+)"


class RotaViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, SellerScopedViewSet):
    """Shifts of the people on call: whoever has one hears the warnings of claims that nobody has taken.

    A lead plans the shifts; anybody may hand his own hours to a colleague. A shift ends by its last day.
    """

    queryset = OnCallShift.objects.none()
    found: Any = None  # the hand-over an address speaks of: the page draws its form from it
    ordering = "id"
    serializer_class = shapes.ShiftSerializer
    serializer_classes: ClassVar = {
        "create": shapes.ShiftInSerializer,
        "partial_update": shapes.ShiftInSerializer,
        "make_hand_over": shapes.HandOverInSerializer,
        "hand_over": shapes.HandOverSerializer,
        "one_hand_over": shapes.HandOverSerializer,
        "end": shapes.EndHandOverSerializer,
        "on_call": shapes.OnCallSerializer,
    }
    list_parameters: ClassVar = {"list": (), "hand_over": (), "on_call": ("at",)}
    scopes: ClassVar = dict.fromkeys(
        ("list", "retrieve", "hand_over", "one_hand_over", "on_call"), "claims:read"
    )

    @property
    def seller(self) -> Seller:
        """Raises NotVisible for one the caller does not see."""
        found = sellers_visible_to(self.caller).filter(pk=self.kwargs["seller_pk"]).first()
        if found is None:
            raise NotVisible
        return found

    def get_queryset(self) -> QuerySet[OnCallShift]:
        return shifts_visible_to(self.caller).filter(seller=self.seller)

    def get_serializer_class(self) -> type[Any]:
        return self.serializer_classes.get(self.action or "", self.serializer_class)

    def get_serializer_context(self) -> dict[str, Any]:
        seller_id = int(self.kwargs.get("seller_pk", 0))
        seen = seller_id in self.caller.seller_ids() if self.request else False
        return {**super().get_serializer_context(), "seller_id": seller_id if seen else None}

    def _checked(self, request: Request, **kwargs: Any) -> dict[str, Any]:
        body = self.get_serializer(data=request.data, **kwargs)
        body.is_valid(raise_exception=True)
        values: dict[str, Any] = body.validated_data
        return values

    def _shown(self, shape: type[Any], row: Any, status: int = 200) -> Response:
        """A plain dict: the page below offers its own form again."""
        return Response(dict(shape(row, context=self.get_serializer_context()).data), status=status)

    def _person(self) -> User:
        """Raises PermissionRefused for a key."""
        user = self.caller.user
        if user is None:
            raise PermissionRefused("This is for a signed-in person, not for a key.", code="people_only")
        return user

    @extend_schema(parameters=[SELLER])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """All shifts, ended ones too, the oldest first."""
        return super().list(request, *args, **kwargs)

    @extend_schema(parameters=[SELLER])
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One shift. A lead changes it, or ends it by its last day."""
        return super().retrieve(request, *args, **kwargs)

    @extend_schema(
        request=shapes.ShiftInSerializer, responses={201: shapes.ShiftSerializer}, parameters=[SELLER]
    )
    def create(self, request: Request, seller_pk: str) -> Response:
        """Put a member on call at these hours of the week (lead)."""
        seller = self.seller
        self.require_role(seller.pk, Role.LEAD)
        fields: Any = self._checked(request)
        fields.setdefault("time_zone", seller.time_zone)
        shift = add_shift(seller=seller, fields=fields, created_by=self._person(), now=timezone.now())
        return self._shown(shapes.ShiftSerializer, shift, 201)

    @extend_schema(request=shapes.ShiftInSerializer, responses=shapes.ShiftSerializer, parameters=[SELLER])
    def partial_update(self, request: Request, seller_pk: str, pk: str) -> Response:
        """Change a shift, or end it by its last day (lead). One made by mistake ends the day before it began."""
        shift: OnCallShift = self.get_object()
        self.require_role(shift.seller_id, Role.LEAD)
        fields: Any = self._checked(request, partial=True)
        return self._shown(shapes.ShiftSerializer, change_shift(shift_id=shift.pk, fields=fields))

    def _hand_overs(self) -> QuerySet[HandOver]:
        return hand_overs_visible_to(self.caller).filter(seller=self.seller)

    @extend_schema(responses=shapes.HandOverSerializer(many=True), parameters=[SELLER])
    @action(detail=False, url_path="hand-over", url_name="hand-overs")
    def hand_over(self, request: Request, seller_pk: str) -> Response:
        """Hours that were handed over, the oldest first."""
        page = self.paginate_queryset(self._hand_overs())
        shown = shapes.HandOverSerializer(page, many=True, context=self.get_serializer_context())
        return self.get_paginated_response(shown.data)

    @extend_schema(
        request=shapes.HandOverInSerializer, responses={201: shapes.HandOverSerializer}, parameters=[SELLER]
    )
    @hand_over.mapping.post
    def make_hand_over(self, request: Request, seller_pk: str) -> Response:
        """Hand hours to a colleague: your own, or as a lead anybody's or everyone's."""
        seller = self.seller
        self.require_role(seller.pk, Role.AGENT)
        values = self._checked(request)
        person = self._person()
        given_by = values.get("given_by")
        if given_by is None or given_by.pk != person.pk:
            self.require_role(seller.pk, Role.LEAD)
        row = hand_over(
            seller=seller,
            given_by=given_by,
            taken_by=values["taken_by"],
            starts_at=values["starts_at"],
            ends_at=values["ends_at"],
            reason=values["reason"],
            created_by=person,
            now=timezone.now(),
        )
        return self._shown(shapes.HandOverSerializer, row, 201)

    def _one(self, hand_over_id: str) -> HandOver:
        found = self._hand_overs().filter(pk=hand_over_id).first()
        if found is None:
            raise NotVisible
        self.found = found
        return found

    @extend_schema(responses=shapes.HandOverSerializer, parameters=[SELLER])
    @action(detail=False, url_path=HAND_OVER_PATH, url_name="hand-over")
    def one_hand_over(self, request: Request, seller_pk: str, hand_over_id: str) -> Response:
        """One hand-over."""
        return self._shown(shapes.HandOverSerializer, self._one(hand_over_id))

    @extend_schema(
        request=shapes.EndHandOverSerializer, responses=shapes.HandOverSerializer, parameters=[SELLER]
    )
    @one_hand_over.mapping.patch
    def end(self, request: Request, seller_pk: str, hand_over_id: str) -> Response:
        """Set another end, or end it now: by who gave the hours, or a lead."""
        row = self._one(hand_over_id)
        self.require_role(row.seller_id, Role.AGENT)
        person = self._person()
        if person.pk not in (row.given_by_id, row.created_by_id):
            self.require_role(row.seller_id, Role.LEAD)
        ends_at = self._checked(request).get("ends_at")
        end_hand_over(hand_over_id=row.pk, ends_at=ends_at, now=timezone.now())
        return self._shown(shapes.HandOverSerializer, self._one(hand_over_id))

    @extend_schema(responses=shapes.OnCallSerializer, parameters=[SELLER, AT])
    @action(detail=False, url_path="on-call", pagination_class=None, filter_backends=[])
    def on_call(self, request: Request, seller_pk: str) -> Response:
        """Who is on call now, or at a moment to come, and by what: the rota, the mark of members, or everybody."""
        seller, now = self.seller, timezone.now()
        moment = _asked_moment(request, now)
        duty = duties_of([seller.pk], min(moment, now))[seller.pk]
        members = {row.user_id: row for row in active_members(seller.pk)}
        return Response(shapes.on_call_shown(duty, members, moment=moment, at=utc_text(moment)))


def _asked_moment(request: Request, now: datetime) -> datetime:
    text = request.query_params.get("at", "")
    try:
        return AwareDateTimeField().run_validation(text) if text else now
    except ValidationError as refused:
        raise ValidationError({"at": refused.detail}) from refused
