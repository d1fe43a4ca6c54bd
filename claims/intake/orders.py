"""Order ids and Amazon's claim id in a letter, and which of several ids the letter is about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from claims.intake.text import Sentence, plain_signs

_ORDER_ID = re.compile(r"(?<![\w-])\d{3}-\d{7}-\d{7}(?![\w-])")
_BESIDE_ORDER_WORD = re.compile(
    r"(?:order|ordine|pedido|commande|bestellung|bestelling|bestallning|zamowieni\w{1,3}|siparis\w{0,6}|"
    r"注文(?:番号)?|订单(?:编号|号)?|訂單(?:編號)?|الطلب)[^\d.]{0,30}(\d{3}-\d{7}-\d{7})(?![\w-])"
)
_CLAIM_ID = re.compile(
    r"\b(?:claim|case) ?(?:id|number|no\.?|#) ?[:#]? ?([A-Z0-9][A-Z0-9-]{5,39})\b", re.IGNORECASE
)


def order_ids(text: str) -> tuple[str, ...]:
    """Every order id in the text once, in order."""
    return tuple(dict.fromkeys(_ORDER_ID.findall(plain_signs(text))))


def _beside_order_word(letter: Sequence[Sentence]) -> set[str]:
    return {found for sentence in letter for found in _BESIDE_ORDER_WORD.findall(sentence.folded)}


def order_of_letter(
    subject: str, claim_sentences: Sequence[Sentence], letter: Sequence[Sentence], links: Iterable[str]
) -> tuple[str | None, bool]:
    """The order id the letter is about, and whether several could be meant (then it is None).

    The subject's one id decides unless the letter speaks of others only; then the ids in the sentences that
    name the claim, those beside the word "order", all of the text, at last those in links.
    """
    in_text = {found for sentence in letter for found in order_ids(sentence.text)}
    in_subject = set(order_ids(subject))
    if len(in_subject) > 1:
        return None, True
    if in_subject:
        order_id = next(iter(in_subject))
        return (order_id, False) if not in_text or order_id in in_text else (None, True)
    in_claim = {found for sentence in claim_sentences for found in order_ids(sentence.text)}
    in_links = {found for link in links for found in order_ids(link.replace("=", " ").replace("/", " "))}
    for group in (in_claim, _beside_order_word(letter), in_text, in_links):
        if group:
            return (next(iter(group)), False) if len(group) == 1 else (None, True)
    return None, False


def amazon_claim_id_of(letter: Sequence[Sentence]) -> str | None:
    """Amazon's own claim id where a letter names one; an order id is none."""
    for sentence in letter:
        found = _CLAIM_ID.search(plain_signs(sentence.text))
        if found and not order_ids(found.group(1)) and any(char.isdigit() for char in found.group(1)):
            return found.group(1)
    return None
