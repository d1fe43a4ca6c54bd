"""ShipEngine (ShipStation API) tracking, by its API and by its webhook (`data`).

Words: https://docs.shipstation.com/apis/shipengine/docs/tracking/tracking (`status_code`) and the enumeration
`tracking_status_detail_code` of its schema. AC is given to a mere label ("electronic advice received") as well as to
a parcel, so by itself it proves no scan. `carrier_occurred_at` is the carrier's clock time even where a `Z` was put
behind it; `occurred_at` is what ShipEngine takes for its UTC. Coordinates are left out: nobody says that
they are the carrier's.
"""

from datetime import datetime, timedelta
from typing import Any, Final

from shipping.carriers.json_body import object_of
from shipping.carriers.loose_json import inside, rows
from shipping.numbers import normalised
from shipping.reading import Place, ReadEvent, Reading, Stated, Unreadable, words
from shipping.rules.handovers import handover
from shipping.rules.times import EASTMOST, WESTMOST, ReadTime, read_iso
from shipping.vocabulary import DELIVERED, ParcelStatus, SnapshotStatus, TimeBasis

PROVIDER: Final = "shipengine"
VERSION: Final = "shipengine/1"

STATUS_CODES: Final = {
    "UN": ParcelStatus.UNKNOWN,
    "NY": ParcelStatus.LABEL_CREATED,
    "AC": ParcelStatus.LABEL_CREATED,
    "IT": ParcelStatus.IN_TRANSIT,
    "AT": ParcelStatus.DELIVERY_ATTEMPTED,
    "DE": ParcelStatus.DELIVERED,
    "SP": ParcelStatus.DELIVERED_TO_PICKUP_POINT,
    "EX": ParcelStatus.EXCEPTION,
}
DETAIL_CODES: Final = {
    "DESPATCHED": ParcelStatus.IN_TRANSIT,
    "COLLECTION_MADE": ParcelStatus.IN_TRANSIT,
    "RECEIVED_BY_CARRIER": ParcelStatus.IN_TRANSIT,
    "RECD_BY_CARRIER_NO_ELEC_ADVICE": ParcelStatus.IN_TRANSIT,
    "RECEIVED_LOCAL_DELIVERY_DEPOT": ParcelStatus.IN_TRANSIT,
    "OUT_FOR_DELIVERY": ParcelStatus.OUT_FOR_DELIVERY,
    "CUSTOMER_CARDED": ParcelStatus.DELIVERY_ATTEMPTED,
    "DELIVERED_TO_NEIGHBOUR": ParcelStatus.DELIVERED_TO_THIRD_PARTY,
    "DELIVERED_TO_ALTERNATIVE_DELIVERY_LOCATION": ParcelStatus.DELIVERED_TO_PICKUP_POINT,
    "DELIVERED_TO_LOCKER_COLLECTION_POINT": ParcelStatus.DELIVERED_TO_PICKUP_POINT,
    "AWAITING_COLLECTION_FROM_PICKUP_POINT": ParcelStatus.AVAILABLE_FOR_PICKUP,
    "COLLECT_AT_LOCAL_PO": ParcelStatus.AVAILABLE_FOR_PICKUP,
    "CUSTOMER_TO_COLLECT_FROM_CARRIER": ParcelStatus.AVAILABLE_FOR_PICKUP,
    "CANCELLED": ParcelStatus.CANCELLED,
    "CANCELLED_BEFORE_DESPATCH": ParcelStatus.CANCELLED,
    "PARCEL_DAMAGED": ParcelStatus.DAMAGED,
    "PARCEL_LOST": ParcelStatus.LOST,
    "PARCEL_DISPOSED": ParcelStatus.LOST,
    "RETURN_TO_SENDER": ParcelStatus.RETURNING,
    "NOT_COLLECTED_FROM_PICKUP_POINT": ParcelStatus.RETURNING,
    "NOT_DELIVERED": ParcelStatus.RETURNING,
    "REFUSED_BY_CUSTOMER": ParcelStatus.RETURNING,
    "CUSTOMER_MOVED": ParcelStatus.RETURNING,
}
"""Detail codes that say more than the status code; each of the last five says that the parcel goes back."""
SPOTS: Final = {"DELIVERED_SPECIFIED_SAFE_PLACE": "safe place", "DELIVERED_TO_PO_BOX": "PO box"}


def read(body: bytes) -> Reading:
    """Raises Unreadable where there is neither tracking nor an error."""
    whole = object_of(body)
    if whole.get("errors"):
        return _refusal(rows(whole, "errors"))
    track = inside(whole, "data") or whole
    number = normalised(words(track.get("tracking_number"), 100))
    if not number or "events" not in track:
        raise Unreadable("There is no ShipEngine tracking in it.")
    carrier = words(track.get("carrier_code"), 100)
    items = rows(track, "events")
    events = tuple(_event(item, carrier, number) for item in items)
    return Reading(events=events, stated=_stated(track, items, events), numbers=frozenset({number}))


def _refusal(errors: list[dict[str, Any]]) -> Reading:
    """`not_found` is said of addresses of the API too, so only the tracking error speaks of the parcel."""
    codes = [words(error.get("error_code"), 100) for error in errors]
    missing = "tracking_not_found" in codes
    return Reading(
        status=SnapshotStatus.NOT_FOUND if missing else SnapshotStatus.ERROR_ANSWER,
        reason="; ".join(
            f"{code}: {words(error.get('message'), 200)}" for code, error in zip(codes, errors, strict=True)
        ),
    )


def _status(row: dict[str, Any]) -> ParcelStatus:
    finer = DETAIL_CODES.get(words(row.get("status_detail_code"), 100).upper())
    return finer or STATUS_CODES.get(words(row.get("status_code"), 100).upper(), ParcelStatus.UNKNOWN)


def _event(item: dict[str, Any], carrier: str, number: str) -> ReadEvent:
    text = words(item.get("description")) or words(item.get("carrier_status_description"))
    became = handover(_status(item), text)
    return ReadEvent(
        status=became.status,
        time=_time(item),
        provider_status=words(item.get("status_detail_code"), 100) or words(item.get("status_code"), 100),
        code=words(item.get("event_code"), 100) or words(item.get("carrier_status_code"), 100),
        text=text,
        place=Place(
            city=words(item.get("city_locality"), 200),
            region=words(item.get("state_province"), 100),
            postal_code=words(item.get("postal_code"), 20),
            country_code=words(item.get("country_code"), 100),
            spot=became.spot or SPOTS.get(words(item.get("status_detail_code"), 100), ""),
        ),
        carrier=carrier,
        number=number,
    )


def _time(item: dict[str, Any]) -> ReadTime:
    """The carrier's clock and ShipEngine's UTC; how far they lie apart is believed to be the offset."""
    theirs = words(item.get("carrier_occurred_at"), 100)
    local = read_iso(theirs[:-1] if theirs[-1:] in ("Z", "z") else theirs)
    utc = read_iso(words(item.get("occurred_at"), 100), utc_basis=TimeBasis.PROVIDER_INFERRED)
    if local.basis == TimeBasis.CARRIER_OFFSET or (local.basis and utc.occurred_at is None):
        return ReadTime(theirs, local.local, local.offset_minutes, local.occurred_at, local.basis)
    if local.basis != TimeBasis.ASSUMED or utc.occurred_at is None:
        return utc
    ahead = datetime.fromisoformat(local.local) - utc.occurred_at.replace(tzinfo=None)
    if not -WESTMOST <= ahead <= EASTMOST or ahead % timedelta(minutes=15):
        return ReadTime(theirs, local.local, None, None, TimeBasis.ASSUMED)
    minutes = int(ahead / timedelta(minutes=1))
    return ReadTime(theirs, local.local, minutes, utc.occurred_at, TimeBasis.PROVIDER_INFERRED)


def _stated(track: dict[str, Any], items: list[dict[str, Any]], events: tuple[ReadEvent, ...]) -> Stated:
    """A signer counts where the event is a delivery; a link may stand at any event."""
    signers = [
        words(item.get("signer"), 200)
        for item, event in zip(items, events, strict=True)
        if event.status in DELIVERED
    ]
    links = (words(row.get("proof_of_delivery_url")) for row in (track, *items))
    return Stated(
        status=_status(track),
        provider_status=words(track.get("status_detail_code"), 100) or words(track.get("status_code"), 100),
        received_by=next((name for name in signers if name), ""),
        documents=tuple({"kind": "proof_of_delivery", "url": url} for url in dict.fromkeys(links) if url),
    )
