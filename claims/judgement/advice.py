"""What a grade or a number that does not fit advises an agent to do. For the agent alone, never for Amazon."""

from collections.abc import Iterable
from typing import Final

from claims.judgement.grounds import is_delivered, is_returned, named
from shipping.models import Shipment

BELOW_D: Final = frozenset({"E", "F"})
_REFUND_OR_TRACE: Final = (
    "The proof is weak (strength {grade}): refund the buyer or ask the carrier for a trace rather than argue. "
    "A refund during an open claim closes it and counts in the order defect rate."
)


def advice_for(grade: str | None) -> str:
    """A sentence for grades below D; nothing else, since no grade promises a win."""
    return _REFUND_OR_TRACE.format(grade=grade) if grade in BELOW_D else ""


def misfits_of(shipments: Iterable[Shipment]) -> tuple[str, ...]:
    """Parcels, by name, whose number is not one of their carrier, while that can still be repaired."""
    return tuple(
        named(shipment)
        for shipment in shipments
        if shipment.number_check.get("fits") is False
        and not is_delivered(shipment)
        and not is_returned(shipment)
    )
