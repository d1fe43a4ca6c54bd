"""What a judgement looks at: the claim's own facts, its parcels, and what was handed in. Values, no look-ups."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from claims.words import Reason
from shipping.models import Shipment
from shipping.vocabulary import DELIVERED, SENT_BACK, Leg, ParcelStatus

NOT_RECEIVED_REASONS: Final = frozenset({Reason.NOT_RECEIVED.value, Reason.DELIVERED_NOT_RECEIVED.value})


@dataclass(frozen=True)
class HandedIn:
    """A document or a text on file: its evidence kind, its name, when what it shows was observed."""

    kind: str
    name: str
    observed_at: datetime | None = None


@dataclass(frozen=True)
class Grounds:
    """All that is judged. `reason` is ours (empty: not known yet), `opened_at` when Amazon told of the claim."""

    reason: str
    marketplace_id: str
    opened_at: datetime | None = None
    decision: str = ""
    shipments: Sequence[Shipment] = ()
    handed_in: Sequence[HandedIn] = ()

    @property
    def is_not_received(self) -> bool:
        return self.reason in NOT_RECEIVED_REASONS

    @property
    def parcels(self) -> list[Shipment]:
        return parcels_in_question(self.shipments)

    def on_file(self, *kinds: str) -> list[HandedIn]:
        return [item for item in self.handed_in if item.kind in kinds]


def parcels_in_question(shipments: Sequence[Shipment]) -> list[Shipment]:
    """Those that may hold what the buyer misses; cancelled labels only where there is no other."""
    live = [shipment for shipment in shipments if shipment.status != ParcelStatus.CANCELLED]
    return live or list(shipments)


def named(shipment: Shipment) -> str:
    """How a sentence names a parcel."""
    return f"{shipment.carrier or 'carrier not stated'} {shipment.tracking_number}"


def is_delivered(shipment: Shipment) -> bool:
    """Handed over on its way to the buyer."""
    return shipment.status in DELIVERED and shipment.leg != Leg.RETURN


def is_returned(shipment: Shipment) -> bool:
    return shipment.status in SENT_BACK or shipment.leg == Leg.RETURN
