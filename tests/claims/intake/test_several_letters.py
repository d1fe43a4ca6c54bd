"""Several letters in one mail: the same letter twice is one, two that differ wait for a person."""

import time
from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest

from claims.intake import Reading, ReadMail, read_mail
from claims.words import NoticeKind
from tests.claims.intake.letters import attached, forward, raw

ORDER = "112-3334445-5556667"
DIFFER = "It carries several letters that do not say the same: a person must tell which of them counts."
OLDER = raw("received_us").replace(b"Tue, 03 Mar", b"Sun, 01 Mar")
REQUEST = raw("requested_us")


def carrying(*letters: bytes, subject: str = "FW: letters of Amazon", text: str = "See these.") -> bytes:
    message = forward(subject=subject, plain=text)
    for each in letters:
        message.add_attachment(message_from_bytes(each, policy=policy.default))
    return message.as_bytes()


def assert_asks_person(mail: ReadMail, why: str = DIFFER) -> None:
    assert (mail.reading, mail.why) == (Reading.NEEDS_PERSON, why)
    assert (mail.kind, mail.order_id) == (NoticeKind.INFORMATION_REQUESTED, ORDER)


@pytest.mark.parametrize("letters", [(REQUEST, OLDER), (OLDER, REQUEST)], ids=["newer first", "older first"])
def test_a_request_and_the_older_receipt_of_one_order_need_a_person(letters: tuple[bytes, bytes]) -> None:
    mail = read_mail(carrying(*letters))
    assert_asks_person(mail)
    assert mail.noticed_at == datetime(2026, 3, 3, 17, 15, tzinfo=UTC)
    assert "Please provide the proof of delivery" in mail.text
    assert "No action is needed from you" in mail.text


def test_a_letter_without_amazons_type_counts_beside_a_typed_one() -> None:
    untyped = REQUEST.replace(b"X-Space-Notification-Type: A_Z_CLAIM_RESPONDENT_NOTIFY\n", b"")
    for letters in ((untyped, OLDER), (OLDER, untyped)):
        assert_asks_person(read_mail(carrying(*letters)))


def test_two_requests_of_different_days_need_a_person() -> None:
    again = REQUEST.replace(b"Tue, 03 Mar", b"Wed, 04 Mar")
    mail = read_mail(carrying(again, REQUEST))
    assert_asks_person(mail)
    assert mail.noticed_at == datetime(2026, 3, 3, 17, 15, tzinfo=UTC)


def test_the_ids_of_such_a_mail_are_its_own_whatever_the_order_of_its_letters() -> None:
    both, turned = read_mail(carrying(REQUEST, OLDER)), read_mail(carrying(OLDER, REQUEST))
    assert both.content_id == turned.content_id
    assert both.content_id not in (read_mail(REQUEST).content_id, read_mail(OLDER).content_id)


def test_the_same_letter_attached_twice_is_one_letter() -> None:
    mail = read_mail(carrying(REQUEST, REQUEST))
    assert (mail.reading, mail.kind) == (Reading.CLAIM, NoticeKind.INFORMATION_REQUESTED)
    assert mail.content_id == read_mail(REQUEST).content_id


def test_a_forward_whose_own_subject_asks_for_action_is_not_read_as_quiet() -> None:
    subject = f"FW: Action required: Claim received on order {ORDER}"
    mail = read_mail(carrying(OLDER, subject=subject))
    why = "Its letter asks for nothing, but another subject or file name in the mail asks for action."
    assert_asks_person(mail, why)
    assert mail.content_id != read_mail(OLDER).content_id


def test_a_colleagues_words_beside_the_letter_do_not_make_it_two() -> None:
    mail = read_mail(carrying(OLDER, text=f"An A-to-z Guarantee claim on {ORDER}, look at it please."))
    assert (mail.reading, mail.kind) == (Reading.CLAIM, NoticeKind.CLAIM_RECEIVED)
    assert read_mail(attached("received_it")).reading == Reading.CLAIM


SENDER = "Amazon A-to-z Guarantee <atoz-guarantee-no-reply@amazon.com>"


def quoted(name: str, subject: str, sent: str, *, sender: str = SENDER) -> str:
    return (
        f"From: {sender}\nSent: {sent}\nTo: a@acme.example\nSubject: {subject}\n\n{plain_of_text(name)}\n\n"
    )


def plain_of_text(name: str) -> str:
    return raw(name).decode().split("\n\n", 1)[1]


ASKS = f"Action required: Claim received on order {ORDER}"
TELLS = f"Claim received on order {ORDER}"


@pytest.mark.parametrize("sender", [SENDER, "Amazon A-to-z Guarantee"], ids=["with address", "name only"])
@pytest.mark.parametrize("newer_first", [True, False])
def test_two_letters_quoted_in_one_text_need_a_person(sender: str, newer_first: bool) -> None:
    pieces = [
        quoted("requested_us", ASKS, "Tuesday, March 3, 2026 9:15 AM", sender=sender),
        quoted("received_us", TELLS, "Sunday, March 1, 2026 9:15 AM", sender=sender),
    ]
    text = "".join(pieces if newer_first else reversed(pieces))
    mail = read_mail(forward(subject=f"FW: {TELLS}", plain=f"Both:\n\n{text}").as_bytes())
    assert_asks_person(mail)
    assert "Please provide the proof of delivery" in mail.text


def test_a_letter_quoted_and_attached_at_once_is_one_letter() -> None:
    text = quoted("received_us", TELLS, "Sun, 01 Mar 2026 09:15:00 -0800")
    mail = read_mail(carrying(OLDER, subject=f"FW: {TELLS}", text=text))
    assert (mail.reading, mail.kind, mail.order_id) == (Reading.CLAIM, NoticeKind.CLAIM_RECEIVED, ORDER)


def test_a_forward_of_a_forward_is_one_letter() -> None:
    inner = quoted("received_us", TELLS, "Sunday, March 1, 2026 9:15 AM")
    outer = f"From: Bo <bo@acme.example>\nSent: Monday\nSubject: FW: {TELLS}\n\nLook\n\n{inner}"
    mail = read_mail(forward(subject=f"FW: FW: {TELLS}", plain=outer).as_bytes())
    assert (mail.reading, mail.kind, mail.order_id) == (Reading.CLAIM, NoticeKind.CLAIM_RECEIVED, ORDER)


def test_many_quoted_letters_are_read_soon() -> None:
    piece = quoted("received_us", TELLS, "Sunday, March 1, 2026 9:15 AM")
    started = time.process_time()
    assert read_mail(forward(subject="FW: all", plain=piece * 300).as_bytes()).order_id == ORDER
    assert time.process_time() - started < 5
