"""The id of a mail's content: the same letter has the same id whatever its Message-ID and links.

Where no order was read, subject and attachments go in too: different mails must stay different notices.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from claims.intake.candidates import Candidate
from claims.intake.text import fold, without_links


def content_id(
    raw: bytes,
    order_id: str | None,
    letters: Sequence[Candidate],
    whole: Sequence[Candidate],
    *,
    ambiguous: bool,
) -> str:
    """`letters` are those the mail is about, one as a rule; `whole` is everything that was found in it.

    A mail that is `ambiguous` must not take the id of a letter it carries, which may come by itself.
    """
    # Several letters are the same in any order.
    parts = sorted(_of_letter(raw, order_id, letter) for letter in letters)
    if order_id is None or ambiguous:
        parts += sorted(f"{fold(each.subject)}\n{fold(without_links(each.body))}" for each in whole)
        parts += sorted(part.digest for each in whole for part in each.unread)
    return hashlib.sha256("\n".join(parts).encode("utf-8", "replace")).hexdigest()


def _of_letter(raw: bytes, order_id: str | None, letter: Candidate) -> str:
    """The same text of another date is another letter."""
    text = fold(without_links(letter.body))
    parts = [
        letter.notification_type or "",
        order_id or "",
        letter.noticed_at.isoformat() if letter.noticed_at else "",
        text or hashlib.sha256(raw).hexdigest(),
        *sorted(part.digest for part in letter.unread),
    ]
    return "\n".join(parts)
