"""`deadlines/summary/`: how much is at risk by when."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api import choices
from claims.api.base import ClaimsViewSet
from claims.api.fields import AmountOut
from claims.api.serializers import parts
from claims.deadlines import DeadlineKind
from claims.models import Deadline
from claims.selectors.clocks import deadlines_visible_to
from claims.selectors.risk import risk_summary

KIND = OpenApiParameter(
    "kind",
    OpenApiTypes.STR,
    many=True,
    enum=[kind.value for kind in DeadlineKind],
    description="Without: all.",
)
SELLER = OpenApiParameter("seller", OpenApiTypes.STR, description="Merchant token; without: all of yours.")


class BucketSerializer(serializers.Serializer[Any]):
    """Clocks of one stretch of time. `amount`: each claim once, with its most urgent clock."""

    bucket = serializers.ChoiceField(choices.RISK_BUCKETS, source="name", read_only=True)
    count = parts.number()
    amount = AmountOut()


class RiskSerializer(serializers.Serializer[Any]):
    """One seller's clocks in one currency; null: of claims without amount, and of letters nobody has placed."""

    seller = parts.text()
    currency = serializers.SerializerMethodField()
    count = parts.number()
    amount = AmountOut()
    buckets = BucketSerializer(many=True, read_only=True)

    def get_currency(self, risk: Any) -> str | None:
        return risk.currency or None


@extend_schema_serializer(many=False)
class RiskSummarySerializer(serializers.Serializer[Any]):
    """The buckets are those of the time left to the target; `overdue` by the moment Amazon's window ends."""

    as_of = parts.moment()
    results = RiskSerializer(many=True, read_only=True)


class RiskViewSet(ClaimsViewSet):
    """How many clocks run out in 1, 4, 12 and 24 hours, and how much money hangs on them."""

    queryset = Deadline.objects.none()
    shape = RiskSummarySerializer
    list_parameters: ClassVar = {"list": ("seller", "kind")}
    scopes: ClassVar = {"list": "claims:read"}
    pagination_class = None
    filter_backends = []

    def get_queryset(self) -> QuerySet[Deadline]:
        return deadlines_visible_to(self.caller)

    @extend_schema(
        operation_id="deadlines_summary", responses=RiskSummarySerializer, parameters=[SELLER, KIND]
    )
    def list(self, request: Request) -> Response:
        """Clocks on which something is owed, by seller, currency and time left."""
        risks = risk_summary(
            self.caller,
            now=self.now,
            seller=request.query_params.get("seller") or None,
            kinds=_asked_kinds(request),
        )
        summary: Any = {"as_of": self.now, "results": risks}
        return Response(RiskSummarySerializer(summary, context=self.get_serializer_context()).data)


def _asked_kinds(request: Request) -> list[DeadlineKind]:
    asked = [word for word in request.query_params.getlist("kind") if word]
    known = {kind.value for kind in DeadlineKind}
    unknown = [word for word in asked if word not in known]
    if unknown:
        detail = f"One of {', '.join(sorted(known))}."
        raise ValidationError({"kind": [ErrorDetail(detail, code="invalid_choice")]})
    return [DeadlineKind(word) for word in asked]
