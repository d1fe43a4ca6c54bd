"""Letters that may sit in a part nobody here can read: Outlook's .msg, winmail.dat, a PDF, a gzip.

Such a mail is never called unrelated where anything hints at a claim; mail that comes from Amazon itself, or
from its relay for buyers' messages, says what it is in its own text.
"""

from __future__ import annotations

import re

from claims.intake.candidates import Candidate
from claims.intake.forwards import bare_subject, is_forward_subject
from claims.intake.signs import is_amazon_sender, is_buyer_relay, names_guarantee
from claims.intake.text import fold, plain_signs
from claims.intake.wording import is_claim_subject

# File names write order ids with other signs, or none, between their figures.
_ORDER_ID_LOOSELY = re.compile(r"(?<!\d)\d{3}[-_. ]?\d{7}[-_. ]?\d{7}(?!\d)")
_SIGNS_OF_NAMES = re.compile(r"[_.+]+")


def words_of_name(name: str) -> str:
    """A file name as words, its order id in the usual form."""
    plain = _ORDER_ID_LOOSELY.sub(_usual_form, plain_signs(name))
    return " ".join(_SIGNS_OF_NAMES.sub(" ", plain).split())


def _usual_form(match: re.Match[str]) -> str:
    figures = re.sub(r"\D", "", match.group())
    return f" {figures[:3]}-{figures[3:10]}-{figures[10:]} "


def _hints(text: str) -> bool:
    return (
        _ORDER_ID_LOOSELY.search(plain_signs(text)) is not None
        or names_guarantee(text)
        or is_claim_subject(bare_subject(text))
    )


def hidden_letter(candidate: Candidate) -> str | None:
    """Why an unread part of this mail may be a claim's letter; None where nothing hints at one."""
    if not candidate.unread or is_buyer_relay(candidate.sender):
        return None
    of_amazon = is_amazon_sender(candidate.sender)
    if of_amazon and not candidate.forwarded:
        return None
    named = ", ".join(part.name for part in candidate.unread)[:300]
    if any(_hints(words_of_name(part.name)) for part in candidate.unread):
        return f"A part that could not be read may be the letter, by its name: {named}."
    documents = any(not part.is_media for part in candidate.unread)
    if documents and not of_amazon and _hints(f"{candidate.subject}\n{candidate.text}"):
        return f"It names an order or a claim, and carries a part that could not be read: {named}."
    quotes_nothing = not candidate.titled and not candidate.carries
    if quotes_nothing and is_forward_subject(fold(candidate.subject)):
        return f"It forwards something that could not be read: {named}."
    return None
