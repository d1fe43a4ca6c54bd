"""USPS Tracking v3, `tracking/v3/tracking/{number}?expand=DETAIL`: https://developers.usps.com/trackingv3.

Words: the printed names and codes of scan events in Publication 199, appendix G
(https://postalpro.usps.com/pub199). `GMTTimestamp` is left alone: it is a day early where the local evening
lies past midnight in UTC, so UTC is taken from `eventTimestamp` and `GMTOffset`. An unknown number is HTTP 400.
"""

import re
from typing import Any, Final

from shipping.carriers.json_body import object_of
from shipping.carriers.lenient import many, one, text, texts, yes_or_no
from shipping.numbers import normalised
from shipping.reading import Place, ReadEvent, Reading, Stated, Unreadable
from shipping.rules.handovers import handover
from shipping.rules.times import ReadTime, at_stated_offset, read_iso
from shipping.vocabulary import ParcelStatus, SnapshotStatus

PROVIDER: Final = "usps"
VERSION: Final = "usps/1"

EVENT_NAMES: Final = tuple(
    (re.compile(pattern), status)
    for pattern, status in (
        (r"^delivered\b", ParcelStatus.DELIVERED),
        (r"^out[ -]for[ -]delivery", ParcelStatus.OUT_FOR_DELIVERY),
        (r"return(?:ed|ing)? to sender|being returned", ParcelStatus.RETURNING),
        (r"notice left|^delivery attempt|no access", ParcelStatus.DELIVERY_ATTEMPTED),
        (
            r"available for pick-?up|ready for pick-?up|^held at post office",
            ParcelStatus.AVAILABLE_FOR_PICKUP,
        ),
        (r"label cancel", ParcelStatus.CANCELLED),
        (
            r"refused|undeliverable|unclaimed|insufficient address|no such number|moved, left|addressee"
            r"|vacant|deceased|forward expired|missent|mis-?shipped|exception|delayed|rescheduled|dead mail"
            r"|disposed|^held\b|^alert",
            ParcelStatus.EXCEPTION,
        ),
        (r"^(?:arrived|departed|picked up by) (?:at )?shipping partner", ParcelStatus.IN_TRANSIT),
        (r"label created|pre-?shipment|awaiting item|package acceptance pending", ParcelStatus.LABEL_CREATED),
        (
            r"^(?:arriv|depart|accept|process|in[ -]transit|moving|usps in possession|usps picked up|picked up"
            r"|sort|forward|inbound|origin|tendered|cleared customs|customs)",
            ParcelStatus.IN_TRANSIT,
        ),
    )
)
"""The first that fits the event's name, case folded."""
EVENT_CODES: Final = {
    "01": ParcelStatus.DELIVERED,
    "02": ParcelStatus.DELIVERY_ATTEMPTED,
    "03": ParcelStatus.IN_TRANSIT,
    "04": ParcelStatus.EXCEPTION,
    "05": ParcelStatus.EXCEPTION,
    "07": ParcelStatus.IN_TRANSIT,
    "09": ParcelStatus.RETURNING,
    "10": ParcelStatus.IN_TRANSIT,
    "16": ParcelStatus.AVAILABLE_FOR_PICKUP,
    "GX": ParcelStatus.LABEL_CREATED,
    "MA": ParcelStatus.LABEL_CREATED,
    "OF": ParcelStatus.OUT_FOR_DELIVERY,
}
"""For an event without a name."""
CATEGORIES: Final = {
    "pre-shipment": ParcelStatus.LABEL_CREATED,
    "accepted": ParcelStatus.IN_TRANSIT,
    "in transit": ParcelStatus.IN_TRANSIT,
    "in-transit": ParcelStatus.IN_TRANSIT,
    "out for delivery": ParcelStatus.OUT_FOR_DELIVERY,
    "delivery attempt": ParcelStatus.DELIVERY_ATTEMPTED,
    "available for pickup": ParcelStatus.AVAILABLE_FOR_PICKUP,
    "delivered": ParcelStatus.DELIVERED,
    "delivered to agent": ParcelStatus.DELIVERED_TO_THIRD_PARTY,
    "alert": ParcelStatus.EXCEPTION,
    "return to sender": ParcelStatus.RETURNING,
}
MISSING: Final = frozenset({"400", "404", "150001"})
_ROUTED: Final = re.compile(r"420(?:\d{5}|\d{9})(9\d{21,})", re.ASCII)


def read(body: bytes) -> Reading:
    """Raises Unreadable where there is neither tracking nor an error."""
    whole = object_of(body)
    if whole.get("error"):
        return _refusal(whole)
    full = normalised(text(whole, "trackingNumber", length=64))
    details = many(whole, "trackingEvents")
    if not full and not details:
        raise Unreadable("There is no USPS tracking in it.")
    routed = _ROUTED.fullmatch(full)
    number = routed[1] if routed else full
    events = tuple(_event(detail, number) for detail in details) or tuple(
        ReadEvent(status=ParcelStatus.UNKNOWN, text=said, carrier="USPS", number=number)
        for said in texts(whole, "eventSummaries")
    )
    delivered = next((d for d in details if _status(d) == ParcelStatus.DELIVERED), {})
    return Reading(events=events, stated=_stated(whole, delivered), numbers=frozenset({number, full} - {""}))


def _refusal(whole: dict[str, Any]) -> Reading:
    error = one(whole, "error")
    codes = {text(error, "code"), *(text(row, "code") for row in many(error, "errors"))}
    reason = text(error, "message", length=400) or text(whole, "error_description", "error", length=400)
    return Reading(
        status=SnapshotStatus.NOT_FOUND if codes & MISSING else SnapshotStatus.ERROR_ANSWER, reason=reason
    )


def _status(detail: dict[str, Any]) -> ParcelStatus:
    name = text(detail, "eventType").casefold()
    if not name:
        return EVENT_CODES.get(text(detail, "eventCode").upper(), ParcelStatus.UNKNOWN)
    found = (status for pattern, status in EVENT_NAMES if pattern.search(name))
    return next(found, ParcelStatus.UNKNOWN)


def _time(detail: dict[str, Any]) -> ReadTime:
    stamp = text(detail, "eventTimestamp", length=60)
    return at_stated_offset(read_iso(stamp), text(detail, "GMTOffset", length=10))


def _event(detail: dict[str, Any], number: str) -> ReadEvent:
    said = text(detail, "eventType", length=2000)
    became = handover(_status(detail), said)
    return ReadEvent(
        status=became.status,
        time=_time(detail),
        code=text(detail, "eventCode", length=100),
        text=said,
        place=Place(
            city=text(detail, "eventCity"),
            region=text(detail, "eventState", length=100),
            postal_code=text(detail, "eventZIP", length=20),
            country_code=text(detail, "eventCountry", length=100),
            spot=became.spot,
        ),
        carrier="USPS",
        number=number,
    )


def _stated(whole: dict[str, Any], delivered: dict[str, Any]) -> Stated:
    category = text(whole, "statusCategory", length=100)
    status = handover(
        CATEGORIES.get(category.casefold(), ParcelStatus.UNKNOWN), text(whole, "status", length=2000)
    ).status
    services = " ".join(texts(whole, "services")).casefold()
    asks = "signature confirmation" in services or "adult signature" in services
    return Stated(
        status=status,
        provider_status=text(whole, "status", "statusCategory", length=100),
        received_by=text(delivered, "name", "firm"),
        signature_required=True if asks else None,
        delivered_as=ParcelStatus.DELIVERED_TO_THIRD_PARTY if yes_or_no(delivered, "authorizedAgent") else "",
        destination=Place(
            city=text(whole, "destinationCity"),
            region=text(whole, "destinationState", length=100),
            postal_code=text(whole, "destinationZIP", length=20),
            country_code=text(whole, "destinationCountryCode", length=100),
        ).to_json(),
    )
