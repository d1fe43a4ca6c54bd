"""AfterShip's tracking, by its API (`data.tracking`) and by its webhook (`msg`).

Words: https://www.aftership.com/docs/tracking/enum/delivery-statuses and …/delivery-sub-statuses. A checkpoint with
`source: user` was made when somebody marked the tracking as completed: it is kept and proves nothing. A
`checkpoint_time` stands as the carrier gave it, with an offset only where he gave one.
"""

from typing import Any, Final

from shipping.carriers.json_body import object_of
from shipping.carriers.loose_json import given, inside, listed, moment, rows
from shipping.numbers import normalised
from shipping.reading import Place, ReadEvent, Reading, Stated, Unreadable, words
from shipping.rules.handovers import handover
from shipping.rules.times import read_iso
from shipping.vocabulary import EventSource, Leg, ParcelStatus, SnapshotStatus, TimeBasis

PROVIDER: Final = "aftership"
VERSION: Final = "aftership/1"

TAGS: Final = {
    "InfoReceived": ParcelStatus.LABEL_CREATED,
    "InTransit": ParcelStatus.IN_TRANSIT,
    "OutForDelivery": ParcelStatus.OUT_FOR_DELIVERY,
    "AttemptFail": ParcelStatus.DELIVERY_ATTEMPTED,
    "Delivered": ParcelStatus.DELIVERED,
    "AvailableForPickup": ParcelStatus.AVAILABLE_FOR_PICKUP,
    "Exception": ParcelStatus.EXCEPTION,
}
"""`Pending` and `Expired` say that there is no news; they stay unknown."""
SUBTAGS: Final = {
    "Delivered_005": ParcelStatus.DELIVERED_TO_THIRD_PARTY,
    "Exception_010": ParcelStatus.RETURNING,
    "Exception_011": ParcelStatus.RETURNED_TO_SENDER,
    "Exception_012": ParcelStatus.DAMAGED,
    "Exception_013": ParcelStatus.LOST,
}
"""Sub statuses that say more than their tag: neighbour, on its way back, back, damaged, lost."""
SIGNED: Final = "Delivered_003"
_PAIRS: Final = (
    "USA:US CAN:CA MEX:MX BRA:BR GBR:GB DEU:DE FRA:FR ITA:IT ESP:ES NLD:NL BEL:BE SWE:SE POL:PL IRL:IE TUR:TR "
    "EGY:EG SAU:SA ARE:AE IND:IN JPN:JP SGP:SG AUS:AU ZAF:ZA CHN:CN HKG:HK MAC:MO TWN:TW KOR:KR MYS:MY THA:TH "
    "VNM:VN IDN:ID PHL:PH AUT:AT CHE:CH LUX:LU PRT:PT DNK:DK NOR:NO FIN:FI CZE:CZ SVK:SK HUN:HU SVN:SI HRV:HR "
    "ROU:RO BGR:BG GRC:GR CYP:CY MLT:MT EST:EE LVA:LV LTU:LT ISL:IS UKR:UA ISR:IL NZL:NZ CHL:CL COL:CO ARG:AR "
    "PER:PE PRI:PR QAT:QA KWT:KW OMN:OM BHR:BH"
)
COUNTRIES: Final = dict(pair.split(":") for pair in _PAIRS.split())
"""ISO 3166-1: three letters to two."""
_MISSING: Final = frozenset({"4004", "4005"})
"""Codes of `meta` for a tracking that does not exist."""


def read(body: bytes) -> Reading:
    """Raises Unreadable where there is neither a tracking nor AfterShip's error."""
    whole = object_of(body)
    meta = inside(whole, "meta")
    code = words(meta.get("code"), 20)
    if code and not code.startswith("2"):
        reason = f"{code}: {words(meta.get('message'), 300)}"
        status = SnapshotStatus.NOT_FOUND if code in _MISSING else SnapshotStatus.ERROR_ANSWER
        return Reading(status=status, reason=reason)
    data = inside(whole, "data")
    tracking = inside(whole, "msg") or inside(data, "tracking") or data or whole
    number = normalised(words(tracking.get("tracking_number"), 100))
    if not number or "checkpoints" not in tracking:
        raise Unreadable("There is no AfterShip tracking in it.")
    events = tuple(_event(row, number) for row in rows(tracking, "checkpoints"))
    return Reading(events=events, stated=_stated(tracking, events), numbers=frozenset({number}))


def _status(tag: str, subtag: str) -> ParcelStatus:
    return SUBTAGS.get(subtag) or TAGS.get(tag, ParcelStatus.UNKNOWN)


def _event(row: dict[str, Any], number: str) -> ReadEvent:
    tag, subtag, text = words(row.get("tag"), 100), words(row.get("subtag"), 100), words(row.get("message"))
    became = handover(_status(tag, subtag), text)
    return ReadEvent(
        status=became.status,
        time=read_iso(words(row.get("checkpoint_time"), 100), utc_basis=TimeBasis.PROVIDER_INFERRED),
        provider_status=subtag or tag,
        code=words(row.get("raw_tag"), 100),
        text=text,
        place=_place(row, became.spot),
        carrier=words(row.get("slug"), 100),
        number=number,
        source=_source(words(row.get("source"), 20)),
    )


def _source(said: str) -> EventSource:
    """Older answers name no source; a word that is neither is not taken for the carrier's."""
    known = {"carrier": EventSource.CARRIER, "": EventSource.CARRIER, "user": EventSource.USER}
    return known.get(said, EventSource.PROVIDER_INFERRED)


def _place(row: dict[str, Any], spot: str) -> Place:
    """Coordinates are left out: nobody says that they are the carrier's."""
    return Place(
        city=words(row.get("city"), 200) or words(row.get("location"), 200),
        region=words(row.get("state"), 100),
        postal_code=words(row.get("postal_code"), 20) or words(row.get("zip"), 20),
        country_code=_country(row),
        spot=spot,
    )


def _country(row: dict[str, Any], prefix: str = "") -> str:
    """Two letters of ISO 3166; three that the table does not have are not said, for they compare with nothing."""
    for name in ("country_region", "country_iso3"):
        code = words(row.get(prefix + name), 100).upper()
        if code:
            return COUNTRIES.get(code, "") if len(code) == 3 else code
    return ""


def _stated(tracking: dict[str, Any], events: tuple[ReadEvent, ...]) -> Stated:
    """A delivery that only a person has marked is not the answer's word either."""
    tag, subtag = words(tracking.get("tag"), 100), words(tracking.get("subtag"), 100)
    by_carrier = [event for event in events if event.source == EventSource.CARRIER]
    is_marked = any(event.source == EventSource.USER for event in events)
    status = _status(tag, subtag)
    if is_marked and status not in {event.status for event in by_carrier}:
        status = ParcelStatus.UNKNOWN
    is_back = tracking.get("return_to_sender") is True
    is_signed = SIGNED in {subtag, *(event.provider_status for event in by_carrier)}
    proofs = [
        words(row.get("url")) if isinstance(row, dict) else words(row)
        for row in listed(tracking.get("proof_of_delivery")) + listed(tracking.get("signature_proof_url"))
    ]
    return Stated(
        status=status,
        provider_status=subtag or tag,
        leg=Leg.RETURN if is_back and status == ParcelStatus.DELIVERED else Leg.UNKNOWN,
        received_by=words(tracking.get("signed_by"), 200),
        signature_obtained=True if is_signed else None,
        destination=Place(
            city=words(tracking.get("destination_city"), 200),
            region=words(tracking.get("destination_state"), 100),
            postal_code=words(tracking.get("destination_postal_code"), 20),
            country_code=_country(tracking, "destination_"),
        ).to_json(),
        documents=tuple({"kind": "proof_of_delivery", "url": url} for url in proofs if url),
        order=given([("promised_by", moment(tracking.get("order_promised_delivery_date")))]),
    )
