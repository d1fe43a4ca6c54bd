"""DHL Paket (Germany), `d-get-piece-detail`, XML: https://developer.dhl.com/api-reference/dhl-parcel-de-tracking-post-parcel-germany.

Words: the standard event codes of DHL Paket. Times are local ("18.03.2016 10:02"). `recipient-id-text` says
who took the parcel, `recipient-name` what that person is called; `ruecksendung` marks a return.
"""

import re
from collections.abc import Mapping
from typing import Final

from shipping.carriers.xml_body import root_of
from shipping.numbers import normalised
from shipping.reading import Place, ReadEvent, Reading, Stated, Unreadable, gathered, words
from shipping.rules.handovers import handover
from shipping.rules.times import read_local
from shipping.vocabulary import DELIVERED, PHYSICAL, Leg, ParcelStatus, SnapshotStatus

PROVIDER: Final = "dhl_parcel_de"
VERSION: Final = "dhl_parcel_de/1"

EVENT_CODES: Final = {
    "VA": ParcelStatus.LABEL_CREATED,
    "ES": ParcelStatus.IN_TRANSIT,
    "AA": ParcelStatus.IN_TRANSIT,
    "AE": ParcelStatus.IN_TRANSIT,
    "EE": ParcelStatus.IN_TRANSIT,
    "NB": ParcelStatus.IN_TRANSIT,
    "ZO": ParcelStatus.IN_TRANSIT,
    "PO": ParcelStatus.OUT_FOR_DELIVERY,
    "ZF": ParcelStatus.AVAILABLE_FOR_PICKUP,
    "LA": ParcelStatus.AVAILABLE_FOR_PICKUP,
    "ZN": ParcelStatus.DELIVERY_ATTEMPTED,
    "ZU": ParcelStatus.DELIVERED,
    "AN": ParcelStatus.EXCEPTION,
    "BV": ParcelStatus.EXCEPTION,
}
_TO_OTHERS: Final = re.compile(
    r"different person|another person|substitute|andere (?:anwesende )?person|ersatzempf|nachbar|neighbou?r"
    r"|mitbewohner|hausbewohner|empfangsbevollm|authori[sz]ed"
)
_TO_PICKUP: Final = re.compile(r"packstation|paketshop|filiale|postfach|retail outlet")
_TOWN: Final = re.compile(r"(?P<postal>\d{4,5}) (?P<city>\D.*)", re.ASCII)
_NO_DATA: Final = frozenset({"5", "100"})


def read(body: bytes) -> Reading:
    """Raises Unreadable where there is no DHL list of pieces."""
    root = root_of(body)
    whole = list(root.iter("data"))
    lists = [row.attrib for row in whole if row.get("name") == "piece-shipment-list"]
    pieces = [row for row in whole if row.get("name") == "piece-shipment"]
    if not pieces and not lists:
        raise Unreadable("There is no DHL list of pieces in it.")
    parcels = tuple(
        _parcel(piece.attrib, [row.attrib for row in piece.iter("data") if row.get("name") == "piece-event"])
        for piece in pieces
    )
    return gathered(parcels) if parcels else _refusal(lists[0], frozenset())


def _said(row: Mapping[str, str], name: str, length: int = 200) -> str:
    return words(row.get(name), length).strip()


def _refusal(row: Mapping[str, str], numbers: frozenset[str]) -> Reading:
    codes = {_said(row, name) for name in ("code", "error-status", "piece-status")}
    said = _said(row, "error") or _said(row, "piece-status-desc") or _said(row, "status")
    missing = codes & _NO_DATA or "keine daten" in said.casefold() or "no data" in said.casefold()
    return Reading(
        status=SnapshotStatus.NOT_FOUND if missing else SnapshotStatus.ERROR_ANSWER,
        reason=said or "DHL names no piece.",
        numbers=numbers,
    )


def _parcel(piece: Mapping[str, str], rows: list[Mapping[str, str]]) -> Reading:
    names = ("piece-code", "searched-piece-code", "piece-identifier")
    numbers = frozenset({normalised(_said(piece, name, 64)) for name in names} - {""})
    failed = _said(piece, "error-status") not in ("", "0") or _said(piece, "piece-status") not in ("", "0")
    if failed and not rows:
        return _refusal(piece, numbers)
    number = normalised(_said(piece, "piece-code", 64) or _said(piece, "piece-identifier", 64))
    leg = _leg(piece)
    return Reading(
        events=tuple(_event(row, number, leg) for row in rows),
        stated=_stated(piece, leg),
        numbers=numbers,
    )


def _leg(row: Mapping[str, str]) -> Leg:
    return {"true": Leg.RETURN, "false": Leg.FORWARD}.get(_said(row, "ruecksendung").casefold(), Leg.UNKNOWN)


def _on_leg(status: ParcelStatus, leg: Leg) -> ParcelStatus:
    """Nothing on the way back is a step towards the buyer."""
    if leg != Leg.RETURN or status not in PHYSICAL:
        return status
    return ParcelStatus.RETURNED_TO_SENDER if status in DELIVERED else ParcelStatus.RETURNING


def _event(row: Mapping[str, str], number: str, parcel_leg: Leg) -> ReadEvent:
    own = _leg(row)
    leg = own if own != Leg.UNKNOWN else parcel_leg
    code = _said(row, "standard-event-code", 100).upper()
    said = _said(row, "event-text", 2000) or _said(row, "event-status", 2000)
    raw = _said(row, "event-timestamp", 100)
    became = handover(EVENT_CODES.get(code, ParcelStatus.UNKNOWN), said)
    return ReadEvent(
        status=_on_leg(became.status, leg),
        time=read_local(raw, raw, "%d.%m.%Y %H:%M", "%d.%m.%Y %H:%M:%S", "%d.%m.%Y"),
        provider_status=_said(row, "event-short-status", 100),
        code=code,
        text=said,
        place=Place(
            city=_said(row, "event-location"),
            country_code=_said(row, "event-country", 100),
            spot=became.spot,
        ),
        leg=leg,
        carrier="DHL Paket",
        number=number,
    )


def _stated(piece: Mapping[str, str], leg: Leg) -> Stated:
    code = _said(piece, "standard-event-code", 100).upper()
    status = EVENT_CODES.get(code, ParcelStatus.UNKNOWN)
    taker = _said(piece, "recipient-id-text")
    folded = taker.casefold()
    to_pickup = bool(_TO_PICKUP.search(folded))
    delivered_as = (
        ParcelStatus.DELIVERED_TO_PICKUP_POINT
        if to_pickup
        else ParcelStatus.DELIVERED_TO_THIRD_PARTY
        if _TO_OTHERS.search(folded)
        else ""
    )
    town = _TOWN.fullmatch(_said(piece, "pan-recipient-city"))
    return Stated(
        status=_on_leg(status, leg),
        provider_status=_said(piece, "short-status", 100),
        leg=leg,
        received_by=_said(piece, "recipient-name"),
        delivered_as=delivered_as,
        destination=Place(
            city=town["city"] if town else _said(piece, "pan-recipient-city"),
            postal_code=_said(piece, "pan-recipient-postalcode", 20) or (town["postal"] if town else ""),
            country_code=_said(piece, "dest-country", 100),
        ).to_json(),
        codes=(f"recipient: {taker}",) if taker else (),
    )
