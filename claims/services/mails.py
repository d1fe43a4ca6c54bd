"""The door for raw mail: kept, read, and handed on as a letter; what cannot be read waits for a person."""

from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.actors import Actor
from accounts.models import Seller
from claims.intake.reader import read_mail
from claims.intake.reading import Reading, ReadMail
from claims.models import Claim, Notice, NoticeAttempt
from claims.services.events import record_event
from claims.services.kept import MAIL, mail_fields
from claims.services.notices import Received, ask_person, insert_once, keep_refused, plain, read_letter
from claims.words import NoticeStatus
from shipping.selectors import shipments_of_order


def receive_mail(*, seller: Seller, source: str, raw: bytes, actor: Actor, now: datetime) -> Received:
    """Take a raw mail in. It is stored before it is read, and is never refused for what it says."""
    kept = keep_refused(seller=seller, raw=raw, media_type=MAIL, errors=[], actor=actor, now=now)
    mail = read_mail(raw)
    row = _mail_row(mail, seller=seller, source=source, raw=raw, actor=actor, now=now)
    with transaction.atomic():
        first = insert_once(row)
        if first is None:
            _read_mail(row, mail, actor=actor, now=now)
        if first is None or bytes(first.raw) == raw:
            kept.delete()  # the letter's own row holds the bytes
        else:
            _keep_other_bytes(kept, first)
    return Received(first or row, created=first is None)


def _keep_other_bytes(kept: NoticeAttempt, first: Notice) -> None:
    """The same letter in other bytes (another Message-ID, a forward) stays beside it, once for the same bytes."""
    detail = f"The same letter as notice {first.pk}, in other bytes."
    kept.errors = [{"pointer": "", "code": "repeated", "detail": detail}]
    same = NoticeAttempt.objects.filter(seller=kept.seller, errors=kept.errors, raw=kept.raw)
    if same.exclude(pk=kept.pk).exists():
        kept.delete()
    else:
        kept.save(update_fields=["errors"])


def _mail_row(
    mail: ReadMail, *, seller: Seller, source: str, raw: bytes, actor: Actor, now: datetime
) -> Notice:
    unrelated = mail.reading is Reading.UNRELATED
    return Notice(
        seller=seller,
        source=source,
        notice_id=mail.content_id,
        content_hash=mail.content_id[:64],
        media_type=MAIL,
        raw=raw,
        received_at=now,
        received_from=actor.label,
        status=NoticeStatus.UNRELATED if unrelated else NoticeStatus.PROCESSED,
        why=mail.why,
        kind=mail.kind or "",
        marketplace_id=mail.marketplace_id or "",
        marketplace_inferred=mail.marketplace_basis not in (None, "header"),
        order_id=mail.order_id or "",
        amazon_claim_id=mail.amazon_claim_id or "",
        noticed_at=min(mail.noticed_at or now, now),
        noticed_at_basis=mail.noticed_at_basis or "received",
        subject=mail.subject[:500],
        text=mail.text,
        facts=_mail_facts(mail),
    )


def _mail_facts(mail: ReadMail) -> dict[str, Any]:
    window = mail.stated_window
    facts = {
        "seller_name": mail.seller_name,
        "sender": mail.sender,
        "sender_is_amazon": mail.sender_is_amazon,
        "forwarded": mail.forwarded,
        "notification_type": mail.notification_type,
        "amount": mail.amount,
        "currency": mail.currency,
        "reason_label": mail.reason_label,
        "buyer_comment": mail.buyer_comment,
        "stated_window": str(window.window) if window else None,
        "stated_window_text": window.source_text if window else None,
        "decision": mail.decision,
    }
    return {name: plain(value) for name, value in facts.items() if value is not None}


def _read_mail(row: Notice, mail: ReadMail, *, actor: Actor, now: datetime) -> None:
    if mail.reading is Reading.UNRELATED:
        record_event("mail_unrelated", claim=None, notice=row, actor=actor, now=now, why=mail.why)
        return
    why = mail.why if mail.reading is Reading.NEEDS_PERSON else ""
    if not why:
        _find_marketplace(row)
        if not row.marketplace_id:
            why = "The mail does not say which marketplace it is about."
        elif not row.order_id or mail.kind is None:
            why = mail.why or "The order or the kind of letter could not be read."
    if why:
        ask_person(row, why=why, actor=actor, now=now)
        return
    assert mail.kind is not None
    read_letter(row, mail_fields(row, mail, kind=mail.kind), actor=actor, now=now)


def _find_marketplace(row: Notice) -> None:
    """A mail without marketplace takes it from a claim or shipment of its order, before any weaker hint."""
    if row.marketplace_id and not row.marketplace_inferred:
        return
    claims = Claim.objects.filter(seller=row.seller, order_id=row.order_id).values_list(
        "marketplace_id", flat=True
    )
    known = set(claims) or {
        s.marketplace_id for s in shipments_of_order(row.seller_id, row.order_id) if s.marketplace_id
    }
    if len(known) == 1:
        row.marketplace_id = known.pop()
        row.marketplace_inferred = True
