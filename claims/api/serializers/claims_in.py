"""What the actions on claims take. Each is strict, and holds no rule that a service decides."""

from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from accounts.api.fields import CurrencyField, StrictSerializer
from claims.api import choices
from claims.api.fields import AmountField, AssigneeField, IdListField, check_amount, long_text, short_text
from claims.words import Reason
from shipping.api.serializers import ShipToSerializer

BULK_AT_MOST = 200
_AREA = {"base_template": "textarea.html", "rows": 6}


class UpdateClaimSerializer(StrictSerializer):
    """Facts of a claim; what is left out stays. The state moves by actions only."""

    revision = serializers.IntegerField(required=False, min_value=1, max_value=2**31 - 1)
    reason = serializers.ChoiceField(Reason.choices, required=False, allow_blank=True)
    reason_label = short_text(500)
    buyer_comment = long_text()
    amount = AmountField(required=False, allow_null=True)
    currency = CurrencyField(required=False, allow_blank=True)
    amazon_claim_id = short_text(64)
    ship_to = ShipToSerializer(required=False)
    request_text = long_text()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        claim = self.instance
        amount = attrs.get("amount", getattr(claim, "amount", None))
        faults = check_amount(amount, attrs.get("currency", getattr(claim, "currency", "")))
        if faults and ("amount" in attrs or "currency" in attrs):
            raise ValidationError(faults)
        return attrs


class AssignSerializer(StrictSerializer):
    """Who works on it; empty for nobody."""

    assignee = AssigneeField()


class AcknowledgeSerializer(StrictSerializer):
    """Nothing to say: the button alone is enough."""


class NoteSerializer(StrictSerializer):
    """A line for the history."""

    text = serializers.CharField(max_length=10_000, style=_AREA)


class ReasonSerializer(StrictSerializer):
    """Why."""

    reason = serializers.CharField(max_length=2000)


class CloseSerializer(StrictSerializer):
    """Why; needed while an appeal is still open."""

    reason = short_text(2000)


class BulkSerializer(StrictSerializer):
    """One action on up to 200 claims, each for itself."""

    ASSIGN, ACKNOWLEDGE, COLLECT_EVIDENCE = "assign", "acknowledge", "collect_evidence"

    action = serializers.ChoiceField(choices.BULK_ACTIONS)
    ids = IdListField(min_length=1, max_length=BULK_AT_MOST)
    assignee = AssigneeField(required=False, help_text="For assign.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        wants_one = attrs["action"] == self.ASSIGN
        if wants_one and "assignee" not in attrs:
            raise ValidationError({"assignee": ErrorDetail("Required to assign.", code="required")})
        if not wants_one and attrs.get("assignee") is not None:
            raise ValidationError({"assignee": ErrorDetail("Only for assign.", code="not_allowed")})
        return attrs


class BulkResultSerializer(serializers.Serializer[Any]):
    """What became of one claim; `status` is the HTTP status it would have had alone."""

    id = serializers.IntegerField(read_only=True)
    status = serializers.IntegerField(read_only=True)
    code = serializers.CharField(required=False)
    detail = serializers.CharField(required=False)


class BulkResultsSerializer(serializers.Serializer[Any]):
    """One result for each id, in the order given."""

    results = BulkResultSerializer(many=True, read_only=True)
