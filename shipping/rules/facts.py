"""From everything that was said about a parcel to what is known about its delivery.

Pure: the same answers give the same facts in whatever order they came. What speaks against a delivery wins
over what speaks for it: on the way back nothing is a delivery to the buyer, and a name is only a name.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from shipping.reading import Place
from shipping.rules.addresses import compare_address
from shipping.rules.contradictions import contradictions
from shipping.rules.findings import Findings
from shipping.rules.gaps import gaps
from shipping.rules.handovers import handover
from shipping.rules.lines import Line, Word, carrier_lines
from shipping.rules.names import MATCH, name_match
from shipping.rules.order_facts import ABOUT_ORDER, answered, known_facts, other_orders
from shipping.rules.outcome import delivery_on_way_out, parcel_leg, parcel_status
from shipping.rules.scans import FirstScan, first_scan
from shipping.rules.signers import signer_kind
from shipping.vocabulary import DELIVERED, Leg, ParcelStatus, SignerKind


@dataclass(frozen=True, slots=True)
class Meant:
    """What the seller says of the parcel. `stated` holds what `order_facts` weighs, by its names."""

    tracking_number: str = ""
    order_id: str = ""
    carrier: str = ""
    number_check: Mapping[str, Any] = field(default_factory=dict)
    stated: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Facts:
    """The derived columns of a shipment, by their names."""

    status: str
    leg: str
    delivered_at: datetime | None
    delivered_local: str
    time_basis: str
    delivered_earliest: datetime | None
    delivered_latest: datetime | None
    place: dict[str, Any]
    received_by: dict[str, str]
    signature: dict[str, bool | None]
    first_scan_at: datetime | None
    first_scan: dict[str, Any]
    address_match: dict[str, str]
    address_how: dict[str, str]
    name_match: dict[str, str]
    conflicts: list[dict[str, Any]]
    gaps: list[dict[str, str]]
    order_facts: dict[str, Any]
    documents: list[dict[str, Any]]


def derive(lines: Sequence[Line], said: Sequence[Word], meant: Meant, *, not_found: bool) -> Facts:
    """`lines` in their order; `not_found`: some answer said that the carrier does not know the number."""
    told = carrier_lines(lines)
    everything = sorted(said, key=lambda word: word.key)
    words = [word for word in everything if word.provider not in ABOUT_ORDER]
    delivery = delivery_on_way_out(told)
    answers = answered(everything, tracking_number=meant.tracking_number, order_id=meant.order_id)
    order = known_facts(meant.stated, answers)
    ship_to = order["ship_to"].value or {}
    recorded, kind = _recorded(words, str(ship_to.get("name") or ""))
    status = parcel_status(told, words, delivery, not_found=not_found)
    if status in DELIVERED and kind != SignerKind.PERSON_NAME:
        status = _handed_over(status, recorded)
    reached_buyer = status in DELIVERED
    if delivery is not None and not reached_buyer and delivery.event.leg != Leg.FORWARD:
        delivery = None  # it came back, and nobody says that this delivery was one to the buyer
    place = _place(delivery, words)
    required = order["signature_required"].value
    required = required if required is not None else _required(words)
    received, kind = (recorded, kind) if reached_buyer else ("", SignerKind.NONE)
    parts = compare_address(place.to_json(), ship_to)
    match = {name: part.result for name, part in parts.items()}
    names = name_match(received, kind, str(ship_to.get("name") or ""))
    scan = first_scan(told)
    interval = delivery.event.time.interval() if delivery else None
    findings = Findings(
        lines=told, words=words, status=status, delivery=delivery, place=place, recorded=recorded, kind=kind,
        first_scan=scan.line if scan else None, match=match, ship_to=ship_to,
        shipped_at=order["shipped_at"].value, required=required,
        number_check=meant.number_check, carrier=meant.carrier, documents=_documents(words),
        names=names, scan=_scan_json(scan), order=order, other_orders=other_orders(everything, meant.order_id),
    )  # fmt: skip
    return Facts(
        status=status,
        leg=parcel_leg(told, words, status),
        delivered_at=delivery.event.time.occurred_at if delivery else None,
        delivered_local=_local(delivery),
        time_basis=delivery.event.time.basis if delivery else "",
        delivered_earliest=interval[0] if interval else None,
        delivered_latest=interval[1] if interval else None,
        place=place.to_json(),
        received_by={"raw": received, "kind": kind},
        signature={"required": required, "obtained": _obtained(words, kind) if reached_buyer else None},
        first_scan_at=scan.line.event.time.occurred_at if scan else None,
        first_scan=findings.scan,
        address_match=match,
        address_how={name: part.how for name, part in parts.items()},
        name_match=names.to_json(),
        conflicts=contradictions(findings),
        gaps=gaps(findings),
        documents=findings.documents,
        order_facts=answers,
    )


def _place(delivery: Line | None, words: Sequence[Word]) -> Place:
    if delivery is None:
        return Place()
    place = delivery.event.place
    newest = [word.stated for word in words if word.provider == delivery.provider]
    spot = place.spot or next((stated.spot for stated in reversed(newest) if stated.spot), "")
    point = next((stated for stated in reversed(newest) if stated.latitude is not None), None)
    return Place(
        city=place.city,
        region=place.region,
        postal_code=place.postal_code,
        country_code=place.country_code,
        spot=spot,
        latitude=point.latitude if point else None,
        longitude=point.longitude if point else None,
        area=place.area,
    )


def _recorded(words: Sequence[Word], buyer: str) -> tuple[str, SignerKind]:
    """Of several texts the one that says most, else the newest; and what it is.

    A buyer whose own name is a word for a place ("Jean Voisin") is recorded by his name.
    """
    ranks = list(SignerKind)
    texts = [(ranks.index(signer_kind(text)), -index, text) for index, text in enumerate(_texts(words))]
    text = min(texts)[2] if texts else ""
    kind = signer_kind(text)
    is_buyer = name_match(text, SignerKind.PERSON_NAME, buyer).result == MATCH
    return text, SignerKind.PERSON_NAME if kind == SignerKind.PLACEHOLDER and is_buyer else kind


def _handed_over(status: ParcelStatus, recorded: str) -> ParcelStatus:
    """The text in place of a name may say to whom; it never makes a stronger delivery of a weaker one."""
    said = handover(ParcelStatus.DELIVERED, recorded).status
    return said if status == ParcelStatus.DELIVERED and said in DELIVERED else status


def _texts(words: Sequence[Word]) -> list[str]:
    return [word.stated.received_by for word in words if word.stated.received_by]


def _required(words: Sequence[Word]) -> bool | None:
    stated = [word.stated.signature_required for word in words if word.stated.signature_required is not None]
    return stated[-1] if stated else None


def _obtained(words: Sequence[Word], kind: SignerKind) -> bool | None:
    """True by the carrier's own word or a recorded name; initials, codes and placeholders cannot tell."""
    stated = [word.stated.signature_obtained for word in words if word.stated.signature_obtained is not None]
    if stated:
        return stated[-1]
    return {SignerKind.PERSON_NAME: True, SignerKind.NOT_REQUIRED: False}.get(kind)


def _local(line: Line | None) -> str:
    if line is None or not line.event.time.local:
        return ""
    minutes = line.event.time.offset_minutes
    if minutes is None:
        return line.event.time.local
    sign = "-" if minutes < 0 else "+"
    return f"{line.event.time.local}{sign}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"


def _scan_json(scan: FirstScan | None) -> dict[str, Any]:
    if scan is None:
        return {}
    event = scan.line.event
    return {
        "at": _z(event.time.occurred_at),
        "local": _local(scan.line),
        "time_basis": event.time.basis,
        "earliest": _z(scan.earliest),
        "latest": _z(scan.latest),
        "text": event.text or event.code,
        "place": event.place.to_json(),
    }


def _z(moment: datetime | None) -> str | None:
    return moment.isoformat().replace("+00:00", "Z") if moment else None


def _documents(words: Sequence[Word]) -> list[dict[str, Any]]:
    """Files inside answers (with `sha256`), links that answers name (never fetched), and what is on offer.

    Each once, with the answer that it stands in.
    """
    found: dict[tuple[str, ...], dict[str, Any]] = {}
    for word in words:
        for document in word.stated.documents:
            mark = tuple(
                str(document.get(name, "")) for name in ("kind", "url", "sha256", "available", "problem")
            )
            found.setdefault(
                (word.provider, *mark), {**document, "provider": word.provider, "snapshot": word.sha256}
            )
    return list(found.values())
