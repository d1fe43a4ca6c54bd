"""Every collector, in the order in which a bundle prints what they found. A new one is a class and a line here."""

from claims.evidence.case import Collector
from claims.evidence.handed_in import HandedInCollector
from claims.evidence.parcels import (
    BuyShippingCollector,
    CarrierDetailsCollector,
    DeliveryAddressCollector,
    DispatchCollector,
    ProofOfDeliveryCollector,
    ReturnTrackingCollector,
    SignatureCollector,
    TrackingCollector,
)
from claims.words import EvidenceKind

COLLECTORS: tuple[Collector, ...] = (
    DispatchCollector(),
    TrackingCollector(),
    ProofOfDeliveryCollector(),
    SignatureCollector(),
    DeliveryAddressCollector(),
    CarrierDetailsCollector(),
    BuyShippingCollector(),
    ReturnTrackingCollector(),
    *(HandedInCollector(kind) for kind in EvidenceKind),
)
