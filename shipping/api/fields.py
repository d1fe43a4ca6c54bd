"""Field kinds that only shipments have."""

import re
from typing import Any, ClassVar, Final

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from shipping.models import NUMBER_LENGTH
from shipping.numbers import normalised

ORDER_ID: Final = re.compile(r"[0-9]{3}-[0-9]{7}-[0-9]{7}")


class AmazonOrderField(serializers.CharField):
    """Amazon's order id: 3, 7 and 7 digits with dashes."""

    default_error_messages: ClassVar = {
        "invalid_order_id": "Not an Amazon order id. It looks like 405-1234567-1234567."
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("style", {"placeholder": "405-1234567-1234567"})
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> str:
        text = super().to_internal_value(data)
        if not ORDER_ID.fullmatch(text):
            self.fail("invalid_order_id")
        return text


class TrackingNumberField(serializers.CharField):
    """Any number that a carrier may print; blanks, dashes and case do not count."""

    default_error_messages: ClassVar = {
        "no_number": f"A tracking number has 1 to {NUMBER_LENGTH} letters and digits."
    }

    def to_internal_value(self, data: Any) -> str:
        number = normalised(super().to_internal_value(data))
        if not 1 <= len(number) <= NUMBER_LENGTH:
            self.fail("no_number")
        return number


@extend_schema_field({"type": "boolean"})
class YesNoUnknownField(serializers.ChoiceField):
    """true, false, or not known. A form shows the three as a choice, where a tick box could not say "no"."""

    WORDS: ClassVar = {"true": True, "false": False, "yes": True, "no": False}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        kwargs.setdefault("allow_null", True)
        super().__init__(choices=[("true", "yes"), ("false", "no")], **kwargs)

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, bool) or data is None:
            return data
        if data == "":
            return None
        found = self.WORDS.get(data.lower()) if isinstance(data, str) else None
        if found is None:
            self.fail("invalid_choice", input=data)
        return found

    def to_representation(self, value: Any) -> Any:
        return value


@extend_schema_field({"oneOf": [{"type": "object", "additionalProperties": True}, {"type": "string"}]})
class PayloadField(serializers.Field[Any, Any, Any, Any]):
    """A carrier's answer as it came: an object, or a text (XML, base64, JSON to be kept letter by letter)."""

    default_error_messages: ClassVar = {
        "not_an_object": "An object, or a text for XML and base64, is needed.",
        "blank": "The payload is empty.",
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("style", {"base_template": "textarea.html", "rows": 16})
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, dict | str):
            self.fail("not_an_object")
        if not data:
            self.fail("blank")
        return data

    def to_representation(self, value: Any) -> Any:
        return value
