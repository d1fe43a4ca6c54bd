"""Collectors that read what shipping knows of an order's parcels."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from claims.evidence.case import FOUND, Case, Found, absent
from claims.words import EvidenceKind
from shipping.models import Shipment
from shipping.rules.order_facts import Known
from shipping.selectors import known_about
from shipping.vocabulary import DELIVERED, SENT_BACK, Leg, ParcelStatus, SignerKind, TimeBasis

_NO_SHIPMENT = "No shipment is known for this order."
_UNDECIDED = frozenset({ParcelStatus.UNKNOWN, ParcelStatus.NOT_FOUND})
_UNCERTAIN = frozenset({TimeBasis.ASSUMED, TimeBasis.DATE_ONLY, TimeBasis.PROVIDER_INFERRED})


def _label(shipment: Shipment) -> str:
    return f"{shipment.carrier or 'carrier not stated'} {shipment.tracking_number}"


def _observed(shipments: Sequence[Shipment]) -> datetime | None:
    return max((s.fetched_at for shipment in shipments for s in shipment.snapshots.all()), default=None)


def _providers(shipments: Sequence[Shipment]) -> str:
    names = sorted({s.provider for shipment in shipments for s in shipment.snapshots.all()})
    return ", ".join(names)


class DispatchCollector:
    name = "dispatch"
    kind = EvidenceKind.DISPATCH

    def collect(self, case: Case) -> Found:
        sent = [s for s in case.shipments if known_about(s)["shipped_at"].value or s.first_scan_at]
        if not sent:
            why = "No dispatch time and no carrier scan is on file." if case.shipments else _NO_SHIPMENT
            return absent(self.kind, why)
        lines = tuple(line for s in sent for line in self._lines(s, case))
        facts = {"tracking_numbers": [s.tracking_number for s in sent]}
        return Found(self.kind, FOUND, lines, facts, source="order and carrier", observed_at=_observed(sent))

    def _lines(self, shipment: Shipment, case: Case) -> list[str]:
        by = f" by {shipment.service}" if shipment.service else ""
        known = known_about(shipment)
        shipped_at, ship_by = known["shipped_at"].value, known["ship_by"].value
        lines = []
        if shipped_at:
            lines.append(f"{_label(shipment)}: dispatched{by} {case.when(shipped_at)}.")
        if shipment.first_scan_at:
            lines.append(f"{_label(shipment)}: first carrier scan {case.when(shipment.first_scan_at)}.")
        if ship_by:
            lines.append(f"{_label(shipment)}: to be shipped by {case.when(ship_by)}.")
        return lines


class TrackingCollector:
    name = "tracking"
    kind = EvidenceKind.TRACKING

    def collect(self, case: Case) -> Found:
        tracked = [s for s in case.shipments if s.events.all()]
        if not tracked:
            why = "No carrier's answer with events is on file." if case.shipments else _NO_SHIPMENT
            return absent(self.kind, why)
        lines = tuple(
            f"{_label(s)}: {len(s.events.all())} events on file, status {s.get_status_display().lower()}."
            for s in tracked
        )
        facts = {s.tracking_number: {"events": len(s.events.all()), "status": s.status} for s in tracked}
        return Found(
            self.kind, FOUND, lines, facts, source=_providers(tracked), observed_at=_observed(tracked)
        )


def _delivered(case: Case) -> list[Shipment]:
    return [s for s in case.shipments if s.status in DELIVERED and s.leg != Leg.RETURN]


def _papers(case: Case, kind: str) -> list[tuple[Shipment, dict[str, Any]]]:
    """Files of this kind inside carriers' answers, of parcels that nobody says are elsewhere or in a test."""
    return [
        (shipment, row)
        for shipment in case.shipments
        if shipment.status in DELIVERED | _UNDECIDED and shipment.leg != Leg.RETURN
        if all(conflict["code"] != "test_answer" for conflict in shipment.conflicts)
        for row in shipment.documents
        if row.get("kind") == kind and row.get("sha256")
    ]


def carried_proofs(case: Case) -> list[tuple[Shipment, dict[str, Any]]]:
    """Parcel and document row of every proof inside an answer that the collectors below count."""
    return [*_papers(case, "proof_of_delivery"), *_pictures_of_signatures(case)]


def _pictures_of_signatures(case: Case) -> list[tuple[Shipment, dict[str, Any]]]:
    delivered = _delivered(case)
    return [(shipment, row) for shipment, row in _papers(case, "signature") if shipment in delivered]


def _paper_line(shipment: Shipment, row: dict[str, Any], name: str) -> str:
    form = str(row["media_type"]).rpartition("/")[2].upper()
    return f"{_label(shipment)}: {name} is on file ({form}, {row['size']} bytes, from {row['provider']})."


class ProofOfDeliveryCollector:
    name = "delivery"
    kind = EvidenceKind.PROOF_OF_DELIVERY

    def collect(self, case: Case) -> Found:
        delivered = [s for s in _delivered(case) if s.delivered_at or s.delivered_local]
        papers = _papers(case, "proof_of_delivery")
        if not delivered and not papers:
            return absent(self.kind, self._why(case))
        told = list(dict.fromkeys([*delivered, *(s for s, _ in papers)]))
        named = [_paper_line(s, row, "the carrier's proof of delivery") for s, row in papers]
        return Found(
            self.kind,
            FOUND,
            (*(self._line(s, case) for s in delivered), *named),
            {s.tracking_number: {"status": s.status, "delivered_local": s.delivered_local} for s in told},
            source=_providers(told),
            observed_at=_observed(told),
            sha256=papers[0][1]["sha256"] if papers else "",
        )

    def _why(self, case: Case) -> str:
        if not case.shipments:
            return _NO_SHIPMENT
        if any(s.status in SENT_BACK or s.leg == Leg.RETURN for s in case.shipments):
            return "The carrier's tracking shows the parcel on its way back, not delivered to the buyer."
        return "The carrier's tracking on file shows no delivery."

    def _line(self, shipment: Shipment, case: Case) -> str:
        if shipment.delivered_at and shipment.time_basis not in _UNCERTAIN:
            when = case.when(shipment.delivered_at)
        else:
            when = f"{shipment.delivered_local or shipment.delivered_at} (zone not stated by the carrier)"
        place = place_text(shipment.place)
        where = f" in {place}" if place else ", place not stated"
        return f"{_label(shipment)}: {shipment.get_status_display().lower()} {when}{where}."


def place_text(place: dict[str, Any]) -> str:
    """City, region, postal code and country as the carrier states them."""
    return ", ".join(str(place[p]) for p in ("city", "region", "postal_code", "country_code") if place.get(p))


class SignatureCollector:
    name = "signature"
    kind = EvidenceKind.SIGNATURE

    def collect(self, case: Case) -> Found:
        delivered = _delivered(case)
        named = [s for s in delivered if s.received_by.get("kind") == SignerKind.PERSON_NAME]
        pictures = _pictures_of_signatures(case)
        if named or pictures:
            return self._found(named, pictures)
        for shipment in delivered:
            raw = shipment.received_by.get("raw")
            if raw:
                return absent(
                    self.kind,
                    f"No signature on file: the carrier records «{raw}», which is no person's name.",
                )
        if delivered:
            return absent(self.kind, "No signature on file: the carrier's answers name no recipient.")
        return absent(self.kind, "No signature on file: no delivery is on file.")

    def _found(self, named: list[Shipment], pictures: list[tuple[Shipment, dict[str, Any]]]) -> Found:
        told = list(dict.fromkeys([*named, *(s for s, _ in pictures)]))
        recorded = [s for s in told if s.received_by.get("raw")]
        return Found(
            self.kind,
            FOUND,
            (
                *(f"{_label(s)}: the carrier records the name «{s.received_by['raw']}»." for s in recorded),
                *(_paper_line(s, row, "the carrier's picture of a signature") for s, row in pictures),
            ),
            {s.tracking_number: s.received_by for s in told},
            source=_providers(told),
            observed_at=_observed(told),
            sha256=pictures[0][1]["sha256"] if pictures else "",
        )


class DeliveryAddressCollector:
    name = "address"
    kind = EvidenceKind.DELIVERY_ADDRESS

    def collect(self, case: Case) -> Found:
        stated = [case.claim.ship_to, *(known_about(s)["ship_to"].value or {} for s in case.shipments)]
        address: dict[str, Any] = next((given for given in stated if any(given.values())), {})
        if not any(address.get(part) for part in ("line1", "postal_code", "city")):
            return absent(self.kind, "The buyer's delivery address is not known.")
        parts = ("name", "line1", "line2", "postal_code", "city", "region", "country_code")
        line = ", ".join(str(address[part]) for part in parts if address.get(part))
        return Found(
            self.kind, FOUND, (f"Delivery address of the order: {line}.",), dict(address), source="order"
        )


class CarrierDetailsCollector:
    name = "carrier"
    kind = EvidenceKind.CARRIER_DETAILS

    def collect(self, case: Case) -> Found:
        known = [s for s in case.shipments if s.carrier and s.tracking_number]
        if not known:
            return absent(self.kind, "No carrier is known." if case.shipments else _NO_SHIPMENT)
        lines = tuple(
            f"Carrier {s.carrier}, {s.service + ', ' if s.service else ''}tracking number {s.tracking_number}."
            for s in known
        )
        facts = {s.tracking_number: {"carrier": s.carrier, "service": s.service} for s in known}
        return Found(self.kind, FOUND, lines, facts, source="order")


class BuyShippingCollector:
    name = "buy_shipping"
    kind = EvidenceKind.BUY_SHIPPING_LABEL

    def collect(self, case: Case) -> Found:
        labels = [(s, known_about(s)) for s in case.shipments]
        bought = [(s, known) for s, known in labels if known["bought_through_buy_shipping"].value]
        if not bought:
            unknown = any(known["bought_through_buy_shipping"].value is None for _, known in labels)
            why = "Whether the label was bought through Buy Shipping is not known."
            return absent(self.kind, why if unknown else "No label was bought through Buy Shipping.")
        lines = tuple(
            f"{_label(s)}: bought through Amazon Buy Shipping{self._badge(known['claims_protected'])}."
            for s, known in bought
        )
        facts = {
            s.tracking_number: {"claims_protected": known["claims_protected"].value} for s, known in bought
        }
        sources = sorted({known["bought_through_buy_shipping"].source for _, known in bought})
        return Found(self.kind, FOUND, lines, facts, source=", ".join(sources))

    def _badge(self, badge: Known) -> str:
        if badge.value is None:
            return ", whether Claims Protected is not known"
        return ", marked Claims Protected" if badge.value else ", not marked Claims Protected"


class ReturnTrackingCollector:
    name = "return_tracking"
    kind = EvidenceKind.RETURN_TRACKING

    def collect(self, case: Case) -> Found:
        back = [(s, [e for e in s.events.all() if e.leg == Leg.RETURN]) for s in case.shipments]
        back = [(s, events) for s, events in back if events]
        if not back:
            return absent(self.kind, "No scan of a return is on file.")
        lines = tuple(
            f"{_label(s)}: {len(events)} scans on the way back, the last «{events[-1].text}»."
            for s, events in back
        )
        facts = {s.tracking_number: {"events": len(events)} for s, events in back}
        shipments = [s for s, _ in back]
        return Found(
            self.kind, FOUND, lines, facts, source=_providers(shipments), observed_at=_observed(shipments)
        )
