"""The work around a claim that makes other rows: evidence, bundles, replies and outcomes."""

from typing import ClassVar

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from claims.api.base import ClaimsViewSet, form_action
from claims.api.replies import upload_of
from claims.api.serializers.claims_in import AcknowledgeSerializer
from claims.api.serializers.claims_out import ClaimDetailSerializer
from claims.api.serializers.decisions import RecordDecisionSerializer, check_decision, decision_fields
from claims.api.serializers.evidence import (
    AcceptedSerializer,
    AddEvidenceSerializer,
    BundleSerializer,
    EvidenceItemSerializer,
    FindingsSerializer,
)
from claims.api.serializers.replies import DraftReplySerializer, ReplySerializer, SubmitAppealSerializer
from claims.models import Claim
from claims.selectors.evidence import bundles_visible_to, evidence_visible_to, replies_visible_to
from claims.services.appeals import submit_appeal
from claims.services.decisions import record_decision
from claims.services.evidence import add_evidence, collect_evidence
from claims.services.replies import draft_reply
from claims.services.work import assemble_bundle
from claims.tasks import nudge


class NothingSerializer(AcknowledgeSerializer):
    """Nothing to say: the button alone is enough."""


class ClaimWork(ClaimsViewSet):
    """Mixed into the viewset of claims, which gives `answer` and the queryset."""

    work_inputs: ClassVar = {
        "add_evidence": AddEvidenceSerializer,
        "collect_evidence": NothingSerializer,
        "assemble_bundle": NothingSerializer,
        "draft_reply": DraftReplySerializer,
        "record_decision": RecordDecisionSerializer,
        "submit_appeal": SubmitAppealSerializer,
    }
    work_scopes: ClassVar = {
        "evidence": "claims:read",
        "add_evidence": "evidence:write",
        "collect_evidence": "evidence:write",
        "assemble_bundle": "evidence:write",
        "draft_reply": "replies:write",
        "record_decision": "claims:write",
        "submit_appeal": "replies:write",
    }

    def answer(self, claim: Claim) -> Response:
        raise NotImplementedError

    @extend_schema(responses=EvidenceItemSerializer(many=True), filters=False)
    @action(detail=True, filter_backends=[])
    def evidence(self, request: Request, pk: str) -> Response:
        """What was handed in for this claim, oldest first. Add a file or a text with the form below."""
        claim: Claim = self.get_object()
        rows = evidence_visible_to(self.caller).filter(claim=claim)
        page = self.paginate_queryset(rows)
        items = EvidenceItemSerializer(page, many=True, context=self.get_serializer_context())
        return self.get_paginated_response(items.data)

    @extend_schema(
        request={"multipart/form-data": AddEvidenceSerializer, "application/json": AddEvidenceSerializer},
        responses={201: EvidenceItemSerializer, 200: EvidenceItemSerializer},
    )
    @evidence.mapping.post
    def add_evidence(self, request: Request, pk: str) -> Response:
        """Hand in a file or a text. The same content of the same kind again is the same item (200)."""
        claim: Claim = self.get_object()
        values = self.checked(request)
        if "file" in values:
            name, content = upload_of(values["file"], pointer="/file")
        else:
            name, content = "note.txt", values["text"].encode()
        item, created = add_evidence(
            claim_id=claim.pk,
            kind=values["kind"],
            name=name,
            content=content,
            observed_at=values.get("observed_at"),
            note=values.get("note", ""),
            source=self.caller.actor.label,
            actor=self.caller.actor,
            now=timezone.now(),
        )
        nudge()
        return self.shown(item, 201 if created else 200, EvidenceItemSerializer)

    @extend_schema(request=NothingSerializer, responses={200: FindingsSerializer})
    @form_action()
    def collect_evidence(self, request: Request, pk: str) -> Response:
        """Look again at everything that is known, and bring findings and checklist up to date."""
        claim: Claim = self.get_object()
        self.checked(request)
        findings = collect_evidence(claim_id=claim.pk, actor=self.caller.actor, now=timezone.now())
        nudge()
        body = FindingsSerializer({"findings": findings}, context=self.get_serializer_context())
        return Response(dict(body.data))

    @extend_schema(request=NothingSerializer, responses={200: BundleSerializer, 202: AcceptedSerializer})
    @form_action()
    def assemble_bundle(self, request: Request, pk: str) -> Response:
        """Make the documents from what there is. Nothing new found is the bundle there was."""
        claim: Claim = self.get_object()
        self.checked(request)
        made = assemble_bundle(claim_id=claim.pk, actor=self.caller.actor, now=timezone.now())
        nudge()
        if made.bundle is not None:
            return self.shown(bundles_visible_to(self.caller).get(pk=made.bundle.pk), 200, BundleSerializer)
        body = AcceptedSerializer({"job": made.job}, context=self.get_serializer_context())
        return Response(dict(body.data), status=202)

    @extend_schema(request=DraftReplySerializer, responses={201: ReplySerializer, 200: ReplySerializer})
    @form_action()
    def draft_reply(self, request: Request, pk: str) -> Response:
        """Draft the text for Amazon from the bundle's facts; an open draft is refreshed unless you edited it."""
        claim: Claim = self.get_object()
        values = self.checked(request)
        reply, created = draft_reply(
            claim_id=claim.pk,
            kind=values.get("kind") or None,
            language=values.get("language") or "en",
            actor=self.caller.actor,
            now=timezone.now(),
        )
        nudge()
        shown = replies_visible_to(self.caller).get(pk=reply.pk)
        return self.shown(shown, 201 if created else 200, ReplySerializer)

    @extend_schema(request=RecordDecisionSerializer, responses=ClaimDetailSerializer)
    @form_action()
    def record_decision(self, request: Request, pk: str) -> Response:
        """Record what Amazon decided, as you see it in Seller Central."""
        claim: Claim = self.get_object()
        values = self.checked(request)
        check_decision(values, claim.currency)
        record_decision(
            claim_id=claim.pk,
            fields=decision_fields(values, currency=claim.currency),
            actor=self.caller.actor,
            now=timezone.now(),
        )
        return self.answer(claim)

    @extend_schema(
        request={"multipart/form-data": SubmitAppealSerializer, "application/json": SubmitAppealSerializer},
        responses=ReplySerializer,
    )
    @form_action()
    def submit_appeal(self, request: Request, pk: str) -> Response:
        """Record an appeal that was made outside: its text and files are kept, its clock is met."""
        claim: Claim = self.get_object()
        values = self.checked(request)
        reply = submit_appeal(
            claim_id=claim.pk,
            submitted_at=values["submitted_at"],
            text=values["text"],
            files=[upload_of(file, pointer="/files") for file in values.get("files", [])],
            actor=self.caller.actor,
            now=timezone.now(),
        )
        nudge()
        return self.shown(replies_visible_to(self.caller).get(pk=reply.pk), 200, ReplySerializer)
