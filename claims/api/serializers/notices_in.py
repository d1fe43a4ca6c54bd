"""A letter as an integration or an agent's form posts it, checked and turned into `NoticeFields`."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from accounts.api.fields import (
    CurrencyField,
    MarketplaceField,
    StrictSerializer,
    VisibleSellerField,
)
from claims.api.fields import (
    AmountField,
    DueField,
    NotAheadField,
    SeveralField,
    check_amount,
    long_text,
    short_text,
)
from claims.api.serializers.decisions import DecisionSerializer, decision_fields
from claims.deadlines import Stated, Window
from claims.intake.fields import NoticeFields
from claims.marketplaces import zone_of
from claims.words import (
    DECIDED_KINDS,
    EvidenceKind,
    NoticeKind,
    Reason,
)
from shipping.api.fields import AmazonOrderField
from shipping.api.serializers import ShipmentFactsSerializer, ShipToSerializer, shipment_fields

WINDOW_HOURS_AT_MOST = 24 * 366


class NoticeBodySerializer(StrictSerializer):
    """What a letter says, without the sender's id."""

    nulls_left_out = True

    marketplace_id = MarketplaceField()
    kind = serializers.ChoiceField(
        NoticeKind.choices, required=False, default=NoticeKind.INFORMATION_REQUESTED.value,
        initial=NoticeKind.INFORMATION_REQUESTED.value,
    )  # fmt: skip
    order_id = AmazonOrderField()
    amazon_claim_id = short_text(64)
    reason = serializers.ChoiceField(Reason.choices, required=False, allow_blank=True)
    reason_label = short_text(500)
    buyer_comment = long_text()
    amount = AmountField(required=False, allow_null=True)
    currency = CurrencyField(required=False, allow_blank=True)
    noticed_at = NotAheadField(help_text="When Amazon sent it.")
    respond_by = DueField(required=False, allow_null=True)
    response_window_hours = serializers.IntegerField(
        required=False, allow_null=True, min_value=1, max_value=WINDOW_HOURS_AT_MOST
    )
    request_text = long_text()
    requested = SeveralField(choices=EvidenceKind.choices, required=False)
    ship_to = ShipToSerializer(required=False)
    shipments = ShipmentFactsSerializer(  # type: ignore[call-arg]
        many=True, required=False, max_length=50
    )
    decision = DecisionSerializer(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        faults: dict[str, Any] = dict(check_amount(attrs.get("amount"), attrs.get("currency", "")))
        faults |= _decision_faults(attrs)
        faults |= _due_faults(attrs)
        if faults:
            raise ValidationError(faults)
        return attrs


def _due_faults(attrs: Mapping[str, Any]) -> dict[str, Any]:
    """Nothing is due before its letter; a bare date may be the letter's own day where the marketplace is."""
    due, noticed_at = attrs.get("respond_by"), attrs["noticed_at"]
    if due is None:
        return {}
    if isinstance(due, datetime):
        is_early, said = due < noticed_at, "This lies"
    else:
        own_day = noticed_at.astimezone(zone_of(attrs["marketplace_id"])).date()
        is_early, said = due < own_day, "This date lies"
    if not is_early:
        return {}
    return {"respond_by": ErrorDetail(f"{said} before the letter was sent.", code="before_notice")}


def _decision_faults(attrs: Mapping[str, Any]) -> dict[str, Any]:
    decision, tells_one = attrs.get("decision"), attrs["kind"] in DECIDED_KINDS
    if tells_one and decision is None:
        return {"decision": ErrorDetail("Required for a letter that tells a decision.", code="required")}
    if decision is None:
        return {}
    if not tells_one:
        detail = "Only claim_decided and appeal_decided tell a decision."
        return {"decision": ErrorDetail(detail, code="not_allowed")}
    currency = attrs.get("currency", "")
    found = check_amount(decision.get("debited_amount"), currency)
    if "currency" in found:
        return {"currency": found["currency"]}
    return {"decision": {"debited_amount": found["amount"]}} if found else {}


class NoticeSerializer(NoticeBodySerializer):
    """A letter under its sender's own id, which is taken once."""

    notice_id = serializers.CharField(
        required=False, max_length=255, help_text="Your own id of this letter; the same id is taken once."
    )
    seller_id = VisibleSellerField()

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        attrs = super().validate(attrs)
        header = self.context["request"].headers.get("Idempotency-Key", "").strip()
        given = attrs.get("notice_id", "") or header
        if not given:
            detail = "Give notice_id, or the header Idempotency-Key."
            raise ValidationError({"notice_id": ErrorDetail(detail, code="required")})
        if header and given != header:
            detail = "notice_id and the header Idempotency-Key differ."
            raise ValidationError({"notice_id": ErrorDetail(detail, code="ambiguous")})
        if len(given) > 255:
            raise ValidationError({"notice_id": ErrorDetail("At most 255 characters.", code="max_length")})
        return {**attrs, "notice_id": given}


class ResolveSerializer(StrictSerializer):
    """Where a letter of the queue belongs: to a claim, to what it says, or nowhere. One of the three."""

    claim_id = serializers.IntegerField(required=False, allow_null=True, min_value=1)
    unrelated = serializers.CharField(
        required=False, allow_blank=True, max_length=1000, help_text="Why this is no matter of a claim."
    )
    notice = NoticeBodySerializer(required=False)

    def to_internal_value(self, data: Any) -> Any:
        """A form comes with the letter filled in: a claim or a reason given beside it goes before it."""
        if hasattr(data, "getlist") and (data.get("claim_id") or data.get("unrelated")):
            data = data.copy()
            for name in [name for name in data if name.startswith("notice.")]:
                del data[name]
        return super().to_internal_value(data)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        given = [name for name in ("claim_id", "unrelated", "notice") if attrs.get(name)]
        if len(given) != 1:
            detail = "Give exactly one of claim_id, notice and unrelated."
            raise ValidationError({"non_field_errors": [ErrorDetail(detail, code="one_of")]})
        return attrs


class MailSerializer(StrictSerializer):
    """A saved mail (.eml) from a form; a program posts the raw mail itself."""

    seller_id = VisibleSellerField()
    file = serializers.FileField(allow_empty_file=True)


def notice_fields(values: Mapping[str, Any], *, notice_id: str) -> NoticeFields:
    """The validated body as services take it. A window in a "claim received" letter is kept as words too."""
    kind = NoticeKind(values["kind"])
    stated = _stated(values)
    decision = values.get("decision")
    currency = values.get("currency", "")
    return NoticeFields(
        notice_id=notice_id,
        marketplace_id=values["marketplace_id"],
        order_id=values["order_id"],
        noticed_at=values["noticed_at"],
        kind=kind,
        amazon_claim_id=values.get("amazon_claim_id", ""),
        reason=values.get("reason", ""),
        reason_label=values.get("reason_label", ""),
        buyer_comment=values.get("buyer_comment", ""),
        amount=values.get("amount"),
        currency=currency,
        stated=stated,
        stated_window=stated.text if kind is NoticeKind.CLAIM_RECEIVED else "",
        request_text=values.get("request_text", ""),
        requested=tuple(values.get("requested", ())),
        ship_to={name: text for name, text in values.get("ship_to", {}).items() if text},
        shipments=tuple(shipment_fields(row) for row in values.get("shipments", ())),
        decision=decision_fields(decision, currency=currency) if decision else None,
    )


def _stated(values: Mapping[str, Any]) -> Stated:
    due, hours = values.get("respond_by"), values.get("response_window_hours")
    window = Window(hours=hours) if hours else None
    words = [f"{hours} hours"] if hours else []
    if due is None:
        return Stated(window=window, text=" ".join(words))
    if isinstance(due, datetime):
        return Stated(moment=due, window=window, text=f"{due:%Y-%m-%d %H:%M}Z")
    return Stated(on_date=due, window=window, text=due.isoformat())
