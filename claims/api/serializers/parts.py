"""Output fields that many shapes share. Outputs only read; a missing word is null, never an empty one."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api.fields import AwareDateTimeField


def text(**kwargs: Any) -> serializers.CharField:
    return serializers.CharField(read_only=True, **kwargs)


def moment(**kwargs: Any) -> AwareDateTimeField:
    return AwareDateTimeField(read_only=True, **kwargs)


def maybe_moment(**kwargs: Any) -> AwareDateTimeField:
    return AwareDateTimeField(read_only=True, allow_null=True, **kwargs)


def number(**kwargs: Any) -> serializers.IntegerField:
    return serializers.IntegerField(read_only=True, **kwargs)


def maybe_number(**kwargs: Any) -> serializers.IntegerField:
    return serializers.IntegerField(read_only=True, allow_null=True, **kwargs)


def flag(**kwargs: Any) -> serializers.BooleanField:
    return serializers.BooleanField(read_only=True, **kwargs)


def seller() -> serializers.CharField:
    return serializers.CharField(read_only=True, source="seller.merchant_token")


class WordField(serializers.ChoiceField):
    """One word of a list as it is stored; an empty one is null."""

    def __init__(self, choices: Any, **kwargs: Any) -> None:
        kwargs["read_only"] = True
        super().__init__(choices, **kwargs)

    def get_attribute(self, instance: Any) -> Any:
        return super().get_attribute(instance) or None


@extend_schema_field({"type": "object", "additionalProperties": True})
class FactsField(serializers.JSONField):
    """An object whose members depend on its subject."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs["read_only"] = True
        super().__init__(**kwargs)


class AssigneeSerializer(serializers.Serializer[Any]):
    """A person, as others see him."""

    id = number()
    name = text(source="get_username")
