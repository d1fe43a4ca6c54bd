"""Letters as they are shown: what came, what was read from it, and the claim it belongs to."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api.fields import AwareDateTimeField, utc_text
from claims.api import choices
from claims.api.fields import AmountOut, LinkField
from claims.api.serializers import parts
from claims.models import Notice
from claims.words import NoticeKind, NoticeStatus

#: What of a letter's facts the resolving form begins with.
_PREFILLED = ("amazon_claim_id", "reason_label", "buyer_comment", "amount", "currency", "request_text")


class ClaimOfNoticeSerializer(serializers.Serializer[Any]):
    """The claim as far as a sender needs to know it at once."""

    id = parts.number()
    url = LinkField(view_name="claim-detail")
    state = serializers.ChoiceField(choices.STATES, read_only=True)
    order_id = parts.text()
    amazon_claim_id = parts.text()
    marketplace = parts.text(source="marketplace_id")
    amount = AmountOut()
    currency = parts.text()
    respond_by = parts.maybe_moment()
    target_by = parts.maybe_moment()
    prepare_by = parts.maybe_moment()
    deadline_basis = parts.WordField(choices.BASES, allow_null=True)
    reopened = parts.flag()
    revision = parts.number()


class LetterSerializer(serializers.Serializer[Any]):
    """One letter of a claim."""

    id = parts.number()
    url = LinkField(view_name="notice-detail")
    notice_id = parts.text()
    kind = parts.WordField(NoticeKind.choices, allow_null=True)
    status = serializers.ChoiceField(NoticeStatus.choices, read_only=True)
    why = parts.text()
    seller = parts.seller()
    marketplace = parts.text(source="marketplace_id")
    marketplace_inferred = parts.flag()
    order_id = parts.text()
    amazon_claim_id = parts.text()
    noticed_at = parts.maybe_moment()
    noticed_at_basis = parts.text()
    received_at = parts.moment()
    received_from = parts.text()
    source = parts.text()  # type: ignore[assignment]
    media_type = parts.text()
    subject = parts.text()
    text = parts.text()
    same_letter_as = parts.maybe_number(source="same_letter_as_id")
    conflicts_with = parts.maybe_number(source="conflicts_with_id")
    resolved_at = parts.maybe_moment()
    resolved_by = parts.text()


class PrefillSerializer(serializers.Serializer[Any]):
    """What could be read of a letter that needs a person; a body for `resolve/` to begin with."""

    noticed_at = AwareDateTimeField()
    kind = serializers.ChoiceField(NoticeKind.choices, required=False)
    marketplace_id = serializers.CharField(required=False)
    order_id = serializers.CharField(required=False)
    amazon_claim_id = serializers.CharField(required=False)
    reason_label = serializers.CharField(required=False)
    buyer_comment = serializers.CharField(required=False)
    amount = serializers.CharField(required=False)
    currency = serializers.CharField(required=False)
    request_text = serializers.CharField(required=False)


class NoticeAnswerSerializer(LetterSerializer):
    """A letter with its claim; `claim` is null unless the letter is processed or resolved."""

    claim = serializers.SerializerMethodField()
    triage_due_at = serializers.SerializerMethodField(
        help_text="Until when a person has to place this letter."
    )
    prefill = serializers.SerializerMethodField()

    @extend_schema_field(ClaimOfNoticeSerializer(allow_null=True))
    def get_claim(self, notice: Notice) -> Any:
        settled = notice.status in (NoticeStatus.PROCESSED, NoticeStatus.RESOLVED)
        if notice.claim is None or not settled:
            return None
        return ClaimOfNoticeSerializer(notice.claim, context=self.context).data

    @extend_schema_field({"type": ["string", "null"], "format": "date-time"})
    def get_triage_due_at(self, notice: Notice) -> str | None:
        due_at = getattr(notice, "triage_due_at", None)
        return utc_text(due_at) if due_at else None

    @extend_schema_field(PrefillSerializer(allow_null=True))
    def get_prefill(self, notice: Notice) -> dict[str, Any] | None:
        return prefill_of(notice) if notice.status == NoticeStatus.NEEDS_PERSON else None


def prefill_of(notice: Notice) -> dict[str, Any]:
    """The body a person starts from: facts that were read, and the letter's moment."""
    known = {
        "kind": notice.kind,
        "marketplace_id": notice.marketplace_id,
        "order_id": notice.order_id,
        **{name: notice.facts.get(name) for name in _PREFILLED},
    }
    filled = {name: str(value) for name, value in known.items() if value}
    return {"noticed_at": utc_text(notice.noticed_at or notice.received_at), **filled}
