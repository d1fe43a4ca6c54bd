"""A person says what a letter is that the product could not place."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from accounts.actors import Actor
from accounts.errors import Conflict, InvalidInput, NotVisible
from claims.intake.fields import NoticeFields
from claims.models import Claim, Deadline, Notice
from claims.services.clocks import settle
from claims.services.events import record_event
from claims.services.letters import Letter, apply_letter
from claims.services.locks import lock_claim, lock_notice
from claims.words import DECIDED_KINDS, NoticeKind, NoticeStatus

_SETTLED = (NoticeStatus.PROCESSED, NoticeStatus.RESOLVED)


def resolve_notice(
    *,
    notice_id: int,
    claim_id: int | None = None,
    fields: NoticeFields | None = None,
    unrelated: str | None = None,
    actor: Actor,
    now: datetime,
) -> Notice:
    """Settle a letter of the queue: it belongs to a claim, it says this, or it is no claim at all.

    Exactly one of the three is given. Resolving ends the letter's triage clock and hands the moment of the
    letter to the claim's clock. Raises Conflict when somebody resolved it first, InvalidInput when more has
    to be said.
    """
    if sum(given is not None for given in (claim_id, fields, unrelated)) != 1:
        raise InvalidInput.at("", "Give one of claim_id, notice or unrelated.", code="one_of")
    with transaction.atomic():
        notice = lock_notice(notice_id)
        if notice.status in _SETTLED:
            raise Conflict("This letter was placed already.", code="already_resolved")
        if unrelated is not None:
            notice.status = NoticeStatus.UNRELATED
            notice.why = unrelated
            notice.save()
        else:
            _place(notice, claim_id, fields, actor=actor, now=now)
        _stop_clock(notice, unrelated=unrelated is not None, actor=actor, now=now)
        notice.resolved_at = now
        notice.resolved_by = actor.label
        notice.save()
        record_event(
            "notice_resolved", claim=notice.claim, notice=notice, actor=actor, now=now, status=notice.status
        )
    return notice


def _place(
    notice: Notice, claim_id: int | None, fields: NoticeFields | None, *, actor: Actor, now: datetime
) -> None:
    claim = None
    if claim_id is not None:
        claim = _claim_of(notice, claim_id)
        fields = _as_read(notice, claim)
    assert fields is not None
    if fields.noticed_at > now:
        fields = replace(fields, noticed_at=now)
    notice.status = NoticeStatus.RESOLVED
    if not apply_letter(Letter(notice, fields, actor, now), claim=claim):
        raise InvalidInput.at(
            "/claim_id",
            "Several claims on this order could be meant: give the claim_id of one.",
            code="ambiguous",
        )


def _claim_of(notice: Notice, claim_id: int) -> Claim:
    try:
        claim = lock_claim(claim_id)
    except NotVisible:
        claim = None
    if claim is None or claim.seller_id != notice.seller_id:
        raise InvalidInput.at("/claim_id", f"There is no claim {claim_id}.", code="does_not_exist")
    return claim


def _as_read(notice: Notice, claim: Claim) -> NoticeFields:
    """What could be read of the letter, completed by the claim it belongs to."""
    kind = NoticeKind(notice.kind) if notice.kind else NoticeKind.INFORMATION_REQUESTED
    if kind in DECIDED_KINDS:
        raise InvalidInput.at(
            "/notice",
            "The letter tells of a decision: give notice with the decision it tells.",
            code="required",
        )
    amount = notice.facts.get("amount")
    return NoticeFields(
        notice_id=notice.notice_id,
        marketplace_id=claim.marketplace_id,
        order_id=claim.order_id,
        noticed_at=notice.noticed_at or notice.received_at,
        kind=kind,
        amazon_claim_id=claim.amazon_claim_id,
        reason_label=notice.facts.get("reason_label", ""),
        buyer_comment=notice.facts.get("buyer_comment", ""),
        amount=Decimal(amount) if amount else None,
        currency=notice.facts.get("currency", ""),
        request_text=notice.text if kind is NoticeKind.INFORMATION_REQUESTED else "",
        noticed_at_basis=notice.noticed_at_basis,
    )


def _stop_clock(notice: Notice, *, unrelated: bool, actor: Actor, now: datetime) -> None:
    clocks = Deadline.objects.select_for_update(no_key=True).filter(
        notice=notice, claim__isnull=True, settled=False
    )
    for clock in clocks:
        if clock.status == Deadline.Status.OPEN:
            clock.status = Deadline.Status.CANCELLED if unrelated else Deadline.Status.MET
        clock.answered_at = now
        settle(clock, now=now, reason="unrelated" if unrelated else "resolved")
