"""UPS Track API v1, `track/v1/details`: https://developer.ups.com/api/reference/tracking/product-info.

Words: the status types and status codes of UPS's tracking appendix
(https://developer.ups.com/api/reference/tracking/appendix). Dates and times are local; newer answers state the
offset beside them. An unknown number comes with HTTP 200 and the warning TW0001. `deliveryPhoto` may stand in
an answer about a parcel that is still on its way. The proof of delivery is a page of HTML.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from shipping.carriers.embedded import PHOTO, PROOF, SIGNATURE, embedded_files
from shipping.carriers.json_body import object_of
from shipping.carriers.lenient import conflict, many, one, text, texts
from shipping.numbers import normalised
from shipping.reading import Place, ReadEvent, Reading, Stated, Unreadable, gathered
from shipping.rules.handovers import handover
from shipping.rules.times import ReadTime, at_stated_offset, read_iso
from shipping.vocabulary import DELIVERED, ParcelStatus, SnapshotStatus

PROVIDER: Final = "ups"
VERSION: Final = "ups/1"

TYPES: Final = {
    "M": ParcelStatus.LABEL_CREATED,
    "MV": ParcelStatus.CANCELLED,
    "P": ParcelStatus.IN_TRANSIT,
    "I": ParcelStatus.IN_TRANSIT,
    "W": ParcelStatus.IN_TRANSIT,
    "O": ParcelStatus.OUT_FOR_DELIVERY,
    "D": ParcelStatus.DELIVERED,
    "X": ParcelStatus.EXCEPTION,
    "RS": ParcelStatus.RETURNING,
}
_BY_STATUS: Final = {
    ParcelStatus.LABEL_CREATED: "3 44 45 77 79 80 157 166",
    ParcelStatus.IN_TRANSIT: (
        "5 10 12 14 16 19 25 38 39 47 57 71 73 74 75 84 87 92 134 137 138 158 159 160 164 165 167 168 169"
    ),
    ParcelStatus.OUT_FOR_DELIVERY: "6 21 37 72 78 89 91 146 162",
    ParcelStatus.AVAILABLE_FOR_PICKUP: "17 40 144",
    ParcelStatus.DELIVERY_ATTEMPTED: "22 23 24 60 61 62 66 145",
    ParcelStatus.DELIVERED: "11 26",
    ParcelStatus.DELIVERED_TO_THIRD_PARTY: "143",
    ParcelStatus.DELIVERED_TO_PICKUP_POINT: "161",
    ParcelStatus.EXCEPTION: (
        "13 29 30 32 46 48 49 50 51 52 53 58 64 69 70 76 83 85 86 90 123 124 125 126 132 139 141 147 149"
    ),
    ParcelStatus.LOST: "68",
    ParcelStatus.DAMAGED: "59",
    ParcelStatus.RETURNING: "34 35 36 67 81",
    ParcelStatus.CANCELLED: "7 43",
}
CODES: Final = {code: status for status, codes in _BY_STATUS.items() for code in codes.split()}
"""Status codes without their leading zeros ("011" is 11). Requests and claims say nothing of the parcel."""
MISSING: Final = frozenset({"TW0001", "151044"})
_SAME_MOMENT: Final = timedelta(minutes=1)
_SIGNED: Final = frozenset({"SIGNATURE_REQUIRED", "ADULT_SIGNATURE_REQUIRED"})


def read(body: bytes) -> Reading:
    """Raises Unreadable where there is neither a track response nor UPS's error list."""
    whole = object_of(body)
    errors = many(one(whole, "response"), "errors")
    if errors:
        return _refusal(errors)
    shipments = many(one(whole, "trackResponse"), "shipment")
    if not shipments:
        raise Unreadable("There is no UPS track response in it.")
    parcels: list[Reading] = []
    for shipment in shipments:
        packages = many(shipment, "package")
        parcels += [_parcel(shipment, package) for package in packages]
        if not packages:
            number = normalised(text(shipment, "inquiryNumber", length=64))
            parcels.append(_refusal(many(shipment, "warnings"), frozenset({number} - {""})))
    return gathered(tuple(parcels))


def _refusal(errors: list[dict[str, Any]], numbers: frozenset[str] = frozenset()) -> Reading:
    codes = [text(error, "code") for error in errors]
    said = "; ".join(f"{code}: {text(row, 'message')}" for code, row in zip(codes, errors, strict=True))
    return Reading(
        status=SnapshotStatus.NOT_FOUND if MISSING & set(codes) else SnapshotStatus.ERROR_ANSWER,
        reason=said or "The answer names no package.",
        numbers=numbers,
    )


def _parcel(shipment: dict[str, Any], package: dict[str, Any]) -> Reading:
    inquiry = normalised(text(shipment, "inquiryNumber", length=64))
    own = normalised(text(package, "trackingNumber", length=64))
    others = {normalised(text(row, "number", length=64)) for row in many(package, "alternateTrackingNumber")}
    is_only = len(many(shipment, "package")) == 1
    numbers = frozenset({own, *others, *({inquiry} if is_only or not own else ())} - {""})
    events = tuple(_event(activity, own or inquiry) for activity in many(package, "activity"))
    if not any(event.status in DELIVERED for event in events):
        events = (*events, *_bare_delivery(package, own or inquiry))
    information = one(package, "deliveryInformation")
    files, problems = embedded_files(
        (SIGNATURE, one(information, "signature").get("image")),
        (PROOF, one(information, "pod").get("content")),
        (PHOTO, one(information, "deliveryPhoto").get("photo")),
    )
    return Reading(
        events=events,
        stated=replace(
            _stated(package, information, problems),
            signature_obtained=True if any(file.kind == SIGNATURE for file in files) else None,
        ),
        numbers=numbers,
        files=files,
    )


def _status(status: dict[str, Any]) -> ParcelStatus:
    """By status code and type; where only one of them says delivered, the other stands."""
    by_code = CODES.get(text(status, "statusCode").lstrip("0"))
    by_type = TYPES.get(text(status, "type"))
    if by_code is None or by_type is None:
        return by_code or by_type or ParcelStatus.UNKNOWN
    if by_type in DELIVERED and by_code not in DELIVERED:
        return by_code
    if by_code == ParcelStatus.DELIVERED and by_type not in DELIVERED:
        return by_type
    return by_code


def _contradicts(status: dict[str, Any]) -> bool:
    known = {CODES.get(text(status, "statusCode").lstrip("0")), TYPES.get(text(status, "type"))} - {None}
    return len({state in DELIVERED for state in known}) > 1 and ParcelStatus.DELIVERED in known


def _clock(date: str, time: str) -> ReadTime:
    """`20261106` and `140533` (or `14:05:33`) as they are; a date alone is one."""
    day = f"{date[:4]}-{date[4:6]}-{date[6:]}"
    digits = time.replace(":", "").zfill(6) if time else ""
    clock = f"T{digits[:2]}:{digits[2:4]}:{digits[4:]}" if digits else ""
    return replace(read_iso(day + clock), raw=f"{date} {time}".strip())


def _time(activity: dict[str, Any]) -> ReadTime:
    """Local time with the stated offset, unless UTC as stated beside them is another moment."""
    plain = _clock(text(activity, "date", length=20), text(activity, "time", length=20))
    found = at_stated_offset(plain, text(activity, "gmtOffset", length=10))
    utc = _clock(text(activity, "gmtDate", length=20), text(activity, "gmtTime", length=20))
    if found.occurred_at is None or "T" not in utc.local:
        return found
    apart = found.occurred_at.replace(tzinfo=None) - datetime.fromisoformat(utc.local)
    return found if abs(apart) <= _SAME_MOMENT else plain


def _place(address: dict[str, Any], spot: str = "") -> Place:
    return Place(
        city=text(address, "city"),
        region=text(address, "stateProvince", length=100),
        postal_code=text(address, "postalCode", length=20),
        country_code=text(address, "countryCode", "country", length=100),
        spot=spot,
    )


def _event(activity: dict[str, Any], number: str) -> ReadEvent:
    status = one(activity, "status")
    said = text(status, "description", "simplifiedTextDescription", length=2000)
    became = handover(_status(status), said)
    return ReadEvent(
        status=became.status,
        time=_time(activity),
        provider_status=text(status, "type", length=100),
        code=text(status, "statusCode", "code", length=100),
        text=said,
        place=_place(one(activity, "location", "address"), became.spot),
        carrier="UPS",
        number=number,
    )


def _bare_delivery(package: dict[str, Any], number: str) -> tuple[ReadEvent, ...]:
    """The delivery of an answer that lists no such activity: current status and delivery date."""
    current = one(package, "currentStatus")
    code = text(current, "statusCode", "code", length=100)
    date = next(
        (text(row, "date") for row in many(package, "deliveryDate") if text(row, "type") == "DEL"), ""
    )
    if CODES.get(code.lstrip("0")) not in DELIVERED or not date:
        return ()
    row = one(package, "deliveryTime")
    became = handover(CODES[code.lstrip("0")], text(current, "description", "simplifiedTextDescription"))
    return (
        ReadEvent(
            status=became.status,
            time=_clock(date, text(row, "endTime", length=20) if text(row, "type") == "DEL" else ""),
            code=code,
            text=text(current, "description", "simplifiedTextDescription"),
            place=_place(_address(package, "DELIVERY"), became.spot),
            carrier="UPS",
            number=number,
        ),
    )


def _address(package: dict[str, Any], kind: str) -> dict[str, Any]:
    found = (row for row in many(package, "packageAddress") if kind in text(row, "type").upper().split("/"))
    return one(next(found, {}), "address")


def _stated(
    package: dict[str, Any], information: dict[str, Any], problems: tuple[dict[str, Any], ...]
) -> Stated:
    current = one(package, "currentStatus")
    code = text(current, "statusCode", "code", length=100)
    became = handover(ParcelStatus.DELIVERED, text(information, "location"))
    detail = "One code of an activity says delivered, another does not."
    return Stated(
        status=_status({**current, "statusCode": code}),
        provider_status=text(current, "description", "simplifiedTextDescription", length=100),
        received_by=text(information, "receivedBy"),
        signature_required=True if _SIGNED & set(texts(package, "additionalServices")) else None,
        delivered_as=became.status if became.status != ParcelStatus.DELIVERED else "",
        spot=became.spot,
        destination=_place(_address(package, "DESTINATION")).to_json(),
        documents=problems,
        conflicts=tuple(
            conflict(
                "contradicts_itself",
                detail,
                type=text(status, "type"),
                status_code=text(status, "statusCode"),
            )
            for status in [one(activity, "status") for activity in many(package, "activity")]
            if _contradicts(status)
        )[:1],
    )
