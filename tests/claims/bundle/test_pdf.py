"""The PDF as a reader gets it: text that can be found, pages that hold, nothing that acts."""

import dataclasses
import io
import os
import re
import shutil
import subprocess
import unicodedata

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String
from PIL import Image

from claims.bundle import typeset as typesetting
from claims.bundle.build import build_bundle
from claims.bundle.content import BundleContent, EvidenceFile
from claims.bundle.supplied import cleaned
from claims.bundle.typeset import TypesettingFailed, typeset
from tests.claims.bundle import cases


@pytest.fixture(scope="module", autouse=True)
def _poppler() -> None:
    if shutil.which("pdftotext") is None:
        if os.environ.get("REQUIRE_ALL") == "1":
            pytest.fail("pdftotext (poppler-utils) is required")
        pytest.skip("pdftotext (poppler-utils) is not installed")


def text_of(pdf: bytes, page: int | None = None) -> str:
    pages = ["-f", str(page), "-l", str(page)] if page else []
    done = subprocess.run(
        ["pdftotext", *pages, "-layout", "-", "-"], input=pdf, capture_output=True, check=True
    )
    # Poppler marks the direction of each run; a reader's search does not see the marks.
    return re.sub("[\u200b\u202a-\u202e\u2066-\u2069]", "", done.stdout.decode())


def words_of(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def pages_of(content: BundleContent) -> list[str]:
    return text_of(build_bundle(content).pdf).split("\f")[:-1]


def file(name: str, media_type: str, content: bytes) -> EvidenceFile:
    return EvidenceFile(name=name, kind="other", media_type=media_type, content=content, source="alice")


def test_the_first_page_says_what_a_reviewer_decides_on() -> None:
    first = words_of(pages_of(cases.content())[0])
    for said in (
        "Evidence for order 113-1234567-7654321",
        "Answer by (target) Thu 12 Mar 2026, 10:15 CET (09:15 UTC)",
        "Due Fri 13 Mar 2026, 10:15 CET (09:15 UTC)",
        "72 hours, stated in the request",
        "119.00 EUR",
        "Paket nicht angekommen",
        "Nie erhalten! #panic() *x* $y$",
        "Tracking says delivered, buyer says not",
        "Proof of delivery, Signature",
        "Königstraße 12",
        f"DHL · {cases.TRACKING_NUMBER} · Paket",
        "Wed 4 Mar 2026, 10:15 CET (09:15 UTC); at or before the ship-by time 2026-03-05 06:15 CET",
        "Thu 5 Mar 2026, 06:15 CET (05:15 UTC)",
        "Postal code: mismatch (ship-to “10117”, delivered “10115”)",
        "the carrier records “J G” (initials)",
        "No signature on file; required: no",
        "The carrier delivered in postal code 10115, the order says 10117.",
        "No signature on file: none was required.",
        "PROVIDED",
        "not applicable",
    ):
        assert said in first


def test_every_page_has_its_number_and_the_order() -> None:
    pages = pages_of(cases.content())
    for number, page in enumerate(pages, 1):
        assert f"Page {number} of {len(pages)}" in page
        assert page.count("Order 113-1234567-7654321") >= 2


@pytest.mark.parametrize("said", [cases.GERMAN, cases.JAPANESE, cases.CHINESE, "山田 太郎"])
def test_german_japanese_and_chinese_are_found_in_the_text(said: str) -> None:
    # A narrow column may break the line anywhere between Han characters.
    everything = re.sub(r"\s", "", " ".join(pages_of(cases.content(shipments=(cases.parcel(),)))))
    if said == cases.GERMAN:
        assert all(word in everything for word in said.split())
    else:
        assert said.replace(" ", "") in everything


def test_arabic_is_found_word_by_word_as_it_was_written() -> None:
    everything = words_of(" ".join(pages_of(cases.content())))
    assert cases.ARABIC in everything


def test_user_text_is_never_markup() -> None:
    hostile = '#import "/etc/passwd" \\ $ ] ) } <label> @ref `raw` // /* #read("data.json")'
    content = cases.content(claim=cases.claim(buyer_comment=hostile, reason_label="= Heading"))
    assert hostile in words_of(pages_of(content)[0])


def test_two_hundred_events_break_over_pages_with_repeated_heads() -> None:
    pages = pages_of(cases.content(shipments=(cases.parcel(200),), files=()))
    with_table = [page for page in pages if "Local time" in page]
    assert len(with_table) >= 6
    assert sum(page.count("Out for delivery") for page in pages) == 40


def test_long_words_stay_inside_the_page() -> None:
    long_text = "https://example.com/" + "a" * 3_000 + " " + "ü" * 500
    event = dataclasses.replace(cases.parcel().events[0], text=long_text, source="s" * 200)
    shipment = dataclasses.replace(cases.parcel(), events=(event,), carrier="C" * 300)
    content = cases.content(
        shipments=(shipment,), claim=cases.claim(buyer_comment=long_text, seller_name="S" * 400)
    )
    pdf = build_bundle(content).pdf
    boxes = subprocess.run(
        ["pdftotext", "-bbox", "-", "-"], input=pdf, capture_output=True, check=True
    ).stdout
    edges = [float(edge) for edge in re.findall(rb'xMax="([0-9.]+)"', boxes)]
    assert max(edges) < 595 - 0.5 * 72 / 2.54


def test_a_returned_parcel_is_not_called_delivered() -> None:
    returned = dataclasses.replace(cases.parcel(), status="returned_to_sender", leg="return")
    first = words_of(pages_of(cases.content(shipments=(returned,)))[0])
    assert "FACTS OF THE PARCEL: RETURNED TO SENDER, NOT DELIVERED TO THE BUYER" in first
    assert "Returned Thu 5 Mar 2026" in first


def test_a_scan_whose_zone_is_assumed_decides_nothing_about_the_ship_by_time() -> None:
    unsure = dataclasses.replace(
        cases.parcel(), first_scan_at=None, first_scan_local="2026-03-04 10:15", first_scan_in_time=None
    )
    content = cases.content(shipments=(unsure,))
    assert "2026-03-04 10:15 (zone not known)" in words_of(pages_of(content)[0])
    assert "cannot be told whether before the ship-by time" in words_of(pages_of(content)[0])


def test_supplied_pages_are_shown_and_their_originals_kept() -> None:
    everything = words_of(" ".join(pages_of(cases.content())))
    assert "Proof letter" in everything
    assert "Second sheet" in everything
    assert "letter.pdf · sheet 2 of 2" in everything


def test_active_content_of_a_supplied_pdf_stays_behind() -> None:
    script = Dictionary(S=Name.JavaScript, JS=String("app.alert('x')"))
    link = Dictionary(
        Type=Name.Annot,
        Subtype=Name.Link,
        Rect=Array([0, 0, 100, 100]),
        A=Dictionary(S=Name.URI, URI=String("https://evil.example")),
    )
    hostile = cases.document(
        "Visible words",
        root={
            "/OpenAction": script,
            "/AA": Dictionary(WC=script),
            "/Names": Dictionary(JavaScript=Dictionary(Names=Array([String("x"), script]))),
        },
        page={"/AA": Dictionary(O=script), "/Annots": Array([link])},
    )
    built = build_bundle(cases.content(files=(file("x.pdf", "application/pdf", hostile),)))
    assert "Visible words" in text_of(built.pdf)
    for pdf in (cleaned(hostile).content, built.pdf):
        with pikepdf.open(io.BytesIO(pdf)) as opened:
            plain = io.BytesIO()
            opened.save(plain, compress_streams=False, object_stream_mode=pikepdf.ObjectStreamMode.disable)
        for word in (b"JavaScript", b"/JS", b"OpenAction", b"evil.example", b"/Launch", b"app.alert"):
            assert word not in plain.getvalue()


def test_a_filled_form_keeps_what_it_shows() -> None:
    pdf = pikepdf.open(io.BytesIO(cases.document("Form")))
    look = pdf.make_stream(
        b"BT /F1 12 Tf 2 2 Td (Filled value) Tj ET",
        Type=Name.XObject,
        Subtype=Name.Form,
        BBox=Array([0, 0, 200, 20]),
        Resources=pdf.pages[0].obj.Resources,
    )
    stamp = Dictionary(
        Type=Name.Annot, Subtype=Name.Stamp, Rect=Array([50, 50, 250, 70]), F=4, AP=Dictionary(N=look)
    )
    pdf.pages[0].obj.Annots = Array([pdf.make_indirect(stamp)])
    target = io.BytesIO()
    pdf.save(target)
    assert "Filled value" in text_of(cleaned(target.getvalue()).content)


def test_a_long_supplied_pdf_is_shown_in_part_and_says_so() -> None:
    long_pdf = cases.document(*(f"Sheet {number}" for number in range(1, 51)))
    everything = words_of(
        " ".join(pages_of(cases.content(files=(file("long.pdf", "application/pdf", long_pdf),))))
    )
    assert "Sheet 40" in everything
    assert "Sheet 41" not in everything
    assert "10 further pages are only in the original" in everything


def test_a_mail_without_plain_text_is_read_from_its_html() -> None:
    mail = (
        b"From: a@example.com\r\nSubject: Hi\r\nMIME-Version: 1.0\r\n"
        b"Content-Type: text/html; charset=utf-8\r\n\r\n"
        b"<html><head><style>p{}</style></head><body><p>Got the parcel</p><script>x()</script>"
        b"<p>Thanks</p></body></html>"
    )
    everything = " ".join(pages_of(cases.content(files=(file("m.eml", "message/rfc822", mail),))))
    assert "Got the parcel" in everything
    assert "Thanks" in everything
    assert "x()" not in everything


def test_pictures_lose_their_metadata_and_stand_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "SECRET-LOCATION"
    turned = cases.picture(400, 200, exif=exif)
    built = build_bundle(cases.content(files=(file("t.jpg", "image/jpeg", turned),)))
    assert b"SECRET-LOCATION" in turned
    with pikepdf.open(io.BytesIO(built.pdf)) as pdf:
        images = [image for page in pdf.pages for image in page.get_images().values()]
        assert [(int(image.Width), int(image.Height)) for image in images] == [(200, 400)]
        assert all(b"SECRET-LOCATION" not in image.read_raw_bytes() for image in images)


def test_the_document_has_no_time_of_making() -> None:
    with pikepdf.open(io.BytesIO(build_bundle(cases.content()).pdf)) as pdf:
        assert "/CreationDate" not in pdf.docinfo
        assert "/ModDate" not in pdf.docinfo
        assert b"CreateDate" not in pdf.Root.Metadata.read_bytes()


def test_a_missing_font_family_is_an_error_and_not_a_page_of_boxes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(typesetting, "FONT_PACKAGES", (("manimgx_fonts", ""),))
    typesetting._fonts.cache_clear()
    try:
        with pytest.raises(TypesettingFailed, match="unknown font family"):
            build_bundle(cases.content())
    finally:
        typesetting._fonts.cache_clear()


def test_a_template_fault_is_a_typesetting_failure() -> None:
    with pytest.raises(TypesettingFailed):
        typeset({"data.json": b"{}"})


def test_a_page_turned_sideways_is_shown_upright() -> None:
    with pikepdf.open(io.BytesIO(cases.document("Turned", page={"/Rotate": 90}))) as pdf:
        target = io.BytesIO()
        pdf.save(target)
    with pikepdf.open(io.BytesIO(cleaned(target.getvalue()).content)) as shown:
        box = shown.pages[0].mediabox
        assert [float(edge) for edge in box] == [0, 0, 792, 612]
    assert "Turned" in text_of(
        build_bundle(cases.content(files=(file("t.pdf", "application/pdf", target.getvalue()),))).pdf
    )


def test_a_crowded_first_page_lets_the_timeline_follow_at_once() -> None:
    content = cases.content(claim=cases.claim(buyer_comment="Nie erhalten. " * 150), files=())
    pages = pages_of(content)
    assert "Timeline" in pages[1]
    assert "NOT ON FILE" in pages[1]
