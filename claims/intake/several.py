"""Several letters in one mail: whether they tell the same, and if not, what to put before a person.

A mail may carry a letter twice (quoted and attached): that is one letter. Two that differ are never read as
one of them: the other may be the request that matters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from claims.intake.candidates import Candidate
from claims.intake.forwards import bare_subject
from claims.intake.hidden import words_of_name
from claims.intake.orders import order_ids
from claims.intake.relevance import Relevance, Weight
from claims.intake.signs import is_amazon_sender
from claims.intake.text import fold, sentences, without_links
from claims.intake.wording import asks_by_subject, what_is_said
from claims.words import DECIDED_KINDS, REQUEST_KINDS, NoticeKind

SEVERAL_ORDERS = "It carries letters about several orders."
SEVERAL_LETTERS = (
    "It carries several letters that do not say the same: a person must tell which of them counts."
)
ASKS_ELSEWHERE = "Its letter asks for nothing, but another subject or file name in the mail asks for action."
# Quoted dates leave out the seconds, and clocks differ.
_SAME_MOMENT = timedelta(minutes=5)
_FIRM_BASES = ("original_date", "forwarded_header")


@dataclass(frozen=True)
class Found:
    """The letter to read. `doubt`: why it may not be the only one; then `kind` and `order_id` are proposals."""

    relevance: Relevance
    candidate: Candidate
    letters: tuple[Candidate, ...]
    doubt: str | None = None
    kind: NoticeKind | None = None
    order_id: str | None = None


@dataclass(frozen=True)
class _Row:
    relevance: Relevance
    candidate: Candidate
    kind: NoticeKind | None
    orders: tuple[str, ...]


def find_letter(weighed: Sequence[tuple[Relevance, Candidate]]) -> Found:
    """The letter among the candidates; of equals the innermost: the others only carry it."""
    weight = max(relevance.weight for relevance, _ in weighed)
    best = [row for row in weighed if row[0].weight == weight]
    rows = [
        _row(relevance, candidate) for relevance, candidate in weighed if _is_letter(relevance, candidate)
    ]
    letters = tuple(row.candidate for row in rows)
    doubt = _difference(rows)
    if doubt:
        return _proposal(rows, doubt)
    relevance, candidate = best[-1]
    if rows and not any(row.kind in REQUEST_KINDS for row in rows) and _asks_elsewhere(weighed, letters):
        orders = {row.orders[0] for row in rows if row.orders}
        order_id = next(iter(orders), None)
        kind = NoticeKind.INFORMATION_REQUESTED
        return Found(relevance, candidate, letters, ASKS_ELSEWHERE, kind, order_id)
    return Found(relevance, candidate, letters or (candidate,))


def _is_letter(relevance: Relevance, candidate: Candidate) -> bool:
    """Whether it is a letter itself; a colleague's mail with letters attached only carries them."""
    if relevance.weight == Weight.TYPED:
        return True
    if is_amazon_sender(candidate.sender):
        return relevance.weight > Weight.NONE
    return relevance.weight == Weight.NAMED and not candidate.carries


def _row(relevance: Relevance, candidate: Candidate) -> _Row:
    letter = sentences(without_links(candidate.body))
    said = what_is_said(candidate.subject, letter, candidate.notification_type)
    return _Row(relevance, candidate, said.kind, order_ids(f"{candidate.subject} {candidate.body}")[:1])


def _difference(rows: Sequence[_Row]) -> str | None:
    if len(rows) < 2:
        return None
    if len({row.orders for row in rows if row.orders}) > 1:
        return SEVERAL_ORDERS
    subjects = {bare_subject(row.candidate.subject) for row in rows if row.candidate.titled}
    if len({row.kind for row in rows}) > 1 or len(subjects) > 1 or _dates_differ(rows):
        return SEVERAL_LETTERS
    return None


def _dates_differ(rows: Sequence[_Row]) -> bool:
    each = [row.candidate for row in rows]
    moments = [one.noticed_at for one in each if one.noticed_at and one.noticed_at_basis in _FIRM_BASES]
    apart = bool(moments) and max(moments) - min(moments) > _SAME_MOMENT
    return apart or len({fold(one.date_text) for one in each if one.date_text}) > 1


def _asks_elsewhere(weighed: Sequence[tuple[Relevance, Candidate]], letters: Sequence[Candidate]) -> bool:
    carriers = [candidate for _, candidate in weighed if candidate not in letters]
    names = [words_of_name(part.name) for _, candidate in weighed for part in candidate.unread]
    return any(asks_by_subject(words) for words in [*(each.subject for each in carriers), *names])


def _urgency(row: _Row) -> int:
    if row.kind is None or row.kind in REQUEST_KINDS:
        return 0 if row.kind is NoticeKind.INFORMATION_REQUESTED else 1
    return 3 if row.kind in DECIDED_KINDS or row.kind is NoticeKind.CLAIM_WITHDRAWN else 2


def _proposal(rows: Sequence[_Row], doubt: str) -> Found:
    """The most urgent kind, of equals the oldest letter; what nobody understood may be a request."""
    by_date = sorted(rows, key=lambda row: (_urgency(row), _age(row), row.candidate.subject))
    orders = {row.orders[0] for row in rows if row.orders}
    first = by_date[0]
    return Found(
        first.relevance,
        first.candidate,
        tuple(row.candidate for row in by_date),
        doubt,
        first.kind or NoticeKind.INFORMATION_REQUESTED,
        next(iter(orders)) if len(orders) == 1 else None,
    )


def _age(row: _Row) -> float:
    moment = row.candidate.noticed_at
    return moment.timestamp() if moment else float("inf")
