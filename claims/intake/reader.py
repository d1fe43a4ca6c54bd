"""`read_mail`: raw bytes to a `ReadMail`, whatever the bytes are.

The order of things: take the mail apart, find the letter in it (it may be forwarded), decide whether it is
about an A-to-z claim, read its facts, decide its kind. What cannot be read for sure is left to a person;
nothing that may be a claim's notice is called unrelated. Storing, matching and clocks are the services'.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from claims.intake.amounts import claimed_amount, find_amounts
from claims.intake.candidates import Candidate, candidates_of
from claims.intake.charsets import decode_bytes
from claims.intake.decisions import read_decision
from claims.intake.hidden import words_of_name
from claims.intake.identity import content_id
from claims.intake.labels import buyer_comment_of, reason_label_of, seller_name_of
from claims.intake.mime import BLANK_BYTES, MAIL_FAULTS, RAW_LIMIT, parse_letter
from claims.intake.orders import amazon_claim_id_of, order_ids, order_of_letter
from claims.intake.reading import MarketplaceBasis, Reading, ReadMail
from claims.intake.relevance import Relevance, Weight, relevance_of
from claims.intake.several import Found, find_letter
from claims.intake.signs import CLOSE, NOTIFY, hosts_of, is_amazon_sender
from claims.intake.stores import store_of
from claims.intake.text import TEXT_LIMIT, Sentence, sentences, tidy, without_links
from claims.intake.windows import stated_date, stated_window
from claims.intake.wording import Said, names_claim, what_is_said
from claims.marketplaces import marketplace
from claims.words import DECIDED_KINDS, NoticeKind

_TEXT_KEPT = 100_000
_NO_MAIL = "It could not be read as a mail."
_NOT_AMAZONS = "Its sender is not Amazon's."
# A clock that ends wrongly is missed: only Amazon's own word ends one.
_ENDING_KINDS = DECIDED_KINDS | {NoticeKind.CLAIM_WITHDRAWN}


@dataclass(frozen=True)
class _Facts:
    """What the letter says besides its kind."""

    order_id: str | None
    several_orders: bool
    marketplace_id: str | None
    marketplace_basis: MarketplaceBasis | None
    amount: Decimal | None
    currency: str | None


def read_mail(raw: bytes) -> ReadMail:
    """What a raw mail says about an A-to-z claim. Never raises: at worst the reading is left to a person."""
    try:
        return _read(raw)
    except MAIL_FAULTS:
        return _unread(raw)


def _read(raw: bytes) -> ReadMail:
    letter = parse_letter(raw)
    whole = candidates_of(letter)
    weighed = [(relevance_of(candidate), candidate) for candidate in whole]
    if all(relevance.weight == Weight.NONE for relevance, _ in weighed):
        relevance, candidate = weighed[0]
        found = Found(relevance, candidate, (candidate,))
        if letter.is_mail or not raw.strip(BLANK_BYTES):
            return _result(raw, found, whole, Reading.UNRELATED, relevance.why)
        return _result(raw, found, whole, Reading.NEEDS_PERSON, _NO_MAIL)
    return _read_claim(raw, find_letter(weighed), whole)


def _read_claim(raw: bytes, found: Found, whole: Sequence[Candidate]) -> ReadMail:
    candidate = found.candidate
    letter = sentences(without_links(candidate.body))
    facts = _facts(candidate, letter)
    said = what_is_said(candidate.subject, letter, candidate.notification_type)
    if found.doubt:
        facts = replace(facts, order_id=found.order_id)
        said = replace(said, kind=found.kind)
    doubt = _doubt(found, facts, said)
    why = said.why if is_amazon_sender(candidate.sender) else f"{said.why} {_NOT_AMAZONS}"
    reading = Reading.NEEDS_PERSON if doubt else Reading.CLAIM
    return _result(raw, found, whole, reading, doubt or why, facts=facts, said=said, letter=letter)


def _facts(candidate: Candidate, letter: tuple[Sentence, ...]) -> _Facts:
    about_claim = [sentence for sentence in letter if names_claim(sentence)]
    with_order = [sentence for sentence in letter if order_ids(sentence.text)]
    links = [*candidate.links, *(words_of_name(part.name) for part in candidate.unread)]
    order_id, several = order_of_letter(candidate.subject, about_claim, letter, links)
    meant = [amount.currencies for sentence in letter for amount in find_amounts(sentence.text)]
    store_id, basis = store_of(candidate.store_named, candidate.sender, hosts_of(candidate.links), meant)
    both = [sentence for sentence in about_claim if sentence in with_order]
    amount = claimed_amount(letter, (both, about_claim, with_order))
    store = marketplace(store_id) if store_id else None
    return _Facts(
        order_id=order_id,
        several_orders=several,
        marketplace_id=store_id,
        marketplace_basis=basis,
        amount=amount.value if amount else None,
        currency=amount.currency(store.currency if store else None) if amount else None,
    )


def _doubt(found: Found, facts: _Facts, said: Said) -> str | None:
    """Why a person must look at it; None where everything that matters is sure."""
    candidate, relevance = found.candidate, found.relevance
    typed = relevance.weight == Weight.TYPED
    strange_type = typed and candidate.notification_type not in (NOTIFY, CLOSE)
    of_amazon = is_amazon_sender(candidate.sender)
    doubts = (
        (relevance.weight == Weight.MAYBE, relevance.why),
        (found.doubt is not None, found.doubt),
        (candidate.quoted_in_reply, "It is a reply that quotes a letter of Amazon's, not the letter itself."),
        (strange_type, f"It is about a claim, of a type not known here: {candidate.notification_type}."),
        (not typed and not of_amazon, "It speaks of an A-to-z claim, but does not come from Amazon."),
        (not of_amazon and said.kind in _ENDING_KINDS, f"It says that the claim is over. {_NOT_AMAZONS}"),
        (facts.several_orders, "It names several orders, and it is not clear which one it is about."),
        (facts.order_id is None, "It names no order."),
        (said.kind is None, said.why),
    )
    return next((why for doubtful, why in doubts if doubtful), None)


def _result(
    raw: bytes,
    found: Found,
    whole: Sequence[Candidate],
    reading: Reading,
    why: str,
    *,
    facts: _Facts | None = None,
    said: Said | None = None,
    letter: tuple[Sentence, ...] = (),
) -> ReadMail:
    candidate = found.candidate
    texts = dict.fromkeys([candidate.text, *(each.text for each in found.letters)])
    facts = facts or _Facts(None, False, None, None, None, None)
    kind = said.kind if said else None
    if said and kind is None and candidate.notification_type == CLOSE:
        kind = NoticeKind.CLAIM_DECIDED  # a proposal for whoever resolves it
    decided = said is not None and said.kind == NoticeKind.CLAIM_DECIDED and said.outcome is not None
    return ReadMail(
        reading=reading,
        why=why,
        kind=kind,
        order_id=facts.order_id,
        amazon_claim_id=amazon_claim_id_of(letter),
        marketplace_id=facts.marketplace_id,
        marketplace_basis=facts.marketplace_basis,
        amount=facts.amount,
        currency=facts.currency,
        seller_name=seller_name_of(candidate.body) if letter else None,
        noticed_at=candidate.noticed_at,
        noticed_at_basis=candidate.noticed_at_basis,
        stated_window=stated_window(letter),
        stated_date=stated_date(letter, candidate.noticed_at),
        decision=read_decision(said.outcome, letter, facts.amount)
        if decided and said and said.outcome
        else None,
        reason_label=reason_label_of(candidate.body) if letter else None,
        buyer_comment=buyer_comment_of(candidate.body) if letter else None,
        subject=candidate.subject[:1_000],
        text="\n\n".join(texts)[:_TEXT_KEPT] if found.doubt else candidate.text[:_TEXT_KEPT],
        sender=candidate.sender,
        sender_is_amazon=is_amazon_sender(candidate.sender),
        forwarded=candidate.forwarded,
        notification_type=candidate.notification_type,
        content_id=content_id(
            raw,
            facts.order_id,
            found.letters if found.doubt else (candidate,),
            whole,
            ambiguous=found.doubt is not None,
        ),
    )


def _unread(raw: bytes) -> ReadMail:
    """A mail that could not be taken apart: its bytes as text, for a person."""
    text = tidy(decode_bytes(raw[: min(RAW_LIMIT, TEXT_LIMIT)]))
    candidate = Candidate(
        subject="", text=text, body=text, links=(), sender_name="", sender="", notification_type=None,
        store_named=None, noticed_at=None, noticed_at_basis=None, forwarded=False, quoted_in_reply=False,
    )  # fmt: skip
    found = Found(Relevance(Weight.MAYBE, _NO_MAIL), candidate, (candidate,))
    return _result(raw, found, (candidate,), Reading.NEEDS_PERSON, _NO_MAIL)
