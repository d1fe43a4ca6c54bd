"""Letters that come forwarded: attached, quoted in many programs' ways, with their headers lost."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from claims.intake import Reading, ReadMail, read_mail
from claims.words import NoticeKind
from tests.claims.intake.letters import attached, block, forward, page_of, plain_of, raw, without_header

ORIGINAL = datetime(2026, 9, 2, 22, 40, 5, tzinfo=UTC)
FORWARDED = datetime(2026, 9, 3, 6, 0, tzinfo=UTC)
FROM = "Garanzia dalla A alla Z di Amazon <atoz-guarantee-no-reply@amazon.it>"
SUBJECT = "Richiesta di rimborso ricevuta per l’ordine 403-1112223-4445556"


def assert_read_whole(mail: ReadMail) -> None:
    assert (mail.reading, mail.kind) == (Reading.CLAIM, NoticeKind.CLAIM_RECEIVED)
    assert mail.notification_type == "A_Z_CLAIM_RESPONDENT_NOTIFY"
    assert mail.order_id == "403-1112223-4445556"
    assert (mail.amount, mail.currency) == (Decimal("1284.50"), "EUR")
    assert mail.marketplace_id == "APJ6JRA9NG5V4"
    assert mail.seller_name == "Caffè del Porto S.r.l."
    assert mail.stated_window is not None
    assert mail.stated_window.source_text == "Deve rispondere entro 3 giorni di calendario."


@pytest.mark.parametrize("how", [{}, {"encoded": True}, {"as_file": True}])
def test_a_letter_forwarded_as_an_attachment_is_read_with_its_own_headers(how: dict[str, bool]) -> None:
    mail = read_mail(attached("received_it", **how))
    assert_read_whole(mail)
    assert mail.marketplace_basis == "header"
    assert (mail.noticed_at, mail.noticed_at_basis, mail.forwarded) == (ORIGINAL, "original_date", True)
    assert mail.sender == "atoz-guarantee-no-reply@amazon.it"
    assert mail.content_id == read_mail(raw("received_it")).content_id


def test_an_attached_letter_without_a_date_takes_the_forwards() -> None:
    message = attached("received_it").replace(b"Date: Wed, 02 Sep 2026 22:40:05 +0000\n", b"")
    mail = read_mail(message)
    assert (mail.noticed_at, mail.noticed_at_basis) == (FORWARDED, "forward_date")


GMAIL = block("---------- Forwarded message ---------", f"Da: {FROM}", "Date: mer 2 set 2026 alle ore 22:40",
              f"Subject: {SUBJECT}", "To: <ordini@caffedelporto.example>", as_html=True)  # fmt: skip
OUTLOOK = block(f"Da: {FROM}", "Inviato: mercoledì 2 settembre 2026 22:40", "A: ordini@caffedelporto.example",
                f"Oggetto: {SUBJECT}", as_html=True)  # fmt: skip
OUTLOOK_DE = block(f"Von: {FROM}", "Gesendet: Mittwoch, 2. September 2026 22:40", "An: ordini@caffe.example",
                   f"Betreff: {SUBJECT}", as_html=True)  # fmt: skip
CHINESE = block(f"发件人： {FROM}", "发送时间： 2026年9月2日 22:40", "收件人： ordini@caffe.example",
                f"主题： {SUBJECT}", as_html=True)  # fmt: skip


@pytest.mark.parametrize(
    "quoted", [GMAIL, OUTLOOK, OUTLOOK_DE, CHINESE], ids=["gmail", "outlook", "de", "zh"]
)
def test_a_quoted_letter_is_read_by_its_links_and_starts_at_the_forward(quoted: str) -> None:
    message = forward(
        subject=f"I: {SUBJECT}", plain="vedi sotto", page=f"<p>Vedi sotto</p>{quoted}{page_of('received_it')}"
    )
    mail = read_mail(message.as_bytes())
    assert_read_whole(mail)
    assert (mail.marketplace_basis, mail.sender) == ("sender", "atoz-guarantee-no-reply@amazon.it")
    assert (mail.noticed_at, mail.noticed_at_basis) == (FORWARDED, "forward_date")
    assert (mail.subject, mail.forwarded, mail.sender_is_amazon) == (SUBJECT, True, True)


APPLE = block("Inizio messaggio inoltrato:", "", f"Da: {FROM}", f"Oggetto: {SUBJECT}",
              "Data: 3 settembre 2026 alle ore 00:40:05 CEST", "A: ordini@caffedelporto.example")  # fmt: skip
APPLE_EN = block("Begin forwarded message:", "", f"From: {FROM}", f"Subject: {SUBJECT}",
                 "Date: September 3, 2026 at 12:40:05 AM GMT+2", "To: ordini@caffe.example")  # fmt: skip
THUNDERBIRD = block("-------- Messaggio Inoltrato --------", f"Oggetto: {SUBJECT}",
                    "Data: Wed, 02 Sep 2026 22:40:05 +0000", f"Mittente: {FROM}",
                    "A: ordini@caffe.example")  # fmt: skip


@pytest.mark.parametrize("quoted", [APPLE, APPLE_EN, THUNDERBIRD], ids=["apple", "apple en", "thunderbird"])
def test_a_quoted_date_with_its_zone_is_the_letters_moment(quoted: str) -> None:
    message = forward(subject=f"Fwd: {SUBJECT}", plain=quoted + plain_of("received_it"))
    mail = read_mail(message.as_bytes())
    assert_read_whole(mail)
    assert (mail.noticed_at, mail.noticed_at_basis) == (ORIGINAL, "forwarded_header")


def test_a_quoted_date_after_the_forward_is_not_believed() -> None:
    quoted = APPLE_EN.replace("September 3, 2026", "September 9, 2026")
    mail = read_mail(forward(subject=f"Fwd: {SUBJECT}", plain=quoted + plain_of("received_it")).as_bytes())
    assert (mail.noticed_at, mail.noticed_at_basis) == (FORWARDED, "forward_date")


def test_a_text_forward_with_quote_marks_and_broken_addresses_is_read() -> None:
    letter = (APPLE + plain_of("received_it")).replace("RESPONDENT_NOTIFY", "RESPOND\nENT_NOTIFY")
    wrapped = letter.replace("entro 3 giorni", "entro\n3 giorni")
    message = forward(subject="richiesta", plain="\n".join(f"> {line}" for line in wrapped.split("\n")))
    assert_read_whole(read_mail(message.as_bytes()))


def test_a_letter_that_lost_its_headers_is_read_by_its_links_alone() -> None:
    mail = read_mail(forward(subject="reclamo", page=page_of("received_it")).as_bytes())
    assert_read_whole(mail)
    assert (mail.marketplace_basis, mail.sender) == ("link", "marta@caffedelporto.example")
    assert (mail.noticed_at, mail.noticed_at_basis) == (FORWARDED, "forward_date")
    assert (mail.forwarded, mail.sender_is_amazon) == (True, False)


def test_amazons_own_letter_without_type_header_is_read_by_its_links() -> None:
    mail = read_mail(without_header(raw("received_it"), "X-Space-Notification-Type", "X-Marketplace-ID"))
    assert_read_whole(mail)
    assert (mail.marketplace_basis, mail.noticed_at_basis) == ("sender", "original_date")
    assert (mail.noticed_at, mail.forwarded) == (ORIGINAL, False)


@pytest.mark.parametrize(
    "wrap",
    [
        "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fsellercentral.amazon.it%2Fn%3FdeliveryId"
        "%3D1%26communicationName%3DA_Z_CLAIM_RESPONDENT_NOTIFY&data=05",
        "https://urldefense.com/v3/__https://sellercentral.amazon.it/n?nt=A_Z_CLAIM_RESPONDENT_NOTIFY&n=1__;!!x",
        "https://urldefense.proofpoint.com/v2/url?u=https-3A__sellercentral.amazon.it_n-3Fnt-3DA-5FZ-5FCLAIM"
        "-5FRESPONDENT-5FNOTIFY-26n-3D1&d=D",
    ],
    ids=["safelinks", "urldefense 3", "urldefense 2"],
)
def test_links_that_a_gateway_wrapped_still_name_the_type(wrap: str) -> None:
    page = page_of("received_it").split('<a href="https://sellercentral.amazon.it/notifications')[0]
    mail = read_mail(forward(subject="reclamo", page=f'{page}<a href="{wrap}">x</a>').as_bytes())
    assert mail.notification_type == "A_Z_CLAIM_RESPONDENT_NOTIFY"
    assert mail.reading == Reading.CLAIM


def test_a_forward_whose_links_are_gone_is_read_by_the_quoted_sender_and_wording() -> None:
    text = plain_of("received_it").split("Segnala un problema")[0]
    mail = read_mail(forward(subject=f"I: {SUBJECT}", plain=APPLE + text).as_bytes())
    assert (mail.reading, mail.kind) == (Reading.CLAIM, NoticeKind.CLAIM_RECEIVED)
    assert (mail.notification_type, mail.marketplace_basis) == (None, "sender")
    assert mail.noticed_at == ORIGINAL


def test_a_reply_that_quotes_a_letter_needs_a_person() -> None:
    mail = read_mail(
        forward(subject=f"Re: {SUBJECT}", plain="Ho risposto.\n\n" + plain_of("received_it")).as_bytes()
    )
    assert mail.reading == Reading.NEEDS_PERSON
    assert mail.why == "It is a reply that quotes a letter of Amazon's, not the letter itself."
    assert mail.order_id == "403-1112223-4445556"


def test_a_colleague_who_writes_about_a_claim_needs_a_person() -> None:
    said = "We received an A-to-z Guarantee claim of $5.00 on the order 112-3334445-5556667. What now?"
    mail = read_mail(forward(subject="Claim received on order 112-3334445-5556667", plain=said).as_bytes())
    assert (mail.reading, mail.kind) == (Reading.NEEDS_PERSON, NoticeKind.CLAIM_RECEIVED)
    assert mail.why == "It speaks of an A-to-z claim, but does not come from Amazon."


def test_letters_about_two_orders_in_one_mail_need_a_person() -> None:
    first, second = raw("received_it"), raw("received_it").replace(b"403-1112223", b"403-9998887")
    parts = b"".join(b"--b\nContent-Type: message/rfc822\n\n" + each + b"\n" for each in (first, second))
    head = b"From: m@caffe.example\nDate: Thu, 03 Sep 2026 08:00:00 +0200\nMIME-Version: 1.0\n"
    mail = read_mail(head + b'Content-Type: multipart/mixed; boundary="b"\n\n' + parts + b"--b--\n")
    assert (mail.reading, mail.why) == (Reading.NEEDS_PERSON, "It carries letters about several orders.")


def test_headers_pasted_into_the_text_are_read() -> None:
    pasted = block(
        "X-Marketplace-ID: APJ6JRA9NG5V4", "X-Space-Notification-Type: A_Z_CLAIM_RESPONDENT_NOTIFY"
    )
    text = plain_of("received_it").split("Segnala un problema")[0]
    mail = read_mail(forward(subject="reclamo", plain=pasted + text).as_bytes())
    assert_read_whole(mail)
    assert mail.marketplace_basis == "header"


def test_a_forward_without_any_date_has_no_moment() -> None:
    mail = read_mail(forward(subject="reclamo", page=page_of("received_it"), date=None).as_bytes())
    assert (mail.reading, mail.noticed_at, mail.noticed_at_basis) == (Reading.CLAIM, None, None)
