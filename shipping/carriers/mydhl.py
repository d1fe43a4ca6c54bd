"""MyDHL API (DHL Express), tracking and `proof-of-delivery`: https://developer.dhl.com/api-reference/dhl-express-mydhl-api.

Words: DHL Express's checkpoint codes. Date and time are local; newer answers state `GMTOffset`. A checkpoint
names a service area, which is no city. An unknown number is HTTP 404.
"""

from typing import Any, Final

from shipping.carriers.embedded import PROOF, embedded_files
from shipping.carriers.json_body import object_of
from shipping.carriers.lenient import many, one, text
from shipping.numbers import normalised
from shipping.reading import Place, ReadEvent, Reading, Stated, Unreadable, gathered
from shipping.rules.handovers import handover
from shipping.rules.times import ReadTime, at_stated_offset, read_local
from shipping.vocabulary import ParcelStatus, SnapshotStatus

PROVIDER: Final = "mydhl"
VERSION: Final = "mydhl/1"

_BY_STATUS: Final = {
    ParcelStatus.LABEL_CREATED: "SD",
    ParcelStatus.IN_TRANSIT: "PU AF AR DF PL CR IC SA SC TR FD TP",
    ParcelStatus.OUT_FOR_DELIVERY: "WC",
    ParcelStatus.AVAILABLE_FOR_PICKUP: "CC",
    ParcelStatus.DELIVERY_ATTEMPTED: "NH CA ND",
    ParcelStatus.DELIVERED: "OK DD",
    ParcelStatus.EXCEPTION: "AD BA BN BR CD CM CS DS HP MC MD MS OH PD RD RR SS UD",
    ParcelStatus.RETURNED_TO_SENDER: "RT",
}
CODES: Final = {code: status for status, codes in _BY_STATUS.items() for code in codes.split()}
"""DD is "delivered damaged", PD a partial delivery and so none of the whole, RT "returned to consignor"."""
SUMMARY: Final = {
    "pre-transit": ParcelStatus.LABEL_CREATED,
    "transit": ParcelStatus.IN_TRANSIT,
    "delivered": ParcelStatus.DELIVERED,
    "failure": ParcelStatus.EXCEPTION,
}


def read(body: bytes) -> Reading:
    """Raises Unreadable where there are neither shipments, proof documents, nor DHL's problem report."""
    whole = object_of(body)
    documents = many(whole, "documents")
    shipments = many(whole, "shipments")
    if shipments:
        return gathered(tuple(_parcel(shipment) for shipment in shipments))
    if documents:
        return _documents(whole, documents)
    if not text(whole, "title", "detail"):
        raise Unreadable("There is no MyDHL shipment in it.")
    missing = text(whole, "status") == "404"
    return Reading(
        status=SnapshotStatus.NOT_FOUND if missing else SnapshotStatus.ERROR_ANSWER,
        reason=f"{text(whole, 'title')}: {text(whole, 'detail', length=300)}",
    )


def _documents(whole: dict[str, Any], documents: list[dict[str, Any]]) -> Reading:
    """The proof of delivery: base64 in `content`, of type POD or none."""
    files, problems = embedded_files(
        *(
            (
                PROOF if text(row, "typeCode").upper() in ("", "POD", "EPOD") else "document",
                row.get("content"),
            )
            for row in documents
        )
    )
    number = normalised(text(whole, "shipmentTrackingNumber", length=64))
    return Reading(stated=Stated(documents=problems), files=files, numbers=frozenset({number} - {""}))


def _parcel(shipment: dict[str, Any]) -> Reading:
    number = normalised(text(shipment, "shipmentTrackingNumber", length=64))
    pieces = many(shipment, "pieces")
    others = {
        normalised(text(piece, name, length=64))
        for piece in pieces
        for name in ("trackingNumber", "shipmentTrackingNumber")
    }
    rows = many(shipment, "events") or [row for piece in pieces for row in many(piece, "events")]
    events = tuple(_event(row, number) for row in rows)
    return Reading(events=events, stated=_stated(shipment, rows), numbers=frozenset({number, *others} - {""}))


def _time(row: dict[str, Any]) -> ReadTime:
    date, time = text(row, "date", length=30), text(row, "time", length=30)
    raw = f"{date} {time}".strip()
    if not time:
        return read_local(raw, raw, "%Y-%m-%d", "%Y-%m-%dT%H:%M:%S")
    plain = read_local(raw, raw, "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M")
    return at_stated_offset(plain, text(row, "GMTOffset", "gmtOffset", length=10))


def _status(row: dict[str, Any]) -> ParcelStatus:
    return CODES.get(text(row, "typeCode").upper(), ParcelStatus.UNKNOWN)


def _event(row: dict[str, Any], number: str) -> ReadEvent:
    said = text(row, "description", length=2000)
    became = handover(_status(row), said)
    return ReadEvent(
        status=became.status,
        time=_time(row),
        code=text(row, "typeCode", length=100),
        text=said,
        place=Place(area=text(one(row, "serviceArea"), "description", "code"), spot=became.spot),
        carrier="DHL Express",
        number=number,
    )


def _place(details: dict[str, Any]) -> Place:
    address = one(details, "postalAddress") or one(details, "address")
    return Place(
        city=text(address, "cityName", "addressLocality"),
        region=text(address, "provinceCode", length=100),
        postal_code=text(address, "postalCode", length=20),
        country_code=text(address, "countryCode", "addressCountry", length=100),
    )


def _stated(shipment: dict[str, Any], rows: list[dict[str, Any]]) -> Stated:
    said = text(shipment, "status", length=100)
    delivered = next((row for row in rows if _status(row) == ParcelStatus.DELIVERED), {})
    meant = one(shipment, "receiverDetails") or one(shipment, "destination")
    return Stated(
        status=SUMMARY.get(said.casefold(), ParcelStatus.UNKNOWN),
        provider_status=said,
        received_by=text(delivered, "signedBy") or text(shipment, "signedBy"),
        destination=_place(meant).to_json(),
    )
