"""A claim of ACME's with one parcel and every kind of file, built the same way each time."""

import dataclasses
import io
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pikepdf
from pikepdf import Dictionary, Name
from PIL import Image, ImageDraw

from claims.bundle.content import (
    Address,
    AddressPart,
    BundleContent,
    ChecklistRow,
    ClaimFacts,
    Clock,
    Contradiction,
    EvidenceFile,
    Finding,
    Level,
    Moment,
    RawNotice,
    RawSnapshot,
    ReceivedBy,
    RowState,
    Shipment,
    Standing,
    TrackingEvent,
)

SHIPPED = datetime(2026, 3, 4, 9, 15, tzinfo=UTC)
TRACKING_NUMBER = "00340434161094042557"
GERMAN = "Das Päckchen wurde in der Königstraße übergeben"
JAPANESE = "お荷物をお届け先へ配達しました"
CHINESE = "包裹已到达广州转运中心"
ARABIC = "تم تسليم الشحنة إلى العنوان"
MAIL = (
    "From: buyer@marketplace.amazon.de\r\nTo: seller@example.com\r\nDate: Mon, 09 Mar 2026 10:00:00 +0100\r\n"
    "Subject: =?utf-8?q?Wo_ist_mein_P=C3=A4ckchen=3F?=\r\nMIME-Version: 1.0\r\n"
    "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    "Hallo,\r\ndas Päckchen liegt nicht vor der Tür.\r\n"
).encode()


def picture(width: int = 640, height: int = 480, form: str = "JPEG", **options: Any) -> bytes:
    image = Image.new("RGB", (width, height), "#889")
    ImageDraw.Draw(image).rectangle((width // 4, height // 3, width // 2, height - 20), fill="#532")
    target = io.BytesIO()
    image.save(target, form, **options)
    return target.getvalue()


def document(*pages: str, root: dict[str, Any] | None = None, page: dict[str, Any] | None = None) -> bytes:
    """A PDF with one line of text a page; `root` and `page` are added to the catalog and to each page."""
    pdf = pikepdf.Pdf.new()
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    for text in pages:
        sheet = pdf.add_blank_page(page_size=(612, 792))
        sheet.obj.Resources = Dictionary(Font=Dictionary(F1=font))
        sheet.obj.Contents = pdf.make_stream(f"BT /F1 24 Tf 72 600 Td ({text}) Tj ET".encode())
        for key, value in (page or {}).items():
            sheet.obj[key] = value
    for key, value in (root or {}).items():
        pdf.Root[key] = value
    target = io.BytesIO()
    pdf.save(target, deterministic_id=True)
    return target.getvalue()


def parcel(events: int = 5) -> Shipment:
    texts = (GERMAN, CHINESE, ARABIC, "Out for delivery", JAPANESE)
    scans = tuple(
        TrackingEvent(
            text=texts[number % len(texts)],
            occurred_at=SHIPPED + timedelta(hours=5 * number),
            local_text="2026-03-04 10:15 +01:00" if number == 0 else "",
            time_basis="carrier_offset",
            status="delivered" if number == events - 1 else "in_transit",
            place=Address(city="Leipzig", postal_code="04109", country_code="DE"),
            leg="forward",
            source="carrier",
        )
        for number in range(events)
    )
    return Shipment(
        carrier="DHL",
        tracking_number=TRACKING_NUMBER,
        service="Paket",
        ship_by=SHIPPED + timedelta(hours=20),
        shipped_at=SHIPPED - timedelta(hours=3),
        first_scan_at=SHIPPED,
        first_scan_in_time=True,
        delivered_at=scans[-1].occurred_at,
        delivered_local="2026-03-05 06:15",
        time_basis="carrier_offset",
        place=Address(city="Berlin", postal_code="10115", country_code="DE"),
        received_by=ReceivedBy(raw="J G", kind="initials"),
        signature_required=False,
        signature_obtained=False,
        bought_through_buy_shipping=True,
        claims_protected=True,
        status="delivered",
        leg="forward",
        address_match=(
            AddressPart(part="postal_code", result="mismatch", ship_to="10117", delivered="10115"),
            AddressPart(part="city", result="match", ship_to="Berlin", delivered="Berlin"),
        ),
        conflicts=(
            Contradiction(
                text="The carrier delivered in postal code 10115, the order says 10117.",
                fields=("shipment.place.postal_code", "ship_to.postal_code"),
            ),
        ),
        gaps=("No scan for a day.",),
        events=scans,
    )


def files() -> tuple[EvidenceFile, ...]:
    def evidence(name: str, kind: str, media_type: str, content: bytes) -> EvidenceFile:
        return EvidenceFile(
            name=name, kind=kind, media_type=media_type, content=content, source="alice", observed_at=SHIPPED
        )

    return (
        evidence("door.jpg", "delivery_photo", "image/jpeg", picture()),
        evidence("label.png", "buy_shipping_label", "image/png", picture(300, 90, "PNG")),
        evidence(
            "letter.pdf", "proof_of_delivery", "application/pdf", document("Proof letter", "Second sheet")
        ),
        evidence("mail.eml", "correspondence", "message/rfc822", MAIL),
        evidence("note.txt", "other", "text/plain", f"{ARABIC}\n{GERMAN}".encode()),
    )


def claim(**changes: Any) -> ClaimFacts:
    facts = ClaimFacts(
        id=7,
        order_id="113-1234567-7654321",
        seller_name="ACME",
        merchant_token="A1ACME",
        marketplace_id="A1PA6795UKMFR9",
        marketplace_name="Amazon.de",
        reason="delivered_not_received",
        reason_text="Tracking says delivered, buyer says not",
        reason_label="Paket nicht angekommen",
        buyer_comment="Nie erhalten! #panic() *x* $y$",
        amount=Decimal("119.00"),
        currency="EUR",
        ship_to=Address(
            name="山田 太郎", line1="Königstraße 12", city="Berlin", postal_code="10117", country_code="DE"
        ),
        requested=("proof_of_delivery", "signature"),
        request_text="Please send the proof of delivery with signature.",
    )
    return dataclasses.replace(facts, **changes)


def content(**changes: Any) -> BundleContent:
    whole = BundleContent(
        claim=claim(),
        version=1,
        policy_version="2026-09",
        zone="Europe/Berlin",
        clocks=(
            Clock(
                kind="response",
                due_at=SHIPPED + timedelta(days=9),
                target_at=SHIPPED + timedelta(days=8),
                basis="stated_window",
                source_text="72 hours, stated in the request",
            ),
        ),
        shipments=(parcel(),),
        history=(Moment(occurred_at=SHIPPED - timedelta(days=1), text="Order placed", lane="order"),),
        findings=(
            Finding(kind="signature", standing=Standing.ABSENT, reason="none was required."),
            Finding(kind="dispatch", standing=Standing.FOUND, facts=("Handed to DHL.",), observed_at=SHIPPED),
        ),
        checklist=(
            ChecklistRow(
                kind="dispatch", level=Level.REQUIRED, state=RowState.PROVIDED, items=("DHL Paket",)
            ),
            ChecklistRow(kind="proof_of_delivery", level=Level.REQUIRED, state=RowState.PROVIDED),
            ChecklistRow(kind="return_label", level=Level.OPTIONAL, state=RowState.NOT_APPLICABLE),
        ),
        files=files(),
        notices=(RawNotice(name="n-1", media_type="application/json", content=b'{"a":1}', source="amz"),),
        snapshots=(
            RawSnapshot(
                provider="easypost", content=b"{}", fetched_at=SHIPPED, tracking_number=TRACKING_NUMBER
            ),
        ),
    )
    return dataclasses.replace(whole, **changes)
