"""What a letter tells of the claim itself: a new claim from its first letter, later letters fill what is blank."""

from datetime import datetime
from typing import Any

from accounts.actors import Actor
from claims.intake.fields import NoticeFields
from claims.lifecycle import State
from claims.models import Claim, Notice
from claims.services.events import record_event
from claims.words import REQUEST_KINDS
from shipping.services import register_shipment

_FILLED = (
    "amazon_claim_id",
    "reason",
    "reason_label",
    "buyer_comment",
    "amount",
    "currency",
    "stated_window",
)


def new_claim(notice: Notice, fields: NoticeFields, *, state: State, actor: Actor, now: datetime) -> Claim:
    """A claim from its first letter; the rest of the letter's facts follow by `add_facts`."""
    claim = Claim.objects.create(
        seller_id=notice.seller_id,
        marketplace_id=fields.marketplace_id,
        order_id=fields.order_id,
        amazon_claim_id=fields.amazon_claim_id,
        state=state.value,
        opened_at=fields.noticed_at,
        created_at=now,
        updated_at=now,
    )
    record_event(
        "claim_opened", claim=claim, notice=notice, actor=actor, now=now, kind=fields.kind, state=state.value
    )
    return claim


def add_facts(
    claim: Claim, notice: Notice, fields: NoticeFields, *, actor: Actor, now: datetime, copy: bool = False
) -> None:
    """Fill what the claim does not know yet. What differs from what it knows is written down, not taken over.

    Amazon's request is the exception: the words of the newest one stand on the claim. A `copy` of a letter
    that came before only fills what is blank there too.
    """
    changed: dict[str, Any] = {}
    differs: dict[str, Any] = {}
    for name in _FILLED:
        new, known = getattr(fields, name), getattr(claim, name)
        if new in ("", None):
            continue
        if known in ("", None):
            changed[name] = new
        elif known != new:
            differs[name] = str(new)
    if fields.ship_to and not claim.ship_to:
        changed["ship_to"] = dict(fields.ship_to)
    changed |= _request(claim, notice, fields, copy=copy)
    if fields.noticed_at < claim.opened_at:
        changed["opened_at"] = fields.noticed_at
    if changed:
        Claim.objects.filter(pk=claim.pk).update(updated_at=now, **changed)
        for name, value in changed.items():
            setattr(claim, name, value)
    if differs:
        record_event("notice_differs", claim=claim, notice=notice, actor=actor, now=now, **differs)
    for shipment in fields.shipments:
        register_shipment(
            seller=notice.seller,
            order_id=claim.order_id,
            marketplace_id=claim.marketplace_id,
            fields=shipment,
            ship_to=dict(claim.ship_to),
            actor=actor,
            now=now,
        )


def _request(claim: Claim, notice: Notice, fields: NoticeFields, *, copy: bool) -> dict[str, Any]:
    """What a letter changes in Amazon's request as it stands on the claim."""
    if not (fields.request_text or fields.requested):
        return {}
    asked = Notice.objects.filter(claim=claim, kind__in=REQUEST_KINDS).exclude(pk=notice.pk)
    if not copy and not asked.filter(noticed_at__gt=fields.noticed_at).exists():
        return {"request_text": fields.request_text, "requested": list(fields.requested)}
    return {
        "request_text": claim.request_text or fields.request_text,
        "requested": list(claim.requested or fields.requested),
    }
