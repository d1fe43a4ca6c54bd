"""Replies and decisions as they are shown, and what drafting, approving and confirming take."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.utils.html import is_html_input

from accounts.api.fields import AwareDateTimeField, StrictSerializer
from claims.api.fields import AmountOut, LinkField, NotAheadField
from claims.api.serializers import parts
from claims.api.serializers.evidence import BundleOfReplySerializer, MissingSerializer
from claims.judgement.advice import advice_for
from claims.models import Reply
from claims.selectors.claims import OPEN_REPLY
from claims.services.replies import lint
from claims.words import CountsInOdr, DecisionOutcome, FundedBy, LossReason, ReplyKind, ReplyStatus

REPLY_TEXT_AT_MOST = 200_000
LANGUAGE = r"\A[a-z]{2}(-[A-Z]{2})?\Z"
_AREA = {"base_template": "textarea.html", "rows": 20}


class RemarkSerializer(serializers.Serializer[Any]):
    """Something a reader of the reply would stumble over."""

    sentence = parts.text()
    code = parts.text()
    detail = parts.text()


class ReplySerializer(serializers.Serializer[Any]):
    """A text for Amazon; frozen once an agent has confirmed that it was pasted."""

    id = parts.number()
    url = LinkField(view_name="reply-detail")
    claim = parts.number(source="claim_id")
    kind = serializers.ChoiceField(ReplyKind.choices, read_only=True)
    language = parts.text()
    text = parts.text()
    status = serializers.ChoiceField(ReplyStatus.choices, read_only=True)
    revision = parts.number()
    bundle = BundleOfReplySerializer(read_only=True, allow_null=True)
    stale_bundle = parts.flag()
    lint = serializers.SerializerMethodField()
    advice = serializers.SerializerMethodField()
    missing = serializers.SerializerMethodField()
    without_facts = serializers.SerializerMethodField()
    approved_by = parts.text()
    approved_at = parts.maybe_moment()
    submitted_at = parts.maybe_moment()
    confirmed_at = parts.maybe_moment()
    confirmed_by = parts.text()
    late = parts.flag()
    made_outside = parts.flag()
    text_sha256 = parts.text()
    frozen = parts.FactsField()
    pasted_differs = serializers.BooleanField(read_only=True, allow_null=True)
    screenshot = parts.maybe_number(source="screenshot_id")
    retracted_at = parts.maybe_moment()
    retracted_by = parts.text()
    retract_reason = parts.text()
    created_at = parts.moment()
    updated_at = parts.moment()

    @extend_schema_field(RemarkSerializer(many=True))
    def get_lint(self, reply: Reply) -> list[dict[str, Any]]:
        if reply.status not in OPEN_REPLY:
            return []
        found = lint(reply, reply.claim.seller)
        return [{"sentence": f.sentence, "code": f.code, "detail": f.detail} for f in found]

    @extend_schema_field(
        {"type": "string", "description": "For you alone: what the proof's strength advises."}
    )
    def get_advice(self, reply: Reply) -> str:
        return advice_for(reply.claim.strength) if reply.status in OPEN_REPLY else ""

    @extend_schema_field(MissingSerializer(many=True))
    def get_missing(self, reply: Reply) -> list[dict[str, str]]:
        """What Amazon asks for and the claim lacks. It stops no approval; whoever approves should know it."""
        if reply.status not in OPEN_REPLY:
            return []
        reasons = {row["kind"]: row["reason"] for row in reply.claim.checklist}
        return [{"kind": kind, "reason": reasons.get(kind, "")} for kind in reply.claim.missing]

    def get_without_facts(self, reply: Reply) -> bool:
        """Nothing that Amazon asks for is there: whatever the text says, no document bears it out."""
        return reply.status in OPEN_REPLY and not any(
            row["state"] == "provided" for row in reply.claim.checklist
        )


class _RevisionSerializer(StrictSerializer):
    """`revision` may be left out where the header If-Match names it."""

    revision = serializers.IntegerField(required=False, min_value=1, max_value=2**31 - 1)


class DraftReplySerializer(StrictSerializer):
    """Which text to draft; left out, what the claim's state asks for, in English."""

    kind = serializers.ChoiceField(ReplyKind.choices, required=False, allow_blank=True)
    language = serializers.RegexField(
        LANGUAGE, required=False, allow_blank=True, style={"placeholder": "en"},
        error_messages={"invalid": "A language such as en or de."},
    )  # fmt: skip


class KeptTextField(serializers.CharField):
    """A text that a form cannot leave out by clearing it: an empty one is refused, not taken as unchanged."""

    def get_value(self, dictionary: Any) -> Any:
        if is_html_input(dictionary) and self.field_name in dictionary:
            return dictionary[self.field_name]
        return super().get_value(dictionary)


class EditReplySerializer(_RevisionSerializer):
    """The text as it should be."""

    text = KeptTextField(required=False, max_length=REPLY_TEXT_AT_MOST, trim_whitespace=False, style=_AREA)
    language = serializers.RegexField(
        LANGUAGE, required=False, error_messages={"invalid": "A language such as en or de."}
    )


class ApproveSerializer(_RevisionSerializer):
    """Approve the text of this revision."""


class ConfirmSubmissionSerializer(_RevisionSerializer):
    """The approved text was pasted into Seller Central and submitted there."""

    submitted_at = NotAheadField(required=False, help_text="Left out: now.")
    pasted_text = serializers.CharField(
        required=False, allow_blank=True, max_length=REPLY_TEXT_AT_MOST, trim_whitespace=False,
        style={"base_template": "textarea.html", "rows": 8},
        help_text="What stands in Seller Central now; it is compared with the approved text.",
    )  # fmt: skip
    screenshot = serializers.FileField(required=False, allow_empty_file=True)


class RetractSubmissionSerializer(_RevisionSerializer):
    """It was not submitted after all."""

    reason = serializers.CharField(max_length=2000)


class SubmitAppealSerializer(StrictSerializer):
    """An appeal that was made outside of this product."""

    submitted_at = NotAheadField()
    text = serializers.CharField(max_length=REPLY_TEXT_AT_MOST, trim_whitespace=False, style=_AREA)
    files = serializers.ListField(
        child=serializers.FileField(allow_empty_file=True), required=False, max_length=20,
        style={"base_template": "input.html", "input_type": "file"},
    )  # fmt: skip

    def validate_text(self, value: str) -> str:
        if not value.strip():
            raise serializers.ValidationError("Give the text of the appeal.", code="blank")
        return value


class DecisionOutSerializer(serializers.Serializer[Any]):
    """One decision; the current one stands on the claim too."""

    id = parts.number()
    decision = serializers.ChoiceField(DecisionOutcome.choices, read_only=True)
    funded_by = serializers.ChoiceField(FundedBy.choices, read_only=True)
    counts_in_odr = serializers.ChoiceField(CountsInOdr.choices, read_only=True)
    debited_amount = AmountOut()
    currency = parts.text()
    loss_reason = parts.WordField(LossReason.choices, allow_null=True)
    decision_text = parts.text()
    of_appeal = parts.flag()
    current = parts.flag()
    decided_at = AwareDateTimeField(read_only=True)
    notice = parts.maybe_number(source="notice_id")
    created_at = parts.moment()
    created_by = parts.text()
