"""Which store a letter is about: the header, else hints, never the language."""

import pytest

from claims.intake import read_mail
from claims.intake.signs import hosts_of, is_amazon_sender
from claims.intake.stores import store_of
from tests.claims.intake.letters import changed, raw, without_header

IT, DE, US, JP = "APJ6JRA9NG5V4", "A1PA6795UKMFR9", "ATVPDKIKX0DER", "A1VC38T7YXB528"


@pytest.mark.parametrize(
    ("named", "sender", "hosts", "currencies", "expected"),
    [
        (IT, "x@amazon.de", ["www.amazon.fr"], [], (IT, "header")),
        (None, "x@amazon.it", [], [], (IT, "sender")),
        (None, "x@amazon.it", ["sellercentral.amazon.it"], [], (IT, "sender")),
        (None, "x@amazon.it", ["sellercentral-europe.amazon.com"], [], (IT, "sender")),
        (None, "x@amazon.com", ["sellercentral.amazon.it"], [], (IT, "link")),
        (None, "marta@shop.example", ["sellercentral.amazon.it"], [], (IT, "link")),
        (None, "x@amazon.it", ["sellercentral.amazon.de"], [], (None, None)),
        (None, "x@shop.example", ["www.amazon.it", "www.amazon.de"], [], (None, None)),
        (None, "x@amazon.com", [], [], (US, "sender")),
        (None, "x@amazon.com", [], [("USD", "CAD")], (US, "sender")),
        (None, "x@amazon.com", [], [("EUR",)], (None, None)),
        (None, "x@shop.example", ["sellercentral-europe.amazon.com"], [], (None, None)),
        (None, "x@shop.example", ["sellercentral-japan.amazon.com"], [], (JP, "link")),
        (None, "x@amazon.it.evil.example", [], [], (None, None)),
        (None, "", [], [], (None, None)),
    ],
)
def test_a_store_comes_from_the_header_else_from_hints_that_agree(
    named: str | None,
    sender: str,
    hosts: list[str],
    currencies: list[tuple[str, ...]],
    expected: tuple[str | None, str | None],
) -> None:
    assert store_of(named, sender, hosts, currencies) == expected


def test_a_language_says_nothing_about_the_store() -> None:
    mail = changed(
        "unknown_wording_de", ("X-Marketplace-ID: A1PA6795UKMFR9\n", ""), ("@amazon.de", "@amazon.example")
    )
    assert (mail.marketplace_id, mail.marketplace_basis) == (None, None)


def test_a_store_nobody_knows_is_taken_as_it_stands() -> None:
    mail = changed("received_us", ("ATVPDKIKX0DER", "A0NEWSTORE0001"))
    assert (mail.marketplace_id, mail.marketplace_basis) == ("A0NEWSTORE0001", "header")
    assert (str(mail.amount), mail.currency) == ("1034.90", None)  # whose dollar is not known


def test_a_marketplace_header_that_is_no_id_is_left_out() -> None:
    mail = changed("received_us", ("X-Marketplace-ID: ATVPDKIKX0DER", "X-Marketplace-ID: <b>"))
    assert (mail.marketplace_id, mail.marketplace_basis) == ("ATVPDKIKX0DER", "sender")


def test_the_sender_is_a_hint_without_the_header() -> None:
    mail = read_mail(without_header(raw("received_it"), "X-Marketplace-ID"))
    assert (mail.marketplace_id, mail.marketplace_basis) == (IT, "sender")


def test_hosts_are_found_behind_wrapped_links() -> None:
    links = [
        "https://gate.example/?url=https%3A%2F%2Fsellercentral.amazon.it%2Fx",
        "mailto:x@amazon.de",
        "::",
    ]
    assert hosts_of(links) == {"gate.example", "sellercentral.amazon.it"}


def test_only_amazons_own_domains_are_amazon() -> None:
    senders = [
        "a@amazon.it",
        "a@mail.amazon.co.uk",
        "a@amazon.cn",
        "a@amazon.it.evil.example",
        "a@evilamazon.it",
    ]
    assert [is_amazon_sender(sender) for sender in senders] == [True, True, True, False, False]
    assert not is_amazon_sender("buyer@marketplace.amazon.it")
