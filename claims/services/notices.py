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

from django.db import DatabaseError, IntegrityError, transaction

from accounts.actors import Actor
from accounts.models import Seller
from claims.deadlines import DeadlineKind, clock_for
from claims.errors import NoticeConflict
from claims.intake.fields import NoticeFields
from claims.marketplaces import zone_of
from claims.models import Notice, NoticeAttempt
from claims.services.clocks import open_clock
from claims.services.events import record_event
from claims.services.letters import Letter, apply_letter
from claims.words import NoticeStatus

_ONCE = "notice_id_once"
#: What a letter with impossible contents, or a fault of ours, can fail with once it is stored.
_TROUBLE = (DatabaseError, LookupError, ValueError, TypeError)
_TWO_CLAIMS = "Several claims on this order could be meant: say which one."


@dataclass(frozen=True)
class Received:
    """The letter's row; `created` is false when it had come before."""

    notice: Notice
    created: bool


def content_hash(fields: NoticeFields) -> str:
    """The same for the same content, however it was written (`Z` or `+00:00`, 34.9 or 34.90)."""
    return hashlib.sha256(json.dumps(plain(asdict(fields)), sort_keys=True).encode()).hexdigest()


def plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
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

    Raises NoticeConflict when the id was used with other content; both letters are kept. When the reading
    itself fails, the bytes are kept alone and the error goes on: the sender tries again under the same id.
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
        facts=plain(asdict(notice)),
    )
    fields = replace(notice, noticed_at=min(notice.noticed_at, now))
    try:
        with transaction.atomic():
            first = insert_once(row)
            if first is None:
                read_letter(row, fields, actor=actor, now=now)
                return Received(row, created=True)
    except _TROUBLE as error:
        fault = {"pointer": "", "code": "reading_failed", "detail": f"{type(error).__name__}: {error}"[:500]}
        keep_refused(seller=seller, raw=raw, media_type=media_type, errors=[fault], actor=actor, now=now)
        raise
    return _repeated(row, first, actor=actor, now=now)


def insert_once(row: Notice) -> Notice | None:
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


def read_letter(row: Notice, fields: NoticeFields, *, actor: Actor, now: datetime) -> None:
    """Apply a validated letter; where several claims could be meant, a person is asked."""
    if not apply_letter(Letter(row, fields, actor, now)):
        ask_person(row, why=_TWO_CLAIMS, actor=actor, now=now)


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


def ask_person(row: Notice, *, why: str, actor: Actor, now: datetime) -> None:
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
