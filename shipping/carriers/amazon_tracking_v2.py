"""Amazon Shipping v2 `getTracking`: https://developer-docs.amazon/sp-api/docs/shipping-api-v2-reference.

Words: the enumerations `EventCode`, `Status`, `DetailCodes` and `ShipmentType` of the model `shippingV2.json`
(https://github.com/amzn/selling-partner-api-models). `summary.status` may speak of the way back: Amazon's own
example says "Delivered" of a parcel that came home to its seller. Times are UTC.
"""

from typing import Any, Final

from shipping.carriers.amazon_shapes import refusal
from shipping.carriers.json_body import object_of, part, parts
from shipping.carriers.loose_json import degrees, given, inside, listed, moment
from shipping.numbers import normalised
from shipping.reading import Place, ReadEvent, Reading, Stated, Unreadable, words
from shipping.rules.times import read_iso
from shipping.vocabulary import PHYSICAL, Leg, ParcelStatus

PROVIDER: Final = "amazon_tracking_v2"
VERSION: Final = "amazon_tracking_v2/2"

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
        stated=_stated(answer, events),
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
    location = inside(item, "location")
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
    found = listed(inside(summary, "trackingDetailCodes").get(direction))
    return tuple(code for code in (words(item, 100) for item in found) if code)


def _stated(answer: dict[str, Any], events: tuple[ReadEvent, ...]) -> Stated:
    """The one proof of an answer is that of its newest leg: after a return it proves nothing about the buyer."""
    summary = inside(answer, "summary")
    forward, returns = _codes(summary, "forward"), _codes(summary, "returns")
    came_back = bool(returns) or any(event.leg == Leg.RETURN for event in events)
    said = words(summary.get("status"), 100)
    proof = inside(summary, "proofOfDelivery")
    became = next((HANDOVERS[code] for code in forward if code in HANDOVERS), None)
    spot = inside(proof, "deliveryLocationCoordinates")
    latitude, longitude = degrees(spot.get("latitude"), 90), degrees(spot.get("longitude"), 180)
    has_point = latitude is not None and longitude is not None and not came_back
    image = words(proof.get("deliveryImageURL"))
    photo = {"kind": "delivery_photo", "url": image, **({"leg": Leg.RETURN.value} if came_back else {})}
    return Stated(
        status=_on_leg(SUMMARY.get(said, ParcelStatus.UNKNOWN), Leg.RETURN if came_back else Leg.FORWARD),
        provider_status=said,
        received_by=words(proof.get("receivedBy"), 200),
        signature_obtained=True if "Signed" in forward else None,
        delivered_as=became[0] if became else "",
        spot=became[1] if became else "",
        latitude=latitude if has_point else None,
        longitude=longitude if has_point else None,
        documents=(photo,) if image else (),
        order=given([("promised_by", moment(answer.get("promisedDeliveryDate")))]),
        codes=(*(f"forward: {code}" for code in forward), *(f"returns: {code}" for code in returns)),
    )
