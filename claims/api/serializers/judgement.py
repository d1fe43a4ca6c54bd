"""How a judgement is shown: protection by condition, contradictions, and the causes of a grade."""

from typing import Any

from rest_framework import serializers

from claims.api import choices
from claims.api.serializers import parts


class ContradictionSerializer(serializers.Serializer[Any]):
    """Two facts that do not fit; `values` are those at fault, by field. Without `shipment`: about the claim."""

    shipment = parts.maybe_number()
    code = parts.text()
    detail = parts.text()
    values = parts.FactsField()


class ConditionSerializer(serializers.Serializer[Any]):
    """One condition, whether it is met, who says so, and the values that it rests on."""

    shipment = parts.maybe_number()
    code = parts.text()
    state = serializers.ChoiceField(choices.CONDITION_STATES, read_only=True)
    detail = parts.text()
    source = parts.text()  # type: ignore[assignment]
    fields = parts.FactsField()  # type: ignore[assignment]


class CoverageSerializer(serializers.Serializer[Any]):
    """What Claims Protected is worth in this marketplace, as `source` said on `read_on`."""

    odr_protected = serializers.ChoiceField(choices.COVERED, read_only=True)
    amazon_funds = serializers.ChoiceField(choices.COVERED, read_only=True)
    source = parts.text()  # type: ignore[assignment]
    read_on = serializers.DateField(read_only=True)


class ProtectionSerializer(serializers.Serializer[Any]):
    """Buy Shipping protection. `risks` endanger it and are no conditions."""

    verdict = serializers.ChoiceField(choices.VERDICTS, read_only=True)
    conditions = ConditionSerializer(many=True, read_only=True)
    coverage = CoverageSerializer(read_only=True)
    risks = ConditionSerializer(many=True, read_only=True)


class CauseSerializer(serializers.Serializer[Any]):
    """One reason for the grade, with the values that it rests on."""

    shipment = parts.maybe_number()
    detail = parts.text()
    fields = parts.FactsField()  # type: ignore[assignment]
