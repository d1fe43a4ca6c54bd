"""`tracking-webhooks/{endpoint_id}/`: where tracking services send news. No sign-in: the signature is the proof."""

from collections.abc import Mapping
from typing import IO, Any

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.parsers import BaseParser
from rest_framework.permissions import AllowAny
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from accounts.errors import NotVisible
from shipping import selectors
from shipping.api.source_shapes import TakenSerializer
from shipping.models import TrackingEndpoint
from shipping.services.webhooks import SignatureRefused, take_delivery

ENDPOINT = OpenApiParameter("endpoint_id", OpenApiTypes.STR, OpenApiParameter.PATH)


class UnreadParser(BaseParser):
    """Leaves the bytes as they came: the signature is over them."""

    media_type = "*/*"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        return {}


class TrackingWebhookViewSet(GenericViewSet[Any]):
    """Never throttled. The same delivery again changes nothing."""

    queryset = TrackingEndpoint.objects.none()
    serializer_class = TakenSerializer
    authentication_classes = ()
    permission_classes = (AllowAny,)
    parser_classes = (UnreadParser,)
    renderer_classes = (JSONRenderer,)
    pagination_class = None
    filter_backends = ()
    throttle_classes = ()

    def get_authenticate_header(self, request: Any) -> str:
        """What makes a refused signature a 401."""
        return "Signature"

    @extend_schema(
        auth=[],
        parameters=[ENDPOINT],
        request={"application/json": OpenApiTypes.OBJECT},
        responses={200: TakenSerializer},
    )
    def create(self, request: Request, endpoint_id: str) -> Response:
        """Take in one delivery of a tracking service, exactly as it was signed."""
        endpoint = selectors.endpoint_behind(endpoint_id)
        if endpoint is None:
            raise NotVisible
        bare = request._request
        try:
            parcels = take_delivery(
                endpoint=endpoint,
                body=bare.body,
                headers={name.lower(): text for name, text in bare.headers.items()},
                content_type=bare.content_type or "",
                now=timezone.now(),
            )
        except SignatureRefused as refused:
            raise AuthenticationFailed(str(refused), code="bad_signature") from refused
        return Response({"parcels": parcels})
