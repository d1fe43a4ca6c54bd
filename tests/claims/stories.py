"""Short ways to tell a story in a test: letters arrive, time passes, replies go out. Real services throughout."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from accounts.actors import Actor
from accounts.models import Seller
from claims.intake.fields import DecisionFields, NoticeFields
from claims.models import Claim, Deadline, Reply
from claims.services.notices import Received, receive_notice
from claims.services.replies import approve_reply, draft_reply
from claims.services.submissions import confirm_submission
from claims.words import NoticeKind

ITALY = "APJ6JRA9NG5V4"
ORDER = "402-3427577-1965903"
MONDAY = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
AMZ = Actor(user_id=None, integration_id=1, label="amz")
_ids = count(1)


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


def letter(
    seller: Seller,
    kind: str = "information_requested",
    *,
    at: datetime = MONDAY,
    now: datetime | None = None,
    source: str = "integration:1",
    decision: DecisionFields | None = None,
    **fields: Any,
) -> Received:
    """A letter of `kind` that Amazon sent `at`; it arrives a minute later unless `now` says otherwise."""
    notice = NoticeFields(
        notice_id=fields.pop("notice_id", f"letter-{next(_ids)}"),
        marketplace_id=fields.pop("marketplace_id", ITALY),
        order_id=fields.pop("order_id", ORDER),
        noticed_at=at,
        kind=NoticeKind(kind),
        decision=decision,
    )
    return receive_notice(
        seller=seller,
        source=source,
        notice=replace(notice, **fields),
        raw=b"{}",
        media_type="application/json",
        actor=AMZ,
        now=now or at + timedelta(minutes=1),
    )


def granted(**fields: Any) -> DecisionFields:
    return DecisionFields("granted", **{"funded_by": "seller", "counts_in_odr": "yes", **fields})


def claim_of(received: Received) -> Claim:
    assert received.notice.claim_id is not None
    return Claim.objects.get(pk=received.notice.claim_id)


def clocks(claim: Claim) -> list[tuple[str, str]]:
    """Every clock of the claim, oldest first, as (kind, status)."""
    rows = Deadline.objects.filter(claim=claim).order_by("id")
    return [(d.kind, d.status) for d in rows]


def approved(claim: Claim, *, now: datetime, actor: Actor = AMZ, kind: str | None = None) -> Reply:
    reply, _ = draft_reply(claim_id=claim.pk, kind=kind, language="en", actor=actor, now=now)
    return approve_reply(reply_id=reply.pk, revision=reply.revision, actor=actor, now=now)


def confirmed(
    reply: Reply, *, now: datetime, submitted_at: datetime | None = None, actor: Actor = AMZ
) -> Reply:
    return confirm_submission(
        reply_id=reply.pk,
        revision=reply.revision,
        submitted_at=submitted_at,
        pasted_text=None,
        screenshot=None,
        actor=actor,
        now=now,
    )
