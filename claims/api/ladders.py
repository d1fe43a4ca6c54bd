"""`sellers/{id}/ladders/`: which warnings go out before a clock of this seller runs out, and to whom."""

from typing import Any, ClassVar

from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.serializers import EmptySerializer
from accounts.errors import NotVisible
from accounts.roles import Role
from claims.api.base import PAGE, form_action
from claims.api.sellers import SELLER, OfSellerViewSet
from claims.api.serializers.ladders import LadderSerializer, SetLadderSerializer
from claims.deadlines import DeadlineKind
from claims.models import LadderStep
from claims.selectors.ladders import Ladder, ladder_of, ladders_of
from claims.services.ladders import reset_ladder, set_ladder
from claims.tasks import nudge

KIND = OpenApiParameter(
    "kind", OpenApiTypes.STR, OpenApiParameter.PATH, enum=[kind.value for kind in DeadlineKind]
)


class LadderViewSet(OfSellerViewSet):
    """The ladders of warnings that count for this seller, one for each kind of clock.

    An owner may set his own. A response, an appeal information and a triage ladder keeps `missed` and a rung in
    the last four hours.
    """

    queryset = LadderStep.objects.none()
    shape = LadderSerializer
    inputs: ClassVar = {
        "update": SetLadderSerializer,
        "partial_update": SetLadderSerializer,
        "reset": EmptySerializer,
    }
    scopes: ClassVar = dict.fromkeys(("list", "retrieve", PAGE), "claims:read")
    people_only: ClassVar = frozenset({"update", "partial_update", "reset"})
    roles: ClassVar = dict.fromkeys(("update", "partial_update", "reset"), Role.OWNER)
    http_method_names = ["get", "post", "put", "patch", "head", "options"]
    lookup_field = "kind"
    lookup_value_regex = "[a-z_]+"
    pagination_class = None
    filter_backends = []

    def get_object(self) -> Ladder:
        """Raises NotVisible for a kind that no clock has, PermissionRefused for who may not change it."""
        ladder = ladder_of(self.seller.pk, self.kwargs["kind"])
        if ladder is None:
            raise NotVisible
        self._found = ladder
        self.check_object_permissions(self.request, ladder)
        return ladder

    @extend_schema(responses=LadderSerializer(many=True), parameters=[SELLER])
    def list(self, request: Request, seller_pk: str) -> Response:
        """Which stage is reached when, and who hears it how."""
        return Response(LadderSerializer(ladders_of(self.seller.pk), many=True).data)

    @extend_schema(responses=LadderSerializer, parameters=[SELLER, KIND])
    def retrieve(self, request: Request, seller_pk: str, kind: str) -> Response:
        """One ladder, with the form by which an owner sets another."""
        return Response(LadderSerializer(self.get_object()).data)

    @extend_schema(request=SetLadderSerializer, responses=LadderSerializer, parameters=[SELLER, KIND])
    def update(self, request: Request, seller_pk: str, kind: str) -> Response:
        """Set this seller's own ladder (owner). Clocks that run go on by it; no stage is warned of again."""
        ladder = self.get_object()
        rungs = self.checked(request)["rungs"]
        changed = set_ladder(
            seller=self.seller, kind=ladder.kind, rungs=rungs, actor=self.caller.actor, now=timezone.now()
        )
        nudge()
        return self._answer(changed)

    @extend_schema(exclude=True)
    def partial_update(self, request: Request, seller_pk: str, kind: str) -> Response:
        """Set this seller's own ladder (owner). Clocks that run go on by it; no stage is warned of again."""
        return self.update(request, seller_pk, kind)

    @extend_schema(request=EmptySerializer, responses=LadderSerializer, parameters=[SELLER, KIND])
    @form_action()
    def reset(self, request: Request, seller_pk: str, kind: str) -> Response:
        """Go back to the installation's ladder (owner)."""
        ladder = self.get_object()
        self.checked(request)
        changed = reset_ladder(
            seller=self.seller, kind=ladder.kind, actor=self.caller.actor, now=timezone.now()
        )
        nudge()
        return self._answer(changed)

    def _answer(self, ladder: Ladder) -> Response:
        shown: Any = LadderSerializer(ladder).data
        return Response(dict(shown))
