"""`sellers/`: settings, members and keys, for their owners."""

from http import HTTPStatus
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import serializers as shapes
from accounts.api.quiet_hours import QuietHoursSerializer, quiet_hours_page
from accounts.api.viewsets import SellerScopedViewSet
from accounts.errors import NotVisible, PermissionRefused
from accounts.models import Role, Seller
from accounts.selectors import keys_visible_to, memberships_visible_to, sellers_visible_to
from accounts.services.keys import create_api_key
from accounts.services.members import add_member, change_member, set_quiet_hours
from accounts.services.sellers import create_seller, update_seller

MEMBER_PATH = r"members/(?P<member_id>[0-9]+)"


class SellerViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, SellerScopedViewSet):
    """The sellers you work for.

    Settings, members and keys are changed by an owner. An owner, or the installation's operator, may add
    another seller and becomes its owner.
    """

    queryset = Seller.objects.none()
    found: Any = None  # the member an address speaks of: the page draws its form from it
    ordering = "id"
    scopes: ClassVar = dict.fromkeys(("list", "retrieve", "members", "member", "keys"), "claims:read")
    list_parameters: ClassVar = {"list": (), "members": (), "keys": ()}
    open_to_strangers: ClassVar = frozenset({"list", "create"})
    serializer_class = shapes.SellerSerializer
    serializer_classes: ClassVar = {
        "create": shapes.NewSellerSerializer,
        "members": shapes.ChangeMemberSerializer,
        "add_member": shapes.NewMemberSerializer,
        "member": shapes.ChangeMemberSerializer,
        "change_member": shapes.ChangeMemberSerializer,
        "quiet_hours": QuietHoursSerializer,
        "set_quiet_hours": QuietHoursSerializer,
        "keys": shapes.KeySerializer,
        "create_key": shapes.NewKeySerializer,
    }

    def get_queryset(self) -> QuerySet[Seller]:
        return sellers_visible_to(self.caller).order_by("id")

    def get_serializer_class(self) -> type[Any]:
        return self.serializer_classes.get(self.action or "", self.serializer_class)

    def _shown(self, shape: type[Any], row: Any, status: int = 200) -> Response:
        shown = shape(row, context=self.get_serializer_context()).data
        if status != HTTPStatus.CREATED:
            return Response(shown, status=status)
        # A plain dict: the page offers its blank form again, not one of the new row's shape. What is shown
        # once must not lie in a cache.
        return Response(dict(shown), status=status, headers={"Cache-Control": "no-store"})

    def _page(self, rows: QuerySet[Any], shape: type[Any]) -> Response:
        page = self.paginate_queryset(rows)
        return self.get_paginated_response(shape(page, many=True, context=self.get_serializer_context()).data)

    def _own_seller(self, needed: str = Role.OWNER) -> Seller:
        seller: Seller = self.get_object()
        self.require_role(seller.pk, needed)
        return seller

    def _checked(self, request: Request, **kwargs: Any) -> dict[str, Any]:
        body = self.get_serializer(data=request.data, **kwargs)
        body.is_valid(raise_exception=True)
        checked: dict[str, Any] = body.validated_data
        return checked

    @extend_schema(request=shapes.NewSellerSerializer, responses={201: shapes.SellerSerializer})
    def create(self, request: Request) -> Response:
        """Add a seller; you become its owner."""
        user = self.caller.user
        owns_one = any(self.caller.is_owner(seller_id) for seller_id in self.caller.seller_ids())
        if user is None or not (user.is_superuser or owns_one):
            raise PermissionRefused("Only an owner or the operator may add a seller.", code="role_too_low")
        given = self._checked(request)
        token = given.pop("merchant_token")
        settings: Any = given
        seller = create_seller(merchant_token=token, settings=settings, owner=user, now=timezone.now())
        answer = self._shown(shapes.SellerSerializer, seller, 201)
        answer.data["role"] = Role.OWNER.value
        return answer

    @extend_schema(request=shapes.SellerSerializer, responses=shapes.SellerSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change settings (owner)."""
        seller = self._own_seller()
        changes: Any = self._checked(request, partial=True)
        return self._shown(shapes.SellerSerializer, update_seller(seller_id=seller.pk, changes=changes))

    @extend_schema(responses=shapes.ChangeMemberSerializer(many=True))
    @action(detail=True)
    def members(self, request: Request, pk: str) -> Response:
        """The people of this seller. An owner adds somebody with the form below."""
        seller = self._own_seller(Role.VIEWER)
        rows = memberships_visible_to(self.caller).filter(seller=seller)
        return self._page(rows, shapes.ChangeMemberSerializer)

    @extend_schema(request=shapes.NewMemberSerializer, responses={201: shapes.AddedMemberSerializer})
    @members.mapping.post
    def add_member(self, request: Request, pk: str) -> Response:
        """Add a person (owner).

        A person you already work with is named by user name or e-mail address; one from outside hands you the
        link code of his `me/` page. Anybody else gets a new account with a password that is shown once, here.
        """
        seller = self._own_seller()
        given = self._checked(request)
        added = add_member(seller=seller, added_by=self.caller, now=timezone.now(), **given)
        row: Any = added.membership
        row.one_time_password = added.one_time_password
        return self._shown(shapes.AddedMemberSerializer, row, 201)

    def _member(self, seller: Seller, member_id: str) -> Any:
        found = memberships_visible_to(self.caller).filter(seller=seller, pk=member_id).first()
        if found is None:
            raise NotVisible()
        self.found = found
        return found

    @extend_schema(responses=shapes.ChangeMemberSerializer)
    @action(detail=True, url_path=MEMBER_PATH, url_name="member")
    def member(self, request: Request, pk: str, member_id: str) -> Response:
        """One member. An owner changes role, on-call and activity."""
        seller = self._own_seller(Role.VIEWER)
        return self._shown(shapes.ChangeMemberSerializer, self._member(seller, member_id))

    @extend_schema(request=shapes.ChangeMemberSerializer, responses=shapes.ChangeMemberSerializer)
    @member.mapping.patch
    def change_member(self, request: Request, pk: str, member_id: str) -> Response:
        """Change role, on-call or activity (owner). The last active owner stays."""
        seller = self._own_seller()
        membership = self._member(seller, member_id)
        given = self._checked(request, partial=True)
        return self._shown(shapes.ChangeMemberSerializer, change_member(membership_id=membership.pk, **given))

    @extend_schema(responses=QuietHoursSerializer)
    @action(detail=True, url_path=f"{MEMBER_PATH}/quiet-hours", url_name="quiet-hours")
    def quiet_hours(self, request: Request, pk: str, member_id: str) -> Response:
        """When early warnings to this member wait; the last stages before a clock runs out never do."""
        seller = self._own_seller(Role.VIEWER)
        self.found = quiet_hours_page(self._member(seller, member_id))
        return Response(QuietHoursSerializer(self.found, context=self.get_serializer_context()).data)

    @extend_schema(request=QuietHoursSerializer, responses=QuietHoursSerializer)
    @quiet_hours.mapping.patch
    def set_quiet_hours(self, request: Request, pk: str, member_id: str) -> Response:
        """Set them for yourself, or as an owner for anybody; both times empty: never quiet."""
        seller = self._own_seller(Role.VIEWER)
        membership = self._member(seller, member_id)
        if membership.user_id != self.caller.actor.user_id:
            self.require_role(seller.pk, Role.OWNER)
        self.found = quiet_hours_page(membership)
        changed = set_quiet_hours(membership_id=membership.pk, **self._checked(request))
        return Response(quiet_hours_page(changed))

    @extend_schema(responses=shapes.KeySerializer(many=True))
    @action(detail=True)
    def keys(self, request: Request, pk: str) -> Response:
        """The keys of this seller's programs, without their secrets (owner, or a key that reads)."""
        seller = self._own_seller(Role.AGENT if self.caller.is_key else Role.OWNER)
        return self._page(
            keys_visible_to(self.caller).filter(integration__seller=seller), shapes.KeySerializer
        )

    @extend_schema(request=shapes.NewKeySerializer, responses={201: shapes.CreatedKeySerializer})
    @keys.mapping.post
    def create_key(self, request: Request, pk: str) -> Response:
        """Make a key (owner). The key, and its signing secret, are shown this once: copy them now."""
        seller = self._own_seller()
        given = self._checked(request)
        created = create_api_key(
            seller=seller,
            integration_name=given["integration"],
            scopes=sorted(given["scopes"]),
            signing=given["signing"],
            require_signature=given["require_signature"],
            now=timezone.now(),
        )
        row: Any = created.api_key
        row.key, row.signing_secret = created.clear_key, created.signing_secret
        return self._shown(shapes.CreatedKeySerializer, row, 201)
