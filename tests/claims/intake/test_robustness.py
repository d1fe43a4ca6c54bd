"""Whatever the bytes are: a reading comes out, soon, and nothing that a database cannot hold."""

import time
from dataclasses import fields
from email.message import EmailMessage

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from claims.intake import Reading, ReadMail, read_mail
from tests.claims.intake.letters import MAILS, attached, raw

NAMES = sorted(path.stem for path in MAILS.glob("*.eml"))
FUZZ = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
PIECES = st.sampled_from(
    [
        b"Subject: =?utf-8?b?", b"?=\n", b"=?x?q?=zz?=", b"From: ", b"<@amazon.it>", b"Date: ", b"\n\n", b"\x00",
        b"\xff\xfe", b"Content-Type: multipart/mixed; boundary=b\n", b"--b\n", b"--b--",
        b"Content-Type: message/rfc822\n",
        b"Content-Transfer-Encoding: base64\n", b"Content-Type: text/html; charset=utf-7\n", b"charset=idna", b"<div>",
        b"A-to-z Guarantee claim", b"112-3334445-5556667", b"X-Space-Notification-Type: A_Z_CLAIM_RESPONDENT_NOTIFY\n",
        b"\xe2\x80\xae", b"\xed\xa0\x80", b"1,,,,,234 EUR", b"Von: x\nGesendet: 99.99.9999 99:99 +9999\n",
        b"&#0;&#xd800;",
        b"within 999999999 hours respond", b"Fwd: ", b"charset*0*=x''%00", b"https://%[::1", b"boundary=",
    ]
)  # fmt: skip


def assert_storable(mail: ReadMail) -> None:
    for field in fields(mail):
        value = getattr(mail, field.name)
        for text in value.values() if isinstance(value, dict) else [value]:
            if isinstance(text, str):
                assert "\x00" not in text
                text.encode("utf-8")
    assert len(mail.content_id) == 64
    assert mail.why


@FUZZ
@given(st.binary(max_size=3_000))
def test_any_bytes_give_a_reading(source: bytes) -> None:
    assert_storable(read_mail(source))


@FUZZ
@given(st.lists(st.one_of(PIECES, st.binary(max_size=20)), max_size=40))
def test_any_mixture_of_mail_parts_gives_a_reading(pieces: list[bytes]) -> None:
    assert_storable(read_mail(b"".join(pieces)))


@FUZZ
@given(
    st.sampled_from(NAMES),
    st.lists(
        st.tuples(st.floats(0, 1), st.integers(0, 40), st.one_of(PIECES, st.binary(max_size=12))), max_size=6
    ),
)
def test_any_mutation_of_a_letter_gives_a_reading(name: str, edits: list[tuple[float, int, bytes]]) -> None:
    source = raw(name)
    for place, length, piece in edits:
        at = int(place * len(source))
        source = source[:at] + piece + source[at + length :]
    assert_storable(read_mail(source))


@pytest.mark.parametrize("name", NAMES)
def test_a_letter_cut_anywhere_gives_a_reading(name: str) -> None:
    source = raw(name)
    for end in range(0, len(source), max(1, len(source) // 40)):
        assert_storable(read_mail(source[:end]))


def test_nothing_at_all_is_unrelated() -> None:
    for source in (b"", b"\n\n\n", b"\x00" * 100, b" "):
        mail = read_mail(source)
        assert (mail.reading, mail.why) == (Reading.UNRELATED, "Nothing in it speaks of an A-to-z claim.")
        assert (mail.noticed_at, mail.text, mail.subject) == (None, "", "")


def test_different_mails_without_text_have_different_ids() -> None:
    assert read_mail(b"").content_id != read_mail(b"\n").content_id


def deep_multipart() -> bytes:
    heads = b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (level, level) for level in range(500)
    )
    return b"From: atoz-guarantee-no-reply@amazon.it\nSubject: x\n" + heads + b"\nreclamo dalla A alla Z\n"


def deep_attachments() -> bytes:
    return b"Subject: x\n" + b"Content-Type: message/rfc822\n\n" * 3_000 + b"A-to-z Guarantee claim\n"


HEAD = b"From: atoz-guarantee-no-reply@amazon.it\nDate: Wed, 02 Sep 2026 22:40:05 +0000\nSubject: x\n"
HTML = HEAD + b"Content-Type: text/html; charset=utf-8\n\n"
BOMBS = {
    "20 MB of text": HEAD
    + b"\n"
    + b"A-to-z Guarantee claim 1,1,1,1, 112-3334445-5556667 within 3 \n" * 330_000,
    "20 MB on one line": HEAD + b"\n" + b"a " * 10_000_000,
    "20 MB of base64": HEAD + b"Content-Transfer-Encoding: base64\n\n" + b"QUFB" * 5_000_000,
    "many parts": HEAD + b'Content-Type: multipart/mixed; boundary="b"\n\n' + b"--b\n\nx\n" * 100_000,
    "deep multiparts": deep_multipart(),
    "deep attachments": deep_attachments(),
    "deep html": HTML + b"<div>" * 150_000 + b"reclamo dalla A alla Z",
    "open tags": HTML + b"<" * 800_000,
    "open comments": HTML + b"<!--" * 200_000,
    "long header": b"Subject: " + b"=?utf-8?q?a?= " * 50_000 + b"\n\nA-to-z Guarantee claim",
    "long address": b"From: " + b"<" * 50_000 + b"@" * 50_000 + b"\n\nA-to-z Guarantee claim",
    "digits": HEAD + b"\n" + b"1 " * 90_000 + b"EUR " + b"1" * 90_000,
    "blanks": HEAD + b"\nA-to-z Guarantee" + b" \t" * 90_000 + b"x",
    "quote marks": HEAD + b"\n" + b"> " * 90_000,
    "idna": HEAD + b"Content-Type: text/plain; charset=idna\n\n" + b"xn--" + b"a" * 200_000,
    "links": HTML + b'<a href="https://a.example/?nt=%25%25">x</a>' * 40_000,
    "header blocks": HEAD.replace(b"amazon.it", b"a.example")
    + b"\n"
    + b"From: x\nDate: 1\nSubject: A-to-z\n" * 9_000,
}


@pytest.mark.parametrize("name", list(BOMBS))
def test_no_letter_takes_long_to_read(name: str) -> None:
    started = time.process_time()  # a busy machine is no fault of the reader's
    mail = read_mail(BOMBS[name])
    assert time.process_time() - started < 5
    assert_storable(mail)
    if name not in ("20 MB of base64",):
        assert mail.reading == Reading.NEEDS_PERSON


def test_a_damaged_mail_that_names_the_guarantee_is_kept_for_a_person() -> None:
    mail = read_mail(b"\xff\x00\x01 A-to-z Guarantee claim \x00 112-3334445-5556667")
    assert mail.reading == Reading.NEEDS_PERSON
    assert mail.text == "ÿ A-to-z Guarantee claim 112-3334445-5556667"


def test_a_hundred_letters_are_read_in_two_seconds() -> None:
    source = raw("received_it")
    started = time.process_time()
    readings = {read_mail(source).reading for _ in range(100)}
    assert time.process_time() - started < 2
    assert readings == {Reading.CLAIM}


def test_control_characters_leave_the_text_and_its_words() -> None:
    source = raw("received_us").replace(b"What happens now?", b"What\x00 hap\x07pens\x1b[0m \xc2\x85now?")
    assert "What happens[0m \nnow?" in read_mail(source).text.replace("[0m\n", "[0m \n")


@pytest.mark.parametrize("charset", ["x-unknown", "idna", "utf-8", "", '"; drop', "us-ascii"])
def test_an_unknown_charset_is_read_as_utf_8(charset: str) -> None:
    message = HEAD + f"Content-Type: text/plain; charset={charset}\n\nGarantía de la A a la Z — año".encode()
    assert read_mail(message).text == "Garantía de la A a la Z — año"


def test_a_wrong_charset_keeps_what_can_be_read() -> None:
    message = HEAD + "Content-Type: text/plain; charset=utf-8\n\nGarantie A à Z, réclamation".encode("cp1252")
    mail = read_mail(message)
    assert mail.reading == Reading.NEEDS_PERSON
    assert "clamation" in mail.text


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        (b"=?UTF-8?B?QWN0aW9u?= required", "Action required"),
        (b"=?UTF-8?Q?l=E2=80?= =?UTF-8?Q?=99ordine?=", "l’ordine"),
        (b"=?UTF-8?B?QWN0aW9?=", "Actio"),
        (b"=?nowhere?Q?a=E9?=", "aé"),
        (b"=?UTF-8?Q?open", "=?UTF-8?Q?open"),
        ("réclamation".encode(), "réclamation"),
        ("réclamation".encode("cp1252"), "réclamation"),
        (b"folded\n and more", "folded and more"),
    ],
)
def test_a_broken_subject_is_read_as_far_as_it_goes(subject: bytes, expected: str) -> None:
    assert read_mail(b"Subject: " + subject + b"\nFrom: a@b.example\n\nx").subject == expected


def test_the_plain_part_is_read_where_the_html_part_says_nothing() -> None:
    message = EmailMessage()
    message["From"] = "atoz-guarantee-no-reply@amazon.it"
    message.set_content("reclamo dalla A alla Z per l'ordine 403-1112223-4445556")
    message.add_alternative("<img src='x.png'>", subtype="html")
    assert read_mail(message.as_bytes()).text == "reclamo dalla A alla Z per l'ordine 403-1112223-4445556"


def test_an_mbox_line_before_the_headers_is_passed_over() -> None:
    assert read_mail(b"From x@y Wed Sep  2 22:40:05 2026\n" + raw("received_it")).reading == Reading.CLAIM


def test_an_attached_letter_below_many_others_is_still_found() -> None:
    source = attached("received_it")
    for _ in range(5):
        head = b"From: m@caffe.example\nMIME-Version: 1.0\nContent-Type: message/rfc822\n\n"
        source = head + source
    assert read_mail(source).reading == Reading.CLAIM
