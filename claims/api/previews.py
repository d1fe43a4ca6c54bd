"""`claims/{id}/warning-preview/`: what would go out for a claim, when, and to whom."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.errors import NotVisible
from claims.api.base import ClaimsViewSet
from claims.api.serializers.previews import WarningPreviewSerializer
from claims.models import Claim
from claims.selectors.claims import claims_visible_to
from claims.services.previews import preview_warnings

CLAIM = OpenApiParameter("claim_pk", OpenApiTypes.INT, OpenApiParameter.PATH)


class WarningPreviewViewSet(ClaimsViewSet):
    """What would go out for this claim, when, and to whom.

    Stages that were reached show what became of them; those to come are worked out from the ladder, the rota
    and the quiet hours as they are now, as if nobody answered.
    """

    queryset = Claim.objects.none()
    shape = WarningPreviewSerializer
    scopes: ClassVar = {"list": "warnings:read"}
    pagination_class = None
    filter_backends = []

    def get_queryset(self) -> QuerySet[Claim]:
        return claims_visible_to(self.caller).select_related("seller")

    @extend_schema(
        operation_id="claims_warning_preview",
        responses=WarningPreviewSerializer,
        parameters=[CLAIM],
    )
    def list(self, request: Request, claim_pk: str) -> Response:
        """The stages of every clock on which something is owed, the nearest clock first."""
        claim = self.get_queryset().filter(pk=claim_pk).first()
        if claim is None:
            raise NotVisible
        clocks = preview_warnings(claim=claim, now=self.now)
        preview: Any = {"claim": claim.pk, "as_of": self.now, "clocks": clocks}
        return Response(WarningPreviewSerializer(preview, context=self.get_serializer_context()).data)
