"""Claims as the queue and the detail page need them: everything a row shows comes with the row."""

import re
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db.models import BooleanField, OuterRef, Prefetch, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from accounts.access import Caller
from claims.deadlines import DeadlineKind
from claims.models import (
    CLAIM_WORDS,
    Bundle,
    Claim,
    Deadline,
    Decision,
    Event,
    EvidenceItem,
    Finding,
    Notice,
    Reply,
)
from claims.selectors.judgement import judged
from claims.words import ReplyStatus
from shipping.selectors import order_ids_with_number, shipments_of_order_with_history

_WORD = re.compile(r"[^\W_]+")
WORDS_AT_MOST = 20
OPEN_REPLY = (ReplyStatus.DRAFT, ReplyStatus.APPROVED)


def claims_visible_to(caller: Caller) -> QuerySet[Claim]:
    return Claim.objects.filter(seller_id__in=caller.seller_ids())


def claim_rows(claims: QuerySet[Claim]) -> QuerySet[Claim]:
    """With what a row of the queue shows beside its own columns; no query more, whatever the page's size."""
    open_replies = Reply.objects.filter(claim=OuterRef("pk"), status__in=OPEN_REPLY)
    appeal = Deadline.objects.filter(claim=OuterRef("pk"), kind=DeadlineKind.APPEAL, settled=False)
    ready = Bundle.objects.filter(claim=OuterRef("pk"), status=Bundle.Status.READY)
    return claims.select_related("seller", "assignee").annotate(
        has_appeal_clock=_has_any(appeal),
        awaiting_confirmation=_has_any(open_replies.filter(status=ReplyStatus.APPROVED)),
        open_reply_status=Subquery(open_replies.order_by("-id").values("status")[:1]),
        has_bundle=_has_any(ready),
    )


def _has_any(rows: QuerySet[Any]) -> Coalesce:
    """Looked up for each row of the page. PostgreSQL would answer EXISTS by reading the whole table once."""
    found = rows.annotate(found=Value(True)).values("found")[:1]
    return Coalesce(Subquery(found), Value(False), output_field=BooleanField())


def claim_details(claims: QuerySet[Claim]) -> QuerySet[Claim]:
    """With every list of the detail, oldest first; the raw bytes of letters stay in the database."""
    return claim_rows(claims).prefetch_related(
        Prefetch("notices", Notice.objects.defer("raw").select_related("seller").order_by("id")),
        Prefetch("deadlines", Deadline.objects.select_related("seller").order_by("id")),
        Prefetch("findings", Finding.objects.order_by("id")),
        Prefetch("evidence", EvidenceItem.objects.order_by("id")),
        Prefetch("bundles", Bundle.objects.order_by("id")),
        Prefetch("replies", Reply.objects.select_related("bundle").order_by("id")),
        Prefetch("decisions", Decision.objects.order_by("id")),
        Prefetch("events", Event.objects.order_by("id")),
    )


def with_shipments(claim: Claim) -> Claim:
    """The same claim with `known_shipments`, oldest first, and the `judgement` of all that is known now."""
    shown: Any = claim
    shown.known_shipments = list(shipments_of_order_with_history(claim.seller_id, claim.order_id))
    shown.judgement = judged(claim, shown.known_shipments, claim.evidence.all())
    return claim


def claims_found_by(claims: QuerySet[Claim], text: str, *, caller: Caller) -> QuerySet[Claim]:
    """Those with every word of `text`, each from its beginning, in order id, Amazon claim id or buyer's comment.

    A text with a digit may also be the beginning of a tracking number.
    """
    words = _WORD.findall(text.lower())[:WORDS_AT_MOST]
    if not words:
        return claims.none()
    query = SearchQuery(" & ".join(f"'{word}':*" for word in words), search_type="raw", config="simple")
    found = claims.alias(words=CLAIM_WORDS).filter(words=query)
    if not any(character.isdigit() for character in text):
        return found
    mine = Claim.objects.filter(seller_id__in=caller.seller_ids())
    by_number = mine.filter(order_id__in=order_ids_with_number(caller.seller_ids(), text))
    by_words = mine.alias(words=CLAIM_WORDS).filter(words=query)
    return claims.filter(pk__in=by_number.values("pk").union(by_words.values("pk"), all=True))
