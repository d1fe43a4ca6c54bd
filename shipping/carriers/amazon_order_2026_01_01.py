"""Amazon Orders `2026-01-01` `getOrder`: what was promised to the buyer, and where it had to go.

Words: https://developer-docs.amazon/sp-api/docs/orders-api-v2026-01-01-reference. `packages[].packageStatus` is what
the order page shows, from whatever the seller confirmed; it is no carrier's scan and gives no event.
`signatureConfirmation` stands at the items; it counts for the package that holds the item.
"""

from typing import Any, Final

from shipping.carriers.amazon_shapes import address, refusal
from shipping.carriers.json_body import object_of
from shipping.carriers.loose_json import given, inside, moment, rows
from shipping.numbers import normalised
from shipping.reading import Reading, Stated, Unreadable, words

PROVIDER: Final = "amazon_order_2026_01_01"
VERSION: Final = "amazon_order_2026_01_01/1"

_MANDATORY: Final = "MANDATORY"


def read(body: bytes) -> Reading:
    """Raises Unreadable where there is neither an order nor Amazon's error list."""
    whole = object_of(body)
    refused = refusal(whole, missing=False)
    if refused is not None:
        return refused
    order = inside(whole, "order") or inside(whole, "payload", "order") or inside(whole, "payload") or whole
    order_id = words(order.get("orderId"), 19)
    if not order_id:
        raise Unreadable("There is no order in it.")
    signed = _items_to_sign(order)
    packages = {
        number: _package(package, signed)
        for package in rows(order, "packages")
        if (number := normalised(words(package.get("trackingNumber"), 100)))
    }
    facts = {**_facts(order), "order_id": order_id}
    if signed and not packages:
        facts["signature_required"] = True
    if packages:
        facts["packages"] = packages
    return Reading(stated=Stated(order=facts), numbers=frozenset(packages), orders=frozenset({order_id}))


def _facts(order: dict[str, Any]) -> dict[str, Any]:
    fulfillment = inside(order, "fulfillment")
    deliver = inside(fulfillment, "deliverByWindow")
    return given(
        [
            ("ship_by", moment(inside(fulfillment, "shipByWindow").get("latestDateTime"))),
            ("deliver_from", moment(deliver.get("earliestDateTime"))),
            ("deliver_by", moment(deliver.get("latestDateTime"))),
            ("order_status", words(fulfillment.get("fulfillmentStatus"), 100)),
            ("ship_to", address(inside(order, "recipient", "deliveryAddress"))),
        ]
    )


def _items_to_sign(order: dict[str, Any]) -> frozenset[str]:
    return frozenset(
        words(item.get("orderItemId"), 100)
        for item in rows(order, "orderItems")
        if inside(item, "fulfillment", "shipping", "shippingConstraints").get("signatureConfirmation")
        == _MANDATORY
    )


def _package(package: dict[str, Any], signed: frozenset[str]) -> dict[str, Any]:
    held = {words(item.get("orderItemId"), 100) for item in rows(package, "packageItems")}
    status = inside(package, "packageStatus")
    said = (words(status.get(name), 100) for name in ("status", "detailedStatus"))
    return given(
        [
            ("shipped_at", moment(package.get("shipTime"))),
            ("carrier", words(package.get("carrier"), 100)),
            ("service", words(package.get("shippingService"), 200)),
            ("package_status", " / ".join(word for word in said if word)),
            ("signature_required", True if (held & signed if held else signed) else None),
        ]
    )
