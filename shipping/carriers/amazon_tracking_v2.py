"""Amazon Shipping v2 `getTracking`: https://developer-docs.amazon/sp-api/docs/shipping-api-v2-reference.

Words: the enumerations `EventCode`, `Status`, `DetailCodes` and `ShipmentType` of the model `shippingV2.json`
(https://github.com/amzn/selling-partner-api-models). `summary.status` may speak of the way back: Amazon's own
example says "Delivered" of a parcel that came home to its seller. Times are UTC.
"""

from typing import Any, Final

from shipping.carriers.amazon_shapes import refusal
from shipping.carriers.json_body import object_of, part, parts
from shipping.numbers import normalised
from shipping.reading import Place, ReadEvent, Reading, Stated, Unreadable, words
from shipping.rules.times import read_iso
from shipping.vocabulary import PHYSICAL, Leg, ParcelStatus

PROVIDER: Final = "amazon_tracking_v2"
VERSION: Final = "amazon_tracking_v2/1"

EVENT_CODES: Final = {
    "ReadyForReceive": ParcelStatus.LABEL_CREATED,
    "PickupDone": ParcelStatus.IN_TRANSIT,
    "PackageReceivedByCarrier": ParcelStatus.IN_TRANSIT,
    "Departed": ParcelStatus.IN_TRANSIT,
    "ArrivedAtCarrierFacility": ParcelStatus.IN_TRANSIT,
    "OutForDelivery": ParcelStatus.OUT_FOR_DELIVERY,
    "AvailableForPickup": ParcelStatus.AVAILABLE_FOR_PICKUP,
    "DeliveryAttempted": ParcelStatus.DELIVERY_ATTEMPTED,
    "Delivered": ParcelStatus.DELIVERED,
    "Rejected": ParcelStatus.EXCEPTION,
    "Undeliverable": ParcelStatus.EXCEPTION,
    "Lost": ParcelStatus.LOST,
    "Damaged": ParcelStatus.DAMAGED,
    "PickupCancelled": ParcelStatus.CANCELLED,
    "ReturnInitiated": ParcelStatus.RETURNING,
}
SUMMARY: Final = {
    "PreTransit": ParcelStatus.LABEL_CREATED,
    "InTransit": ParcelStatus.IN_TRANSIT,
    "OutForDelivery": ParcelStatus.OUT_FOR_DELIVERY,
    "AwaitingCustomerPickup": ParcelStatus.AVAILABLE_FOR_PICKUP,
    "DeliveryAttempted": ParcelStatus.DELIVERY_ATTEMPTED,
    "Delivered": ParcelStatus.DELIVERED,
    "Rejected": ParcelStatus.EXCEPTION,
    "Undeliverable": ParcelStatus.EXCEPTION,
    "Lost": ParcelStatus.LOST,
    "PickupCancelled": ParcelStatus.CANCELLED,
}
LEGS: Final = {"FORWARD": Leg.FORWARD, "RETURNS": Leg.RETURN}
HANDOVERS: Final = {
    "DeliveredToNeighbor": (ParcelStatus.DELIVERED_TO_THIRD_PARTY, "neighbour"),
    "DeliveredToReceptionist": (ParcelStatus.DELIVERED_TO_THIRD_PARTY, "reception"),
    "DeliveredToMailRoom": (ParcelStatus.DELIVERED_TO_THIRD_PARTY, "mail room"),
    "DeliveredToBehindWheelieBin": (ParcelStatus.DELIVERED, "behind the bin"),
    "DeliveredToPorch": (ParcelStatus.DELIVERED, "front door"),
    "DeliveredToGarage": (ParcelStatus.DELIVERED, "garage"),
    "DeliveredToGarden": (ParcelStatus.DELIVERED, "garden"),
    "DeliveredToGreenhouse": (ParcelStatus.DELIVERED, "greenhouse"),
    "DeliveredToMailSlot": (ParcelStatus.DELIVERED, "mailbox"),
    "DeliveredToRearDoor": (ParcelStatus.DELIVERED, "back door"),
    "DeliveredToShed": (ParcelStatus.DELIVERED, "shed"),
}
"""Detail codes of a delivery that say to whom or where."""


def read(body: bytes) -> Reading:
    """Raises Unreadable where there is neither a tracking answer nor Amazon's error list."""
    whole = object_of(body)
    refused = refusal(whole, missing=True)
    if refused is not None:
        return refused
    answer = part(whole, "payload") or whole
    if not isinstance(answer.get("trackingId"), str) or "eventHistory" not in answer:
        raise Unreadable("There is no Amazon tracking answer in it.")
    number = normalised(words(answer["trackingId"]))
    other = normalised(words(answer.get("alternateLegTrackingId")))
    events = tuple(_event(item, number) for item in parts(answer, "eventHistory"))
    return Reading(
        events=events,
        stated=_stated(part(answer, "summary"), events),
        numbers=frozenset({number, other} - {"", "NULL"}),
    )


def _on_leg(status: ParcelStatus, leg: Leg) -> ParcelStatus:
    """Nothing on the way back is a step towards the buyer."""
    if leg != Leg.RETURN or status not in PHYSICAL:
        return status
    return ParcelStatus.RETURNED_TO_SENDER if status == ParcelStatus.DELIVERED else ParcelStatus.RETURNING


def _event(item: dict[str, Any], number: str) -> ReadEvent:
    code = words(item.get("eventCode"), 100)
    leg = LEGS.get(words(item.get("shipmentType")), Leg.UNKNOWN)
    location = part(item, "location")
    return ReadEvent(
        status=_on_leg(EVENT_CODES.get(code, ParcelStatus.UNKNOWN), leg),
        time=read_iso(words(item.get("eventTime"), 100)),
        code=code,
        place=Place(
            city=words(location.get("city"), 200),
            region=words(location.get("stateOrRegion"), 100),
            postal_code=words(location.get("postalCode"), 20),
            country_code=words(location.get("countryCode"), 100),
        ),
        leg=leg,
        number=number,
    )


def _codes(summary: dict[str, Any], direction: str) -> tuple[str, ...]:
    found = part(summary, "trackingDetailCodes").get(direction) or []
    if not isinstance(found, list):
        raise Unreadable(f"trackingDetailCodes.{direction} is not a list.")
    return tuple(words(code, 100) for code in found)


def _stated(summary: dict[str, Any], events: tuple[ReadEvent, ...]) -> Stated:
    forward, returns = _codes(summary, "forward"), _codes(summary, "returns")
    came_back = bool(returns) or any(event.leg == Leg.RETURN for event in events)
    said = words(summary.get("status"), 100)
    proof = part(summary, "proofOfDelivery")
    became = next((HANDOVERS[code] for code in forward if code in HANDOVERS), None)
    spot = part(proof, "deliveryLocationCoordinates")
    image = words(proof.get("deliveryImageURL"))
    return Stated(
        status=_on_leg(SUMMARY.get(said, ParcelStatus.UNKNOWN), Leg.RETURN if came_back else Leg.FORWARD),
        provider_status=said,
        received_by=words(proof.get("receivedBy"), 200),
        signature_obtained=True if "Signed" in forward else None,
        delivered_as=became[0] if became else "",
        spot=became[1] if became else "",
        latitude=_degrees(spot.get("latitude")),
        longitude=_degrees(spot.get("longitude")),
        documents=({"kind": "delivery_photo", "url": image},) if image else (),
        codes=(*(f"forward: {code}" for code in forward), *(f"returns: {code}" for code in returns)),
    )


def _degrees(value: object) -> float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number and -180 <= value <= 180 else None  # type: ignore[operator,arg-type]
