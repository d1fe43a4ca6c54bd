"""A person says what a letter is that the product could not place."""

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from accounts.actors import Actor
from accounts.errors import Conflict, InvalidInput
from claims.intake.fields import NoticeFields
from claims.models import Claim, Deadline, Notice
from claims.services.clocks import settle
from claims.services.events import record_event
from claims.services.kept import fields_kept
from claims.services.letters import Letter, apply_letter
from claims.services.locks import lock_claim, lock_notice, lock_order
from claims.words import DECIDED_KINDS, NoticeStatus

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
        if notice.status == NoticeStatus.CONFLICT:
            raise Conflict(
                "This letter is kept beside the first one with its id; send a corrected one under its own id.",
                code="notice_conflict",
            )
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
    """The claim that a person named, locked after its order as everywhere. Raises InvalidInput."""
    order_id = Claim.objects.filter(pk=claim_id, seller_id=notice.seller_id).values_list(
        "order_id", flat=True
    )
    if not order_id:
        raise InvalidInput.at("/claim_id", f"There is no claim {claim_id}.", code="does_not_exist")
    if notice.order_id and notice.order_id != order_id[0]:
        raise InvalidInput.at(
            "/claim_id",
            f"The letter names order {notice.order_id}; claim {claim_id} is on {order_id[0]}. "
            "Give notice with the right order if the letter was misread.",
            code="another_order",
        )
    lock_order(notice.seller_id, order_id[0])
    return lock_claim(claim_id)


def _as_read(notice: Notice, claim: Claim) -> NoticeFields:
    """What the letter says as far as it was read, placed on the claim it belongs to. Raises InvalidInput."""
    fields = fields_kept(notice)
    if fields.kind in DECIDED_KINDS and fields.decision is None:
        raise InvalidInput.at(
            "/notice",
            "The letter tells of a decision: give notice with the decision it tells.",
            code="required",
        )
    named = fields.amazon_claim_id
    others = Claim.objects.filter(
        seller_id=claim.seller_id, marketplace_id=claim.marketplace_id, amazon_claim_id=named
    )
    return replace(
        fields,
        marketplace_id=claim.marketplace_id,
        order_id=claim.order_id,
        amazon_claim_id=claim.amazon_claim_id or ("" if others.exists() else named),
    )


def _stop_clock(notice: Notice, *, unrelated: bool, actor: Actor, now: datetime) -> None:
    clocks = Deadline.objects.select_for_update(no_key=True).filter(
        notice=notice, claim__isnull=True, settled=False
    )
    for clock in clocks:
        if clock.status == Deadline.Status.OPEN:
            in_time = Deadline.Status.MET if now <= clock.due_at else Deadline.Status.MISSED
            clock.status = Deadline.Status.CANCELLED if unrelated else in_time
        clock.answered_at = now
        settle(clock, now=now, reason="unrelated" if unrelated else "resolved")
