"""Amazon Shipping v1 `getTrackingInformation`, which v2 has replaced: one leg, no codes of the hand-over.

Words: https://developer-docs.amazon/sp-api/docs/shipping-api-v1-reference (`Event.eventCode` is free text there;
the codes below are those of its use-case guide and of recorded answers). Times are UTC. `summary.status` is worked
out by Amazon from the events and may be ahead of them.
"""

from typing import Any, Final

from shipping.carriers.amazon_shapes import refusal
from shipping.carriers.json_body import object_of, parts
from shipping.carriers.loose_json import given, inside, moment
from shipping.numbers import normalised
from shipping.reading import Place, ReadEvent, Reading, Stated, Unreadable, words
from shipping.rules.times import read_iso
from shipping.vocabulary import ParcelStatus

PROVIDER: Final = "amazon_tracking_v1"
VERSION: Final = "amazon_tracking_v1/1"

EVENT_CODES: Final = {
    "CreationConfirmed": ParcelStatus.LABEL_CREATED,
    "ReadyForReceive": ParcelStatus.LABEL_CREATED,
    "PickupDone": ParcelStatus.IN_TRANSIT,
    "Received": ParcelStatus.IN_TRANSIT,
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
    "Returned": ParcelStatus.RETURNED_TO_SENDER,
}
SUMMARY: Final = {
    "PreTransit": ParcelStatus.LABEL_CREATED,
    "InTransit": ParcelStatus.IN_TRANSIT,
    "OutForDelivery": ParcelStatus.OUT_FOR_DELIVERY,
    "Delivered": ParcelStatus.DELIVERED,
    "Lost": ParcelStatus.LOST,
    "Undeliverable": ParcelStatus.EXCEPTION,
    "Rejected": ParcelStatus.EXCEPTION,
    "Returned": ParcelStatus.RETURNED_TO_SENDER,
}


def read(body: bytes) -> Reading:
    """Raises Unreadable where there is neither a tracking answer nor Amazon's error list."""
    whole = object_of(body)
    refused = refusal(whole, missing=True)
    if refused is not None:
        return refused
    answer = inside(whole, "payload") or whole
    number = normalised(words(answer.get("trackingId"), 100))
    if not number or "eventHistory" not in answer:
        raise Unreadable("There is no Amazon tracking answer in it.")
    said = words(inside(answer, "summary").get("status"), 100)
    events = tuple(_event(item, number) for item in parts(answer, "eventHistory"))
    return Reading(
        events=events,
        stated=Stated(
            status=_summary(said, events),
            provider_status=said,
            order=given([("promised_by", moment(answer.get("promisedDeliveryDate")))]),
        ),
        numbers=frozenset({number}),
    )


def _summary(said: str, events: tuple[ReadEvent, ...]) -> ParcelStatus:
    """The status is derived from the events, so one that none of them bears is nobody's observation."""
    found = SUMMARY.get(said, ParcelStatus.UNKNOWN)
    if found == ParcelStatus.DELIVERED and all(event.status != found for event in events):
        return ParcelStatus.UNKNOWN
    return found


def _event(item: dict[str, Any], number: str) -> ReadEvent:
    code = words(item.get("eventCode"), 100)
    location = inside(item, "location")
    return ReadEvent(
        status=EVENT_CODES.get(code, ParcelStatus.UNKNOWN),
        time=read_iso(words(item.get("eventTime"), 100)),
        code=code,
        place=Place(
            city=words(location.get("city"), 200),
            region=words(location.get("stateOrRegion"), 100),
            postal_code=words(location.get("postalCode"), 20),
            country_code=words(location.get("countryCode"), 100),
        ),
        number=number,
    )
