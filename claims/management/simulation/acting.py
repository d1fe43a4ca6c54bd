"""Doing a step through the services that the product's own doors call."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from accounts.actors import Actor
from accounts.errors import DomainError
from accounts.models import Membership, Role, Seller, User
from accounts.services.sellers import create_seller
from claims.deadlines import AMAZON_KINDS, Stated, Window
from claims.errors import NoticeConflict
from claims.intake.fields import DecisionFields, NoticeFields
from claims.management.simulation.season import MARKETPLACE, ORIGIN, SELLERS, Step, order_id
from claims.models import Claim, Deadline, Reply
from claims.services.appeals import submit_appeal
from claims.services.claims import acknowledge_claim, close_claim, concede_claim, reopen_claim
from claims.services.clocks import cancel_deadline, move_deadline
from claims.services.decisions import record_decision
from claims.services.notices import receive_notice
from claims.services.replies import approve_reply, draft_reply
from claims.services.submissions import confirm_submission, retract_submission
from claims.words import NoticeKind, ReplyKind, ReplyStatus

DONE, REPEATED, REFUSED = "done", "repeated", "refused"
_TEXT = "The parcel was delivered. We ask you to close this claim."
_WHY = "as Seller Central shows"
_REPLY_KINDS = {"action_required": ReplyKind.ANSWER, "appeal_action_required": ReplyKind.APPEAL_INFORMATION}
_AGENT = Actor(user_id=None, integration_id=None, label="agent")


def people() -> list[Seller]:
    """The sellers, each with an agent on call, a lead and an owner."""
    return [_team(number) for number in range(SELLERS)]


def _team(number: int) -> Seller:
    seller = create_seller(merchant_token=f"SIMULATION{number}", time_zone="Europe/Rome", now=ORIGIN)
    for role in (Role.AGENT, Role.LEAD, Role.OWNER):
        name = f"{role}{number}"
        user = User.objects.create_user(username=name, email=f"{name}@simulation.example")
        Membership.objects.create(user=user, seller=seller, role=role, on_call=role == Role.AGENT)
    return seller


@dataclass(frozen=True)
class Desk:
    """Where steps are done. Without `documents` the text of a reply is put in without building its bundle."""

    sellers: list[Seller]
    documents: bool = False

    def do(self, step: Step) -> str:
        """Whether the step was done, had been done before, or was refused."""
        try:
            if step.noticed_at is not None:
                return self._letter(step, step.noticed_at)
            return self._act(step)
        except DomainError:
            return REFUSED

    def _letter(self, step: Step, noticed_at: datetime) -> str:
        stated = Stated(window=Window(hours=step.hours)) if step.hours else Stated()
        decision = DecisionFields(step.decision, funded_by=step.funded_by) if step.decision else None
        try:
            received = receive_notice(
                seller=self.sellers[step.number % SELLERS],
                source=step.door,
                notice=NoticeFields(
                    notice_id=step.notice_id,
                    marketplace_id=MARKETPLACE,
                    order_id=order_id(step.number),
                    noticed_at=noticed_at,
                    kind=NoticeKind(step.act),
                    stated=stated,
                    decision=decision,
                ),
                raw=b"{}",
                media_type="application/json",
                actor=_AGENT,
                now=step.at,
            )
        except NoticeConflict:
            return REPEATED
        return DONE if received.created else REPEATED

    def _act(self, step: Step) -> str:
        seller = self.sellers[step.number % SELLERS]
        claim = Claim.objects.filter(seller=seller, order_id=order_id(step.number)).first()
        if claim is None:
            return REFUSED
        now = step.at
        match step.act:
            case "answer":
                return self._answer(claim, step)
            case "appeal":
                submit_appeal(
                    claim_id=claim.pk, submitted_at=now, text=_TEXT, files=[], actor=_AGENT, now=now
                )
            case "retract":
                return _retract(claim, now)
            case "acknowledge":
                acknowledge_claim(claim_id=claim.pk, actor=_AGENT, now=now)
            case "concede":
                concede_claim(claim_id=claim.pk, reason=_WHY, actor=_AGENT, now=now)
            case "close":
                close_claim(claim_id=claim.pk, reason=_WHY, actor=_AGENT, now=now)
            case "reopen":
                reopen_claim(claim_id=claim.pk, reason=_WHY, actor=_AGENT, now=now)
            case "record_decision":
                fields = DecisionFields(step.decision, funded_by=step.funded_by, decided_at=now)
                record_decision(claim_id=claim.pk, fields=fields, actor=_AGENT, now=now)
            case "move" | "cancel":
                return _set_clock(claim, step)
        return DONE

    def _answer(self, claim: Claim, step: Step) -> str:
        kind = _REPLY_KINDS.get(claim.state)
        if kind is None:
            return REFUSED
        reply = self._open_reply(claim, kind, step.at)
        if reply.status == ReplyStatus.DRAFT:
            reply = approve_reply(reply_id=reply.pk, revision=reply.revision, actor=_AGENT, now=step.at)
        confirm_submission(
            reply_id=reply.pk, revision=reply.revision, submitted_at=step.at - step.ago, pasted_text=None,
            screenshot=None, actor=_AGENT, now=step.at,
        )  # fmt: skip
        return DONE

    def _open_reply(self, claim: Claim, kind: ReplyKind, now: datetime) -> Reply:
        """One that an agent who died had begun, or a new one."""
        begun = Reply.objects.filter(
            claim=claim, kind=kind, status__in=[ReplyStatus.DRAFT, ReplyStatus.APPROVED]
        ).first()
        if begun is not None:
            return begun
        if self.documents:
            return draft_reply(claim_id=claim.pk, kind=kind, language="en", actor=_AGENT, now=now)[0]
        return Reply.objects.create(claim=claim, kind=kind, text=_TEXT, created_at=now, updated_at=now)


def _retract(claim: Claim, now: datetime) -> str:
    sent = Reply.objects.filter(claim=claim, status=ReplyStatus.SUBMITTED, retracted_at__isnull=True)
    reply = sent.order_by("-pk").first()
    if reply is None:
        return REFUSED
    retract_submission(reply_id=reply.pk, revision=None, reason=_WHY, actor=_AGENT, now=now)
    return DONE


def _set_clock(claim: Claim, step: Step) -> str:
    running = Deadline.objects.filter(claim=claim, settled=False, kind__in=AMAZON_KINDS)
    clock = running.order_by("target_at", "due_at", "id").first()
    if clock is None:
        return REFUSED
    if step.act == "cancel":
        cancel_deadline(deadline_id=clock.pk, reason=_WHY, actor=_AGENT, now=step.at)
    else:
        due_at = step.at + timedelta(hours=step.hours)
        move_deadline(deadline_id=clock.pk, due_at=due_at, reason=_WHY, actor=_AGENT, now=step.at)
    return DONE
