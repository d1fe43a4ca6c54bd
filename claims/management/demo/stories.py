"""The claims of the demo: one in every state, with moments counted back from now."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from email.utils import format_datetime
from typing import Any

from accounts.actors import Actor
from accounts.models import Seller, User
from claims.intake.fields import DecisionFields, NoticeFields
from claims.management.demo.parcels import BERLIN, ROME, TOKYO, Parcel
from claims.models import Claim
from claims.services.claims import assign_claim
from claims.services.decisions import record_decision
from claims.services.evidence import add_evidence
from claims.services.mails import receive_mail
from claims.services.notices import receive_notice
from claims.services.replies import approve_reply, draft_reply
from claims.services.submissions import confirm_submission
from claims.words import NoticeKind
from shipping.selectors import shipments_of_order
from shipping.services import record_tracking

ITALY, GERMANY, JAPAN = "APJ6JRA9NG5V4", "A1PA6795UKMFR9", "A1VC38T7YXB528"
_MESSAGE = "Hello, the parcel came today, many thanks. I will write again if something is missing."
_LETTER = """From: "Amazon.co.jp" <atoz-guarantee-no-reply@amazon.co.jp>
To: seller@example.com
Date: {date}
Subject: Amazon =?utf-8?b?44Oe44O844Kx44OD44OI44OX44Os44Kk44K55L+d6Ki8?=
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

注文番号 503-1234567-7654321 について、Amazonマーケットプレイス保証の申請を受け付けました。
詳細をご確認ください。
"""


@dataclass
class Stage:
    """Who plays, and when it is now."""

    seller: Seller
    agent: User
    source: str
    program: Actor
    now: datetime
    letters: int = 0

    @property
    def actor(self) -> Actor:
        return Actor(user_id=self.agent.pk, integration_id=None, label=self.agent.get_username())

    def ago(self, **span: float) -> datetime:
        return self.now - timedelta(**span)


@dataclass(frozen=True)
class Case:
    """What all letters of one claim have in common."""

    order_id: str
    marketplace_id: str
    facts: dict[str, Any] = field(default_factory=dict)
    parcel: Parcel | None = None


def tell(stage: Stage) -> None:
    """Every story, through the same services that agents and programs use."""
    _received(stage)
    _asked(stage)
    _nearly_over(stage)
    _overdue(stage)
    _under_review(stage)
    _lost(stage)
    _won(stage)
    _appealed(stage)
    _asked_in_appeal(stage)
    _withdrawn(stage)
    _unread(stage)


def _letter(stage: Stage, case: Case, kind: NoticeKind, at: datetime, **more: Any) -> Claim:
    stage.letters += 1
    shipped_at = stage.ago(days=12)
    parcels = (case.parcel.fields(shipped_at),) if case.parcel else ()
    ship_to = case.parcel.to if case.parcel else {}
    received = receive_notice(
        seller=stage.seller,
        source=stage.source,
        notice=NoticeFields(
            notice_id=f"demo-{stage.letters}",
            marketplace_id=case.marketplace_id,
            order_id=case.order_id,
            noticed_at=at,
            kind=kind,
            ship_to=ship_to,
            shipments=parcels,
            **case.facts,
            **more,
        ),
        raw=b'{"demo": true}',
        media_type="application/json",
        actor=stage.program,
        now=at + timedelta(minutes=2),
    )
    claim = received.notice.claim
    assert claim is not None
    for shipment in shipments_of_order(stage.seller.pk, case.order_id):
        assert case.parcel is not None
        record_tracking(
            shipment=shipment,
            provider="normal",
            payload=case.parcel.tracking(shipped_at),
            actor=stage.program,
            now=at + timedelta(minutes=3),
            channel="api",
            fetched_at=stage.ago(days=9),
        )
    return claim


def _answer(stage: Stage, claim: Claim, at: datetime) -> None:
    reply, _ = draft_reply(claim_id=claim.pk, kind=None, language="en", actor=stage.actor, now=at)
    reply = approve_reply(reply_id=reply.pk, revision=reply.revision, actor=stage.actor, now=at)
    confirm_submission(
        reply_id=reply.pk,
        revision=reply.revision,
        submitted_at=at,
        pasted_text=reply.text,
        screenshot=None,
        actor=stage.actor,
        now=at,
    )


def _facts(amount: str, currency: str, reason: str, label: str, comment: str) -> dict[str, Any]:
    return {
        "amount": Decimal(amount),
        "currency": currency,
        "reason": reason,
        "reason_label": label,
        "buyer_comment": comment,
    }


def _received(stage: Stage) -> None:
    case = Case(
        "402-1000001-1000001",
        ITALY,
        _facts("119.00", "EUR", "not_received", "Package didn't arrive", "Il pacco non è mai arrivato."),
        Parcel("Poste Italiane", "RR123456785IT", ROME, delivered=False),
    )
    _letter(stage, case, NoticeKind.CLAIM_RECEIVED, stage.ago(hours=6))


def _asked(stage: Stage) -> None:
    case = Case(
        "302-1000002-1000002",
        GERMANY,
        _facts("48.90", "EUR", "delivered_not_received", "Package didn't arrive", "Es liegt nichts im Flur."),
        Parcel("DHL", "JJD1234567890", BERLIN, received_by="Müller", protected=True),
    )
    claim = _letter(
        stage,
        case,
        NoticeKind.INFORMATION_REQUESTED,
        stage.ago(hours=17),
        request_text="Please provide proof of delivery with signature and your correspondence with the buyer.",
        requested=("proof_of_delivery", "signature", "correspondence"),
    )
    add_evidence(
        claim_id=claim.pk,
        kind="correspondence",
        name="message.txt",
        content=_MESSAGE.encode(),
        observed_at=stage.ago(days=9),
        note="The buyer's message after delivery",
        source=stage.actor.label,
        actor=stage.actor,
        now=stage.ago(hours=10),
    )
    assign_claim(claim_id=claim.pk, assignee=stage.agent, actor=stage.actor, now=stage.ago(hours=10))


def _nearly_over(stage: Stage) -> None:
    case = Case(
        "503-1000003-1000003",
        JAPAN,
        _facts("8600", "JPY", "not_received", "商品が届かない", "まだ届いていません。"),
        Parcel("Japan Post", "EE123456785JP", TOKYO, received_by="J G"),
    )
    claim = _letter(stage, case, NoticeKind.INFORMATION_REQUESTED, stage.ago(hours=45.2))
    assign_claim(claim_id=claim.pk, assignee=stage.agent, actor=stage.actor, now=stage.ago(hours=40))


def _overdue(stage: Stage) -> None:
    case = Case(
        "402-1000004-1000004",
        ITALY,
        _facts("23.50", "EUR", "not_as_described", "Materially Different", "Il colore è sbagliato."),
    )
    _letter(stage, case, NoticeKind.INFORMATION_REQUESTED, stage.ago(hours=50))


def _under_review(stage: Stage) -> None:
    case = Case(
        "302-1000005-1000005",
        GERMANY,
        _facts("75.00", "EUR", "not_received", "Items Not Received", "Kein Paket erhalten."),
        Parcel("DPD", "01234567890123", BERLIN, received_by="J. Müller"),
    )
    claim = _letter(stage, case, NoticeKind.INFORMATION_REQUESTED, stage.ago(hours=70))
    _answer(stage, claim, stage.ago(hours=40))


def _lost(stage: Stage) -> None:
    case = Case(
        "302-1000006-1000006",
        GERMANY,
        _facts("210.00", "EUR", "not_received", "Package didn't arrive", "Wo bleibt mein Paket?"),
        Parcel("DHL", "JJD9876543210", BERLIN, received_by="Nachbarin Schmidt"),
    )
    claim = _letter(stage, case, NoticeKind.INFORMATION_REQUESTED, stage.ago(days=8))
    _answer(stage, claim, stage.ago(days=7))
    record_decision(
        claim_id=claim.pk,
        fields=DecisionFields(
            "granted",
            funded_by="seller",
            counts_in_odr="yes",
            debited_amount=Decimal("210.00"),
            currency="EUR",
            decided_at=stage.ago(days=3),
            loss_reason="no_signature",
        ),
        actor=stage.actor,
        now=stage.ago(days=3),
    )


def _won(stage: Stage) -> None:
    case = Case("402-1000007-1000007", ITALY, _facts("64.00", "EUR", "late", "Received Package Late", ""))
    claim = _letter(stage, case, NoticeKind.INFORMATION_REQUESTED, stage.ago(days=9))
    _answer(stage, claim, stage.ago(days=8))
    won = DecisionFields("denied", funded_by="none", counts_in_odr="no", decided_at=stage.ago(days=2))
    _letter(stage, case, NoticeKind.CLAIM_DECIDED, stage.ago(days=2), decision=won)


def _granted(stage: Stage, case: Case) -> Claim:
    lost = DecisionFields("granted", funded_by="seller", counts_in_odr="yes", decided_at=stage.ago(days=6))
    _letter(stage, case, NoticeKind.INFORMATION_REQUESTED, stage.ago(days=9))
    return _letter(stage, case, NoticeKind.CLAIM_DECIDED, stage.ago(days=6), decision=lost)


def _appealed(stage: Stage) -> None:
    case = Case("302-1000008-1000008", GERMANY, _facts("99.00", "EUR", "return_not_refunded", "", ""))
    _answer(stage, _granted(stage, case), stage.ago(days=4))


def _asked_in_appeal(stage: Stage) -> None:
    case = Case("302-1000009-1000009", GERMANY, _facts("31.20", "EUR", "return_refused", "", ""))
    _answer(stage, _granted(stage, case), stage.ago(days=4))
    _letter(
        stage,
        case,
        NoticeKind.APPEAL_INFORMATION_REQUESTED,
        stage.ago(hours=20),
        request_text="Please tell us why the return request was closed.",
    )


def _withdrawn(stage: Stage) -> None:
    case = Case("402-1000010-1000010", ITALY, _facts("15.00", "EUR", "other", "", ""))
    _letter(stage, case, NoticeKind.CLAIM_RECEIVED, stage.ago(days=4))
    _letter(stage, case, NoticeKind.CLAIM_WITHDRAWN, stage.ago(days=3))


def _unread(stage: Stage) -> None:
    """A letter that the product cannot read: it waits for a person, under a clock of its own."""
    at = stage.ago(hours=30)
    raw = _LETTER.format(date=format_datetime(at)).encode()
    receive_mail(
        seller=stage.seller, source="mailbox:demo", raw=raw, actor=stage.program, now=stage.ago(hours=29)
    )
