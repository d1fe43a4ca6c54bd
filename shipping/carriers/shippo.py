"""Shippo's track, by its API and by its webhook (`data`). It gives neither signer nor document.

Words: https://docs.goshippo.com/docs/tracking/tracking (statuses and substatuses). `status_date` is written with a `Z`
that Shippo puts there itself, so its UTC is a belief.
"""

from typing import Any, Final

from shipping.carriers.json_body import object_of
from shipping.carriers.loose_json import inside, rows
from shipping.numbers import normalised
from shipping.reading import Place, ReadEvent, Reading, Stated, Unreadable, words
from shipping.rules.handovers import handover
from shipping.rules.times import read_iso
from shipping.vocabulary import ParcelStatus, SnapshotStatus, TimeBasis

PROVIDER: Final = "shippo"
VERSION: Final = "shippo/1"

STATUSES: Final = {
    "PRE_TRANSIT": ParcelStatus.LABEL_CREATED,
    "TRANSIT": ParcelStatus.IN_TRANSIT,
    "DELIVERED": ParcelStatus.DELIVERED,
    "RETURNED": ParcelStatus.RETURNING,
    "FAILURE": ParcelStatus.EXCEPTION,
    "UNKNOWN": ParcelStatus.UNKNOWN,
}
"""RETURNED covers "is to be returned" too, so it is not yet a parcel that came back."""
SUBSTATUSES: Final = {
    "information_received": ParcelStatus.LABEL_CREATED,
    "out_for_delivery": ParcelStatus.OUT_FOR_DELIVERY,
    "delivery_attempted": ParcelStatus.DELIVERY_ATTEMPTED,
    "notice_left": ParcelStatus.DELIVERY_ATTEMPTED,
    "pickup_available": ParcelStatus.AVAILABLE_FOR_PICKUP,
    "address_issue": ParcelStatus.EXCEPTION,
    "contact_carrier": ParcelStatus.EXCEPTION,
    "delayed": ParcelStatus.EXCEPTION,
    "delivery_rescheduled": ParcelStatus.EXCEPTION,
    "location_inaccessible": ParcelStatus.EXCEPTION,
    "reschedule_delivery": ParcelStatus.EXCEPTION,
    "package_damaged": ParcelStatus.DAMAGED,
    "package_lost": ParcelStatus.LOST,
    "package_disposed": ParcelStatus.LOST,
}
"""Substatuses of TRANSIT and FAILURE that say more than their status does."""
_REFINED: Final = frozenset({ParcelStatus.IN_TRANSIT, ParcelStatus.EXCEPTION})


def read(body: bytes) -> Reading:
    """Raises Unreadable where there is neither a track nor an error."""
    whole = object_of(body)
    track = inside(whole, "data") or whole
    number = normalised(words(track.get("tracking_number"), 100))
    if number and ("tracking_status" in track or "tracking_history" in track):
        return _track(track, number)
    reason = words(whole.get("detail"), 300) or words(whole.get("error"), 300)
    if reason:
        return Reading(status=SnapshotStatus.ERROR_ANSWER, reason=reason)
    raise Unreadable("There is no Shippo track in it.")


def _track(track: dict[str, Any], number: str) -> Reading:
    carrier = words(track.get("carrier"), 100)
    latest = inside(track, "tracking_status")
    history = rows(track, "tracking_history") or ([latest] if latest else [])
    return Reading(
        events=tuple(_event(row, carrier, number) for row in history),
        stated=Stated(
            status=_status(latest) if latest else "",
            provider_status=words(latest.get("status"), 100),
            destination=_place(inside(track, "address_to")).to_json(),
        ),
        numbers=frozenset({number}),
    )


def _status(row: dict[str, Any]) -> ParcelStatus:
    found = STATUSES.get(words(row.get("status"), 100).upper(), ParcelStatus.UNKNOWN)
    finer = SUBSTATUSES.get(words(inside(row, "substatus").get("code"), 100))
    return finer if finer is not None and found in _REFINED else found


def _event(row: dict[str, Any], carrier: str, number: str) -> ReadEvent:
    text = words(row.get("status_details"))
    became = handover(_status(row), text)
    return ReadEvent(
        status=became.status,
        time=read_iso(words(row.get("status_date"), 100), utc_basis=TimeBasis.PROVIDER_INFERRED),
        provider_status=words(row.get("status"), 100),
        code=words(inside(row, "substatus").get("code"), 100),
        text=text,
        place=_place(inside(row, "location"), became.spot),
        carrier=carrier,
        number=number,
    )


def _place(place: dict[str, Any], spot: str = "") -> Place:
    return Place(
        city=words(place.get("city"), 200),
        region=words(place.get("state"), 100),
        postal_code=words(place.get("zip"), 20),
        country_code=words(place.get("country"), 100),
        spot=spot,
    )
