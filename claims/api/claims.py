"""`claims/`: the queue, one claim with everything that belongs to it, and the work on the claim itself.

Evidence, bundles, replies and outcomes of a claim are in `claim_work`.
"""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import extend_schema
from rest_framework import mixins
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api.base import PAGE, ClaimsViewSet, form_action
from claims.api.bulk import apply_to_each
from claims.api.claim_work import ClaimWork
from claims.api.filters import ClaimFilter, ClaimOrdering
from claims.api.replies import IF_MATCH
from claims.api.revisions import etag_of, named_revision
from claims.api.serializers.claims_in import (
    AcknowledgeSerializer,
    AssignSerializer,
    BulkResultsSerializer,
    BulkSerializer,
    CloseSerializer,
    NoteSerializer,
    ReasonSerializer,
    UpdateClaimSerializer,
)
from claims.api.serializers.claims_out import ClaimDetailSerializer, ClaimRowSerializer
from claims.models import Claim
from claims.selectors.claims import claim_details, claim_rows, claims_visible_to, with_shipments
from claims.services import claims as services
from claims.tasks import nudge


class ClaimViewSet(ClaimWork, mixins.ListModelMixin, mixins.RetrieveModelMixin, ClaimsViewSet):
    """Claims, the most urgent first. Open one to see what is known, what is missing and what to do next."""

    queryset = Claim.objects.none()
    shape = ClaimDetailSerializer
    inputs: ClassVar = {
        **ClaimWork.work_inputs,
        "partial_update": UpdateClaimSerializer,
        "bulk": BulkSerializer,
        "assign": AssignSerializer,
        "acknowledge": AcknowledgeSerializer,
        "note": NoteSerializer,
        "concede": ReasonSerializer,
        "close": CloseSerializer,
        "reopen": ReasonSerializer,
    }
    scopes: ClassVar = {
        **ClaimWork.work_scopes,
        "list": "claims:read",
        "retrieve": "claims:read",
        PAGE: "claims:read",
        "partial_update": "claims:write",
        "bulk": "claims:write",
        "assign": "claims:write",
        "note": "claims:write",
        "concede": "claims:write",
        "close": "claims:write",
        "reopen": "claims:write",
    }
    people_only: ClassVar = frozenset({"acknowledge"})
    list_parameters: ClassVar = {"list": (), "evidence": ()}
    filter_backends = [DjangoFilterBackend, ClaimOrdering]
    filterset_class = ClaimFilter
    ordering = "id"  # of the lists below a claim; the queue's own is ClaimOrdering's

    @property
    def indexed_filters(self) -> Sequence[str]:  # type: ignore[override]
        ordering = self.request.query_params.get("ordering") or "queue"
        return ("state",) if self.action == "list" and ordering.endswith("queue") else ()

    def get_queryset(self) -> QuerySet[Claim]:
        return claim_rows(claims_visible_to(self.caller))

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Filters are the list's; `claims/17/?state=…` is claim 17."""
        return super().filter_queryset(queryset) if self.action == "list" else queryset

    def get_serializer_class(self) -> Any:
        return ClaimRowSerializer if self.action == "list" else super().get_serializer_class()

    def full(self, pk: int) -> Claim:
        """One claim with everything that belongs to it."""
        return with_shipments(claim_details(claims_visible_to(self.caller)).get(pk=pk))

    def answer(self, claim: Claim) -> Response:
        """The answer of every action on a claim: its detail as it stands now."""
        nudge()
        shown = self.full(claim.pk)
        response = self.shown(shown)
        response["ETag"] = etag_of(shown.revision)
        return response

    def present(self, row: Any) -> Any:
        return self.full(row.pk)

    @extend_schema(responses=ClaimDetailSerializer)
    def retrieve(self, request: Request, pk: str) -> Response:
        """One claim with everything that belongs to it, each list oldest first."""
        claim = self.full(self.get_object().pk)
        self._found = claim
        serializer = self.get_serializer(claim)
        response = Response(serializer.data)
        response["ETag"] = etag_of(claim.revision)
        return response

    @extend_schema(request=UpdateClaimSerializer, responses=ClaimDetailSerializer, parameters=[IF_MATCH])
    def partial_update(self, request: Request, pk: str) -> Response:
        """Correct facts of the claim; what is left out stays. The state moves by actions only."""
        claim: Claim = self.get_object()
        body: Any = self.get_serializer(claim, data=request.data, partial=True)
        body.is_valid(raise_exception=True)
        changes = dict(body.validated_data)
        named = named_revision(request, changes.pop("revision", None))
        if "ship_to" in changes:
            changes["ship_to"] = {name: text for name, text in changes["ship_to"].items() if text}
        with named.checked() as revision:
            services.update_claim(
                claim_id=claim.pk,
                revision=revision,
                changes=changes,
                actor=self.caller.actor,
                now=timezone.now(),
            )
        return self.answer(claim)

    @extend_schema(request=BulkSerializer, responses=BulkResultsSerializer)
    @form_action(detail=False)
    def bulk(self, request: Request) -> Response:
        """Assign, acknowledge or collect evidence for up to 200 claims, each for itself."""
        values = self.checked(request)
        results = apply_to_each(
            self.caller,
            values["ids"],
            action=values["action"],
            assignee=values.get("assignee"),
            now=timezone.now(),
        )
        nudge()
        return Response({"results": results})

    @extend_schema(request=AssignSerializer, responses=ClaimDetailSerializer)
    @form_action()
    def assign(self, request: Request, pk: str) -> Response:
        """Give the claim to a member of its seller, or to nobody."""
        claim: Claim = self.get_object()
        values = self.checked(request)
        services.assign_claim(
            claim_id=claim.pk, assignee=values["assignee"], actor=self.caller.actor, now=timezone.now()
        )
        return self.answer(claim)

    @extend_schema(request=AcknowledgeSerializer, responses=ClaimDetailSerializer)
    @form_action()
    def acknowledge(self, request: Request, pk: str) -> Response:
        """«I have seen it»: ends the repeats of the stages sent so far, never a later stage."""
        claim: Claim = self.get_object()
        self.checked(request)
        services.acknowledge_claim(claim_id=claim.pk, actor=self.caller.actor, now=timezone.now())
        return self.answer(claim)

    @extend_schema(request=NoteSerializer, responses=ClaimDetailSerializer)
    @form_action()
    def note(self, request: Request, pk: str) -> Response:
        """Write a line into the claim's history."""
        claim: Claim = self.get_object()
        values = self.checked(request)
        services.add_note(claim_id=claim.pk, text=values["text"], actor=self.caller.actor, now=timezone.now())
        return self.answer(claim)

    @extend_schema(request=ReasonSerializer, responses=ClaimDetailSerializer)
    @form_action()
    def concede(self, request: Request, pk: str) -> Response:
        """Do not fight this claim: its clocks are cancelled and it waits for Amazon's word, or is closed."""
        claim: Claim = self.get_object()
        values = self.checked(request)
        services.concede_claim(
            claim_id=claim.pk, reason=values["reason"], actor=self.caller.actor, now=timezone.now()
        )
        return self.answer(claim)

    @extend_schema(request=CloseSerializer, responses=ClaimDetailSerializer)
    @form_action()
    def close(self, request: Request, pk: str) -> Response:
        """Be done with a decided claim; while it can still be appealed this needs a reason."""
        claim: Claim = self.get_object()
        values = self.checked(request)
        services.close_claim(
            claim_id=claim.pk, reason=values.get("reason", ""), actor=self.caller.actor, now=timezone.now()
        )
        return self.answer(claim)

    @extend_schema(request=ReasonSerializer, responses=ClaimDetailSerializer)
    @form_action()
    def reopen(self, request: Request, pk: str) -> Response:
        """Take a closed claim up again, as decided."""
        claim: Claim = self.get_object()
        values = self.checked(request)
        services.reopen_claim(
            claim_id=claim.pk, reason=values["reason"], actor=self.caller.actor, now=timezone.now()
        )
        return self.answer(claim)

    def get_serializer_context(self) -> dict[str, Any]:
        context = super().get_serializer_context()
        if self.found is not None:
            context["seller_id"] = self.found.seller_id
        return context

    def form_values(self) -> dict[str, Any]:
        if self.action == "assign" and self.found is not None:
            return {"assignee": self.found.assignee_id}
        return {}
