"""The doors of the house: every letter is kept as it came, then read; the same letter twice is one letter.

Duplicates are decided by the database's constraint. What the letter does to its claim stands in `letters`.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction

from accounts.actors import Actor
from accounts.models import Seller
from claims.deadlines import DeadlineKind, clock_for
from claims.errors import NoticeConflict
from claims.intake.fields import DecisionFields, NoticeFields
from claims.intake.reader import read_mail
from claims.intake.reading import Reading, ReadMail
from claims.marketplaces import zone_of
from claims.models import Claim, Notice, NoticeAttempt
from claims.services.clocks import open_clock
from claims.services.events import record_event
from claims.services.letters import Letter, apply_letter
from claims.words import DECIDED_KINDS, NoticeKind, NoticeStatus
from shipping.selectors import shipments_of_order

_ONCE = "notice_id_once"
_TWO_CLAIMS = "Several claims on this order could be meant: say which one."


@dataclass(frozen=True)
class Received:
    """The letter's row; `created` is false when it had come before."""

    notice: Notice
    created: bool


def content_hash(fields: NoticeFields) -> str:
    """The same for the same content, however it was written (`Z` or `+00:00`, 34.9 or 34.90)."""
    return hashlib.sha256(json.dumps(_plain(asdict(fields)), sort_keys=True).encode()).hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(v) for v in value]
    return value


def receive_notice(
    *,
    seller: Seller,
    source: str,
    notice: NoticeFields,
    raw: bytes,
    media_type: str,
    actor: Actor,
    now: datetime,
) -> Received:
    """Take a letter in: its bytes, claim, clock and events in one transaction.

    Raises NoticeConflict when the id was used with other content; both letters are kept.
    """
    row = Notice(
        seller=seller,
        source=source,
        notice_id=notice.notice_id,
        content_hash=content_hash(notice),
        media_type=media_type,
        raw=raw,
        received_at=now,
        received_from=actor.label,
        status=NoticeStatus.PROCESSED,
        kind=notice.kind,
        marketplace_id=notice.marketplace_id,
        order_id=notice.order_id,
        amazon_claim_id=notice.amazon_claim_id,
        noticed_at=min(notice.noticed_at, now),
        noticed_at_basis=notice.noticed_at_basis,
        text=notice.request_text,
        facts=_plain(asdict(notice)),
    )
    fields = replace(notice, noticed_at=min(notice.noticed_at, now))
    with transaction.atomic():
        first = _insert_once(row)
        if first is None:
            _read(row, fields, actor=actor, now=now)
            return Received(row, created=True)
    return _repeated(row, first, actor=actor, now=now)


def _insert_once(row: Notice) -> Notice | None:
    """Write the letter, or return the one that has its id already. Waits for one that is just being written."""
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        if _ONCE not in str(error):
            raise
        return (
            Notice.objects.filter(seller=row.seller, source=row.source, notice_id=row.notice_id)
            .exclude(status=NoticeStatus.CONFLICT)
            .select_related("claim")
            .get()
        )
    return None


def _read(row: Notice, fields: NoticeFields, *, actor: Actor, now: datetime) -> None:
    """Apply a validated letter; where several claims could be meant, a person is asked."""
    if not apply_letter(Letter(row, fields, actor, now)):
        _ask_person(row, why=_TWO_CLAIMS, actor=actor, now=now)


def _repeated(row: Notice, first: Notice, *, actor: Actor, now: datetime) -> Received:
    """The same content again: the first answer. Other content: kept once, and refused."""
    if first.content_hash == row.content_hash:
        return Received(first, created=False)
    row.status = NoticeStatus.CONFLICT
    row.conflicts_with = first
    row.pk = None
    try:
        with transaction.atomic():
            row.save(force_insert=True)
            record_event(
                "notice_conflict",
                claim=first.claim,
                notice=row,
                actor=actor,
                now=now,
                conflicts_with=first.pk,
            )
        kept = row
    except IntegrityError:
        kept = Notice.objects.get(
            seller=row.seller,
            source=row.source,
            notice_id=row.notice_id,
            content_hash=row.content_hash,
            status=NoticeStatus.CONFLICT,
        )
    raise NoticeConflict(extra={"notice": kept.pk, "conflicts_with": first.pk})


def keep_refused(
    *,
    seller: Seller | None,
    raw: bytes,
    media_type: str,
    errors: list[dict[str, str]],
    actor: Actor,
    now: datetime,
) -> NoticeAttempt:
    """Keep a post that was refused; it uses up no id, the corrected one is taken."""
    return NoticeAttempt.objects.create(
        seller=seller,
        raw=raw,
        media_type=media_type[:100],
        errors=errors,
        received_at=now,
        received_from=actor.label,
    )


def receive_mail(*, seller: Seller, source: str, raw: bytes, actor: Actor, now: datetime) -> Received:
    """Take a raw mail in. It is stored before it is read, and is never refused for what it says."""
    kept = keep_refused(seller=seller, raw=raw, media_type="message/rfc822", errors=[], actor=actor, now=now)
    mail = read_mail(raw)
    row = _mail_row(mail, seller=seller, source=source, raw=raw, actor=actor, now=now)
    with transaction.atomic():
        first = _insert_once(row)
        if first is None:
            _read_mail(row, mail, actor=actor, now=now)
        kept.delete()  # the letter's own row holds the bytes now
    return Received(first or row, created=first is None)


def _mail_row(
    mail: ReadMail, *, seller: Seller, source: str, raw: bytes, actor: Actor, now: datetime
) -> Notice:
    unrelated = mail.reading is Reading.UNRELATED
    return Notice(
        seller=seller,
        source=source,
        notice_id=mail.content_id,
        content_hash=mail.content_id[:64],
        media_type="message/rfc822",
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
    return {name: _plain(value) for name, value in facts.items() if value is not None}


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
        _ask_person(row, why=why, actor=actor, now=now)
        return
    _read(row, _mail_fields(row, mail), actor=actor, now=now)


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


def _mail_fields(row: Notice, mail: ReadMail) -> NoticeFields:
    """A mail that could be read, as the letter that services take."""
    assert mail.kind is not None
    assert row.noticed_at is not None
    received = mail.kind is NoticeKind.CLAIM_RECEIVED
    window = mail.stated_window.source_text if mail.stated_window else ""
    decision = DecisionFields(currency=mail.currency or "", **mail.decision) if mail.decision else None
    return NoticeFields(
        notice_id=row.notice_id,
        marketplace_id=row.marketplace_id,
        order_id=row.order_id,
        noticed_at=row.noticed_at,
        kind=mail.kind,
        amazon_claim_id=row.amazon_claim_id,
        reason_label=mail.reason_label or "",
        buyer_comment=mail.buyer_comment or "",
        amount=mail.amount,
        currency=mail.currency or "",
        stated=mail.stated,
        stated_window=window[:500] if received else "",
        request_text=mail.text if mail.kind is NoticeKind.INFORMATION_REQUESTED else "",
        decision=decision if mail.kind in DECIDED_KINDS else None,
        marketplace_inferred=row.marketplace_inferred,
        noticed_at_basis=row.noticed_at_basis,
    )


def _ask_person(row: Notice, *, why: str, actor: Actor, now: datetime) -> None:
    """Put a letter that fits nothing into the queue, under a clock of its own."""
    noticed_at = row.noticed_at or now
    row.status = NoticeStatus.NEEDS_PERSON
    row.why = why
    row.save()
    open_clock(
        clock_for(DeadlineKind.TRIAGE, noticed_at=noticed_at, zone=zone_of(row.marketplace_id)),
        seller_id=row.seller_id,
        claim=None,
        notice=row,
        noticed_at=noticed_at,
        actor=actor,
        now=now,
    )
    record_event("notice_needs_person", claim=None, notice=row, actor=actor, now=now, why=why)
