"""Whether a letter is about an A-to-z claim: for sure, perhaps, or not.

"Perhaps" always goes to a person. Not at all: chargebacks (another process), Amazon's letters of another
declared type, a buyer's message without an order, and what never names the guarantee.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from claims.intake.candidates import Candidate
from claims.intake.forwards import bare_subject
from claims.intake.hidden import hidden_letter
from claims.intake.orders import order_ids
from claims.intake.signs import (
    is_buyer_relay,
    is_chargeback_sender,
    is_claim_type,
    is_guarantee_sender,
    is_sibling_type,
    names_guarantee,
)
from claims.intake.wording import RECEIVED_SUBJECT


class Weight(IntEnum):
    """How much speaks for a claim's notice; of several letters in one mail the weightiest is read."""

    NONE = 0
    MAYBE = 1
    NAMED = 2
    TYPED = 3


@dataclass(frozen=True)
class Relevance:
    weight: Weight
    why: str


def relevance_of(candidate: Candidate) -> Relevance:
    """What speaks for the letter being a claim's notice."""
    if is_claim_type(candidate.notification_type):
        return Relevance(Weight.TYPED, "Amazon's notification type says that it is about an A-to-z claim.")
    if is_chargeback_sender(candidate.sender):
        return Relevance(Weight.NONE, "It is about a chargeback, another process than an A-to-z claim.")
    return _of_untyped(candidate)


def _of_untyped(candidate: Candidate) -> Relevance:
    heading = f"{candidate.subject} {candidate.sender_name}"
    if is_guarantee_sender(candidate.sender) or names_guarantee(heading):
        return Relevance(Weight.NAMED, "Its sender or subject names the A-to-z Guarantee.")
    if is_sibling_type(candidate.notification_type):
        kind = candidate.notification_type
        return Relevance(Weight.NONE, f"Amazon calls it {kind}, which is no notice of an A-to-z claim.")
    if names_guarantee(candidate.text):
        return _named_in_text(candidate)
    if RECEIVED_SUBJECT.search(bare_subject(candidate.subject)) and order_ids(candidate.subject):
        return Relevance(Weight.MAYBE, "Its subject is that of an A-to-z claim, its text never names one.")
    hidden = hidden_letter(candidate)
    if hidden:
        return Relevance(Weight.MAYBE, hidden)
    return Relevance(Weight.NONE, "Nothing in it speaks of an A-to-z claim.")


def _named_in_text(candidate: Candidate) -> Relevance:
    if not is_buyer_relay(candidate.sender):
        return Relevance(Weight.NAMED, "Its text names the A-to-z Guarantee.")
    if order_ids(f"{candidate.subject} {candidate.text}"):
        return Relevance(Weight.MAYBE, "A buyer's message names the A-to-z Guarantee and an order.")
    return Relevance(Weight.NONE, "A buyer's message names the A-to-z Guarantee, but no order.")
