"""EasyPost's Tracker, and the Event that its webhook wraps around one.

Words: https://docs.easypost.com/docs/trackers (statuses, status details, `signed_by`). EasyPost gives
events and the recorded recipient, never a document. It turns local times into UTC by the place of the scan,
so a `Z` without a place is its guess.
"""

import re
from typing import Any, Final

from shipping.carriers.json_body import object_of, part
from shipping.carriers.loose_json import inside, rows
from shipping.numbers import normalised
from shipping.reading import Place, ReadEvent, Reading, Stated, Unreadable, words
from shipping.rules.handovers import handover
from shipping.rules.times import read_iso
from shipping.vocabulary import EventSource, Leg, ParcelStatus, SnapshotStatus, TimeBasis

PROVIDER: Final = "easypost"
VERSION: Final = "easypost/2"

STATUSES: Final = {
    "pre_transit": ParcelStatus.LABEL_CREATED,
    "in_transit": ParcelStatus.IN_TRANSIT,
    "out_for_delivery": ParcelStatus.OUT_FOR_DELIVERY,
    "delivered": ParcelStatus.DELIVERED,
    "available_for_pickup": ParcelStatus.AVAILABLE_FOR_PICKUP,
    "return_to_sender": ParcelStatus.RETURNING,
    "failure": ParcelStatus.EXCEPTION,
    "cancelled": ParcelStatus.CANCELLED,
    "error": ParcelStatus.NOT_FOUND,
    "unknown": ParcelStatus.UNKNOWN,
}
DETAILS: Final = {
    "lost": ParcelStatus.LOST,
    "damaged": ParcelStatus.DAMAGED,
    "return": ParcelStatus.RETURNING,
    "refused": ParcelStatus.EXCEPTION,
    "cancelled": ParcelStatus.CANCELLED,
}
"""Status details that say more than their status does."""
_REFINED: Final = frozenset({ParcelStatus.IN_TRANSIT, ParcelStatus.EXCEPTION, ParcelStatus.UNKNOWN})
_US_DESTINATION: Final = re.compile(
    r"(?P<city>.+?),? (?P<region>[A-Z]{2}),?(?: (?P<zip>\d{5})(?:-\d{4})?)?(?:,? (?P<country>US))?", re.ASCII
)


def read(body: bytes) -> Reading:
    """Raises Unreadable where there is neither a tracker nor an error."""
    whole = object_of(body)
    if whole.get("error"):
        return _refusal(part(whole, "error"))
    tracker = part(whole, "result") if whole.get("object") == "Event" else whole
    if not isinstance(tracker.get("tracking_code"), str) or "tracking_details" not in tracker:
        raise Unreadable("There is no EasyPost tracker in this answer.")
    number = normalised(words(tracker["tracking_code"]))
    carrier = words(tracker.get("carrier"), 100)
    details = rows(tracker, "tracking_details")
    events = tuple(_event(detail, carrier, number) for detail in details)
    if tracker.get("status") == "error" and not any(event.source == EventSource.CARRIER for event in events):
        reason = next((event.text for event in events), "EasyPost answers with the status error.")
        return Reading(status=SnapshotStatus.NOT_FOUND, numbers=frozenset({number}), reason=reason)
    return Reading(events=events, stated=_stated(tracker), numbers=frozenset({number}))


def _refusal(error: dict[str, Any]) -> Reading:
    code, reason = words(error.get("code"), 100), words(error.get("message"), 300)
    missing = code == "NOT_FOUND" or code.endswith(".NOT_FOUND")
    return Reading(
        status=SnapshotStatus.NOT_FOUND if missing else SnapshotStatus.ERROR_ANSWER,
        reason=f"{code}: {reason}",
    )


def _status(status: object, detail: object) -> ParcelStatus:
    found = STATUSES.get(words(status), ParcelStatus.UNKNOWN)
    return DETAILS.get(words(detail), found) if found in _REFINED else found


def _event(detail: dict[str, Any], carrier: str, number: str) -> ReadEvent:
    text = words(detail.get("message")) or words(detail.get("description"))
    became = handover(_status(detail.get("status"), detail.get("status_detail")), text)
    place = _place(part(detail, "tracking_location"), became.spot)
    has_zone = place.precision in ("postal_code", "city", "region")
    return ReadEvent(
        status=became.status,
        time=read_iso(
            words(detail.get("datetime"), 100),
            utc_basis=TimeBasis.CARRIER_UTC if has_zone else TimeBasis.PROVIDER_INFERRED,
        ),
        provider_status=words(detail.get("status"), 100),
        code=words(detail.get("carrier_code"), 100) or words(detail.get("status_detail"), 100),
        text=text,
        place=place,
        carrier=carrier,
        number=number,
        source=EventSource.PROVIDER_INFERRED
        if detail.get("source") == "ProcessingError"
        else EventSource.CARRIER,
    )


def _place(location: dict[str, Any], spot: str = "") -> Place:
    return Place(
        city=words(location.get("city"), 200),
        region=words(location.get("state"), 100),
        postal_code=words(location.get("zip"), 20),
        country_code=words(location.get("country"), 100),
        spot=spot,
    )


def _stated(tracker: dict[str, Any]) -> Stated:
    is_return = tracker.get("is_return")
    status = _status(tracker.get("status"), tracker.get("status_detail"))
    return Stated(
        status=status,
        provider_status=words(tracker.get("status"), 100),
        leg={True: Leg.RETURN, False: Leg.FORWARD}.get(is_return, Leg.UNKNOWN)
        if isinstance(is_return, bool)
        else Leg.UNKNOWN,
        received_by=words(tracker.get("signed_by"), 200),
        destination=_destination(inside(tracker, "carrier_detail")).to_json(),
    )


def _destination(detail: dict[str, Any]) -> Place:
    """Where the carrier was told to go: its structured place, else what its US text plainly says."""
    place = _place(inside(detail, "destination_tracking_location"))
    if place.is_known():
        return place
    text = " ".join(words(detail.get("destination_location"), 200).split())
    found = _US_DESTINATION.fullmatch(text)
    if found is None:
        return Place()
    return Place(
        city=found["city"].rstrip(","),
        region=found["region"],
        postal_code=found["zip"] or "",
        country_code=found["country"] or "",
    )
