"""DHL Shipment Tracking - Unified: https://developer.dhl.com/api-reference/shipment-tracking.

Words: `statusCode` of that page. Beside it stands each division's own `status`, and the two may contradict each
other; then it is no delivery. Times are local, most without an offset. An unknown number is HTTP 404.
"""

import re
from typing import Any, Final

from shipping.carriers.json_body import object_of
from shipping.carriers.lenient import conflict, many, one, text, yes_or_no
from shipping.numbers import normalised
from shipping.reading import Place, ReadEvent, Reading, Stated, Unreadable, gathered
from shipping.rules.handovers import handover
from shipping.rules.times import read_iso
from shipping.vocabulary import Leg, ParcelStatus, SnapshotStatus

PROVIDER: Final = "dhl_unified"
VERSION: Final = "dhl_unified/1"

STATUS_CODES: Final = {
    "pre-transit": ParcelStatus.LABEL_CREATED,
    "transit": ParcelStatus.IN_TRANSIT,
    "delivered": ParcelStatus.DELIVERED,
    "failure": ParcelStatus.EXCEPTION,
    "unknown": ParcelStatus.UNKNOWN,
}
_FINER: Final = tuple(
    (re.compile(pattern), status)
    for pattern, status in (
        (
            r"return(?:ed|ing)? to (?:the )?(?:sender|shipper)|zurück an (?:den )?absender",
            ParcelStatus.RETURNING,
        ),
        (
            r"out for delivery|loaded onto the delivery vehicle|with delivery courier|zustellfahrzeug",
            ParcelStatus.OUT_FOR_DELIVERY,
        ),
        (
            r"(?:available|ready) for (?:collection|pick-?up)|zur abholung bereit",
            ParcelStatus.AVAILABLE_FOR_PICKUP,
        ),
        (r"delivery attempt|recipient not (?:home|present)", ParcelStatus.DELIVERY_ATTEMPTED),
    )
)
"""What the words of an event in transit or failed say more than its code."""
_SAYS_DELIVERED: Final = re.compile(r"^(?:delivered|zugestellt)\b", re.IGNORECASE)


def read(body: bytes) -> Reading:
    """Raises Unreadable where there are neither shipments nor DHL's problem report."""
    whole = object_of(body)
    shipments = many(whole, "shipments")
    if shipments:
        return gathered(tuple(_parcel(shipment) for shipment in shipments))
    if not text(whole, "title", "detail"):
        raise Unreadable("There is no DHL shipment in it.")
    missing = text(whole, "status") == "404"
    return Reading(
        status=SnapshotStatus.NOT_FOUND if missing else SnapshotStatus.ERROR_ANSWER,
        reason=f"{text(whole, 'title')}: {text(whole, 'detail', length=300)}",
    )


def _parcel(shipment: dict[str, Any]) -> Reading:
    number = normalised(text(shipment, "id", length=64))
    pieces = (
        shipment.get("details", {}).get("pieceIds") if isinstance(shipment.get("details"), dict) else None
    )
    others = {normalised(str(piece))[:64] for piece in pieces[:200]} if isinstance(pieces, list) else set()
    rows = many(shipment, "events") or many(shipment, "status")
    return Reading(
        events=tuple(_event(row, number) for row in rows),
        stated=_stated(shipment, rows),
        numbers=frozenset({number, *others} - {""}),
    )


def _status(row: dict[str, Any]) -> ParcelStatus:
    """By the code; where only one of code and word says delivered, it is not delivered."""
    code = STATUS_CODES.get(text(row, "statusCode").casefold(), ParcelStatus.UNKNOWN)
    if code in (ParcelStatus.IN_TRANSIT, ParcelStatus.EXCEPTION):
        said = f"{text(row, 'status')} {text(row, 'description')} {text(row, 'statusDetailed')}".casefold()
        return next((status for pattern, status in _FINER if pattern.search(said)), code)
    word = STATUS_CODES.get(text(row, "status").casefold(), ParcelStatus.UNKNOWN)
    if code == ParcelStatus.DELIVERED and word not in (ParcelStatus.DELIVERED, ParcelStatus.UNKNOWN):
        return word
    return code


def _contradicts(row: dict[str, Any]) -> bool:
    code = STATUS_CODES.get(text(row, "statusCode").casefold())
    word = text(row, "status")
    other = STATUS_CODES.get(word.casefold())
    says_so = bool(_SAYS_DELIVERED.match(word))
    if code == ParcelStatus.DELIVERED:
        return other not in (None, ParcelStatus.DELIVERED, ParcelStatus.UNKNOWN)
    return code is not None and says_so


def _place(row: dict[str, Any], spot: str = "") -> Place:
    address = one(row, "address")
    return Place(
        city=text(address, "addressLocality"),
        region=text(address, "addressRegion", length=100),
        postal_code=text(address, "postalCode", length=20),
        country_code=text(address, "countryCode", length=100),
        spot=spot,
    )


def _event(row: dict[str, Any], number: str) -> ReadEvent:
    description, word = text(row, "description", length=1000), text(row, "status", length=1000)
    remark = text(row, "remark", length=500)
    became = handover(_status(row), f"{word} {description} {remark}")
    return ReadEvent(
        status=became.status,
        time=read_iso(text(row, "timestamp", length=100)),
        provider_status=word[:100],
        code=text(row, "statusCode", length=100),
        text=": ".join(part for part in (description or word, remark) if part),
        place=_place(one(row, "location"), became.spot),
        carrier="DHL",
        number=number,
    )


def _person(person: dict[str, Any]) -> str:
    whole = f"{text(person, 'givenName')} {text(person, 'familyName')}".strip()
    return whole or text(person, "name", "organizationName")


def _stated(shipment: dict[str, Any], rows: list[dict[str, Any]]) -> Stated:
    latest = one(shipment, "status")
    proof = one(shipment, "details", "proofOfDelivery")
    is_return = yes_or_no(shipment, "returnFlag")
    signed = _person(one(proof, "signed")) or text(proof, "signed")
    detail = "The status code and the status of an event contradict each other."
    links = (("signature", "signatureUrl"), ("proof_of_delivery", "documentUrl"))
    status = handover(_status(latest), f"{text(latest, 'status')} {text(latest, 'description')}").status
    documents = tuple(
        {"kind": kind, "url": url}
        for kind, name in links
        if (url := text(proof, name, length=2000)).startswith(("https://", "http://"))
    )
    return Stated(
        status=status,
        provider_status=text(latest, "status", "statusCode", length=100),
        leg=Leg.UNKNOWN if is_return is None else Leg.RETURN if is_return else Leg.FORWARD,
        received_by=signed,
        signature_obtained=True if any(row["kind"] == "signature" for row in documents) else None,
        destination=_place(one(shipment, "destination")).to_json(),
        documents=documents,
        conflicts=tuple(
            conflict(
                "contradicts_itself", detail, status_code=text(row, "statusCode"), status=text(row, "status")
            )
            for row in (latest, *rows)
            if _contradicts(row)
        )[:1],
    )
