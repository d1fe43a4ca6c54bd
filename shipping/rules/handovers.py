"""Where the words of a delivery text put the parcel: to the door, to someone else, into a locker, or back.

English phrases as USPS, UPS, FedEx and DHL print them. A text without one of them keeps the status that the
provider gave.
"""

import re
from dataclasses import dataclass
from typing import Final

from shipping.vocabulary import DELIVERED, ParcelStatus

_BACK: Final = re.compile(
    r"\b(?:to|by) (?:the )?(?:original )?(?:sender|shipper)\b|\breturned to (?:sender|shipper)\b"
)
_THIRD_PARTY: Final = re.compile(
    r"\bneighbou?r|\breception|\bfront desk\b|\bmail ?room\b|\bto (?:an )?agent\b"
    r"|\bthird party\b|\bconcierge\b"
    r"|\b(?:different|another|other) person\b|\bdoorman\b|\b(?:leasing|management) office\b|\bsecurity\b"
)
_PICKUP_POINT: Final = re.compile(
    r"\blocker\b|\bpick-?up (?:point|location)\b|\bcollection point\b|\baccess point\b|\bpackstation\b"
    r"|\bparcel ?shop\b|\bservice ?point\b|\bretail (?:point|outlet)\b"
)
_SPOTS: Final[tuple[tuple[str, re.Pattern[str]], ...]] = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("neighbour", r"\bneighbou?r"),
        ("reception", r"\breception|\bfront desk\b|\bconcierge\b|\bdoorman\b"),
        ("mail room", r"\bmail ?room\b"),
        ("parcel locker", r"\blocker\b|\bpackstation\b"),
        (
            "pick-up point",
            r"\bpick-?up (?:point|location)\b|\b(?:access|collection) point\b|\bparcel ?shop\b",
        ),
        ("front door", r"\bfront door\b|\bporch\b"),
        ("back door", r"\b(?:back|rear) door\b"),
        ("garage", r"\bgarage\b"),
        ("mailbox", r"\bmail ?box\b|\bletter ?box\b"),
        ("PO box", r"\bp\.?o\.? box\b"),
        ("dock", r"\bdock\b"),
        ("shed", r"\bshed\b"),
        ("safe place", r"\bsafe ?place\b"),
    )
)


@dataclass(frozen=True, slots=True)
class Handover:
    """What became of a delivery: the status it deserves and the spot it names (empty: none)."""

    status: ParcelStatus
    spot: str = ""


def handover(status: ParcelStatus, text: str) -> Handover:
    """Read a text beside the status that its provider gave. Never turns something else into a delivery."""
    folded = text.casefold()
    if status == ParcelStatus.RETURNING and folded.startswith("delivered"):
        return Handover(ParcelStatus.RETURNED_TO_SENDER)
    if status not in DELIVERED:
        return Handover(status)
    if _BACK.search(folded):
        return Handover(ParcelStatus.RETURNED_TO_SENDER)
    spot = next((name for name, pattern in _SPOTS if pattern.search(folded)), "")
    if _PICKUP_POINT.search(folded):
        return Handover(ParcelStatus.DELIVERED_TO_PICKUP_POINT, spot)
    if _THIRD_PARTY.search(folded):
        return Handover(ParcelStatus.DELIVERED_TO_THIRD_PARTY, spot)
    return Handover(status, spot)
