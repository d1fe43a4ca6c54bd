"""An appeal that was made outside: recorded afterwards, with its words and files frozen like any other reply."""

from datetime import datetime

from django.db import transaction

from accounts.actors import Actor
from accounts.errors import InvalidInput
from claims.deadlines import DeadlineKind
from claims.lifecycle import Action, State
from claims.models import Claim, Deadline, EvidenceItem, Reply
from claims.services.clocks import meet_clocks, refresh_claim, unsettled
from claims.services.evidence import add_evidence
from claims.services.locks import lock_claim
from claims.services.outcomes import void_open_replies
from claims.services.replies import author_of, frozen_record, sha256_of
from claims.services.states import move_claim, refused, target_of
from claims.services.submissions import Upload, not_in_future
from claims.words import EvidenceKind, ReplyKind, ReplyStatus


def submit_appeal(
    *, claim_id: int, submitted_at: datetime, text: str, files: list[Upload], actor: Actor, now: datetime
) -> Reply:
    """Record an appeal that was made outside: its words and files are frozen, the appeal clock is met."""
    submitted_at = not_in_future(submitted_at, now=now)
    with transaction.atomic():
        _appealable(lock_claim(claim_id), submitted_at)  # before a file is kept; again under the lock
    items = [_keep_file(claim_id, upload, actor=actor, now=now) for upload in files]
    with transaction.atomic():
        claim = lock_claim(claim_id)
        to = _appealable(claim, submitted_at)
        void_open_replies(claim, reason="appeal_made_outside", actor=actor, now=now)
        reply = Reply.objects.create(
            claim=claim,
            kind=ReplyKind.APPEAL,
            text=text,
            status=ReplyStatus.SUBMITTED,
            made_outside=True,
            created_at=now,
            updated_at=now,
            submitted_at=submitted_at,
            confirmed_at=now,
            confirmed_by=actor.label,
            text_sha256=sha256_of(text),
            author=author_of(actor),
        )
        answered = meet_clocks(claim, DeadlineKind.APPEAL, answered_at=submitted_at, reply=reply, now=now)
        reply.late = any(d.status == Deadline.Status.MISSED for d in answered)
        reply.frozen = {
            **frozen_record(reply),
            "files": [{"name": i.name, "sha256": i.sha256} for i in items],
        }
        reply.save()
        move_claim(
            claim, to, verb=Action.SUBMIT_APPEAL.value, actor=actor, now=now, changes={"fought": True},
            reply=reply.pk, text_sha256=reply.text_sha256, late=reply.late,
        )  # fmt: skip
        refresh_claim(claim)
    return reply


def _appealable(claim: Claim, submitted_at: datetime) -> State:
    to = target_of(claim, Action.SUBMIT_APPEAL)
    clocks = unsettled(claim, DeadlineKind.APPEAL)
    if not clocks:
        raise refused(claim, Action.SUBMIT_APPEAL.value)
    if all(clock.noticed_at > submitted_at for clock in clocks):
        raise InvalidInput.at("/submitted_at", "This is earlier than the decision.", code="too_early")
    return to


def _keep_file(claim_id: int, upload: Upload, *, actor: Actor, now: datetime) -> EvidenceItem:
    item, _ = add_evidence(
        claim_id=claim_id, kind=EvidenceKind.OTHER, name=upload[0], content=upload[1], observed_at=None,
        note="Handed in with the appeal", source=actor.label, actor=actor, now=now,
    )  # fmt: skip
    return item
