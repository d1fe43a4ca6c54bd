"""The sentences by which a protected claim argues policy: label, badge, first scan against ship-by. Facts alone."""

from datetime import datetime

from claims.evidence.case import Case
from claims.judgement.grounds import parcels_in_question
from shipping.models import Shipment
from shipping.selectors import known_about


def policy_lines(case: Case) -> tuple[str, ...]:
    """For parcels whose protection was found to hold: carrier, number, badge, and the two moments."""
    return tuple(line for shipment in parcels_in_question(case.shipments) for line in _lines(shipment, case))


def _lines(shipment: Shipment, case: Case) -> tuple[str, ...]:
    ship_by = known_about(shipment)["ship_by"].value
    name = " ".join(part for part in (shipment.carrier, shipment.tracking_number) if part)
    label = f"{name}: label bought through Amazon Buy Shipping, marked Claims Protected."
    return (
        label,
        f"{name}: first carrier scan {_scan(shipment, case)}, to be shipped by {case.when(ship_by)}.",
    )


def _scan(shipment: Shipment, case: Case) -> str:
    """In UTC where the carrier's clock is known, else as the carrier wrote it."""
    scan = shipment.first_scan
    if scan.get("earliest") == scan.get("latest") == scan.get("at") and scan.get("at"):
        return case.when(datetime.fromisoformat(scan["at"]))
    return f"{scan.get('local') or scan.get('at')} (zone not stated; before the ship-by time in any zone)"
