"""The only writers of shipping. Keyword-only, typed, told the time; each opens its own transaction."""

from shipping.services.documents import ShipmentDocument, document_of_shipment
from shipping.services.pending import clear_pending
from shipping.services.plans import watch_order
from shipping.services.rebuild import rebuild_shipment
from shipping.services.shipments import ShipmentFields, merge_shipment, register_shipment, update_shipment
from shipping.services.tracking import Recorded, record_tracking

__all__ = [
    "Recorded",
    "ShipmentDocument",
    "ShipmentFields",
    "clear_pending",
    "document_of_shipment",
    "merge_shipment",
    "rebuild_shipment",
    "record_tracking",
    "register_shipment",
    "update_shipment",
    "watch_order",
]
