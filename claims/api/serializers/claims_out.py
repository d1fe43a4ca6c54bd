"""Claims as they are shown: the row of the queue, and the detail with everything that belongs to it."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.access import Caller, caller_of
from claims.api import choices
from claims.api.fields import AmountOut, LinkField
from claims.api.serializers import parts
from claims.api.serializers.clocks import DeadlineSerializer
from claims.api.serializers.evidence import (
    BundleSerializer,
    ChecklistRowSerializer,
    EvidenceItemSerializer,
    FindingSerializer,
)
from claims.api.serializers.judgement import (
    CauseSerializer,
    ContradictionSerializer,
    ProtectionSerializer,
)
from claims.api.serializers.notices_out import LetterSerializer
from claims.api.serializers.replies import DecisionOutSerializer, ReplySerializer
from claims.lifecycle import State, allowed_actions
from claims.models import Claim
from claims.next_action import Standing, next_action
from claims.words import CountsInOdr, DecisionOutcome, EvidenceKind, FundedBy, LossReason, Reason
from shipping.api.serializers import ShipmentDetailSerializer

#: A key with neither may do nothing that `allowed_actions` names.
ACTING_SCOPES = ("claims:write", "replies:write")


def may_act(caller: Caller, seller_id: int) -> bool:
    """Whether any action on a claim of this seller is the caller's: by his role, or by a key's scopes."""
    return caller.may_write(seller_id) and any(caller.has_scope(scope) for scope in ACTING_SCOPES)


class ClaimRowSerializer(serializers.Serializer[Any]):
    """One claim in the queue. Expects a row of `selectors.claims.claim_rows` and `now` in the context."""

    id = parts.number()
    url = LinkField(view_name="claim-detail")
    order_id = parts.text()
    amazon_claim_id = parts.text()
    seller = parts.seller()
    marketplace = parts.text(source="marketplace_id")
    reason = parts.WordField(Reason.choices, allow_null=True)
    reason_label = parts.text()
    amount = AmountOut()
    currency = parts.text()
    state = serializers.ChoiceField(choices.STATES, read_only=True)
    decision = parts.WordField(DecisionOutcome.choices, allow_null=True)
    funded_by = parts.WordField(FundedBy.choices, allow_null=True)
    counts_in_odr = parts.WordField(CountsInOdr.choices, allow_null=True)
    respond_by = parts.maybe_moment()
    target_by = parts.maybe_moment()
    prepare_by = parts.maybe_moment()
    deadline_basis = parts.WordField(choices.BASES, allow_null=True)
    seconds_left = serializers.SerializerMethodField()
    overdue = serializers.SerializerMethodField()
    opened_at = parts.moment()
    reopened = parts.flag()
    unheard = parts.flag()
    awaiting_confirmation = parts.flag()
    assignee = parts.AssigneeSerializer(read_only=True, allow_null=True)
    checklist_satisfied = parts.flag()
    missing = serializers.ListField(
        child=serializers.ChoiceField(EvidenceKind.choices, read_only=True), read_only=True
    )
    strength = parts.WordField(
        choices.GRADES,
        allow_null=True,
        help_text="Of the proof, A to F; null for reasons without a grade and before evidence was collected.",
    )
    number_misfit = parts.flag(
        help_text="A parcel's number does not fit its carrier; before delivery it can still be repaired."
    )
    next_action = serializers.SerializerMethodField()
    allowed_actions = serializers.SerializerMethodField(
        help_text="Actions that the state takes; none for a caller who may only read. A role or a scope may be "
        "asked for besides."
    )
    revision = parts.number()

    @extend_schema_field({"type": ["integer", "null"], "description": "To `target_by`; negative once past."})
    def get_seconds_left(self, claim: Claim) -> int | None:
        if claim.target_by is None:
            return None
        return int((claim.target_by - self.context["now"]).total_seconds())

    @extend_schema_field({"type": "boolean", "description": "`respond_by` has passed without an answer."})
    def get_overdue(self, claim: Claim) -> bool:
        return claim.respond_by is not None and bool(claim.respond_by < self.context["now"])

    @extend_schema_field({"type": "string"})
    def get_next_action(self, claim: Any) -> str:
        return next_action(
            Standing(
                state=State(claim.state),
                has_reason=bool(claim.reason),
                missing=claim.missing,
                reply_status=claim.open_reply_status or "",
                has_bundle=claim.has_bundle,
                has_appeal_clock=claim.has_appeal_clock,
                unheard=claim.unheard,
                number_misfit=claim.number_misfit,
            )
        )

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(choices.ACTIONS)))
    def get_allowed_actions(self, claim: Any) -> list[str]:
        if not may_act(caller_of(self.context["request"]), claim.seller_id):
            return []
        return allowed_actions(
            State(claim.state), has_appeal_clock=claim.has_appeal_clock, conceded=claim.fought is False
        )


class EventSerializer(serializers.Serializer[Any]):
    """One thing that happened, who did it and when."""

    id = parts.number()
    verb = parts.text()
    at = parts.moment()
    actor_kind = serializers.ChoiceField(choices.ACTOR_KINDS, read_only=True)
    actor = parts.text(source="actor_label")
    facts = parts.FactsField()


class ClaimDetailSerializer(ClaimRowSerializer):
    """One claim with everything that belongs to it, each list oldest first."""

    buyer_comment = parts.text()
    ship_to = parts.FactsField()
    request_text = parts.text()
    requested = serializers.ListField(
        child=serializers.ChoiceField(EvidenceKind.choices, read_only=True), read_only=True
    )
    stated_window = parts.text()
    debited_amount = AmountOut()
    loss_reason = parts.WordField(LossReason.choices, allow_null=True)
    decided_at = parts.maybe_moment()
    fought = serializers.BooleanField(read_only=True, allow_null=True)
    acknowledged_at = parts.maybe_moment()
    created_at = parts.moment()
    updated_at = parts.moment()
    notices = LetterSerializer(many=True, read_only=True)
    deadlines = DeadlineSerializer(many=True, read_only=True)
    checklist = ChecklistRowSerializer(many=True, read_only=True)
    contradictions = ContradictionSerializer(many=True, read_only=True, source="judgement.contradictions")
    protection = ProtectionSerializer(read_only=True, source="judgement.protection")
    strength = parts.WordField(choices.GRADES, allow_null=True, source="judgement.strength.grade")
    strength_causes = CauseSerializer(many=True, read_only=True, source="judgement.strength.causes")
    advice = parts.text(
        source="judgement.advice", help_text="For you alone; never part of a text for Amazon."
    )
    shipments = ShipmentDetailSerializer(many=True, read_only=True, source="known_shipments")
    findings = FindingSerializer(many=True, read_only=True)
    evidence = EvidenceItemSerializer(many=True, read_only=True)
    bundles = BundleSerializer(many=True, read_only=True)
    replies = ReplySerializer(many=True, read_only=True)
    decisions = DecisionOutSerializer(many=True, read_only=True)
    events = EventSerializer(many=True, read_only=True)
