"""The moment that counts: a person says that the text was pasted. Frozen once, and taken back only openly."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from accounts.actors import Actor
from accounts.errors import Conflict, InvalidInput, StaleRevision
from accounts.models import RequiredConfirmation, Seller
from claims.deadlines import DeadlineKind
from claims.lifecycle import Action, State, target
from claims.models import Claim, Deadline, EvidenceItem, Reply
from claims.services.clocks import meet_clocks, refresh_claim, restart_clocks, touch, unsettled
from claims.services.events import iso, record_event
from claims.services.evidence import add_evidence
from claims.services.locks import lock_reply
from claims.services.replies import check_open, check_submittable, frozen_record, sha256_of
from claims.services.states import move_claim, refused, target_of
from claims.uploads import accept_upload
from claims.words import EvidenceKind, ReplyKind, ReplyStatus

_CLOCK = {
    ReplyKind.ANSWER: DeadlineKind.RESPONSE,
    ReplyKind.APPEAL: DeadlineKind.APPEAL,
    ReplyKind.APPEAL_INFORMATION: DeadlineKind.APPEAL_INFORMATION,
}
_CLOCK_SKEW = timedelta(minutes=5)

_PICTURES = frozenset({"image/png", "image/jpeg", "application/pdf"})

Upload = tuple[str, bytes]


@dataclass(frozen=True)
class Proof:
    """What shows that the text was pasted: the text read back, a picture of the page, or neither."""

    pasted_text: str | None = None
    screenshot: EvidenceItem | None = None


def confirm_submission(
    *,
    reply_id: int,
    revision: int,
    submitted_at: datetime | None,
    pasted_text: str | None,
    screenshot: Upload | None,
    actor: Actor,
    now: datetime,
) -> Reply:
    """Freeze an approved reply as submitted, meet the clocks it answers and move the claim on.

    Raises StaleRevision, Conflict (not approved), ActionRefused, InvalidInput. Of two that confirm at once
    one wins; the other reads a newer revision.
    """
    submitted_at = not_in_future(submitted_at or now, now=now)
    reply = Reply.objects.select_related("claim__seller").filter(pk=reply_id).first()
    item = None
    if reply is not None:
        _check_confirmable(reply.claim, reply, revision)  # before a file is kept; again under the lock
        _check_required(reply.claim.seller, pasted_text, screenshot)
        item = _keep_screenshot(reply, screenshot, submitted_at, actor=actor, now=now)
    with transaction.atomic():
        claim, reply = lock_reply(reply_id)
        _check_confirmable(claim, reply, revision)
        answered = _answer(claim, reply, submitted_at, now=now)
        _freeze(reply, submitted_at, Proof(pasted_text, item), answered, actor=actor, now=now)
        _move_on(claim, reply, answered, actor=actor, now=now)
    return reply


def not_in_future(submitted_at: datetime, *, now: datetime) -> datetime:
    """The moment as given, or now where another clock is a little ahead. Raises InvalidInput."""
    if submitted_at > now + _CLOCK_SKEW:
        raise InvalidInput.at("/submitted_at", "The time of submission lies in the future.", code="future")
    return min(submitted_at, now)


def _check_confirmable(claim: Claim, reply: Reply, revision: int) -> None:
    check_open(reply, revision)
    check_submittable(claim, reply.kind)
    if reply.status != ReplyStatus.APPROVED:
        raise Conflict(
            "Approve the reply first: what is pasted must be what was approved.", code="not_approved"
        )


def _check_required(seller: Seller, pasted_text: str | None, screenshot: Upload | None) -> None:
    needed = seller.require_confirmation
    if needed == RequiredConfirmation.TEXT and not (pasted_text or "").strip():
        raise InvalidInput.at("/pasted_text", "This seller asks for the pasted text.", code="required")
    if needed == RequiredConfirmation.SCREENSHOT and screenshot is None:
        raise InvalidInput.at("/screenshot", "This seller asks for a screenshot.", code="required")


def _keep_screenshot(
    reply: Reply, screenshot: Upload | None, submitted_at: datetime, *, actor: Actor, now: datetime
) -> EvidenceItem | None:
    if screenshot is None:
        return None
    try:
        accepted = accept_upload(*screenshot, max_bytes=settings.UPLOAD_MAX_BYTES)
    except InvalidInput as error:
        raise InvalidInput.at("/screenshot", error.errors[0].detail, code=error.errors[0].code) from error
    if accepted.media_type not in _PICTURES:
        raise InvalidInput.at("/screenshot", "A screenshot is a PNG, JPEG or PDF file.", code="not_a_picture")
    item, _ = add_evidence(
        claim_id=reply.claim_id,
        kind=EvidenceKind.SUBMISSION_SCREENSHOT,
        name=screenshot[0],
        content=screenshot[1],
        observed_at=submitted_at,
        note="",
        source=actor.label,
        actor=actor,
        now=now,
    )
    return item


def _answer(claim: Claim, reply: Reply, submitted_at: datetime, *, now: datetime) -> list[Deadline]:
    kind = _CLOCK[ReplyKind(reply.kind)]
    answered = meet_clocks(claim, kind, answered_at=submitted_at, reply=reply, now=now)
    if not answered and unsettled(claim, kind):
        raise InvalidInput.at(
            "/submitted_at",
            "This is earlier than Amazon's request; it cannot have answered it.",
            code="too_early",
        )
    return answered


def _freeze(
    reply: Reply,
    submitted_at: datetime,
    proof: Proof,
    answered: list[Deadline],
    *,
    actor: Actor,
    now: datetime,
) -> None:
    reply.status = ReplyStatus.SUBMITTED
    reply.submitted_at = submitted_at
    reply.confirmed_at = now
    reply.confirmed_by = actor.label
    reply.late = any(d.status == Deadline.Status.MISSED for d in answered)
    reply.text_sha256 = sha256_of(reply.text)
    reply.frozen = frozen_record(reply)
    if proof.pasted_text is not None:
        reply.pasted_text = proof.pasted_text.replace("\r\n", "\n")  # as forms send line ends
        reply.pasted_differs = _plain(reply.pasted_text) != _plain(reply.text)
        reply.frozen["pasted_sha256"] = sha256_of(reply.pasted_text)
        reply.frozen["pasted_differs"] = reply.pasted_differs
    if proof.screenshot is not None:
        reply.screenshot = proof.screenshot
        reply.frozen["screenshot_sha256"] = proof.screenshot.sha256
    reply.revision += 1
    reply.updated_at = now
    reply.save()


def _plain(text: str) -> str:
    """A text box changes line ends and trailing blanks; nothing else may differ."""
    return "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").strip().split("\n"))


def _move_on(claim: Claim, reply: Reply, answered: list[Deadline], *, actor: Actor, now: datetime) -> None:
    facts: dict[str, Any] = {
        "reply": reply.pk,
        "text_sha256": reply.text_sha256,
        "submitted_at": iso(reply.submitted_at),
        "late": reply.late,
        "deadlines": [d.pk for d in answered],
    }
    verb = Action.CONFIRM_SUBMISSION.value
    if unsettled(claim, _CLOCK[ReplyKind(reply.kind)]):  # a later request still waits for its own answer
        touch(claim, now=now)
        record_event(verb, claim=claim, actor=actor, now=now, **facts)
    else:
        to = target_of(claim, Action.CONFIRM_SUBMISSION)
        move_claim(claim, to, verb=verb, actor=actor, now=now, changes={"fought": True}, **facts)
    refresh_claim(claim)


def retract_submission(
    *, reply_id: int, revision: int | None, reason: str, actor: Actor, now: datetime
) -> Reply:
    """«It was not sent after all»: the frozen record stays, marked; its clocks run again (lead, owner)."""
    with transaction.atomic():
        claim, reply = lock_reply(reply_id)
        if revision is not None and reply.revision != revision:
            raise StaleRevision(extra={"revision": reply.revision})
        if reply.status != ReplyStatus.SUBMITTED or reply.retracted_at is not None:
            raise Conflict("Only a submitted reply can be retracted, and only once.", code="not_submitted")
        to = target(Action.RETRACT_SUBMISSION, State(claim.state))
        if to is not None and reply.kind == ReplyKind.APPEAL:
            to = State.DECIDED if claim.state == State.APPEAL_UNDER_REVIEW else None
        if to is None or (reply.kind == ReplyKind.ANSWER) != (to is State.ACTION_REQUIRED):
            raise refused(claim, Action.RETRACT_SUBMISSION.value)
        reply.retracted_at = now
        reply.retracted_by = actor.label
        reply.retract_reason = reason
        reply.revision += 1
        reply.updated_at = now
        reply.save()
        restart_clocks(Deadline.objects.select_for_update(no_key=True).filter(answered_by=reply), now=now)
        move_claim(
            claim,
            to,
            verb=Action.RETRACT_SUBMISSION.value,
            actor=actor,
            now=now,
            reply=reply.pk,
            reason=reason,
        )
        refresh_claim(claim)
    return reply
