"""The three axes of a decision as a letter words them; what it does not say stays `unknown`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from claims.intake.amounts import find_amounts
from claims.intake.reading import ReadDecision
from claims.intake.text import Sentence

_OUTCOME = re.compile(
    r"granted|denied|rejected|in your favou?r|withdr[ae]wn?|hemos concedido|(?:buyer|customer) cancell?ed"
)
_AMAZON_PAID = re.compile(r"(?<!you )(?<!you have )(?<!not )\bcovered the cost\b")
_SELLER_PAID = re.compile(
    r"\b(?:debited|charged|deducted)\b.{0,80}\b(?:your|seller)\b.{0,30}\baccount\b|"
    r"\byour (?:\w+ ){0,2}account (?:was|has been|will be) (?:debited|charged)\b|\bhemos cobrado el importe\b"
)
_NOBODY_DEBITED = re.compile(
    r"\b(?:not|n't|never) (?:be |been )?(?:debit|charg|deduct)\w*|\bno hemos cobrado\b|"
    r"\bnot\b.{0,20}\bdebited\b"
)
_ODR = r"(?:order defect rate|\bodr\b|ratio de pedidos defectuosos)"
_IN_ODR = re.compile(
    rf"\b(?:count|includ|impact|affect|reflect|contabiliz)\w*\b.{{0,80}}{_ODR}|"
    rf"{_ODR}.{{0,60}}\b(?:impacted|affected)\b"
)
_NOT = re.compile(r"\b(?:not|no|won't|doesn't|never|sin)\b")
# "Not held responsible" is about fault: it spares the rate, and says nothing of the money.
_NOT_AT_FAULT = re.compile(r"\bshould not be held responsible\b")
_CONDITIONAL = re.compile(r"\b(?:if|unless|should you|may|might|could|si)\b")


def _stated(letter: Sequence[Sentence], pattern: re.Pattern[str]) -> list[Sentence]:
    return [
        sentence
        for sentence in letter
        if pattern.search(sentence.folded) and not _CONDITIONAL.search(sentence.folded)
    ]


def _funded_by(letter: Sequence[Sentence]) -> tuple[str, list[Sentence]]:
    amazon = _stated(letter, _AMAZON_PAID)
    seller = [row for row in _stated(letter, _SELLER_PAID) if not _NOBODY_DEBITED.search(row.folded)]
    if bool(amazon) == bool(seller):
        return "unknown", amazon + seller
    return ("amazon", amazon) if amazon else ("seller", seller)


def _counts_in_odr(letter: Sequence[Sentence]) -> tuple[str, list[Sentence]]:
    named = _stated(letter, _IN_ODR)
    answers = {"no" if _NOT.search(row.folded) else "yes" for row in named}
    if answers:
        return (answers.pop() if len(answers) == 1 else "unknown"), named
    blameless = _stated(letter, _NOT_AT_FAULT)
    return ("no", blameless) if blameless else ("unknown", [])


def _debited(funded_by: str, paid: Sequence[Sentence], claimed: Decimal | None) -> Decimal | None:
    if funded_by != "seller":
        return None
    amounts = {amount.value for row in paid for amount in find_amounts(row.text)}
    if amounts:
        return amounts.pop() if len(amounts) == 1 else None
    says_whole = any(
        re.search(r"\b(?:the|el) (?:claim(?:ed)? )?(?:amount|importe)\b", row.folded) for row in paid
    )
    return claimed if says_whole else None


def read_decision(outcome: str, letter: Sequence[Sentence], claimed: Decimal | None) -> ReadDecision:
    """The decision of a letter whose outcome is known; `claimed` is the amount of the claim."""
    funded_by, paid = _funded_by(letter)
    counts_in_odr, counted = _counts_in_odr(letter)
    telling = {*_stated(letter, _OUTCOME), *paid, *counted}
    return ReadDecision(
        decision=outcome,
        funded_by=funded_by,
        counts_in_odr=counts_in_odr,
        debited_amount=_debited(funded_by, paid, claimed),
        decision_text=" ".join(row.text for row in letter if row in telling)[:4_000],
    )
