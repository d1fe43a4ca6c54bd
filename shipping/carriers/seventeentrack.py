"""17TRACK v2.2: `gettrackinfo`, `register`, and the webhook that pushes one number.

Words: https://api.17track.net/en/doc (package status, sub status, milestones). One number may be carried by
several providers, from the first mile to the last: each has its own events, and `misc_info.local_number` is the
number under which the last one knows the parcel. `time_iso` has the carrier's offset only where `time_raw` has
one; else 17TRACK has worked it out from the place.
"""

from typing import Any, Final

from shipping.carriers.json_body import object_of
from shipping.carriers.loose_json import given, inside, rows
from shipping.numbers import normalised
from shipping.reading import Place, ReadEvent, Reading, Stated, Unreadable, words
from shipping.rules.handovers import handover
from shipping.rules.times import ReadTime, read_iso
from shipping.vocabulary import ParcelStatus, SnapshotStatus, TimeBasis

PROVIDER: Final = "seventeentrack"
VERSION: Final = "seventeentrack/1"

STATUSES: Final = {
    "NotFound": ParcelStatus.NOT_FOUND,
    "InfoReceived": ParcelStatus.LABEL_CREATED,
    "InTransit": ParcelStatus.IN_TRANSIT,
    "AvailableForPickup": ParcelStatus.AVAILABLE_FOR_PICKUP,
    "OutForDelivery": ParcelStatus.OUT_FOR_DELIVERY,
    "DeliveryFailure": ParcelStatus.DELIVERY_ATTEMPTED,
    "Delivered": ParcelStatus.DELIVERED,
    "Exception": ParcelStatus.EXCEPTION,
}
"""`Expired` (in transit for long) is no news of the parcel: it stays unknown."""
SUB_STATUSES: Final = {
    "Exception_Returning": ParcelStatus.RETURNING,
    "Exception_Returned": ParcelStatus.RETURNED_TO_SENDER,
    "Exception_Damage": ParcelStatus.DAMAGED,
    "Exception_Lost": ParcelStatus.LOST,
    "Exception_Destroyed": ParcelStatus.LOST,
    "Exception_Cancel": ParcelStatus.CANCELLED,
    "InTransit_CustomsRequiringInformation": ParcelStatus.EXCEPTION,
    "DeliveryFailure_Rejected": ParcelStatus.EXCEPTION,
}
"""Sub statuses that say more than the status before their underscore."""
STAGES: Final = {
    "InfoReceived": ParcelStatus.LABEL_CREATED,
    "PickedUp": ParcelStatus.IN_TRANSIT,
    "Departure": ParcelStatus.IN_TRANSIT,
    "Arrival": ParcelStatus.IN_TRANSIT,
    "AvailableForPickup": ParcelStatus.AVAILABLE_FOR_PICKUP,
    "OutForDelivery": ParcelStatus.OUT_FOR_DELIVERY,
    "Delivered": ParcelStatus.DELIVERED,
    "Returning": ParcelStatus.RETURNING,
    "Returned": ParcelStatus.RETURNED_TO_SENDER,
}
_ABOUT_THE_ACCOUNT: Final = frozenset({"-18019901", "-18019902", "-18019908"})
"""Already registered, not registered here yet, no quota left: nothing about the parcel."""


def read(body: bytes) -> Reading:
    """Raises Unreadable where there is neither a tracked number nor a refusal."""
    whole = object_of(body)
    found = whole.get("data")
    answer = inside(whole, "data")
    errors = rows(answer, "errors")
    if errors:
        return Reading(status=SnapshotStatus.ERROR_ANSWER, reason=_said(errors))
    items = [answer] if "track_info" in answer else rows(answer, "accepted")
    tracked = [item for item in items if inside(item, "track_info")]
    if tracked:
        return _tracked(tracked)
    if rejected := rows(answer, "rejected"):
        return _rejected(rejected)
    code = words(whole.get("code"), 20)
    if code not in ("", "0"):
        return Reading(status=SnapshotStatus.ERROR_ANSWER, reason=f"17TRACK answers with the code {code}.")
    if items:
        reason = "17TRACK knows the number and has nothing about it."
        return Reading(status=SnapshotStatus.NOT_FOUND, numbers=_numbers(items), reason=reason)
    raise Unreadable(
        "There is no tracked number in this answer." if found is not None else "There is no data in it."
    )


def _numbers(items: list[dict[str, Any]]) -> frozenset[str]:
    return frozenset(normalised(words(item.get("number"), 100)) for item in items) - {""}


def _said(errors: list[dict[str, Any]]) -> str:
    return "; ".join(f"{words(row.get('code'), 20)}: {words(row.get('message'), 200)}" for row in errors)


def _rejected(rejected: list[dict[str, Any]]) -> Reading:
    """Some rejections say that nothing is known of a number, others only something about the account."""
    errors = [inside(row, "error") for row in rejected]
    of_account = any(words(error.get("code"), 20) in _ABOUT_THE_ACCOUNT for error in errors)
    return Reading(
        status=SnapshotStatus.ERROR_ANSWER if of_account else SnapshotStatus.NOT_FOUND,
        numbers=_numbers(rejected),
        reason=_said(errors),
    )


def _tracked(items: list[dict[str, Any]]) -> Reading:
    """Several numbers in one answer are told apart by their number, and each event keeps its own."""
    if len(items) > 1:
        raise Unreadable("The answer is about several numbers. Post each one by itself.", "/data/accepted")
    item = items[0]
    number = normalised(words(item.get("number"), 100))
    info = inside(item, "track_info")
    providers = rows(inside(info, "tracking"), "providers")
    local = normalised(words(inside(info, "misc_info").get("local_number"), 64))
    latest = inside(info, "latest_status")
    status = words(latest.get("status"), 100)
    sub_status = words(latest.get("sub_status"), 100)
    if status == "NotFound":
        reason = f"17TRACK: {sub_status or status}"
        return Reading(status=SnapshotStatus.NOT_FOUND, numbers=frozenset({number} - {""}), reason=reason)
    last_mile = words(inside(info, "misc_info").get("local_provider"), 100)
    return Reading(
        events=tuple(_event(event, carrier, number) for carrier, event in _events(providers)),
        stated=Stated(
            status=_status(status, sub_status, ""),
            provider_status=sub_status or status,
            destination=_place(inside(info, "shipping_info", "recipient_address")).to_json(),
            order=given([("last_mile_number", local), ("last_mile_carrier", last_mile)]),
        ),
        numbers=frozenset({number, local} - {""}),
    )


def _events(providers: list[dict[str, Any]]) -> list[tuple[str, dict[str, Any]]]:
    """With the name of the provider who tells them, first mile first."""
    return [
        (words(inside(provider, "provider").get("name"), 100), event)
        for provider in providers
        for event in rows(provider, "events")
    ]


def _status(status: str, sub_status: str, stage: str) -> ParcelStatus:
    """The narrowest word that a table has."""
    if sub_status in SUB_STATUSES:
        return SUB_STATUSES[sub_status]
    for word in (status, sub_status.partition("_")[0]):
        if word in STATUSES:
            return STATUSES[word]
    return STAGES.get(stage, ParcelStatus.UNKNOWN)


def _event(event: dict[str, Any], carrier: str, number: str) -> ReadEvent:
    sub_status, stage = words(event.get("sub_status"), 100), words(event.get("stage"), 100)
    text = words(event.get("description"))
    became = handover(_status("", sub_status, stage), text)
    return ReadEvent(
        status=became.status,
        time=_time(event),
        provider_status=sub_status,
        code=stage,
        text=text,
        place=_place(inside(event, "address"), became.spot, words(event.get("location"), 200)),
        carrier=carrier,
        number=number,
    )


def _time(event: dict[str, Any]) -> ReadTime:
    """`time_iso` first; where it has no offset, `time_utc` is 17TRACK's belief beside the carrier's clock time."""
    raw = event.get("time_raw")
    clock = inside(event, "time_raw")
    is_inferred = raw is not None and not words(clock.get("timezone"), 100)
    time = read_iso(words(event.get("time_iso"), 100), utc_basis=TimeBasis.PROVIDER_INFERRED)
    if time.basis == TimeBasis.CARRIER_OFFSET:
        basis = TimeBasis.PROVIDER_INFERRED if is_inferred else TimeBasis.CARRIER_OFFSET
        return ReadTime(time.raw, time.local, time.offset_minutes, time.occurred_at, basis)
    if time.basis:
        return time
    parts = " ".join(part for part in (words(clock.get("date"), 20), words(clock.get("time"), 20)) if part)
    told = read_iso(parts or words(raw, 100))
    if told.basis:
        return told
    return read_iso(words(event.get("time_utc"), 100), utc_basis=TimeBasis.PROVIDER_INFERRED)


def _place(address: dict[str, Any], spot: str = "", text: str = "") -> Place:
    """The structured address; where it is empty the carrier's own text stands as the city's name.

    Coordinates are left out: 17TRACK looks them up from the town.
    """
    city = words(address.get("city"), 200)
    return Place(
        city=city or ("" if words(address.get("state")) else text),
        region=words(address.get("state"), 100),
        postal_code=words(address.get("postal_code"), 20),
        country_code=words(address.get("country"), 100),
        spot=spot,
    )
