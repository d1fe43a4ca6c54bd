"""What is read from each kind of letter, with exact values."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from claims.deadlines import Stated, Window
from claims.intake import Reading, StatedDate, StatedWindow, read_mail
from claims.words import NoticeKind
from tests.claims.intake.letters import changed, raw, read, without_header


def test_the_italian_received_letter_is_read_whole() -> None:
    mail = read("received_it")
    assert (mail.reading, mail.kind) == (Reading.CLAIM, NoticeKind.CLAIM_RECEIVED)
    assert mail.order_id == "403-1112223-4445556"
    assert (mail.amount, mail.currency) == (Decimal("1284.50"), "EUR")
    assert (mail.marketplace_id, mail.marketplace_basis) == ("APJ6JRA9NG5V4", "header")
    assert mail.seller_name == "Caffè del Porto S.r.l."
    assert mail.noticed_at == datetime(2026, 9, 2, 22, 40, 5, tzinfo=UTC)
    assert mail.noticed_at_basis == "original_date"
    assert mail.stated_window == StatedWindow(
        Window(calendar_days=3), "Deve rispondere entro 3 giorni di calendario."
    )
    assert mail.stated == Stated(
        window=Window(calendar_days=3), text="Deve rispondere entro 3 giorni di calendario."
    )
    assert mail.subject == "Richiesta di rimborso ricevuta per l’ordine 403-1112223-4445556"
    assert (mail.sender, mail.sender_is_amazon) == ("atoz-guarantee-no-reply@amazon.it", True)
    assert (mail.stated_date, mail.decision, mail.amazon_claim_id) == (None, None, None)
    assert (mail.reason_label, mail.buyer_comment, mail.forwarded) == (None, None, False)
    assert mail.notification_type == "A_Z_CLAIM_RESPONDENT_NOTIFY"


def test_the_text_of_an_html_letter_is_readable_and_has_no_script_style_or_title() -> None:
    text = read("received_it").text
    assert text.startswith(
        "Gentile Caffè del Porto S.r.l.,\n\nabbiamo ricevuto un reclamo dalla A alla Z di 1.284,50 € per l’ordine "
        "403-1112223-4445556.\n\nPerché riceve questa lettera?"
    )
    for hidden in ("letto", "mai-visibile", "non si legge", "<", "\xa0"):
        assert hidden not in text


@pytest.mark.needs_samples
def test_the_real_italian_letter_is_read_whole(samples: Path) -> None:
    mail = read_mail((samples / "mail" / "notice-it-2026-08-29.eml").read_bytes())
    assert (mail.reading, mail.kind) == (Reading.CLAIM, NoticeKind.CLAIM_RECEIVED)
    assert (mail.order_id, mail.amount, mail.currency) == ("402-3427577-1965903", Decimal("119.00"), "EUR")
    assert (mail.marketplace_id, mail.marketplace_basis) == ("APJ6JRA9NG5V4", "header")
    assert mail.seller_name == "Innoliving Spa"
    assert mail.noticed_at == datetime(2026, 8, 29, 17, 37, 31, tzinfo=UTC)
    assert mail.stated_window is not None
    assert mail.stated_window.window == Window(calendar_days=3)
    assert mail.stated_window.source_text == "Deve rispondere entro 3 giorni di calendario."


def test_the_us_received_letter_is_read_with_label_comment_and_claim_id() -> None:
    mail = read("received_us")
    assert (mail.reading, mail.kind) == (Reading.CLAIM, NoticeKind.CLAIM_RECEIVED)
    assert (mail.order_id, mail.amazon_claim_id) == ("112-3334445-5556667", "AZC-20260303-77")
    assert (mail.amount, mail.currency) == (Decimal("1034.90"), "USD")
    assert mail.seller_name == "ACME Trading, Inc."
    assert mail.reason_label == "Package didn't arrive"
    assert mail.buyer_comment == "Nothing came, the tracking has not moved for a week."
    assert mail.noticed_at == datetime(2026, 3, 3, 17, 15, tzinfo=UTC)
    assert mail.stated_window is not None
    assert mail.stated_window.window == Window(hours=72)


def test_the_us_received_subject_and_first_sentence_are_enough() -> None:
    source = (
        b"From: atoz-guarantee-no-reply@amazon.com\nDate: Tue, 03 Mar 2026 17:15:00 +0000\n"
        b"Subject: Claim received on order 112-3334445-5556667\n\n"
        b"We received an A-to-z Guarantee claim of $34.90 on the order 112-3334445-5556667.\n"
    )
    mail = read_mail(source)
    assert (mail.reading, mail.kind) == (Reading.CLAIM, NoticeKind.CLAIM_RECEIVED)
    assert (mail.amount, mail.currency) == (Decimal("34.90"), "USD")
    assert (mail.marketplace_id, mail.marketplace_basis) == ("ATVPDKIKX0DER", "sender")


def test_an_action_required_subject_is_a_request_with_its_stated_moment() -> None:
    mail = read("requested_us")
    words = "You must respond within 72 hours, by March 6, 2026 9:15 AM PST."
    assert (mail.reading, mail.kind) == (Reading.CLAIM, NoticeKind.INFORMATION_REQUESTED)
    assert mail.stated_window == StatedWindow(Window(hours=72), words)
    assert mail.stated_date == StatedDate(datetime(2026, 3, 6, 17, 15, tzinfo=UTC), None, words)
    assert mail.stated == Stated(
        moment=datetime(2026, 3, 6, 17, 15, tzinfo=UTC), window=Window(hours=72), text=words
    )


def test_a_stated_date_without_zone_is_a_bare_date() -> None:
    mail = changed("requested_us", ("by March 6, 2026 9:15 AM PST", "by March 6, 2026 9:15 AM"))
    assert mail.stated_date is not None
    assert (mail.stated_date.moment, mail.stated_date.day) == (None, date(2026, 3, 6))


def test_a_request_in_the_text_alone_is_a_request() -> None:
    mail = changed("requested_us", ("Action required: Claim received on order", "About order"))
    assert (mail.reading, mail.kind) == (Reading.CLAIM, NoticeKind.INFORMATION_REQUESTED)


@pytest.mark.parametrize(
    ("name", "old", "new", "why"),
    [
        (
            "requested_us",
            "To decide it we need more\ninformation from you.",
            "No action is needed.",
            "Its subject asks for action while its text says that none is needed.",
        ),
        (
            "received_us",
            "What happens now?",
            "Please provide the proof of delivery.",
            "It says that a claim was received, and asks for something as well.",
        ),
        (
            "denied_us",
            "The claim was decided in your favor.",
            "The claim is closed.",
            "A claim was decided, but the decision is not worded in a known way.",
        ),
        (
            "granted_bare_us",
            "We have granted",
            "We have denied the claim. We have granted",
            "It names two outcomes of the claim at once.",
        ),
        (
            "granted_bare_us",
            "Claim decision on order",
            "Action required: claim decision on order",
            "Its subject asks for action while its text speaks of a decision.",
        ),
        (
            "received_us",
            "What happens now?",
            "We need more information about your appeal.",
            "It seems to be about an appeal, whose wording is not known.",
        ),
    ],
)
def test_a_letter_that_says_two_things_needs_a_person(name: str, old: str, new: str, why: str) -> None:
    mail = changed(name, (old, new))
    assert (mail.reading, mail.why) == (Reading.NEEDS_PERSON, why)
    assert mail.order_id == "112-3334445-5556667"
    assert mail.decision is None


@pytest.mark.parametrize(
    ("received", "quiet"),
    [
        (
            "Hemos recibido una reclamación bajo la Garantía de la A a la Z",
            "No es necesario que realice ninguna acción.",
        ),
        (
            "Nous avons reçu une réclamation au titre de la Garantie A à Z",
            "Aucune action n'est requise de votre part.",
        ),
        (
            "Wir haben einen A-bis-Z-Garantieantrag zu 59,00 € erhalten",
            "Sie müssen derzeit nichts unternehmen.",
        ),
    ],
)
def test_other_languages_are_received_only_with_the_word_that_nothing_is_to_do(
    received: str, quiet: str
) -> None:
    ask = "Bitte antworten Sie innerhalb von 48 Stunden."
    start = "zu der Bestellung 304-7654321-1234567 liegt ein A-bis-Z-Garantieantrag über 59,00 € vor."
    said = f"{received} (304-7654321-1234567)."
    both = changed("unknown_wording_de", (start, said), (ask, quiet))
    assert (both.reading, both.kind) == (Reading.CLAIM, NoticeKind.CLAIM_RECEIVED)
    alone = changed("unknown_wording_de", (start, said), (ask, ""))
    assert (alone.reading, alone.kind) == (Reading.NEEDS_PERSON, None)


def test_unknown_wording_needs_a_person_with_all_that_could_be_read() -> None:
    mail = read("unknown_wording_de")
    assert (mail.reading, mail.kind) == (Reading.NEEDS_PERSON, None)
    assert mail.why == "It is about an A-to-z claim, but not worded in a known way: it may ask for an answer."
    assert (mail.order_id, mail.amount, mail.currency) == ("304-7654321-1234567", Decimal("59.00"), "EUR")
    assert (mail.marketplace_id, mail.seller_name) == ("A1PA6795UKMFR9", "Müller & Söhne GmbH")
    assert mail.stated_window is not None
    assert mail.stated_window.window == Window(hours=48)


def test_a_japanese_letter_needs_a_person_and_stays_readable() -> None:
    mail = read("unknown_wording_ja")
    assert (mail.reading, mail.kind) == (Reading.NEEDS_PERSON, None)
    assert mail.subject == "【要対応】Amazonマーケットプレイス保証申請 注文番号 250-1234567-7654321"
    assert mail.text == (
        "株式会社さくら商店 様\n\n注文番号 250-1234567-7654321 について、Amazonマーケットプレイス保証の申請"
        "（12,800円）を受け付けました。\n詳細をご確認のうえ、48時間以内にご返答ください。"
    )
    assert (mail.order_id, mail.amount, mail.currency) == ("250-1234567-7654321", Decimal("12800"), "JPY")
    assert (mail.marketplace_id, mail.marketplace_basis) == ("A1VC38T7YXB528", "sender")
    assert mail.seller_name == "株式会社さくら商店"


def test_a_chinese_letter_needs_a_person_and_stays_readable() -> None:
    mail = read("unknown_wording_zh")
    assert (mail.reading, mail.kind) == (Reading.NEEDS_PERSON, None)
    assert mail.text == (
        "尊敬的星河贸易：\n\n我们收到了针对订单 113-7777777-8888888 的亚马逊商城交易保障索赔，金额 US$45.00。\n"
        "请在48小时内回复。"
    )
    assert (mail.order_id, mail.amount, mail.currency) == ("113-7777777-8888888", Decimal("45.00"), "USD")
    assert (mail.marketplace_id, mail.marketplace_basis) == ("ATVPDKIKX0DER", "header")


def test_a_type_that_nobody_knows_needs_a_person() -> None:
    mail = changed("received_us", ("A_Z_CLAIM_RESPONDENT_NOTIFY", "A_Z_CLAIM_APPEAL_CLOSE"))
    assert mail.reading == Reading.NEEDS_PERSON
    assert mail.why == "It is about a claim, of a type not known here: A_Z_CLAIM_APPEAL_CLOSE."


def test_a_stranger_who_claims_the_type_is_read_and_flagged() -> None:
    mail = changed("received_us", ("atoz-guarantee-no-reply@amazon.com", "no-reply@amazon.com.evil.example"))
    assert (mail.reading, mail.sender_is_amazon) == (Reading.CLAIM, False)
    assert mail.sender == "no-reply@amazon.com.evil.example"


def test_a_letter_without_a_date_has_no_moment() -> None:
    mail = read_mail(without_header(raw("received_us"), "Date"))
    assert (mail.reading, mail.noticed_at, mail.noticed_at_basis) == (Reading.CLAIM, None, None)
