"""How strong the proof of a not-received claim is, A to F, with the reasons that led there. Never a promised win.

Source of the scale: what sellers and moderators report of won and lost claims; a protected label argues policy,
a carrier's letter with the buyer's name and address proves most, a scan of the city alone proves little.
Other reasons have a checklist and no grade.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from claims.judgement.contradictions import delivered_after_claim
from claims.judgement.grounds import Grounds, is_delivered, is_returned, named
from claims.judgement.protection import PROTECTED, Protection
from claims.words import EvidenceKind
from shipping.models import Shipment
from shipping.rules.names import MATCH as SAME_NAME
from shipping.rules.parts import MATCH
from shipping.vocabulary import ParcelStatus, SignerKind

GRADES: Final = ("A", "B", "C", "D", "E", "F")
GRADE_WORDS: Final = {
    "A": "Claims-protected label, first scan in time",
    "B": "Carrier's letter with the buyer's name and full address",
    "C": "Photo or coordinates, postal code matches",
    "D": "Delivered, postal code matches, no signature that counts",
    "E": "Only the city, a third party or a pick-up point",
    "F": "Conflicting, returned, too late or unknown",
}
CONFLICTING: Final = frozenset(
    {
        "delivered_elsewhere", "delivered_off_route", "sent_elsewhere", "delivered_and_returned",
        "delivered_without_event", "summary_disagrees", "delivery_times_differ", "delivered_before_shipped",
        "scanned_after_delivery", "test_answer", "return_details", "contradicts_itself", "error_beside_scans",
    }
)  # fmt: skip
"""Contradictions that speak against the delivery itself; a weak signature does not."""


_PROTECTING: Final = frozenset({"buy_shipping_label", "claims_protected", "first_scan_in_time"})


@dataclass(frozen=True)
class Cause:
    """One reason for a grade, as a sentence, with the fields that it rests on."""

    detail: str
    shipment: int | None = None
    fields: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Strength:
    """`grade` is None where the claim's reason has no scale."""

    grade: str | None
    causes: tuple[Cause, ...] = ()


def strength_of(grounds: Grounds, protection: Protection) -> Strength:
    """Several parcels: the weakest counts, since a claim does not say which one is missed."""
    if not grounds.is_not_received:
        return Strength(None)
    if protection.verdict == PROTECTED:
        causes = tuple(
            Cause(row.detail, row.shipment, row.fields)
            for row in protection.conditions
            if row.code in _PROTECTING
        )
        return Strength("A", causes)
    if not grounds.parcels:
        return Strength("F", (Cause("No shipment is known for this order."),))
    graded = [_grade(shipment, grounds) for shipment in grounds.parcels]
    return max(graded, key=lambda strength: GRADES.index(strength.grade or "F"))


def _grade(shipment: Shipment, grounds: Grounds) -> Strength:
    against = _against(shipment, grounds)
    if against:
        return Strength("F", against)
    weak = _handed_to_others(shipment)
    if weak:
        return Strength("E", (weak,))
    rules: tuple[tuple[str, Callable[[Shipment, Grounds], tuple[Cause, ...]]], ...] = (
        ("B", _letter), ("C", _seen), ("D", _in_postal_code), ("E", _in_city),
    )  # fmt: skip
    for grade, rule in rules:
        causes = rule(shipment, grounds)
        if causes:
            return Strength(grade, causes)
    cause = _cause(shipment, "the carrier states no place of delivery", place=shipment.place)
    return Strength("F", (cause,))


def _cause(shipment: Shipment, text: str, **fields: Any) -> Cause:
    given = {name: value for name, value in fields.items() if value not in (None, "", [], {}, ())}
    return Cause(f"{named(shipment)}: {text}.", shipment.pk, given)


def _against(shipment: Shipment, grounds: Grounds) -> tuple[Cause, ...]:
    if is_returned(shipment):
        fields = {"status": shipment.status, "leg": shipment.leg}
        return (_cause(shipment, "the parcel came back or is on its way back", **fields),)
    if not is_delivered(shipment):
        return (_cause(shipment, "no delivery to the buyer is on file", status=shipment.status),)
    rows = [
        Cause(f"{named(shipment)}: {row['detail']}", shipment.pk, row.get("fields", {}))
        for row in shipment.conflicts
        if row["code"] in CONFLICTING
    ]
    if delivered_after_claim(shipment, grounds):
        when = {"delivered": shipment.delivered_local or str(shipment.delivered_at)}
        rows.append(_cause(shipment, "it was delivered after the claim was made", **when))
    return tuple(rows)


def _handed_to_others(shipment: Shipment) -> Cause | None:
    words = {
        ParcelStatus.DELIVERED_TO_THIRD_PARTY.value: "it was handed to a third party",
        ParcelStatus.DELIVERED_TO_PICKUP_POINT.value: "it was left at a pick-up point",
    }
    text = words.get(str(shipment.status))
    spot = shipment.place.get("spot")
    return _cause(shipment, text, status=str(shipment.status), spot=spot) if text else None


def _part(shipment: Shipment, name: str) -> bool:
    return bool(shipment.address_match.get(name) == MATCH)


def _letter(shipment: Shipment, grounds: Grounds) -> tuple[Cause, ...]:
    letters = grounds.on_file(EvidenceKind.PROOF_OF_DELIVERY, EvidenceKind.SIGNATURE)
    is_buyer = shipment.name_match.get("result") == SAME_NAME
    if not (letters and is_buyer and _part(shipment, "postal_code") and _part(shipment, "line1")):
        return ()
    names = ", ".join(item.name for item in letters)
    return (
        _cause(shipment, f"the carrier's letter is on file ({names})", letter=names),
        _cause(
            shipment, f"the carrier records the name {shipment.received_by['raw']!r}, which the address has",
            received_by=shipment.received_by["raw"], name_match=shipment.name_match["how"],
        ),
        _cause(shipment, "street and postal code match the buyer's address", address_match=shipment.address_match),
    )  # fmt: skip


def _seen(shipment: Shipment, grounds: Grounds) -> tuple[Cause, ...]:
    photos = [item.name for item in grounds.on_file(EvidenceKind.DELIVERY_PHOTO)]
    has_point = shipment.place.get("latitude") is not None
    if not (photos or has_point) or not _part(shipment, "postal_code"):
        return ()
    text = (
        f"a photo of the delivery is on file ({', '.join(photos)})"
        if photos
        else "the carrier states coordinates"
    )
    point = [shipment.place.get("latitude"), shipment.place.get("longitude")] if has_point else []
    return (_cause(shipment, text, photos=photos, coordinates=point), _postal(shipment))


def _postal(shipment: Shipment) -> Cause:
    code = shipment.place.get("postal_code")
    return _cause(shipment, "the postal code of the delivery is the buyer's", postal_code=code)


def _in_postal_code(shipment: Shipment, grounds: Grounds) -> tuple[Cause, ...]:
    if not _part(shipment, "postal_code"):
        return ()
    return (_postal(shipment), _signature(shipment, grounds))


def _signature(shipment: Shipment, grounds: Grounds) -> Cause:
    """Why there is no better grade: what is recorded in place of a signature."""
    raw, kind = shipment.received_by.get("raw"), shipment.received_by.get("kind")
    if not raw:
        return _cause(shipment, "no signature is on file")
    fields = {"received_by": raw, "kind": kind, "name_match": shipment.name_match.get("result")}
    if kind != SignerKind.PERSON_NAME:
        return _cause(shipment, f"the carrier records {raw!r}, which is no person's full name", **fields)
    if shipment.name_match.get("result") == SAME_NAME:
        text = f"the carrier records the buyer's name {raw!r}, but no letter with name and full address is on file"
        return _cause(shipment, text, **fields)
    return _cause(
        shipment, f"the carrier records the name {raw!r}, which is not shown to be the buyer's", **fields
    )


def _in_city(shipment: Shipment, grounds: Grounds) -> tuple[Cause, ...]:
    if not _part(shipment, "city"):
        return ()
    text = "only the city of the delivery is known to be the buyer's"
    return (_cause(shipment, text, city=shipment.place.get("city")),)
