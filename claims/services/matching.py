"""Which claim a letter belongs to. Reads and decides; the caller holds the order's lock."""

from dataclasses import dataclass
from datetime import datetime

from claims.deadlines import SAME_LETTER
from claims.intake.fields import DecisionFields, NoticeFields
from claims.models import Claim, Notice
from claims.words import NoticeStatus


@dataclass(frozen=True)
class Match:
    """The claim found, or none; `ambiguous`: several could be meant, so a person has to say."""

    claim: Claim | None = None
    ambiguous: bool = False


def match_claim(*, seller_id: int, fields: NoticeFields) -> Match:
    """Amazon's claim id when both have one; else the order's claim in any state; else none.

    A claim without an Amazon id takes over the letter's. Rows come back locked.
    """
    rows = Claim.objects.select_for_update(no_key=True).filter(
        seller_id=seller_id, marketplace_id=fields.marketplace_id
    )
    if fields.amazon_claim_id:
        by_id = rows.filter(amazon_claim_id=fields.amazon_claim_id).first()
        if by_id is not None:
            return Match(by_id)
        return Match(rows.filter(order_id=fields.order_id, amazon_claim_id="").first())
    of_order = list(rows.filter(order_id=fields.order_id).order_by("id")[:2])
    if len(of_order) > 1:
        return Match(ambiguous=True)
    return Match(of_order[0] if of_order else None)


def same_letter(notice: Notice, claim: Claim, *, kind: str, noticed_at: datetime) -> Notice | None:
    """The letter that `notice` repeats: same kind, same claim, another source, at most an hour apart."""
    return (
        Notice.objects.filter(
            claim=claim,
            kind=kind,
            noticed_at__gte=noticed_at - SAME_LETTER,
            noticed_at__lte=noticed_at + SAME_LETTER,
            status__in=[NoticeStatus.PROCESSED, NoticeStatus.RESOLVED],
            same_letter_as__isnull=True,
        )
        .exclude(source=notice.source)
        .exclude(pk=notice.pk)
        .order_by("id")
        .first()
    )


def same_decision(claim: Claim, original: Notice, said: DecisionFields | None) -> bool:
    """Two letters of a decision are one only if they contradict each other on no axis."""
    told = claim.decisions.filter(notice=original).first() if said is not None else None
    if said is None or told is None:
        return True
    axes = ((told.funded_by, said.funded_by), (told.counts_in_odr, said.counts_in_odr))
    differs = any("unknown" not in pair and pair[0] != pair[1] for pair in axes)
    return told.decision == said.decision and not differs
