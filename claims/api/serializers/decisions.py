"""A decision as a letter or an agent tells it, checked and turned into `DecisionFields`."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from accounts.api.fields import StrictSerializer
from claims.api.fields import AmountField, NotAheadField, check_amount, long_text
from claims.intake.fields import DecisionFields
from claims.words import CountsInOdr, DecisionOutcome, FundedBy, LossReason


class DecisionSerializer(StrictSerializer):
    """What Amazon decided, on its three axes."""

    nulls_left_out = True

    decision = serializers.ChoiceField(DecisionOutcome.choices)
    funded_by = serializers.ChoiceField(FundedBy.choices, required=False, default=FundedBy.UNKNOWN.value)
    counts_in_odr = serializers.ChoiceField(
        CountsInOdr.choices, required=False, default=CountsInOdr.UNKNOWN.value
    )
    debited_amount = AmountField(required=False, allow_null=True)
    decided_at = NotAheadField(required=False)
    decision_text = long_text()

    def get_value(self, dictionary: Mapping[Any, Any]) -> Any:
        """In a form the two axes always carry a word; without a decision chosen the group was left empty."""
        value = super().get_value(dictionary)
        left_empty = (
            isinstance(value, Mapping) and hasattr(dictionary, "getlist") and not value.get("decision")
        )
        return serializers.empty if left_empty else value


class RecordDecisionSerializer(DecisionSerializer):
    """A decision that an agent saw, with the reason why a claim was lost."""

    loss_reason = serializers.ChoiceField(LossReason.choices, required=False, allow_blank=True)


def check_decision(values: Mapping[str, Any], currency: str) -> None:
    """The debited amount against the claim's currency, which the body does not name. Raises ValidationError."""
    faults = check_amount(values.get("debited_amount"), currency)
    if "currency" in faults:
        detail = "The claim has no currency yet: enter it there first."
        raise ValidationError({"debited_amount": ErrorDetail(detail, code="currency_missing")})
    if faults:
        raise ValidationError({"debited_amount": faults["amount"]})


def decision_fields(values: Mapping[str, Any], *, currency: str) -> DecisionFields:
    return DecisionFields(
        decision=values["decision"],
        funded_by=values["funded_by"],
        counts_in_odr=values["counts_in_odr"],
        debited_amount=values.get("debited_amount"),
        currency=currency,
        decided_at=values.get("decided_at"),
        decision_text=values.get("decision_text", ""),
        loss_reason=values.get("loss_reason", ""),
    )
