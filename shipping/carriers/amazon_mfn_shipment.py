"""Amazon Merchant Fulfillment v0 `getShipment`: the Buy Shipping label, not the parcel.

Words: https://developer-docs.amazon/sp-api/docs/merchant-fulfillment-api-v0-reference (`DeliveryExperienceType`,
`Benefits`, `ExcludedBenefit`, `ShipmentStatus`). `Status` says what became of the label (bought, refunded), so it
gives no event and no status of the parcel. Benefits are there for labels since 2024-01-01 only; a benefit counts
by the list in which it stands, since CLAIMS_PROTECTED is named among the excluded ones too.
"""

from typing import Any, Final

from shipping.carriers.amazon_shapes import address, refusal
from shipping.carriers.json_body import object_of
from shipping.carriers.loose_json import given, inside, listed, moment
from shipping.numbers import normalised
from shipping.reading import Reading, Stated, Unreadable, words

PROVIDER: Final = "amazon_mfn_shipment"
VERSION: Final = "amazon_mfn_shipment/1"

SIGNATURES: Final = {
    "DeliveryConfirmationWithAdultSignature": True,
    "DeliveryConfirmationWithSignature": True,
    "DeliveryConfirmationWithoutSignature": False,
    "NoTracking": False,
}
"""`DeliveryExperience`: whether the label was bought with a signature."""
_PROTECTED: Final = "CLAIMS_PROTECTED"


def read(body: bytes) -> Reading:
    """Raises Unreadable where there is neither a shipment nor Amazon's error list."""
    whole = object_of(body)
    refused = refusal(whole, missing=False)
    if refused is not None:
        return refused
    label = inside(whole, "payload") or whole
    shipment_id = words(label.get("ShipmentId"), 64)
    if not shipment_id or not isinstance(label.get("ShippingService"), dict):
        raise Unreadable("There is no Merchant Fulfillment shipment in it.")
    number = normalised(words(label.get("TrackingId"), 100))
    order_id = words(label.get("AmazonOrderId"), 19)
    protected, reasons = _protection(inside(label, "ShippingService", "Benefits"))
    return Reading(
        stated=Stated(
            order={
                **_facts(label),
                **given([("claims_protected", protected), ("order_id", order_id)]),
                **({"reasons": reasons} if reasons else {}),
                "amazon_shipment_id": shipment_id,
                "bought_through_buy_shipping": True,
            }
        ),
        numbers=frozenset({number} - {""}),
        orders=frozenset({order_id} - {""}),
    )


def _facts(label: dict[str, Any]) -> dict[str, Any]:
    service = inside(label, "ShippingService")
    wish = words(inside(service, "ShippingServiceOptions").get("DeliveryExperience"), 100)
    return given(
        [
            ("carrier", words(service.get("CarrierName"), 100)),
            ("service", words(service.get("ShippingServiceName"), 200)),
            ("label_ship_date", moment(service.get("ShipDate"))),
            ("estimated_from", moment(service.get("EarliestEstimatedDeliveryDate"))),
            ("estimated_by", moment(service.get("LatestEstimatedDeliveryDate"))),
            ("label_bought_at", moment(label.get("CreatedDate"))),
            ("label_status", words(label.get("Status"), 100)),
            ("signature_required", SIGNATURES.get(wish)),
            ("ship_to", address(inside(label, "ShipToAddress"))),
        ]
    )


def _protection(benefits: dict[str, Any]) -> tuple[bool | None, list[str]]:
    """Included, excluded with its reasons, or not said; a benefit in both lists is not said."""
    included = _PROTECTED in (words(item, 100) for item in listed(benefits.get("IncludedBenefits")))
    excluded, reasons = False, list[str]()
    for item in listed(benefits.get("ExcludedBenefits")):
        row = item if isinstance(item, dict) else {"Benefit": item}
        if words(row.get("Benefit"), 100) == _PROTECTED:
            excluded = True
            reasons += [words(code, 100) for code in listed(row.get("ReasonCodes"))]
    if included == excluded:
        return None, []
    return included, reasons
