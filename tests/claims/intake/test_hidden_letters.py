"""Letters in parts that cannot be read, and bytes that are no mail: never unrelated without a person's look."""

import gzip
import random

import pytest

from claims.intake import Reading, read_mail
from tests.claims.intake.letters import forward, raw

ORDER = "112-3334445-5556667"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)
TNEF = b"\x78\x9f\x3e\x22" + bytes(200)


def with_part(name: str, content: bytes, *, subject: str = "letter", text: str = "See this.") -> bytes:
    message = forward(subject=subject, plain=text)
    message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (f"Claim received on order {ORDER}.msg", OLE),
        (f"Claim_received_on_order_{ORDER}.msg", OLE),
        ("11233344455556667.pdf", b"%PDF-1.7"),
        ("A-to-z Guarantee.pdf", b"%PDF-1.7"),
        (f"{ORDER}.eml.gz", gzip.compress(raw("requested_us"))),
        (f"{ORDER}.eml", OLE),
    ],
)
def test_a_part_whose_name_hints_at_a_claim_needs_a_person(name: str, content: bytes) -> None:
    mail = read_mail(with_part(name, content))
    assert mail.reading == Reading.NEEDS_PERSON
    assert mail.why == f"A part that could not be read may be the letter, by its name: {name}."


def test_the_order_in_the_parts_name_is_proposed() -> None:
    assert read_mail(with_part(f"order_{ORDER}.msg", OLE)).order_id == ORDER


@pytest.mark.parametrize(
    ("subject", "text"), [(f"Order {ORDER}", "See this."), ("letter", f"About {ORDER}, see the attachment.")]
)
def test_an_order_beside_an_unread_part_needs_a_person(subject: str, text: str) -> None:
    mail = read_mail(with_part("winmail.dat", TNEF, subject=subject, text=text))
    assert (mail.reading, mail.order_id) == (Reading.NEEDS_PERSON, ORDER)
    assert mail.why == "It names an order or a claim, and carries a part that could not be read: winmail.dat."


@pytest.mark.parametrize("mark", ["Fwd: ", "WG: ", "I: ", "TR: ", "転送: ", "転送：", "RV: "])
def test_a_forward_of_something_unread_needs_a_person(mark: str) -> None:
    mail = read_mail(with_part("letter.msg", OLE, subject=f"{mark}Amazon", text="FYI"))
    assert mail.reading == Reading.NEEDS_PERSON
    assert mail.why == "It forwards something that could not be read: letter.msg."


def test_a_mail_that_is_one_unread_part_needs_a_person() -> None:
    head = b"From: m@acme.example\nSubject: Fwd: letter\nContent-Type: application/pdf\n\n"
    mail = read_mail(head + b"%PDF-1.7 \x00\x01")
    assert (mail.reading, mail.text) == (Reading.NEEDS_PERSON, "")


def test_a_received_letter_beside_an_unread_one_that_asks_needs_a_person() -> None:
    from_amazon = raw("received_us")
    message = (
        b'From: m@acme.example\nSubject: two\nContent-Type: multipart/mixed; boundary="b"\n\n'
        b"--b\nContent-Type: message/rfc822\n\n"
        + from_amazon
        + b"\n--b\nContent-Type: application/vnd.ms-outlook\n"
        b'Content-Disposition: attachment; filename="Action required.msg"\n\nx\n--b--\n'
    )
    mail = read_mail(message)
    assert (mail.reading, mail.kind, mail.order_id) == (
        Reading.NEEDS_PERSON,
        "information_requested",
        ORDER,
    )


def test_ordinary_mail_with_attachments_stays_unrelated() -> None:
    assert read_mail(with_part("invoice.pdf", b"%PDF-1.7", subject="Invoice 7")).reading == Reading.UNRELATED
    news = forward(subject="News", plain="Spring is here.")
    news.add_attachment(b"x", maintype="image", subtype="png", filename="logo.png", disposition="inline")
    assert read_mail(news.as_bytes()).reading == Reading.UNRELATED


@pytest.mark.parametrize("name", ["newsletter", "chargeback", "return_request", "buyer_message"])
def test_amazons_other_mail_with_a_document_stays_unrelated(name: str) -> None:
    head, text = raw(name).split(b"\n\n", 1)
    head = head.replace(
        b"Content-Type: text/plain; charset=UTF-8", b'Content-Type: multipart/mixed; boundary="b"'
    )
    parts = (
        b"\n\n--b\nContent-Type: text/plain\n\n"
        + text
        + b"\n--b\nContent-Type: application/pdf\n\n%PDF\n--b--\n"
    )
    mail = read_mail(head + parts)
    assert mail.reading == Reading.UNRELATED
    assert read_mail(raw(name)).reading == Reading.UNRELATED


def test_a_forwarded_letter_that_can_be_read_beside_a_document_is_read() -> None:
    message = forward(subject="Fwd: letter", plain="The proof is attached too.")
    message.add_attachment(
        raw("requested_us"), maintype="application", subtype="octet-stream", filename="a.eml"
    )
    message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename=f"pod_{ORDER}.pdf")
    assert read_mail(message.as_bytes()).reading == Reading.CLAIM


@pytest.mark.parametrize(
    "source",
    [gzip.compress(raw("requested_us")), OLE, random.Random(7).randbytes(3_000), b"no headers at all"],
    ids=["gzip", "msg", "random", "a note"],
)
def test_bytes_that_are_no_mail_wait_for_a_person(source: bytes) -> None:
    mail = read_mail(source)
    assert (mail.reading, mail.why) == (Reading.NEEDS_PERSON, "It could not be read as a mail.")


def test_a_mail_that_cannot_be_taken_apart_waits_for_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: bytes) -> None:
        raise ValueError("a fault")

    monkeypatch.setattr("claims.intake.reader.parse_letter", broken)
    mail = read_mail(raw("newsletter"))
    assert (mail.reading, mail.why) == (Reading.NEEDS_PERSON, "It could not be read as a mail.")
    assert "Spring is here" in mail.text
