"""YunExpress (云途) `Tracking/GetTrackInfo` and `GetTrackAllInfo` of its OMS API.

Words: http://oms.api.yunexpress.com (`PackageState`: 0 unknown, 1 submitted, 2 in transit, 3 signed for, 4 received,
5 cancelled, 6 delivery failed, 7 returned). `TrackingStatus` of an event is in no table that we know, so an event
keeps its number and stays unknown, but for a delivery that its text plainly tells.
`ProcessDate` is a clock time without a zone, in China as well as abroad.
"""

import re
from typing import Any, Final

from shipping.carriers.json_body import object_of
from shipping.carriers.loose_json import inside, rows
from shipping.numbers import normalised
from shipping.reading import Place, ReadEvent, Reading, Stated, Unreadable, words
from shipping.rules.handovers import handover
from shipping.rules.times import read_iso
from shipping.vocabulary import ParcelStatus, SnapshotStatus

PROVIDER: Final = "yunexpress"
VERSION: Final = "yunexpress/1"

STATES: Final = {
    "0": ParcelStatus.UNKNOWN,
    "1": ParcelStatus.LABEL_CREATED,
    "2": ParcelStatus.IN_TRANSIT,
    "3": ParcelStatus.DELIVERED,
    "4": ParcelStatus.DELIVERED,
    "5": ParcelStatus.CANCELLED,
    "6": ParcelStatus.EXCEPTION,
    "7": ParcelStatus.RETURNED_TO_SENDER,
}
_DELIVERED_TEXT: Final = re.compile(
    r"^\W*(?:(?:the|your) )?(?:(?:shipment|parcel|package|item|order) (?:has been |was |is )?)?delivered\b"
    r"|已签收|已妥投",
    re.IGNORECASE,
)
_DONE: Final = "0000"


def read(body: bytes) -> Reading:
    """Raises Unreadable where there is neither a parcel nor a code of refusal."""
    whole = object_of(body)
    item = inside(whole, "Item")
    numbers = frozenset(
        normalised(words(item.get(name), 100)) for name in ("WaybillNumber", "TrackingNumber")
    ) - {""}
    if not numbers:
        return _without_parcel(whole)
    state = STATES.get(words(item.get("PackageState"), 20), ParcelStatus.UNKNOWN)
    carrier = words(item.get("CarrierName"), 100)
    number = normalised(words(item.get("WaybillNumber"), 100)) or min(numbers)
    return Reading(
        events=tuple(_event(row, carrier, number) for row in rows(item, "OrderTrackingDetails")),
        stated=Stated(
            status=state,
            provider_status=words(item.get("PackageState"), 100),
            destination=Place(country_code=words(item.get("CountryCode"), 100)).to_json(),
        ),
        numbers=numbers,
    )


def _without_parcel(whole: dict[str, Any]) -> Reading:
    code, message = words(whole.get("Code"), 20), words(whole.get("Message"), 300)
    if not code:
        raise Unreadable("There is no YunExpress answer in it.")
    missing = code == _DONE
    return Reading(
        status=SnapshotStatus.NOT_FOUND if missing else SnapshotStatus.ERROR_ANSWER,
        reason=f"{code}: {message}",
    )


def _event(row: dict[str, Any], carrier: str, number: str) -> ReadEvent:
    text = words(row.get("ProcessContent"))
    is_delivery = _DELIVERED_TEXT.search(text) is not None
    became = handover(ParcelStatus.DELIVERED if is_delivery else ParcelStatus.UNKNOWN, text)
    return ReadEvent(
        status=became.status,
        time=read_iso(words(row.get("ProcessDate"), 100)),
        provider_status=words(row.get("TrackingStatus"), 100),
        text=text,
        place=Place(city=words(row.get("ProcessLocation"), 200), spot=became.spot),
        carrier=carrier,
        number=number,
    )
