"""The rows of shipping: parcels and what was said of them, the sources that are asked, and what they send."""

from shipping.models.parcels import (
    NUMBER_LENGTH,
    Shipment,
    ShipmentChange,
    TrackingEvent,
    TrackingSnapshot,
)
from shipping.models.sources import (
    ParcelPoll,
    SourceAccount,
    SourceChange,
    SourcePace,
    StrayAnswer,
    TrackingEndpoint,
)

__all__ = [
    "NUMBER_LENGTH",
    "ParcelPoll",
    "Shipment",
    "ShipmentChange",
    "SourceAccount",
    "SourceChange",
    "SourcePace",
    "StrayAnswer",
    "TrackingEndpoint",
    "TrackingEvent",
    "TrackingSnapshot",
]
