"""What does not fit together about a parcel, and what is missing. Each row names the fields at fault.

Pure. It weighs nothing: whether a contradiction loses a claim is for whoever argues it.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from shipping.rules.addresses import address_match
from shipping.rules.findings import Findings
from shipping.rules.order_facts import FACT_WORDS, SELLER, disagreements
from shipping.rules.parts import MATCH, MISMATCH
from shipping.rules.scans import scanned_by
from shipping.vocabulary import DELIVERED, PHYSICAL, SENT_BACK, Leg, ParcelStatus, SignerKind

_APART: Final = timedelta(hours=24)
_WEAK_NAMES: Final = frozenset(
    {SignerKind.INITIALS, SignerKind.CODE, SignerKind.PLACEHOLDER, SignerKind.NOT_REQUIRED}
)


def _row(code: str, detail: str, **fields: Any) -> dict[str, Any]:
    return {"code": code, "detail": detail, "fields": fields}


def contradictions(known: Findings) -> list[dict[str, Any]]:
    """Rows {code, detail, fields}; `fields` holds the values that disagree."""
    rows = [*_about_return(known), *_about_times(known), *_about_scan(known), *_about_places(known)]
    rows += [*_about_names(known), *_about_offsets(known), *_about_answers(known)]
    return [*rows, *_about_number(known), *_about_order(known)]


def _about_scan(known: Findings) -> list[dict[str, Any]]:
    """Said only where the whole uncertainty of the scan lies behind the ship-by moment."""
    ship_by = known.order["ship_by"].value
    if scanned_by(known.scan, ship_by) is not False:
        return []
    return [
        _row(
            "first_scan_after_ship_by",
            "The carrier's first scan lies after the moment by which the parcel was to be shipped.",
            first_scan=known.scan["at"] or known.scan["local"],
            time_basis=known.scan["time_basis"],
            ship_by=ship_by.isoformat().replace("+00:00", "Z"),
            ship_by_source=known.order["ship_by"].source,
        )
    ]


def _about_order(known: Findings) -> list[dict[str, Any]]:
    """Where the seller and answers about order and label disagree, or an answer names another order."""
    rows = [
        _row(
            f"{row['name']}_disagrees",
            f"Not everybody says the same of {FACT_WORDS[row['name']]}; what {_who(row['source'])} says is used.",
            **row,
        )
        for row in disagreements(known.order)
    ]
    return rows + [
        _row(
            "names_another_order",
            "An answer with this number names another order; what it says of that order is not used.",
            named=order_id,
        )
        for order_id in known.other_orders
    ]


def _who(source: str) -> str:
    return "the seller" if source == SELLER else "Amazon"


def _about_offsets(known: Findings) -> list[dict[str, Any]]:
    """Of the delivery and the first scan; at any other scan it is a gap."""
    for line in (known.delivery, known.first_scan):
        if line is not None and line.event.time.is_refuted:
            return [
                _row(
                    "offset_not_of_place",
                    "The offset of a stated time is not that of its place, so its moment is not certain.",
                    stated=line.event.time.raw,
                    place={k: v for k, v in line.event.place.to_json().items() if k != "precision"},
                )
            ]
    return []


def _about_answers(known: Findings) -> list[dict[str, Any]]:
    """What readers found wrong within one answer, each once."""
    rows: list[dict[str, Any]] = []
    for word in known.words:
        rows += [dict(row) for row in word.stated.conflicts if dict(row) not in rows]
    return rows


def _about_number(known: Findings) -> list[dict[str, Any]]:
    if known.number_check.get("fits") is not False:
        return []
    carriers = list(known.number_check.get("carriers", ()))
    code = "number_fits_another_carrier" if carriers else "number_fits_no_format"
    detail = (
        "The number has the form of another carrier's numbers."
        if carriers
        else "The number has the form of no known carrier's numbers."
    )
    return [_row(code, detail, carrier=known.carrier, carriers=carriers)]


def _about_return(known: Findings) -> list[dict[str, Any]]:
    rows = []
    if known.delivery is not None and known.status in SENT_BACK:
        rows.append(
            _row(
                "delivered_and_returned",
                "A delivery is recorded, and also a return to the sender.",
                delivered_at=known.delivery.event.time.raw,
                status=known.status,
            )
        )
    # who has said "delivered" takes it back by events only: an older answer of his may come late
    delivering = {word.provider for word in known.words if word.stated.status in DELIVERED}
    said = [word.stated.status for word in known.words if word.provider not in delivering]
    summaries = set([status for status in said if status not in _NOTHING_SAID][-1:])
    if known.delivery is None and (known.status in DELIVERED or _claims_delivery(known)):
        rows.append(
            _row(
                "delivered_without_event",
                "The answer says delivered, but no event says so.",
                status=known.status,
            )
        )
    if known.delivery is not None and known.status in DELIVERED and summaries & _UNDELIVERED:
        rows.append(
            _row(
                "summary_disagrees",
                "An event says delivered, the answer as a whole does not.",
                status=known.status,
                summary=sorted(summaries),
            )
        )
    return rows


def _claims_delivery(known: Findings) -> bool:
    """The newest answer's own word is "delivered", and its reader could not believe it."""
    said = known.words[-1].stated.provider_status if known.words else ""
    return said.casefold() == "delivered" and known.status not in SENT_BACK


_NOTHING_SAID: Final = ("", ParcelStatus.UNKNOWN, ParcelStatus.NOT_FOUND)
_UNDELIVERED: Final = frozenset(str(status) for status in PHYSICAL - DELIVERED) | {
    ParcelStatus.LABEL_CREATED.value,
    ParcelStatus.LOST.value,
    ParcelStatus.CANCELLED.value,
}


def _about_times(known: Findings) -> list[dict[str, Any]]:
    window = known.delivery.event.time.interval() if known.delivery else None
    if known.delivery is None or window is None:
        return []
    raw = known.delivery.event.time.raw
    rows: dict[str, dict[str, Any]] = {}  # one of each kind says enough
    for line in known.lines:
        own = line.event.time.interval()
        if own is None or line.leg == Leg.RETURN or line is known.delivery:
            continue
        if line.event.status in DELIVERED and (own[0] - window[1] > _APART or window[0] - own[1] > _APART):
            rows["differ"] = _row(
                "delivery_times_differ",
                "Two deliveries are recorded more than a day apart.",
                delivered_at=raw,
                other=line.event.time.raw,
            )
        elif line.event.status in PHYSICAL - DELIVERED and own[0] > window[1]:
            rows["again"] = _row(
                "scanned_after_delivery",
                "The parcel was scanned again after its delivery.",
                delivered_at=raw,
                scan=line.event.text or line.event.code or str(line.event.status),
                scanned_at=line.event.time.raw,
            )
    if known.shipped_at is not None and window[1] < known.shipped_at:
        rows["before"] = _row(
            "delivered_before_shipped",
            "The delivery lies before the moment at which the parcel is said to have been shipped.",
            delivered_at=raw,
            shipped_at=known.shipped_at.isoformat().replace("+00:00", "Z"),
        )
    return list(rows.values())


def _disagreement(match: Mapping[str, str]) -> tuple[str, ...]:
    """Country and postal code count; a city's name only where no postal code could be compared."""
    wrong = tuple(part for part in ("country_code", "postal_code") if match.get(part) == MISMATCH)
    if match.get("postal_code") != MATCH and match.get("city") == MISMATCH:
        wrong = (*wrong, "city")
    return wrong


def _about_places(known: Findings) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    place = known.place.to_json()
    wrong = _disagreement(known.match) if known.delivery else ()
    if wrong:
        rows.append(
            _row(
                "delivered_elsewhere",
                "The recorded place of delivery is not in the buyer's address.",
                delivered={part: place.get(part, "") for part in wrong},
                ship_to={part: known.ship_to.get(part, "") for part in wrong},
            )
        )
    destination = next(
        (word.stated.destination for word in reversed(known.words) if word.stated.destination), {}
    )
    if not destination:
        return rows
    off = (
        _disagreement(address_match(place, destination))
        if known.delivery and known.status in DELIVERED
        else ()
    )
    if off:
        rows.append(
            _row(
                "delivered_off_route",
                "The recorded place of delivery is not the destination that the carrier itself names.",
                delivered={part: place.get(part, "") for part in off},
                destination={part: destination.get(part, "") for part in off},
            )
        )
    meant = _disagreement(address_match(destination, known.ship_to))
    if meant:
        rows.append(
            _row(
                "sent_elsewhere",
                "The destination that the carrier names is not in the buyer's address.",
                destination={part: destination.get(part, "") for part in meant},
                ship_to={part: known.ship_to.get(part, "") for part in meant},
            )
        )
    return rows


_ON_ITS_WAY: Final = _UNDELIVERED | {ParcelStatus.EXCEPTION.value, ParcelStatus.DAMAGED.value}


def _about_names(known: Findings) -> list[dict[str, Any]]:
    if known.recorded and known.status in SENT_BACK:
        return [
            _row("signer_on_return", "The recorded name belongs to the return.", received_by=known.recorded)
        ]
    if known.recorded and known.status not in DELIVERED:
        return [
            _row(
                "proof_before_delivery",
                "A recipient is recorded without a delivery.",
                received_by=known.recorded,
            )
        ]
    early = sorted({str(row["kind"]) for row in known.documents if "sha256" in row})
    if early and known.status in _ON_ITS_WAY:
        return [
            _row("proof_before_delivery", "A proof is on file without a delivery.", documents=early),
        ]
    if known.kind in _WEAK_NAMES and (known.kind != SignerKind.NOT_REQUIRED or known.required):
        return [
            _row(
                "pseudo_signature",
                f"The carrier records {known.recorded!r}, which is no person's full name.",
                received_by=known.recorded,
                kind=str(known.kind),
            )
        ]
    if known.names.result == MISMATCH:
        return [
            _row(
                "recorded_name_differs",
                "The recorded name shares no word with the name in the buyer's address.",
                received_by=known.recorded,
                ship_to=known.ship_to.get("name", ""),
            )
        ]
    return []
