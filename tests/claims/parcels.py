"""A parcel delivered in Rome, as an order and its carrier tell it."""

from typing import Any

from accounts.models import Seller
from claims.services.work import follow_shipments
from shipping.models import Shipment
from shipping.services import ShipmentFields, record_tracking, register_shipment
from tests.claims.stories import AMZ, ITALY, MONDAY, ORDER, hours

NUMBER = "9400111206206407628746"
SHIPPED = MONDAY - hours(200)
SHIP_TO = {
    "name": "Giulia Rossi", "line1": "Via Appia 7", "city": "Roma", "postal_code": "00183", "country_code": "IT",
}  # fmt: skip
ROME = {"city": "Roma", "postal_code": "00183", "country_code": "IT"}
SCANNED = {"status": "in_transit", "text": "Picked up", "occurred_at": "2026-11-09T08:00:00+01:00"}
DELIVERED = {
    "status": "delivered", "text": "Delivered", "occurred_at": "2026-11-12T11:30:00+01:00", "place": ROME,
}  # fmt: skip


def parcel(seller: Seller, **fields: Any) -> Shipment:
    given = {"tracking_number": NUMBER, "carrier": "USPS", "service": "Priority", "shipped_at": SHIPPED}
    return register_shipment(
        seller=seller, order_id=ORDER, marketplace_id=ITALY, fields=ShipmentFields(**{**given, **fields}),
        ship_to=SHIP_TO, actor=AMZ, now=MONDAY,
    )  # fmt: skip


def tracked(shipment: Shipment, *events: dict[str, Any], **stated: Any) -> None:
    """The carrier's answer in the normal form; the sweep then tells the claims."""
    record_tracking(
        shipment=shipment, provider="normal", payload={"events": list(events), **stated}, actor=AMZ,
        now=MONDAY, channel="api",
    )  # fmt: skip
    follow_shipments(now=MONDAY)


def delivered(seller: Seller, *, received_by: str = "G. Rossi") -> Shipment:
    shipment = parcel(seller)
    tracked(shipment, SCANNED, DELIVERED, received_by=received_by)
    return shipment
