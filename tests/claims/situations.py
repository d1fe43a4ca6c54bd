"""Claims brought to each state by the letters and actions of a real life, and pictures of what they hold."""

from dataclasses import dataclass
from typing import Any

from accounts.models import Seller
from claims.models import Bundle, Claim, Deadline, Decision, Event, EvidenceItem, Reply, Warning
from claims.services.claims import close_claim
from claims.services.replies import draft_reply
from tests.claims.stories import (
    AMZ,
    MONDAY,
    approved,
    claim_of,
    clocks,
    confirmed,
    granted,
    hours,
    letter,
)

DECIDED_AT = MONDAY + hours(10)


def received(seller: Seller) -> Claim:
    return claim_of(letter(seller, "claim_received"))


def action_required(seller: Seller) -> Claim:
    return claim_of(letter(seller))


def under_review(seller: Seller) -> Claim:
    claim = action_required(seller)
    confirmed(approved(claim, now=MONDAY + hours(1)), now=MONDAY + hours(1))
    return claim


def decided(seller: Seller) -> Claim:
    claim = under_review(seller)
    letter(seller, "claim_decided", at=DECIDED_AT, decision=granted())
    return claim


def closed(seller: Seller) -> Claim:
    claim = decided(seller)
    drafted(claim, at=11)
    now = MONDAY + hours(12)
    close_claim(claim_id=claim.pk, reason="too small to fight for", actor=AMZ, now=now)
    return claim


def appeal_under_review(seller: Seller) -> Claim:
    claim = decided(seller)
    confirmed(approved(claim, now=MONDAY + hours(20)), now=MONDAY + hours(20))
    return claim


def appeal_action_required(seller: Seller) -> Claim:
    claim = appeal_under_review(seller)
    letter(seller, "appeal_information_requested", at=MONDAY + hours(30))
    return claim


_ROADS = {
    "received": received,
    "action_required": action_required,
    "under_review": under_review,
    "decided": decided,
    "closed": closed,
    "appeal_under_review": appeal_under_review,
    "appeal_action_required": appeal_action_required,
}
STATES = list(_ROADS)


def bring_to(state: str, seller: Seller) -> Claim:
    """A claim in this state, by MONDAY + 30 h at the latest: request 0 h, answer 1 h, decision 10 h, appeal 20 h."""
    claim = _ROADS[state](seller)
    claim.refresh_from_db()
    assert claim.state == state
    return claim


def drafted(claim: Claim, *, at: float) -> Reply:
    reply, _ = draft_reply(claim_id=claim.pk, kind=None, language="en", actor=AMZ, now=MONDAY + hours(at))
    return reply


@dataclass(frozen=True)
class Picture:
    """What a table's cell speaks of, in words: `decisions` are "granted current", "granted appeal past", …"""

    state: str
    clocks: tuple[str, ...] = ()
    decisions: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    replies: tuple[str, ...] = ()


def picture(claim: Claim) -> Picture:
    claim.refresh_from_db()
    return Picture(
        state=claim.state,
        clocks=tuple(f"{kind} {status}" for kind, status in clocks(claim)),
        decisions=tuple(
            f"{d.decision}{' appeal' if d.of_appeal else ''} {'current' if d.current else 'past'}"
            for d in claim.decisions.order_by("id")
        ),
        flags=tuple(name for name in ("reopened", "unheard") if getattr(claim, name)),
        replies=tuple(f"{r.kind} {r.status}" for r in claim.replies.order_by("id")),
    )


def everything(claim: Claim) -> list[Any]:
    """Every row of a claim by value: equal before and after means that nothing changed."""
    models = (Deadline, Event, EvidenceItem, Reply, Warning, Bundle, Decision)
    return [
        list(Claim.objects.filter(pk=claim.pk).values()),
        *(list(model._default_manager.filter(claim=claim).order_by("pk").values()) for model in models),
    ]
