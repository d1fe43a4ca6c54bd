"""The letters a mail may consist of: itself, what it forwards in its text, what is attached to it.

Each comes with what is known of its origin: sender, date and on what ground, type. Which of them matters is
for `relevance` and the reader.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from claims.intake.dates import header_moment, moment_in
from claims.intake.forwards import QuotedHeader, is_forward_subject, is_reply_subject, letters_headers
from claims.intake.markup import visible_links
from claims.intake.mime import Letter, UnreadPart
from claims.intake.reading import NoticedAtBasis
from claims.intake.signs import (
    is_amazon_sender,
    is_claim_type,
    pasted_store,
    type_in_links,
    type_of_header,
)
from claims.intake.stores import store_of_header
from claims.intake.text import without_quote_marks

_CLOCKS_APART = timedelta(minutes=5)


@dataclass(frozen=True)
class Candidate:
    """One letter that the mail is or carries. `body` is the letter alone, `text` all that was to be read.

    `titled`: the subject is the letter's own, not that of the mail that forwards it. `date_text`: a quoted date
    that is no moment. `carries`: other mails are attached to it.
    """

    subject: str
    text: str
    body: str
    links: tuple[str, ...]
    sender_name: str
    sender: str
    notification_type: str | None
    store_named: str | None
    noticed_at: datetime | None
    noticed_at_basis: NoticedAtBasis | None
    forwarded: bool
    quoted_in_reply: bool
    titled: bool = True
    date_text: str = ""
    carries: bool = False
    unread: tuple[UnreadPart, ...] = ()


def _writer(letter: Letter) -> tuple[str, str]:
    """Who sent it; of a mail with Amazon's type that somebody else passed on, the Amazon sender it quotes."""
    if not is_amazon_sender(letter.sender[1]):
        for quoted in letters_headers(letter.content.text):
            if is_amazon_sender(quoted.sender):
                return quoted.sender_name, quoted.sender
    return letter.sender


def _own(letter: Letter, typed: str | None, *, attached: bool, carrier_date: datetime | None) -> Candidate:
    """A letter that came as itself, with its own headers."""
    sender_name, sender = _writer(letter)
    own_date = header_moment(letter.header("Date"))
    noticed_at = own_date or carrier_date
    basis: NoticedAtBasis = "original_date" if own_date else "forward_date"
    return Candidate(
        subject=letter.subject,
        text=letter.content.text,
        body=letter.content.text,
        links=letter.content.links,
        sender_name=sender_name,
        sender=sender,
        notification_type=typed or type_in_links(letter.content.links, letter.content.text),
        store_named=store_of_header(letter.header("X-Marketplace-ID")),
        noticed_at=noticed_at,
        noticed_at_basis=basis if noticed_at else None,
        forwarded=attached,
        quoted_in_reply=False,
    )


def _quoted_moment(quoted: QuotedHeader | None, forwarded_at: datetime | None) -> datetime | None:
    """The quoted date where it names its zone and does not lie after the forward."""
    if quoted is None:
        return None
    moment = moment_in(quoted.date_text) or header_moment(quoted.date_text)
    if moment and forwarded_at and moment > forwarded_at + _CLOCKS_APART:
        return None
    return moment


def _inline(letter: Letter, *, attached: bool, carrier_date: datetime | None) -> list[Candidate]:
    """A letter of somebody else than Amazon: what it quotes is the letter, and it may quote several."""
    text, links = letter.content.text, letter.content.links
    blocks = letters_headers(text)
    if len(blocks) < 2:
        quoted = blocks[0] if blocks else None
        return [_quoting(letter, text, quoted, links, attached=attached, carrier_date=carrier_date)]
    lines = text.split("\n")
    starts = [0, *(block.block_line for block in blocks[1:]), len(lines)]
    found = []
    for number, block in enumerate(blocks):
        piece = "\n".join(lines[starts[number] : starts[number + 1]])
        shifted = replace(block, first_line=block.first_line - starts[number])
        # Addresses behind words cannot be told apart by letter: a piece without its own has those of all.
        named = visible_links(piece)
        own_links = named if type_in_links(named, piece) else links
        found.append(
            _quoting(letter, piece, shifted, own_links, attached=attached, carrier_date=carrier_date)
        )
    return found


def _quoting(
    letter: Letter,
    text: str,
    quoted: QuotedHeader | None,
    links: tuple[str, ...],
    *,
    attached: bool,
    carrier_date: datetime | None,
) -> Candidate:
    body = without_quote_marks("\n".join(text.split("\n")[quoted.first_line :]) if quoted else text).strip()
    notification_type = type_in_links(links, text)
    own_date = header_moment(letter.header("Date")) or carrier_date
    quoted_date = _quoted_moment(quoted, own_date)
    sender_name, sender = letter.sender
    prefixed = is_forward_subject(letter.subject)
    forwarded = attached or quoted is not None or prefixed or is_claim_type(notification_type)
    basis: NoticedAtBasis = "forward_date" if forwarded else "original_date"
    if quoted_date:
        basis = "forwarded_header"
    noticed_at = quoted_date or own_date
    return Candidate(
        subject=(quoted.subject if quoted else "") or letter.subject,
        text=text,
        body=body or without_quote_marks(text),
        links=links,
        sender_name=quoted.sender_name if quoted and quoted.sender else sender_name,
        sender=(quoted.sender if quoted else "") or sender,
        notification_type=notification_type,
        store_named=pasted_store(text),
        noticed_at=noticed_at,
        noticed_at_basis=basis if noticed_at else None,
        forwarded=forwarded,
        quoted_in_reply=is_reply_subject(letter.subject) and not prefixed,
        titled=bool(quoted and quoted.subject),
        date_text=quoted.date_text if quoted and not quoted_date else "",
    )


def candidates_of(
    letter: Letter, *, attached: bool = False, carrier_date: datetime | None = None
) -> list[Candidate]:
    """The letter and every one attached to it, the outermost first."""
    typed = type_of_header(letter.header("X-Space-Notification-Type"))
    if typed or is_amazon_sender(letter.sender[1]):
        found = [_own(letter, typed, attached=attached, carrier_date=carrier_date)]
    else:
        found = _inline(letter, attached=attached, carrier_date=carrier_date)
    date_of_carrier = header_moment(letter.header("Date")) or carrier_date
    inner = [
        candidate
        for each in letter.attached
        for candidate in candidates_of(each, attached=True, carrier_date=date_of_carrier)
    ]
    carries = bool(letter.attached)
    return [*(replace(each, carries=carries, unread=letter.unread) for each in found), *inner]
