"""Forms of the pages: DRF's, drawn with labels, help and faults at the field, grouped where they are long.

What a form takes is its serializer's; this only shows it. Faults come from the problem body, so that a refusal
by a service stands at its field like one by a serializer.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.template import loader
from django.utils.safestring import SafeString, mark_safe
from rest_framework import serializers
from rest_framework.fields import empty
from rest_framework.renderers import HTMLFormRenderer
from rest_framework.utils.field_mapping import ClassLookupDict
from rest_framework.utils.serializer_helpers import BoundField

from accounts.api.fields import AwareDateTimeField, CurrencyField, MarketplaceField, MoneyField
from claims.marketplaces import MARKETPLACES

PACK = "claims/form/"
#: Asked first wherever they are asked at all.
FIRST = (
    "seller_id",
    "kind",
    "order_id",
    "marketplace_id",
    "noticed_at",
    "tracking_number",
    "carrier",
    "file",
)
#: Words of the contract that say too little on a page.
LABELS = {
    "seller_id": "Seller",
    "order_id": "Amazon order",
    "marketplace_id": "Marketplace",
    "noticed_at": "Sent by Amazon at",
    "notice_id": "Id of this letter",
    "reason": "Reason",
    "reason_label": "Amazon's label for the reason",
    "buyer_comment": "Buyer's comment",
    "request_text": "Amazon's words",
    "requested": "What Amazon asks for",
    "ship_to": "Buyer's address",
    "shipments": "Parcels",
    "decision.decision": "Decision",
    "pasted_text": "Text as it stands in Seller Central now",
    "payload": "The carrier's answer",
    "http_status": "HTTP status of the answer",
    "counts_in_odr": "Counts in the order defect rate",
    "claim_id": "Claim number",
    "unrelated": "Reason",
    "due_at": "True due date",
    "notice": "What the letter says",
    "line1": "Street",
    "line2": "Second line",
    "provider": "Where the answer is from",
    "fetched_at": "When the carrier answered",
    "respond_by": "Answer by, as the letter states it",
    "response_window_hours": "Hours to answer, as the letter states them",
    "observed_at": "When it was seen or happened",
    "ship_by": "Ship by",
    "postal_code": "Postcode",
    "country_code": "Country",
    "amazon_claim_id": "Amazon's claim id",
    "bought_through_buy_shipping": "Bought through Buy Shipping",
}
HELP = {
    "marketplace_id": "Type a country such as DE and choose; any id of Amazon's is taken.",
    "notice_id": "Taken once. Keep what is there, unless the letter has an id of its own.",
    "response_window_hours": "Only where the letter states one.",
    "respond_by": "Only where the letter states a date: a moment with its offset, or a bare date.",
    "observed_at": "Left empty: not known.",
    "provider": "«normal» for what you type yourself; else the service the answer is from.",
    "payload": 'As it came. For provider "normal": {"events": [{"status": "delivered", "text": "Delivered", '
    '"occurred_at": "2026-11-20T10:00:00Z"}]}',
}
_STYLES: dict[Any, dict[str, Any]] = {
    serializers.MultipleChoiceField: {"base_template": "checkbox_multiple.html"},
    AwareDateTimeField: {"base_template": "moment.html"},
    MarketplaceField: {"base_template": "input.html", "input_type": "text", "options_id": "stores"},
    CurrencyField: {"base_template": "input.html", "input_type": "text", "options_id": "currencies"},
}


class DeskForms(HTMLFormRenderer):
    """Draws a serializer field by field with the templates of `claims/form/`."""

    template_pack = PACK
    default_style = ClassLookupDict({**HTMLFormRenderer.default_style.mapping, **_STYLES})

    def draw(self, serializer: Any) -> dict[str, SafeString]:
        """Each writable field of the form, by name, in the order to be shown."""
        fields = sorted(_writable(serializer), key=_rank)
        return {field.field_name: self.drawn(field) for field in fields}

    def drawn(self, field: Any) -> SafeString:
        """One field with its label, help and faults."""
        return mark_safe(self.render_field(field, {"template_pack": PACK}))  # noqa: S308 - templates escape

    def render_field(self, field: Any, parent_style: Mapping[str, Any]) -> str:
        """As DRF does it, with what our templates need beside the field."""
        inner = field._field
        if field.value in (None, "") and _has_plain_default(inner):
            field.value = inner.default
        field.value = _as_typed(inner, field.value)
        style = {**self.default_style[field], **inner.style, "template_pack": PACK, "renderer": self}
        if field.field_name == "provider":
            style["options_id"] = "providers"
        shown = field.as_form_field()
        style["errors"] = _texts(field.errors)
        style["label"] = _label(field)
        style["help"] = HELP.get(field.field_name) or inner.help_text
        style["required"] = _must_be_typed(inner) and not field._prefix
        style["is_long"] = isinstance(inner, serializers.ListField)
        if hasattr(inner, "iter_options"):
            style["options"] = list(inner.iter_options())
            style["offer_blank"] = _may_be_blank(inner, shown.value, style["options"])
        if isinstance(inner, serializers.ListSerializer):
            style["rows"] = self._blank_row(field)
        elif hasattr(inner, "fields"):
            style["parts"] = [self.drawn(part) for part in sorted(_writable(field), key=_rank)]
            style["is_open"] = _has_something(shown.value) or bool(style["errors"]) or bool(field.errors)
        template = loader.get_template(PACK + style["base_template"])
        return str(template.render({"field": shown, "style": style}))

    def _blank_row(self, field: Any) -> list[SafeString]:
        """The fields of one more row; the page's script numbers them."""
        child = field._field.child
        return [
            self.drawn(BoundField(inner, inner.get_initial(), [], prefix=f"{field.name}[0]"))
            for inner in child.fields.values()
            if not inner.read_only
        ]


def bound(serializer: Any, faults: Sequence[Mapping[str, str]]) -> Any:
    """The same serializer with what was typed and the faults of a problem body, each at its field."""
    errors: dict[str, Any] = {}
    for fault in faults:
        parts = [_unescaped(part) for part in fault["pointer"].split("/")[1:]]
        _put(errors, parts or ["non_field_errors"], fault["detail"])
    serializer._validated_data = {}
    serializer._errors = errors or {"non_field_errors": []}
    return serializer


def unplaced(serializer: Any, faults: Sequence[Mapping[str, str]]) -> list[Mapping[str, str]]:
    """Faults that no field of the form shows."""
    names = set(serializer.fields)
    return [fault for fault in faults if fault["pointer"].removeprefix("/").split("/")[0] not in names]


def prefill(serializer: Any, values: Mapping[str, Any]) -> None:
    """A blank form begins with these where nothing is known better."""
    for name, value in values.items():
        field = serializer.fields.get(name)
        if field is not None and not field.read_only and field.initial in (None, "") and value:
            field.initial = value


def stores() -> list[tuple[str, str]]:
    """Marketplaces for the list behind the text box: id and what a person types."""
    return [(row.id, f"{row.country} {row.domain}") for row in MARKETPLACES.values()]


def currencies() -> list[str]:
    return sorted({row.currency for row in MARKETPLACES.values()})


def _as_typed(field: Any, value: Any) -> Any:
    """A value as a person would type it: moments with their offset, amounts without empty digits."""
    if isinstance(value, datetime):
        return field.to_representation(value)
    if isinstance(field, MoneyField) and value:
        whole, _, cents = str(value).partition(".")
        cents = cents.rstrip("0")
        return f"{whole}.{cents.ljust(2, '0')}" if cents else whole
    if type(value) is list and isinstance(field, serializers.ListField):  # others know how they are written
        return " ".join(str(each) for each in value)
    return value


def _must_be_typed(field: Any) -> bool:
    return field.required and not field.allow_null and not getattr(field, "allow_blank", False)


def _put(errors: dict[str, Any], parts: list[str], detail: str) -> None:
    head, rest = parts[0], parts[1:]
    if rest and not rest[0].isdigit():
        inner = errors.setdefault(head, {})
        if isinstance(inner, dict):
            _put(inner, rest, detail)
            return
    known = errors.setdefault(head, [])
    if isinstance(known, list):
        known.append(detail if len(parts) == 1 else f"{'/'.join(rest)}: {detail}")


def _unescaped(part: str) -> str:
    return part.replace("~1", "/").replace("~0", "~")


def _writable(serializer: Any) -> list[Any]:
    return [field for field in serializer if not field.read_only]


def _rank(field: Any) -> tuple[int, int]:
    """Named ones first, plain fields, then groups."""
    is_group = hasattr(field._field, "fields") or isinstance(field._field, serializers.ListSerializer)
    place = FIRST.index(field.field_name) if field.field_name in FIRST else len(FIRST)
    return (1 if is_group else 0, place)


def _label(field: Any) -> str:
    dotted = str(field.name).split("]")[-1]
    return LABELS.get(dotted) or LABELS.get(field.field_name) or str(field.label or "")


def _texts(errors: Any) -> list[str]:
    return [str(each) for each in errors] if isinstance(errors, list) else []


def _has_plain_default(field: Any) -> bool:
    return field.default is not empty and not callable(field.default) and field.default is not None


def _may_be_blank(field: Any, value: Any, options: list[Any]) -> bool:
    if any(_value_of(option) == "" for option in options):
        return False
    if field.allow_null or getattr(field, "allow_blank", False):
        return True
    is_choice = isinstance(field, serializers.ChoiceField) or len(options) > 1
    return is_choice and value in (None, "") and not isinstance(field, serializers.BooleanField)


def _value_of(option: Any) -> Any:
    """DRF's own fields give objects, ours mappings."""
    return option.get("value") if isinstance(option, Mapping) else getattr(option, "value", None)


def _has_something(value: Any) -> bool:
    return isinstance(value, Mapping) and any(each not in (None, "", [], {}) for each in value.values())
