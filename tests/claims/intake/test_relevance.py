"""What is a claim's notice, what a person must look at, what is other mail."""

import pytest

from claims.intake import Reading, read_mail
from claims.intake.signs import names_guarantee, type_in_links
from tests.claims.intake.letters import changed, read


def mail(sender: str, subject: str, text: str, headers: str = "") -> bytes:
    return (
        f"From: {sender}\nDate: Mon, 06 Jul 2026 04:00:00 +0000\nSubject: {subject}\n{headers}"
        f"Content-Type: text/plain; charset=utf-8\n\n{text}\n"
    ).encode()


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("chargeback", "It is about a chargeback, another process than an A-to-z claim."),
        ("return_request", "Amazon calls it RETURN_REQUEST, which is no notice of an A-to-z claim."),
        (
            "buyer_message",
            "Amazon calls it BBC_MESSAGE_SENT_TO_MERCHANT, which is no notice of an A-to-z claim.",
        ),
        ("newsletter", "Nothing in it speaks of an A-to-z claim."),
    ],
)
def test_other_mail_is_unrelated_and_says_why(name: str, why: str) -> None:
    read_as = read(name)
    assert (read_as.reading, read_as.why) == (Reading.UNRELATED, why)
    assert (read_as.kind, read_as.order_id, read_as.decision) == (None, None, None)


def test_chargeback_queries_are_unrelated_too() -> None:
    assert changed("chargeback", ("cb-seller-notification@", "cb-seller-query@")).reading == Reading.UNRELATED


def test_another_type_with_a_subject_that_names_the_guarantee_needs_a_person() -> None:
    read_as = changed("return_request", ("Return requested for", "A-to-z Guarantee claim for"))
    assert (read_as.reading, read_as.order_id) == (Reading.NEEDS_PERSON, "112-3334445-5556667")


def test_a_buyers_untyped_message_that_names_an_order_needs_a_person() -> None:
    sender = "k1m@marketplace.amazon.com"
    named = read_mail(mail(sender, "Order 112-3334445-5556667", "I will file an A-to-z claim."))
    assert (named.reading, named.why) == (
        Reading.NEEDS_PERSON,
        "A buyer's message names the A-to-z Guarantee and an order.",
    )
    assert not named.sender_is_amazon
    unnamed = read_mail(mail(sender, "Where is it", "I will file an A-to-z claim."))
    assert unnamed.reading == Reading.UNRELATED


@pytest.mark.parametrize(
    "sender",
    ["atoz-guarantee-no-reply@amazon.se", "seller-guarantee@amazon.com", "atoz-guarantee-no-reply@amazon.cn"],
)
def test_any_mail_of_the_guarantees_senders_needs_a_person_at_least(sender: str) -> None:
    read_as = read_mail(mail(sender, "Hej", "Något om beställning 171-1234567-1234567."))
    assert (read_as.reading, read_as.order_id) == (Reading.NEEDS_PERSON, "171-1234567-1234567")


def test_the_us_subject_without_any_name_of_the_guarantee_needs_a_person() -> None:
    read_as = read_mail(
        mail("desk@acme.example", "Claim received on order 112-3334445-5556667", "Look at this.")
    )
    assert read_as.reading == Reading.NEEDS_PERSON


@pytest.mark.parametrize(
    "words",
    [
        "the Amazon A-to-z Guarantee",
        "your A‑to‑z Guarantee claim",
        "une réclamation Garantie A à Z",
        "Garantía de la A a la Z",
        "garantia de la a a la z",
        "ein A-bis-Z-Garantieantrag",
        "A-tot-Z-garantieclaims",
        "Anspråk på A-to-z guarantee",
        "Roszczenia w ramach gwarancji od A do Z",
        "un reclamo dalla\nA alla Z",
        "Garanzia dalla A alla Z",
        "Amazonマーケットプレイス保証申請",
        "ﾏｰｹｯﾄﾌﾟﾚｲｽ保証",
        "亚马逊商城交易保障索赔",
        "亞馬遜商城交易保障索賠",
    ],
)
def test_the_guarantee_is_known_by_its_names(words: str) -> None:
    assert names_guarantee(f"x {words} y")
    read_as = read_mail(mail("noreply@amazon.com", "=?utf-8?q?Hej?=", f"{words} 112-3334445-5556667"))
    assert read_as.reading == Reading.NEEDS_PERSON


@pytest.mark.parametrize(
    "words", ["from A to Z in our catalogue", "dalla A alla Z", "Alphabet A-Z", "atozzle", ""]
)
def test_the_alphabet_alone_is_no_guarantee(words: str) -> None:
    assert not names_guarantee(words)


def test_a_claims_type_goes_before_another_type_in_the_links() -> None:
    links = ["https://a.example/?nt=RETURN_REQUEST", "https://a.example/?x=1&nt=A_Z_CLAIM_RESPONDENT_CLOSE"]
    assert type_in_links(links, "") == "A_Z_CLAIM_RESPONDENT_CLOSE"
    assert type_in_links(links[:1], "") == "RETURN_REQUEST"
    assert type_in_links([], "nothing") is None


def test_a_letter_without_an_order_needs_a_person() -> None:
    read_as = changed("granted_bare_us", ("112-3334445-5556667", "of last week"))
    assert (read_as.reading, read_as.why, read_as.order_id) == (
        Reading.NEEDS_PERSON,
        "It names no order.",
        None,
    )


def test_of_several_orders_the_subjects_is_meant() -> None:
    read_as = changed("granted_bare_us", ("Hello,", "Hello,\n\nBesides: 111-0000000-0000000 is shipped.\n"))
    assert (read_as.reading, read_as.order_id) == (Reading.CLAIM, "112-3334445-5556667")


def test_of_several_orders_the_one_in_the_claims_sentence_is_meant() -> None:
    read_as = changed(
        "granted_bare_us",
        ("decision on order 112-3334445-5556667", "decision on order"),
        ("Hello,", "Hello,\n\nBesides: 111-0000000-0000000 is shipped.\n"),
    )
    assert (read_as.reading, read_as.order_id) == (Reading.CLAIM, "112-3334445-5556667")


def test_several_orders_without_a_sign_which_is_meant_need_a_person() -> None:
    read_as = changed(
        "granted_bare_us",
        ("decision on order 112-3334445-5556667", "decision on order"),
        ("order 112-3334445-5556667", "orders 112-3334445-5556667 and 111-0000000-0000000"),
    )
    assert (read_as.reading, read_as.order_id) == (Reading.NEEDS_PERSON, None)
    assert read_as.why == "It names several orders, and it is not clear which one it is about."


def test_a_subject_that_contradicts_the_letter_needs_a_person() -> None:
    read_as = changed("granted_bare_us", ("order 112-3334445-5556667\n", "order 999-3334445-5556667\n"))
    assert (read_as.reading, read_as.order_id) == (Reading.NEEDS_PERSON, None)


def test_an_order_id_inside_a_longer_number_is_none() -> None:
    read_as = changed("granted_bare_us", ("112-3334445-5556667", "9112-3334445-55566671"))
    assert (read_as.reading, read_as.order_id) == (Reading.NEEDS_PERSON, None)


def test_an_order_id_with_typographic_dashes_is_read() -> None:
    read_as = read_mail(
        mail(
            "atoz-guarantee-no-reply@amazon.com",
            "Claim decision on order",
            "We have granted an A-to-z Guarantee claim of $1.00 on the order 112‑3334445‑5556667.",
        )
    )
    assert (read_as.reading, read_as.order_id) == (Reading.CLAIM, "112-3334445-5556667")
