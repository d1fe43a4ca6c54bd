"""Amazon Orders v0: `getOrder`, `getOrderAddress` and `getOrderItems`, which end on 2027-03-27.

Words: https://developer-docs.amazon/sp-api/docs/orders-api-v0-reference. None of them knows a tracking number; an
answer is about the parcel by its order. `OrderStatus` is the order's, never a carrier's scan.
"""

from typing import Any, Final

from shipping.carriers.amazon_shapes import address, refusal
from shipping.carriers.json_body import object_of
from shipping.carriers.loose_json import given, inside, moment, rows
from shipping.reading import Reading, Stated, Unreadable, words

PROVIDER: Final = "amazon_order_v0"
VERSION: Final = "amazon_order_v0/1"

_MANDATORY: Final = "MANDATORY"
_ANY_OF: Final = ("OrderStatus", "ShippingAddress", "OrderItems")


def read(body: bytes) -> Reading:
    """Raises Unreadable where there is neither an order, its address or items, nor Amazon's error list."""
    whole = object_of(body)
    refused = refusal(whole, missing=False)
    if refused is not None:
        return refused
    order = inside(whole, "payload") or whole
    order_id = words(order.get("AmazonOrderId"), 19)
    if not order_id or not any(name in order for name in _ANY_OF):
        raise Unreadable("There is no order in it.")
    facts = given(
        [
            ("ship_by", moment(order.get("LatestShipDate"))),
            ("deliver_from", moment(order.get("EarliestDeliveryDate"))),
            ("deliver_by", moment(order.get("LatestDeliveryDate"))),
            ("order_status", words(order.get("OrderStatus"), 100)),
            ("signature_required", True if _has_to_sign(order) else None),
            ("ship_to", address(inside(order, "ShippingAddress"))),
        ]
    )
    return Reading(stated=Stated(order={**facts, "order_id": order_id}), orders=frozenset({order_id}))


def _has_to_sign(order: dict[str, Any]) -> bool:
    """Items are not told apart by parcel here: one that wants a signature wants it of the order."""
    items = [order, *rows(order, "OrderItems")]
    return any(
        inside(item, "ShippingConstraints").get("SignatureConfirmation") == _MANDATORY for item in items
    )
