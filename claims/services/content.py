"""From rows to what a bundle says: the claim, its parcels, findings and originals as plain values."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from claims.bundle.content import (
    Address,
    AddressPart,
    BundleContent,
    ChecklistRow,
    ClaimFacts,
    Clock,
    Contradiction,
    Level,
    Missing,
    Moment,
    RawNotice,
    RawSnapshot,
    ReceivedBy,
    RowState,
    Standing,
    TrackingEvent,
)
from claims.bundle.content import Finding as PrintedFinding
from claims.bundle.content import Shipment as PrintedShipment
from claims.deadlines import AMAZON_KINDS
from claims.evidence.case import ABSENT, FOUND, Case, Found
from claims.evidence.checklist import VERSION, Checklist
from claims.marketplaces import marketplace
from claims.models import Claim, Deadline, Notice
from claims.selectors.judgement import judged
from claims.services.originals import original_files
from claims.services.weighed import claim_contradictions, printed_judgement
from claims.words import NoticeKind, Reason
from shipping.models import Shipment
from shipping.models import TrackingEvent as Scan
from shipping.rules.scans import scanned_by
from shipping.selectors import known_about, snapshots_used

_ADDRESS = ("name", "line1", "line2", "city", "region", "postal_code", "country_code")
_MAIL = "message/rfc822"


def content_of(
    case: Case, found: Sequence[tuple[str, Found]], checklist: Checklist, *, version: int
) -> BundleContent:
    """Everything that one bundle says, from rows alone: nothing in it depends on when it is made."""
    claim = case.claim
    findings = [one for _, one in found]
    judgement = judged(claim, case.shipments, case.evidence)
    return BundleContent(
        claim=_claim(claim),
        version=version,
        policy_version=VERSION,
        zone=case.zone,
        clocks=_clocks(claim),
        argument=_argument(findings),
        shipments=tuple(_shipment(s) for s in case.shipments),
        history=_history(case),
        judged=printed_judgement(judgement),
        contradictions=claim_contradictions(judgement, case.shipments),
        findings=tuple(_finding(one) for name, one in found if (name, one.status) != ("handed_in", ABSENT)),
        checklist=tuple(
            ChecklistRow(
                kind=row.kind,
                level=Level(row.level),
                state=RowState(row.state),
                items=row.items,
                reason=row.reason,
                group=row.group,
            )
            for row in checklist.rows
        ),
        missing=tuple(
            Missing(kind=row.kind, reason=row.reason)
            for row in checklist.rows
            if row.kind in checklist.missing
        ),
        files=original_files(case),
        notices=_notices(claim),
        snapshots=_snapshots(case),
    )


def _address(parts: Mapping[str, Any] | None) -> Address | None:
    known = {name: str(parts[name]) for name in _ADDRESS if parts and parts.get(name)}
    return Address(**known) if known else None


def _claim(claim: Claim) -> ClaimFacts:
    store = marketplace(claim.marketplace_id)
    return ClaimFacts(
        id=claim.pk,
        order_id=claim.order_id,
        seller_name=claim.seller.name,
        merchant_token=claim.seller.merchant_token,
        marketplace_id=claim.marketplace_id,
        marketplace_name=store.domain if store else "",
        amazon_claim_id=claim.amazon_claim_id,
        reason=claim.reason,
        reason_text=Reason(claim.reason).label if claim.reason else "",
        reason_label=claim.reason_label,
        buyer_comment=claim.buyer_comment,
        amount=claim.amount,
        currency=claim.currency,
        ship_to=_address(claim.ship_to),
        requested=tuple(claim.requested),
        request_text=claim.request_text,
    )


def _clocks(claim: Claim) -> tuple[Clock, ...]:
    rows = Deadline.objects.filter(claim=claim, settled=False).order_by("target_at", "id")
    first = [d for d in rows if d.kind in AMAZON_KINDS]
    return tuple(
        Clock(
            kind=d.kind,
            due_at=d.due_at,
            target_at=d.target_at,
            basis=d.basis,
            source_text=" ".join(part for part in (d.basis_source, d.stated) if part),
        )
        for d in [*first, *(d for d in rows if d.kind not in AMAZON_KINDS)]
    )


def _argument(findings: Iterable[Found]) -> tuple[str, ...]:
    """The facts that decide, one line each: delivered, received by whom, sent when."""
    by_kind: dict[str, Found] = {}
    for one in findings:
        if one.status == FOUND or one.kind not in by_kind:
            by_kind[one.kind] = one
    lines = []
    for kind in ("proof_of_delivery", "signature", "dispatch"):
        known = by_kind.get(kind)
        if known is not None:
            lines.append(known.lines[0] if known.lines else known.reason)
    return tuple(line for line in lines if line)[:3]


def _shipment(shipment: Shipment) -> PrintedShipment:
    signature, place, order = shipment.signature, shipment.place, known_about(shipment)
    meant = order["ship_to"].value or {}
    return PrintedShipment(
        carrier=shipment.carrier,
        tracking_number=shipment.tracking_number,
        service=shipment.service,
        ship_by=order["ship_by"].value,
        deliver_by=order["deliver_by"].value,
        shipped_at=order["shipped_at"].value,
        first_scan_at=shipment.first_scan_at,
        first_scan_local=shipment.first_scan.get("local", ""),
        first_scan_in_time=scanned_by(shipment.first_scan, order["ship_by"].value),
        delivered_at=shipment.delivered_at,
        delivered_local=shipment.delivered_local,
        time_basis=shipment.time_basis,
        place=_address(place),
        received_by=(
            ReceivedBy(raw=shipment.received_by.get("raw") or "", kind=shipment.received_by.get("kind", ""))
            if shipment.received_by.get("raw")
            else None
        ),
        signature_required=signature.get("required"),
        signature_obtained=signature.get("obtained"),
        bought_through_buy_shipping=order["bought_through_buy_shipping"].value,
        claims_protected=order["claims_protected"].value,
        status=shipment.status,
        leg=shipment.leg,
        address_match=tuple(
            AddressPart(
                part=part,
                result=result,
                ship_to=str(meant.get(part) or ""),
                delivered=str(place.get(part) or ""),
            )
            for part, result in shipment.address_match.items()
        ),
        conflicts=tuple(
            Contradiction(text=row["detail"], code=row["code"], fields=tuple(sorted(row.get("fields", {}))))
            for row in shipment.conflicts
        ),
        gaps=tuple(row["detail"] for row in shipment.gaps),
        events=tuple(_event(event) for event in shipment.events.all()),
    )


def _event(event: Scan) -> TrackingEvent:
    return TrackingEvent(
        text=event.text or event.code or event.provider_status,
        occurred_at=event.occurred_at,
        local_text=event.time_raw,
        time_basis=event.time_basis,
        status=event.status,
        place=_address(event.place),
        leg=event.leg,
        source=f"{event.source}, {event.provider}",
    )


def _history(case: Case) -> tuple[Moment, ...]:
    claim = case.claim
    letters = [
        Moment(occurred_at=n.noticed_at, text=NoticeKind(n.kind).label, lane="claim", source="Amazon")
        for n in claim.notices.filter(same_letter_as__isnull=True).exclude(kind="").order_by("id")
        if n.noticed_at
    ]
    decisions = [
        Moment(occurred_at=d.decided_at, text=d.get_decision_display(), lane="claim", source="Amazon")
        for d in claim.decisions.order_by("id")
    ]
    messages = [
        Moment(occurred_at=i.observed_at, text=i.note or i.name, lane="message", source=i.source)
        for i in case.evidence
        if i.observed_at and i.kind in ("correspondence", "buyer_acknowledgement")
    ]
    return tuple(sorted([*letters, *decisions, *messages], key=lambda m: (m.occurred_at, m.text)))


def _finding(one: Found) -> PrintedFinding:
    return PrintedFinding(
        kind=one.kind,
        standing=Standing(one.status),
        facts=one.lines,
        reason=one.reason,
        source=one.source,
        observed_at=one.observed_at,
    )


def _notices(claim: Claim) -> tuple[RawNotice, ...]:
    rows: Iterable[Notice] = claim.notices.order_by("id")
    return tuple(
        RawNotice(
            name=f"notice-{n.pk}.{'eml' if n.media_type == _MAIL else 'json'}",
            media_type=n.media_type,
            content=bytes(n.raw),
            source=n.source,
            received_at=n.received_at,
        )
        for n in rows
    )


def _snapshots(case: Case) -> tuple[RawSnapshot, ...]:
    numbers = {s.pk: s.tracking_number for s in case.shipments}
    return tuple(
        RawSnapshot(
            provider=s.provider,
            content=bytes(s.raw),
            fetched_at=s.fetched_at,
            content_type=s.content_type or "application/json",
            tracking_number=numbers[s.shipment_id],
        )
        for s in snapshots_used(numbers)
    )
