"""What a stored letter says, as services take it: read again from its mail, or from the facts kept beside it.

Used when a letter arrives by mail, and when a person places one that had to wait.
"""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from claims.deadlines import Stated, Window
from claims.intake.fields import DecisionFields, NoticeFields
from claims.intake.reader import read_mail
from claims.intake.reading import ReadMail
from claims.models import Notice
from claims.words import DECIDED_KINDS, NoticeKind
from shipping.services import ShipmentFields

MAIL = "message/rfc822"
_SHIPMENT_MOMENTS = ("shipped_at", "ship_by", "deliver_by")
_AS_KEPT = (
    "notice_id", "marketplace_id", "order_id", "amazon_claim_id", "reason", "reason_label", "buyer_comment",
    "currency", "stated_window", "request_text", "ship_to",
)  # fmt: skip


def fields_kept(notice: Notice) -> NoticeFields:
    """The letter again. A mail whose kind could not be told counts as a request: it may be the one that matters."""
    if notice.media_type == MAIL:
        mail = read_mail(bytes(notice.raw))
        return mail_fields(notice, mail, kind=mail.kind or NoticeKind.INFORMATION_REQUESTED)
    facts = notice.facts
    decision = facts.get("decision")
    return NoticeFields(
        **{name: facts[name] for name in _AS_KEPT},
        noticed_at=notice.noticed_at or notice.received_at,
        kind=NoticeKind(facts["kind"]),
        amount=_amount(facts["amount"]),
        stated=_stated(facts["stated"]),
        requested=tuple(facts["requested"]),
        shipments=tuple(_shipment(row) for row in facts["shipments"]),
        decision=_decision(decision) if decision else None,
        noticed_at_basis=notice.noticed_at_basis,
    )


def mail_fields(row: Notice, mail: ReadMail, *, kind: NoticeKind) -> NoticeFields:
    """A mail's reading as the letter that services take; marketplace and moment are those of its row."""
    received = kind is NoticeKind.CLAIM_RECEIVED
    window = mail.stated_window.source_text if mail.stated_window else ""
    decision = DecisionFields(currency=mail.currency or "", **mail.decision) if mail.decision else None
    return NoticeFields(
        notice_id=row.notice_id,
        marketplace_id=row.marketplace_id,
        order_id=row.order_id,
        noticed_at=row.noticed_at or row.received_at,
        kind=kind,
        amazon_claim_id=row.amazon_claim_id,
        reason_label=mail.reason_label or "",
        buyer_comment=mail.buyer_comment or "",
        amount=mail.amount,
        currency=mail.currency or "",
        stated=mail.stated,
        stated_window=window[:500] if received else "",
        request_text=mail.text if kind is NoticeKind.INFORMATION_REQUESTED else "",
        decision=decision if kind in DECIDED_KINDS else None,
        marketplace_inferred=row.marketplace_inferred,
        noticed_at_basis=row.noticed_at_basis,
    )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _amount(text: str | None) -> Decimal | None:
    return Decimal(text) if text is not None else None


def _stated(kept: Mapping[str, Any]) -> Stated:
    window = kept["window"]
    return Stated(
        moment=_moment(kept["moment"]),
        on_date=date.fromisoformat(kept["on_date"]) if kept["on_date"] else None,
        window=Window(**window) if window else None,
        text=kept["text"],
    )


def _shipment(kept: Mapping[str, Any]) -> ShipmentFields:
    return ShipmentFields(**{**kept, **{name: _moment(kept[name]) for name in _SHIPMENT_MOMENTS}})


def _decision(kept: Mapping[str, Any]) -> DecisionFields:
    return DecisionFields(
        **{
            **kept,
            "debited_amount": _amount(kept["debited_amount"]),
            "decided_at": _moment(kept["decided_at"]),
        }
    )
