"""`sellers/{id}/channels/`, `me/channels/` and `channels/{id}/`: where warnings go besides people's mailboxes.

Sending a test message is not here: whoever sends warnings offers that.
"""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import channel_shapes as shapes
from accounts.api.serializers import EmptySerializer
from accounts.api.viewsets import SellerScopedViewSet
from accounts.errors import NotVisible
from accounts.models import Role, Seller, WarningChannel
from accounts.selectors import channels_visible_to, sellers_visible_to
from accounts.services.channels import CreatedChannel, change_channel, create_channel, renew_signing_secret

SELLER = OpenApiParameter("seller_pk", OpenApiTypes.INT, OpenApiParameter.PATH)


class _ChannelsViewSet(SellerScopedViewSet):
    """What the three share. Channels are for people: no key sees or makes one."""

    queryset = WarningChannel.objects.none()
    ordering = "id"
    serializer_class = shapes.ChannelSerializer
    serializer_classes: ClassVar[dict[str, type[Any]]] = {}

    def get_queryset(self) -> QuerySet[WarningChannel]:
        return channels_visible_to(self.caller)

    def get_serializer_class(self) -> type[Any]:
        return self.serializer_classes.get(self.action or "", self.serializer_class)

    def _checked(self, request: Request, *args: Any, **kwargs: Any) -> dict[str, Any]:
        body = self.get_serializer(*args, data=request.data, **kwargs)
        body.is_valid(raise_exception=True)
        values: dict[str, Any] = body.validated_data
        return values

    def _shown_once(self, created: CreatedChannel, status: int) -> Response:
        """A plain dict: the page offers its form again. What is shown once must not lie in a cache."""
        row: Any = created.channel
        row.signing_secret = created.signing_secret
        shown = shapes.CreatedChannelSerializer(row, context=self.get_serializer_context()).data
        return Response(dict(shown), status=status, headers={"Cache-Control": "no-store"})


class SellerChannelViewSet(mixins.ListModelMixin, _ChannelsViewSet):
    """Rooms that hear a seller's warnings, such as a chat or a program, and the channels of its members (owner)."""

    serializer_classes: ClassVar = {"create": shapes.NewChannelSerializer}
    people_only: ClassVar = frozenset({"list", "create"})

    @property
    def seller(self) -> Seller:
        """Raises NotVisible for one the caller does not see, PermissionRefused for who is no owner."""
        found = sellers_visible_to(self.caller).filter(pk=self.kwargs["seller_pk"]).first()
        if found is None:
            raise NotVisible
        self.require_role(found.pk, Role.OWNER)
        return found

    def get_queryset(self) -> QuerySet[WarningChannel]:
        return super().get_queryset().filter(seller=self.seller)

    @extend_schema(parameters=[SELLER])
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """All channels, without their targets (owner)."""
        return super().list(request, *args, **kwargs)

    @extend_schema(
        request=shapes.NewChannelSerializer,
        responses={201: shapes.CreatedChannelSerializer},
        parameters=[SELLER],
    )
    def create(self, request: Request, seller_pk: str) -> Response:
        """Add a room (owner). The signing secret of a webhook is shown this once: copy it now, then test it."""
        seller = self.seller
        given: Any = self._checked(request)
        return self._shown_once(create_channel(seller=seller, user=None, now=timezone.now(), **given), 201)


class MyChannelViewSet(mixins.ListModelMixin, _ChannelsViewSet):
    """Your own channels: they hear whatever you hear, besides your mailbox."""

    serializer_classes: ClassVar = {"create": shapes.NewOwnChannelSerializer}
    people_only: ClassVar = frozenset({"list", "create"})

    def get_queryset(self) -> QuerySet[WarningChannel]:
        return super().get_queryset().filter(user=self.caller.user)

    @extend_schema(request=shapes.NewOwnChannelSerializer, responses={201: shapes.CreatedChannelSerializer})
    def create(self, request: Request) -> Response:
        """Add a channel of your own. The signing secret of a webhook is shown this once: copy it now."""
        given: Any = self._checked(request)
        seller = given.pop("seller_id")
        created = create_channel(seller=seller, user=self.caller.user, now=timezone.now(), **given)
        return self._shown_once(created, 201)


class ChannelViewSet(mixins.RetrieveModelMixin, _ChannelsViewSet):
    """One channel. Its owner, or whose own it is, changes it; nothing is deleted, it is switched off."""

    serializer_classes: ClassVar = {"renew_secret": EmptySerializer}
    people_only: ClassVar = frozenset({"retrieve", "partial_update", "renew_secret"})

    @extend_schema(request=shapes.ChannelSerializer, responses=shapes.ChannelSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        """Change label, audiences or target, or switch it off and on."""
        channel: WarningChannel = self.get_object()
        given: Any = self._checked(request, channel, partial=True)
        changed = change_channel(channel_id=channel.pk, **given)
        return Response(self.get_serializer(changed).data)

    @extend_schema(request=None, responses=shapes.CreatedChannelSerializer)
    @action(detail=True, methods=["post"], url_path="renew-secret")
    def renew_secret(self, request: Request, pk: str) -> Response:
        """Replace the signing secret of a webhook. The new one is shown this once and counts from now on."""
        channel: WarningChannel = self.get_object()
        self.get_serializer(data=request.data).is_valid(raise_exception=True)
        return self._shown_once(renew_signing_secret(channel_id=channel.pk), 200)
