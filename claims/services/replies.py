"""Replies: drafted from findings, edited and approved under a revision, confirmed once and frozen."""

import hashlib
from datetime import datetime
from typing import Any

from django.db import transaction

from accounts.actors import Actor
from accounts.currencies import printed
from accounts.errors import Conflict, FieldError, InvalidInput, PermissionRefused, StaleRevision
from accounts.models import Seller
from claims.evidence.case import ABSENT, FOUND, Case, Found
from claims.evidence.policy import policy_lines
from claims.judgement.protection import PROTECTED
from claims.lifecycle import ANSWERED_FROM, Action, State, taken_back
from claims.models import Claim, Reply
from claims.reply.lint import Fault, faults
from claims.reply.writer import LANGUAGES, Matter, Said, write
from claims.selectors.judgement import judged
from claims.services.bundles import assemble, latest_ready
from claims.services.clocks import touch
from claims.services.events import record_event
from claims.services.evidence import case_of, look
from claims.services.locks import lock_claim, lock_reply
from claims.services.states import has_appeal_clock, refused
from claims.words import EvidenceKind, ReplyKind, ReplyStatus
from shipping.vocabulary import DELIVERED, Leg

#: What the text calls the bundle's PDF, which is always among the documents.
BUNDLE_NAME = "evidence bundle (PDF)"

_OPEN = (ReplyStatus.DRAFT, ReplyStatus.APPROVED)
_KIND_BY_STATE = {
    State.DECIDED: ReplyKind.APPEAL,
    State.APPEAL_ACTION_REQUIRED: ReplyKind.APPEAL_INFORMATION,
    State.APPEAL_UNDER_REVIEW: ReplyKind.APPEAL_INFORMATION,
}


def draft_reply(
    *, claim_id: int, kind: str | None, language: str, actor: Actor, now: datetime
) -> tuple[Reply, bool]:
    """A new draft from what is known, or the open one, refreshed unless somebody edited it.

    Returns the reply and whether it is new. Raises InvalidInput for a language without a writer, and
    ActionRefused where the claim's state has no use for a reply of this kind.
    """
    check_language(language)
    with transaction.atomic():
        claim = lock_claim(claim_id)
        wanted = _kind(claim, kind)
        has_bundle = latest_ready(claim) is not None
    if not has_bundle:
        assemble(claim_id=claim_id, actor=actor, now=now)
    with transaction.atomic():
        claim = lock_claim(claim_id)
        wanted = _kind(claim, kind)
        known = Reply.objects.filter(claim=claim, kind=wanted, status__in=_OPEN).first()
        if known is not None and (known.edited or known.status == ReplyStatus.APPROVED):
            return known, False
        text = _text(claim, wanted)
        if known is None:
            return _new(claim, wanted, language, text, actor=actor, now=now), True
        return _refresh(claim, known, text, actor=actor, now=now), False


def check_language(language: str) -> None:
    if language not in LANGUAGES:
        raise InvalidInput.at(
            "/language", f"Drafts are written in: {', '.join(LANGUAGES)}.", code="invalid_choice"
        )


def _kind(claim: Claim, kind: str | None) -> ReplyKind:
    """The kind that the state calls for, or the one asked for where that is the same."""
    state = State(claim.state)
    fits = _KIND_BY_STATE.get(state, ReplyKind.ANSWER)
    given_up = claim.fought is False and taken_back(state) is not None
    if state is State.CLOSED or given_up or (fits is ReplyKind.APPEAL and not has_appeal_clock(claim)):
        raise refused(claim, "draft_reply")
    if kind is not None and kind != fits:
        raise refused(claim, f"draft_reply of kind {kind}")
    return fits


def _new(claim: Claim, kind: ReplyKind, language: str, text: str, *, actor: Actor, now: datetime) -> Reply:
    reply = Reply.objects.create(
        claim=claim,
        kind=kind,
        language=language,
        text=text,
        bundle=latest_ready(claim),
        created_at=now,
        updated_at=now,
    )
    touch(claim, now=now)
    record_event("draft_reply", claim=claim, actor=actor, now=now, reply=reply.pk, revision=1, text=text)
    return reply


def _refresh(claim: Claim, reply: Reply, text: str, *, actor: Actor, now: datetime) -> Reply:
    bundle = latest_ready(claim)
    if reply.text == text and reply.bundle_id == (bundle.pk if bundle else None) and not reply.stale_bundle:
        return reply
    reply.text = text
    reply.bundle = bundle
    reply.stale_bundle = False
    _count(reply, now=now)
    reply.save()
    record_event(
        "draft_reply", claim=claim, actor=actor, now=now, reply=reply.pk, revision=reply.revision, text=text
    )
    return reply


def _count(reply: Reply, *, now: datetime) -> None:
    reply.revision += 1
    reply.updated_at = now


def _text(claim: Claim, kind: ReplyKind) -> str:
    case = case_of(claim)
    found, _ = look(case)
    return write(_matter(case, kind, found))


def _matter(case: Case, kind: ReplyKind, found: list[tuple[str, Found]]) -> Matter:
    claim = case.claim
    said: dict[str, Said] = {}
    for _, one in found:
        before = said.get(one.kind)
        if one.status == FOUND:
            lines = before.lines if before and before.found else ()
            said[one.kind] = Said(True, (*lines, *one.lines))
        elif one.status == ABSENT and before is None:
            said[one.kind] = Said(False, reason=one.reason)
    protection = judged(claim, case.shipments, case.evidence).protection
    return Matter(
        kind=kind,
        order_id=claim.order_id,
        amazon_claim_id=claim.amazon_claim_id,
        reason=claim.reason,
        amount=printed(claim.amount, claim.currency),
        findings=said,
        documents=[
            BUNDLE_NAME,
            *(item.name for item in case.evidence if item.kind != EvidenceKind.SUBMISSION_SCREENSHOT),
        ],
        protection=policy_lines(case) if protection.verdict == PROTECTED else (),
        delivered=any(s.status in DELIVERED and s.leg != Leg.RETURN for s in case.shipments),
    )


def lint(reply: Reply, seller: Seller) -> list[Fault]:
    """What keeps the text from being approved."""
    return faults(reply.text, max_length=seller.answer_max_length)


def edit_reply(
    *, reply_id: int, revision: int, text: str | None, language: str | None, actor: Actor, now: datetime
) -> Reply:
    """Change an open text; an approved one becomes a draft again. Raises StaleRevision, Conflict."""
    with transaction.atomic():
        claim, reply = lock_reply(reply_id)
        check_open(reply, revision)
        text = text.replace("\r\n", "\n") if text is not None else None
        if text in (None, reply.text) and language in (None, reply.language) and not reply.stale_bundle:
            return reply  # nothing was changed: an approval stands
        if language is not None:
            check_language(language)
            reply.language = language
        if text is not None:
            reply.text = text
            reply.edited = True
            reply.author = author_of(actor)
        reply.bundle = latest_ready(claim) or reply.bundle  # whoever edits has seen what there is now
        reply.stale_bundle = False
        reply.status = ReplyStatus.DRAFT
        reply.approved_at = None
        reply.approved_by = ""
        reply.approved_by_user = None
        _count(reply, now=now)
        reply.save()
        touch(claim, now=now)
        record_event(
            "edit_reply",
            claim=claim,
            actor=actor,
            now=now,
            reply=reply.pk,
            revision=reply.revision,
            text=reply.text,
        )
    return reply


def author_of(actor: Actor) -> str:
    """Who wrote, as four-eyes compares it: a person or an integration, never only a name."""
    return f"{actor.kind}:{actor.user_id or actor.integration_id or 0}"


def check_open(reply: Reply, revision: int) -> None:
    """Raises StaleRevision for another revision, Conflict for a text that is frozen or void."""
    if reply.revision != revision:
        raise StaleRevision(extra={"revision": reply.revision})
    if reply.status not in _OPEN:
        raise Conflict(f"This reply is {reply.status}; it does not change any more.", code="reply_closed")


def approve_reply(*, reply_id: int, revision: int, actor: Actor, now: datetime) -> Reply:
    """Release a text for pasting; only its length and forbidden content can stop that (400 `/text`)."""
    with transaction.atomic():
        claim, reply = lock_reply(reply_id)
        check_open(reply, revision)
        if reply.status == ReplyStatus.APPROVED:
            raise Conflict(
                "This reply is approved already; confirm it once it is pasted.", code="already_approved"
            )
        found = lint(reply, claim.seller)
        if found:
            raise InvalidInput(
                errors=[FieldError("/text", f.code, f"{f.detail} «{f.sentence}»") for f in found]
            )
        if claim.seller.four_eyes and reply.author == author_of(actor):
            raise PermissionRefused(
                "Somebody other than the author has to approve this reply.", code="four_eyes"
            )
        reply.status = ReplyStatus.APPROVED
        reply.approved_at = now
        reply.approved_by = actor.label
        reply.approved_by_user_id = actor.user_id
        _count(reply, now=now)
        reply.save()
        touch(claim, now=now)
        record_event(
            "approve_reply", claim=claim, actor=actor, now=now, reply=reply.pk, revision=reply.revision
        )
    return reply


def check_submittable(claim: Claim, kind: str) -> None:
    """Raises ActionRefused where the claim does not wait for a reply of this kind."""
    state = State(claim.state)
    if kind == ReplyKind.ANSWER and state is State.RECEIVED:
        raise refused(
            claim,
            Action.CONFIRM_SUBMISSION.value,
            code="no_request_open",
            detail="Amazon has not asked for information on this claim yet: there is nothing to answer.",
        )
    if ANSWERED_FROM[kind] is not state or (kind == ReplyKind.APPEAL and not has_appeal_clock(claim)):
        raise refused(claim, Action.CONFIRM_SUBMISSION.value)


def frozen_record(reply: Reply) -> dict[str, Any]:
    """What was sent, by hash: the text, the bundle it rests on and every file in it."""
    bundle = reply.bundle
    record: dict[str, Any] = {"text_sha256": sha256_of(reply.text), "text_length": len(reply.text)}
    if bundle is not None:
        record["bundle"] = {
            "id": bundle.pk,
            "version": bundle.version,
            "sha256": bundle.sha256,
            "pdf_sha256": bundle.pdf_sha256,
            "zip_sha256": bundle.zip_sha256,
            "items": [{"path": i["path"], "sha256": i["sha256"]} for i in bundle.items],
        }
    return record


def sha256_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
