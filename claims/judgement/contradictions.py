"""What does not fit together, parcel by parcel as shipping names it, and about the claim as a whole. Pure.

Shipping compares a parcel with itself and its address; only what needs the claim is added here.
"""

from dataclasses import dataclass, field
from typing import Any

from claims.judgement.grounds import Grounds, is_delivered, named
from claims.words import DecisionOutcome, EvidenceKind
from shipping.models import Shipment
from shipping.rules.times import known_by


@dataclass(frozen=True)
class Contradiction:
    """Two facts that do not fit; `values` are those at fault, by field. `shipment` None: of the claim itself."""

    shipment: int | None
    code: str
    detail: str
    values: dict[str, Any] = field(default_factory=dict)


def contradictions_of(grounds: Grounds) -> tuple[Contradiction, ...]:
    """Parcels oldest first, then the claim's own."""
    rows = [
        Contradiction(shipment.pk, row["code"], row["detail"], row.get("fields", {}))
        for shipment in grounds.shipments
        for row in shipment.conflicts
    ]
    rows += [row for shipment in grounds.shipments for row in _after_the_claim(shipment, grounds)]
    return (*rows, *_refunded(grounds))


def delivered_after_claim(shipment: Shipment, grounds: Grounds) -> bool | None:
    """True only where the whole uncertainty of the delivery lies after the claim; None where it spans it."""
    if grounds.opened_at is None or shipment.delivered_earliest is None or shipment.delivered_latest is None:
        return None
    before = known_by((shipment.delivered_earliest, shipment.delivered_latest), grounds.opened_at)
    return None if before is None else not before


def _after_the_claim(shipment: Shipment, grounds: Grounds) -> list[Contradiction]:
    if not is_delivered(shipment) or not delivered_after_claim(shipment, grounds):
        return []
    assert grounds.opened_at is not None
    values = {
        "delivered": shipment.delivered_local or _z(shipment.delivered_at),
        "time_basis": shipment.time_basis,
        "claim_opened_at": _z(grounds.opened_at),
    }
    detail = f"{named(shipment)} was delivered after the claim was made."
    return [Contradiction(shipment.pk, "delivered_after_claim", detail, values)]


def _refunded(grounds: Grounds) -> list[Contradiction]:
    refunds = [item.name for item in grounds.on_file(EvidenceKind.REFUND)]
    by_seller = grounds.decision == DecisionOutcome.REFUNDED_BY_SELLER
    if not (grounds.is_not_received and (refunds or by_seller)):
        return []
    values: dict[str, Any] = {"refund": refunds} if refunds else {}
    if by_seller:
        values["decision"] = grounds.decision
    detail = "A refund is already on file for this order."
    return [Contradiction(None, "refund_already_issued", detail, values)]


def _z(moment: Any) -> str | None:
    return moment.isoformat().replace("+00:00", "Z") if moment else None
