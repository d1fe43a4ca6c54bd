"""`keys/{id}/`: looking at one key, and ending it, which is for owners."""

from typing import ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.serializers import EmptySerializer, KeySerializer
from accounts.api.viewsets import SellerScopedViewSet
from accounts.models import ApiKey, Role
from accounts.selectors import keys_visible_to
from accounts.services.keys import revoke_key


class KeyViewSet(SellerScopedViewSet):
    """One key of a program. Keys are made, and listed, under their seller."""

    queryset = ApiKey.objects.none()
    serializer_class = KeySerializer
    scopes: ClassVar = {"retrieve": "claims:read"}
    people_only: ClassVar = frozenset({"revoke"})

    def get_queryset(self) -> QuerySet[ApiKey]:
        return keys_visible_to(self.caller).order_by("id")

    def _own_key(self, needed: str = Role.OWNER) -> ApiKey:
        key: ApiKey = self.get_object()
        self.require_role(key.integration.seller_id, needed)
        return key

    def retrieve(self, request: Request, pk: str) -> Response:
        """The key without its secret (owner, or a key that reads)."""
        key = self._own_key(Role.AGENT if self.caller.is_key else Role.OWNER)
        return Response(self.get_serializer(key).data)

    @extend_schema(request=None, responses=KeySerializer)
    @action(detail=True, methods=["post"], serializer_class=EmptySerializer)
    def revoke(self, request: Request, pk: str) -> Response:
        """End this key for good, from its next request on (owner). Repeating it changes nothing."""
        key = self._own_key()
        self.get_serializer(data=request.data).is_valid(raise_exception=True)
        ended = revoke_key(api_key_id=key.pk, now=timezone.now())
        return Response(dict(KeySerializer(ended, context=self.get_serializer_context()).data))
