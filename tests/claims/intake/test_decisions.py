"""Decisions on their three axes, and nothing guessed."""

from decimal import Decimal

from claims.intake import Reading
from claims.words import NoticeKind
from tests.claims.intake.letters import changed, read

US_SENTENCE = "We have granted an A-to-z Guarantee claim of $34.90 on the order 112-3334445-5556667."


def test_a_decision_that_cannot_be_read_is_proposed_as_a_decision() -> None:
    mail = changed("denied_us", ("The claim was decided in your favor.", "The claim is closed."))
    assert (mail.reading, mail.kind) == (Reading.NEEDS_PERSON, NoticeKind.CLAIM_DECIDED)


def test_a_granted_claim_that_amazon_pays_for_is_read_on_its_axes() -> None:
    mail = read("granted_amazon_funded_us")
    assert (mail.reading, mail.kind) == (Reading.CLAIM, NoticeKind.CLAIM_DECIDED)
    assert mail.decision == {
        "decision": "granted",
        "funded_by": "amazon",
        "counts_in_odr": "no",
        "debited_amount": None,
        "decision_text": f"{US_SENTENCE} We found that you should not be held responsible for it, and Amazon "
        "covered the cost of the refund.",
    }


def test_a_granted_claim_that_the_seller_pays_for_is_read_on_its_axes() -> None:
    mail = read("granted_seller_funded_us")
    assert mail.decision == {
        "decision": "granted",
        "funded_by": "seller",
        "counts_in_odr": "yes",
        "debited_amount": Decimal("34.90"),
        "decision_text": f"{US_SENTENCE} We debited $34.90 from your seller account. This claim counts in your "
        "Order Defect Rate.",
    }
    assert mail.stated_window is None  # 30 days to appeal are no window to answer


def test_what_a_decision_does_not_say_stays_unknown() -> None:
    mail = read("granted_bare_us")
    assert mail.decision == {
        "decision": "granted",
        "funded_by": "unknown",
        "counts_in_odr": "unknown",
        "debited_amount": None,
        "decision_text": US_SENTENCE,
    }
    assert mail.seller_name is None


def test_not_counted_but_debited_is_read_as_both() -> None:
    mail = changed("granted_seller_funded_us", ("This claim counts", "This claim does not count"))
    assert mail.decision is not None
    assert (mail.decision["funded_by"], mail.decision["counts_in_odr"]) == ("seller", "no")


def test_a_denied_claim_is_denied_and_no_more() -> None:
    mail = read("denied_us")
    assert mail.decision == {
        "decision": "denied",
        "funded_by": "unknown",
        "counts_in_odr": "unknown",
        "debited_amount": None,
        "decision_text": "The claim was decided in your favor.",
    }


def test_a_favor_that_was_not_given_is_no_denial() -> None:
    mail = changed("denied_us", ("The claim was decided", "The claim could not be decided"))
    assert (mail.reading, mail.decision) == (Reading.NEEDS_PERSON, None)


def test_a_conditional_sentence_decides_nothing() -> None:
    mail = changed("denied_us", ("The claim was decided", "If the appeal is right, the claim is decided"))
    assert (mail.reading, mail.decision) == (Reading.NEEDS_PERSON, None)


def test_a_withdrawn_claim_is_read() -> None:
    mail = changed("denied_us", ("The claim was decided in your favor.", "The buyer withdrew the claim."))
    assert (mail.reading, mail.kind) == (Reading.CLAIM, NoticeKind.CLAIM_WITHDRAWN)
    assert mail.decision is None


def test_the_spanish_granted_letter_is_read_with_its_debit() -> None:
    mail = read("granted_es")
    assert (mail.reading, mail.kind) == (Reading.CLAIM, NoticeKind.CLAIM_DECIDED)
    assert (mail.order_id, mail.amount, mail.currency) == ("305-1010101-2020202", Decimal("49.90"), "EUR")
    assert (mail.marketplace_id, mail.seller_name) == ("A1RKKUPIHCS9HS", "Zapatos del Sur")
    assert mail.decision is not None
    assert mail.decision["decision"] == "granted"
    assert mail.decision["funded_by"] == "seller"
    assert mail.decision["counts_in_odr"] == "yes"
    assert mail.decision["debited_amount"] == Decimal("49.90")


def test_the_spanish_letter_without_accents_is_read_the_same() -> None:
    mail = changed("granted_es", ("reclamación", "reclamacion"), ("contabilizará", "contabilizara"))
    assert mail.decision is not None
    assert (mail.decision["decision"], mail.decision["counts_in_odr"]) == ("granted", "yes")
