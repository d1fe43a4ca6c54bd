"""To whom a delivery text says that the parcel went."""

import pytest

from shipping.rules.handovers import Handover, handover
from shipping.vocabulary import ParcelStatus as P


@pytest.mark.parametrize(
    ("text", "status", "spot"),
    [
        ("Delivered, Left with Neighbor", P.DELIVERED_TO_THIRD_PARTY, "neighbour"),
        ("Die Sendung wurde einem Nachbarn zugestellt", P.DELIVERED_TO_THIRD_PARTY, "neighbour"),
        ("Livré à votre voisin", P.DELIVERED_TO_THIRD_PARTY, "neighbour"),
        ("Consegnato al vicino di casa", P.DELIVERED_TO_THIRD_PARTY, "neighbour"),
        ("Entregado a un vecino", P.DELIVERED_TO_THIRD_PARTY, "neighbour"),
        ("Bezorgd bij de buren", P.DELIVERED_TO_THIRD_PARTY, "neighbour"),
        ("Doręczono sąsiadowi", P.DELIVERED_TO_THIRD_PARTY, "neighbour"),
        ("Levererat till granne", P.DELIVERED_TO_THIRD_PARTY, "neighbour"),
        ("Entregue na portaria", P.DELIVERED_TO_THIRD_PARTY, "reception"),
        ("Komşuya teslim edildi", P.DELIVERED_TO_THIRD_PARTY, "neighbour"),
        ("受付に配達しました", P.DELIVERED_TO_THIRD_PARTY, "reception"),
        ("تم التسليم إلى الاستقبال", P.DELIVERED_TO_THIRD_PARTY, "reception"),
        ("Zustellung an eine andere Person", P.DELIVERED_TO_THIRD_PARTY, ""),
        ("Different person present", P.DELIVERED_TO_THIRD_PARTY, ""),
        ("In Packstation eingelegt", P.DELIVERED_TO_PICKUP_POINT, "parcel locker"),
        ("Dostarczono do paczkomatu", P.DELIVERED_TO_PICKUP_POINT, "parcel locker"),
        ("宅配ボックスに配達", P.DELIVERED_TO_PICKUP_POINT, "parcel locker"),
        ("Remis en point relais", P.DELIVERED_TO_PICKUP_POINT, "pick-up point"),
        ("Entregado en punto de recogida", P.DELIVERED_TO_PICKUP_POINT, "pick-up point"),
        ("Levererat till ombud", P.DELIVERED_TO_PICKUP_POINT, "pick-up point"),
        ("Delivered, Back Door", P.DELIVERED, "back door"),
        ("Abgelegt am Ablageort", P.DELIVERED, "safe place"),
        ("Left at loading dock", P.DELIVERED, "dock"),
        ("玄関ドア前に置き配", P.DELIVERED, "front door"),
        ("Zustellung erfolgreich", P.DELIVERED, ""),
        ("Empfänger hat die Sendung erhalten", P.DELIVERED, ""),
        ("Delivered, To Original Sender", P.RETURNED_TO_SENDER, ""),
        ("Zurück an Absender zugestellt", P.RETURNED_TO_SENDER, ""),
        ("Restituito al mittente", P.RETURNED_TO_SENDER, ""),
        ("RTO Delivered", P.RETURNED_TO_SENDER, ""),
        ("Return to origin - delivered", P.RETURNED_TO_SENDER, ""),
        ("Delivered to seller", P.RETURNED_TO_SENDER, ""),
        ("Shipment returned to client", P.RETURNED_TO_SENDER, ""),
        ("Rücksendung zugestellt", P.RETURNED_TO_SENDER, ""),
        ("Retour livré", P.RETURNED_TO_SENDER, ""),
        ("Delivered, Individual Picked Up at Post Office", P.DELIVERED_TO_PICKUP_POINT, "pick-up point"),
        ("Delivered to Amazon Hub Counter", P.DELIVERED_TO_PICKUP_POINT, "pick-up point"),
        ("Delivered next door", P.DELIVERED_TO_THIRD_PARTY, ""),
        ("Zugestellt an Hausmeister", P.DELIVERED_TO_THIRD_PARTY, ""),
    ],
)
def test_a_delivery_text_says_to_whom(text: str, status: P, spot: str) -> None:
    assert handover(P.DELIVERED, text) == Handover(status, spot)


def test_a_text_never_makes_a_delivery_of_something_else() -> None:
    assert handover(P.IN_TRANSIT, "Delivered to neighbour") == Handover(P.IN_TRANSIT)
