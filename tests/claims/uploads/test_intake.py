"""Uploaded files: taken by what they are, refused with a sentence that helps."""

import hashlib
import io
import zipfile

import pikepdf
import pytest
from PIL import Image

from accounts.errors import InvalidInput, TooLarge
from claims.uploads import accept_upload
from claims.uploads import pictures as picture_rules
from tests.claims.bundle import cases

LIMIT = 5_000_000


def encrypted(user: str, owner: str) -> bytes:
    with pikepdf.open(io.BytesIO(cases.document("Secret"))) as pdf:
        target = io.BytesIO()
        pdf.save(target, encryption=pikepdf.Encryption(user=user, owner=owner))
        return target.getvalue()


def zipped() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("x.html", "<script>alert(1)</script>")
    return target.getvalue()


def saved(form: str) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (10, 10)).save(target, form)
    return target.getvalue()


@pytest.mark.parametrize(
    ("declared", "content", "media_type", "name"),
    [
        ("proof.pdf", cases.document("Proof"), "application/pdf", "proof.pdf"),
        ("photo.jpeg", cases.picture(), "image/jpeg", "photo.jpg"),
        ("shot.png", cases.picture(form="PNG"), "image/png", "shot.png"),
        ("note.txt", "Grüße, 東京".encode(), "text/plain", "note.txt"),
        ("bom.txt", "\ufeffhello".encode(), "text/plain", "bom.txt"),
        ("math.txt", b"1 < 2 and <alice@example.com> wrote", "text/plain", "math.txt"),
        ("mail.eml", cases.MAIL, "message/rfc822", "mail.eml"),
        ("latin.eml", b"From: a@b.c\nDate: x\nSubject: y\n\nGr\xfc\xdfe", "message/rfc822", "latin.eml"),
        ("photo.pdf", cases.picture(), "image/jpeg", "photo.jpg"),
        ("proof.jpg", cases.document("Proof"), "application/pdf", "proof.pdf"),
        ("no extension", cases.picture(), "image/jpeg", "no extension.jpg"),
        ("../../x.jpg", cases.picture(), "image/jpeg", "x.jpg"),
    ],
)
def test_what_is_accepted_is_named_by_its_content(
    declared: str, content: bytes, media_type: str, name: str
) -> None:
    accepted = accept_upload(declared, content, max_bytes=LIMIT)
    assert (accepted.media_type, accepted.safe_name) == (media_type, name)
    assert (accepted.size, accepted.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert accepted.content == content


@pytest.mark.parametrize(
    ("content", "code", "reason"),
    [
        (b"", "empty_file", "The file is empty."),
        (b" \n\t", "file_refused", "it holds only blanks"),
        (encrypted("secret", "secret"), "file_refused", "it is encrypted"),
        (encrypted("", "owner"), "file_refused", "it is encrypted"),
        (cases.document("Cut off")[:-200], "file_refused", "it is cut off"),
        (b"%PDF-1.7\n%%EOF", "file_refused", "it is damaged"),
        (b"%PDF-1.7" + b"\x00" * 500, "file_refused", "it is damaged"),
        (cases.picture()[:-600], "file_refused", "it is damaged or cut off"),
        (cases.picture(form="PNG")[:-60], "file_refused", "it is damaged or cut off"),
        (b"\xff\xd8\xff\xe0", "file_refused", "it is damaged or cut off"),
        (b"\x89PNG\r\n\x1a\n", "file_refused", "it is damaged or cut off"),
        (cases.picture() + zipped(), "file_refused", "it is a ZIP archive"),
        (cases.document("Both") + zipped(), "file_refused", "it is a ZIP archive"),
        (cases.MAIL + zipped(), "file_refused", "it is a ZIP archive"),
        (zipped(), "file_refused", "it is a ZIP archive"),
        (b"<!DOCTYPE html><html></html>", "file_refused", "it is HTML, SVG or XML"),
        (b"  \n<html><script>x</script>", "file_refused", "it is HTML, SVG or XML"),
        (b"\xef\xbb\xbf<svg xmlns='x' onload='y'/>", "file_refused", "it is HTML, SVG or XML"),
        (b"<?xml version='1.0'?><a/>", "file_refused", "it is HTML, SVG or XML"),
        (b"hello\n<script>alert(1)</script>", "file_refused", "it is HTML, SVG or XML"),
        (b"#!/bin/sh\nrm -rf /", "file_refused", "it is a script"),
        (b"%!PS-Adobe-3.0\n", "file_refused", "it is a script"),
        (b"{\\rtf1 hello}", "file_refused", "it is a script"),
        (b"MZ\x90\x00\x03\x00\x00\x00\x04", "file_refused", "no UTF-8 text"),
        (b"\x7fELF\x02\x01\x01\x00", "file_refused", "control characters"),
        (b"hello\x00world", "file_refused", "control characters"),
        (b"From: a@b\nDate: x\nSubject: y\n\n\x00", "file_refused", "control characters"),
        (saved("GIF"), "file_refused", "none of these"),
        (saved("BMP"), "file_refused", "none of these"),
        (saved("TIFF"), "file_refused", "none of these"),
        (saved("WEBP"), "file_refused", "none of these"),
        ("Grüße".encode("utf-16"), "file_refused", "none of these"),
        ("Grüße".encode("latin-1"), "file_refused", "no UTF-8 text"),
    ],
)
def test_what_is_refused_says_why_and_what_is_accepted(content: bytes, code: str, reason: str) -> None:
    with pytest.raises(InvalidInput) as raised:
        accept_upload("proof.pdf", content, max_bytes=LIMIT)
    [fault] = raised.value.errors
    assert (fault.pointer, fault.code) == ("/file", code)
    assert reason in fault.detail
    assert fault.detail.endswith(
        "Accepted are PDF, JPEG and PNG files, UTF-8 text (.txt) and saved mails (.eml)."
    )


def test_one_byte_above_the_limit_is_too_large() -> None:
    assert accept_upload("a.txt", b"x" * 10, max_bytes=10).size == 10
    with pytest.raises(TooLarge, match="11 bytes; at most 10"):
        accept_upload("a.txt", b"x" * 11, max_bytes=10)


def test_a_picture_that_would_fill_the_memory_is_refused_unopened() -> None:
    small = Image.new("1", (1, 1))
    target = io.BytesIO()
    small.save(target, "PNG")
    bomb = bytearray(target.getvalue())
    bomb[16:24] = (50_000).to_bytes(4, "big") * 2
    with pytest.raises(InvalidInput) as raised:
        accept_upload("bomb.png", bytes(bomb), max_bytes=LIMIT)
    assert "damaged" in raised.value.detail or "pixels" in raised.value.detail


def test_the_pixel_limit_says_the_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(picture_rules.MAX_PIXELS, "PNG", 2_000_000)
    with pytest.raises(InvalidInput, match="2000 × 1001 pixels, more than the 2 million allowed"):
        accept_upload("big.png", cases.picture(2000, 1001, "PNG"), max_bytes=LIMIT)


def test_a_pdf_of_too_many_pages_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("claims.uploads.documents.MAX_PAGES", 2)
    with pytest.raises(InvalidInput, match="it has 3 pages; 1 to 2 are allowed"):
        accept_upload("x.pdf", cases.document("1", "2", "3"), max_bytes=LIMIT)


def test_a_line_of_a_million_blanks_is_decided_at_once() -> None:
    content = b"From: a\r\n" + b" " * 1_000_000
    assert accept_upload("x.txt", content, max_bytes=LIMIT).media_type == "text/plain"
