"""Opening, meeting, moving and ending clocks, and keeping the queue's copy of the nearest one true."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q

from accounts.actors import Actor
from accounts.errors import Conflict, InvalidInput
from claims.deadlines import (
    AMAZON_KINDS,
    CLOSE_AFTER_APPEAL,
    NEVER_MISSED,
    Basis,
    Clock,
    DeadlineKind,
    target_for,
)
from claims.lifecycle import State
from claims.models import Claim, Deadline, Delivery, Notice, Reply, Warning
from claims.models.clocks import BY_HAND
from claims.services.events import iso, record_event
from claims.services.locks import lock_deadline

#: The state in which a clock of each kind is of use.
_COUNTS_IN = {
    DeadlineKind.RESPONSE: State.ACTION_REQUIRED,
    DeadlineKind.APPEAL_INFORMATION: State.APPEAL_ACTION_REQUIRED,
    DeadlineKind.APPEAL: State.DECIDED,
    DeadlineKind.PREPARATION: State.RECEIVED,
}
SETTLED_BEFORE_ARRIVAL = "settled_before_arrival"
#: Why an appeal clock ended with its claim and not with an answer; an appeal made all the same meets it.
CLOSED_BY_AGENT, CONCEDED, APPEAL_LAPSED = "closed", "conceded", "appeal_lapsed"


def open_clock(
    clock: Clock,
    *,
    seller_id: int,
    claim: Claim | None,
    notice: Notice | None,
    noticed_at: datetime,
    actor: Actor,
    now: datetime,
    settled_reason: str = "",
) -> Deadline:
    """Start a clock; the sweep looks at it at once. With `settled_reason` it is recorded as never having run."""
    settled = bool(settled_reason)
    deadline = Deadline.objects.create(
        seller_id=seller_id,
        claim=claim,
        notice=notice,
        kind=clock.kind,
        noticed_at=noticed_at,
        due_at=clock.due_at,
        target_at=clock.target_at,
        stated=clock.stated,
        basis=clock.basis,
        basis_source=clock.source,
        started_at=now,
        created_at=now,
        status=Deadline.Status.CANCELLED if settled else Deadline.Status.OPEN,
        settled=settled,
        closed_at=now if settled else None,
        closed_reason=settled_reason,
        next_warn_at=None if settled else now,
    )
    record_event(
        "clock_opened" if not settled else "clock_recorded",
        claim=claim,
        notice=notice,
        actor=actor,
        now=now,
        deadline=deadline.pk,
        kind=clock.kind.value,
        due_at=iso(clock.due_at),
        target_at=iso(clock.target_at),
        basis=clock.basis.value,
    )
    return deadline


def unsettled(claim: Claim, *kinds: DeadlineKind) -> list[Deadline]:
    """The clocks on which something is still owed, open or missed, oldest first; locked."""
    rows = Deadline.objects.select_for_update(no_key=True).filter(claim=claim, settled=False)
    return list((rows.filter(kind__in=kinds) if kinds else rows).order_by("id"))


def end_clocks(claim: Claim, *, now: datetime, reason: str, kinds: Iterable[DeadlineKind] = ()) -> None:
    """End every clock that still counts: missed if past due, else cancelled; nothing is owed any more."""
    for deadline in unsettled(claim, *kinds):
        if deadline.status == Deadline.Status.OPEN:
            late = deadline.due_at <= now and deadline.kind not in NEVER_MISSED
            deadline.status = Deadline.Status.MISSED if late else Deadline.Status.CANCELLED
        settle(deadline, now=now, reason=reason)


def settle(deadline: Deadline, *, now: datetime, reason: str) -> None:
    """Nothing is owed on this clock any more: it goes quiet, and warnings not yet sent are void."""
    deadline.settled = True
    deadline.closed_at = now
    deadline.closed_reason = reason
    deadline.next_warn_at = None
    deadline.save()
    hush(deadline)


def hush(deadline: Deadline) -> None:
    """End the warnings of a clock that moved or closed: unsent ones are void, sent ones repeat no more."""
    Warning.objects.filter(deadline=deadline, next_round_at__isnull=False).update(next_round_at=None)
    unsent = Warning.objects.filter(deadline=deadline, status=Warning.Status.PENDING)
    Delivery.objects.filter(warning__deadline=deadline, status=Delivery.Status.PENDING).update(
        status=Delivery.Status.VOID, next_attempt_at=None
    )
    unsent.update(status=Warning.Status.VOID)


def meet_clocks(
    claim: Claim, kind: DeadlineKind, *, answered_at: datetime, reply: Reply | None, now: datetime
) -> list[Deadline]:
    """Answer every clock of `kind` that was running at `answered_at`; returns those that it met or answered.

    An answer up to the due moment meets a clock, also one that had been marked missed meanwhile. A later
    one leaves it missed, with the time of the answer. A clock of a letter that came after the answer goes
    on running.
    """
    answered = [d for d in unsettled(claim, kind) if min(d.noticed_at, d.created_at) <= answered_at]
    for deadline in answered:
        in_time = answered_at <= deadline.due_at
        deadline.status = Deadline.Status.MET if in_time else Deadline.Status.MISSED
        deadline.answered_at = answered_at
        deadline.answered_by = reply
        settle(deadline, now=now, reason="answered" if in_time else "answered_late")
    return answered


def restart_clocks(deadlines: Iterable[Deadline], *, now: datetime) -> None:
    """Run clocks again that had been settled too early (a retraction, a reopening), as a new version."""
    for deadline in deadlines:
        deadline.status = Deadline.Status.OPEN
        deadline.settled = False
        deadline.answered_at = None
        deadline.answered_by = None
        deadline.closed_at = None
        deadline.closed_reason = ""
        deadline.previous_due_at = None
        _new_version(deadline, now=now)
        deadline.save()


def _new_version(deadline: Deadline, *, now: datetime) -> None:
    deadline.version += 1
    deadline.started_at = now
    deadline.next_warn_at = now


def change_due(deadline: Deadline, clock_due_at: datetime, *, basis: str, source: str, now: datetime) -> None:
    """Move a clock: a new version, the old one's warnings void; the caller holds the locks."""
    hush(deadline)
    deadline.previous_due_at = deadline.due_at
    deadline.due_at = clock_due_at
    deadline.target_at = target_for(
        DeadlineKind(deadline.kind), noticed_at=deadline.noticed_at, due_at=clock_due_at
    )
    deadline.basis = basis
    deadline.basis_source = source
    deadline.status = Deadline.Status.OPEN
    deadline.settled = False
    deadline.closed_at = None
    deadline.closed_reason = ""
    _new_version(deadline, now=now)
    deadline.save()


def refresh_claim(claim: Claim) -> None:
    """Write the nearest clock that counts onto the claim, where the queue reads it."""
    clocks = list(Deadline.objects.filter(claim=claim, settled=False).order_by("target_at", "due_at", "id"))
    asked = [c for c in clocks if c.kind in AMAZON_KINDS]
    nearest = asked[0] if asked else None
    prepare = next((c for c in clocks if c.kind == DeadlineKind.PREPARATION), None)
    appeal = next((c for c in clocks if c.kind == DeadlineKind.APPEAL), None)
    waits = claim.state == State.DECIDED and appeal is not None
    claim.respond_by = nearest.due_at if nearest else None
    claim.target_by = nearest.target_at if nearest else None
    claim.deadline_basis = nearest.basis if nearest else ""
    claim.prepare_by = prepare.due_at if prepare else None
    claim.close_at = appeal.due_at + CLOSE_AFTER_APPEAL if waits and appeal else None
    claim.save(update_fields=["respond_by", "target_by", "deadline_basis", "prepare_by", "close_at"])


def move_deadline(
    *, deadline_id: int, due_at: datetime, reason: str, actor: Actor, now: datetime
) -> Deadline:
    """Set a clock to the date that Seller Central shows (lead, owner). Raises InvalidInput, Conflict."""
    with transaction.atomic():
        claim, deadline = lock_deadline(deadline_id)
        _must_count(deadline, claim)
        if due_at <= deadline.noticed_at:
            raise InvalidInput.at(
                "/due_at", "The due time must be later than the letter that started the clock."
            )
        before = deadline.due_at
        change_due(deadline, due_at, basis=Basis.SET_BY_AGENT, source=f"{actor.label}: {reason}", now=now)
        if claim is not None:
            touch(claim, now=now)
            refresh_claim(claim)
        record_event(
            "deadline_moved",
            claim=claim,
            notice=deadline.notice,
            actor=actor,
            now=now,
            deadline=deadline.pk,
            due_before=iso(before),
            due_at=iso(due_at),
            reason=reason,
        )
    return deadline


def cancel_deadline(*, deadline_id: int, reason: str, actor: Actor, now: datetime) -> Deadline:
    """Stop a clock that Seller Central does not show (lead, owner). Raises Conflict."""
    with transaction.atomic():
        claim, deadline = lock_deadline(deadline_id)
        _must_count(deadline)
        deadline.status = Deadline.Status.CANCELLED
        settle(deadline, now=now, reason=BY_HAND + reason)
        if claim is not None:
            touch(claim, now=now)
            refresh_claim(claim)
        record_event(
            "deadline_cancelled",
            claim=claim,
            notice=deadline.notice,
            actor=actor,
            now=now,
            deadline=deadline.pk,
            reason=reason,
        )
    return deadline


def _must_count(deadline: Deadline, claim: Claim | None = None) -> None:
    """Raises Conflict for a settled clock, except for one that a person cancelled while it is still of use."""
    cancelled = deadline.status == Deadline.Status.CANCELLED and deadline.closed_reason.startswith(BY_HAND)
    if cancelled and claim is not None and _COUNTS_IN.get(DeadlineKind(deadline.kind)) == claim.state:
        return
    if deadline.settled:
        raise Conflict(
            f"This clock is {deadline.status} ({deadline.closed_reason}); only a running or missed one moves.",
            code="deadline_settled",
        )


def touch(claim: Claim, *, now: datetime) -> None:
    """Count a change of the claim, so that whoever read it before is told."""
    Claim.objects.filter(pk=claim.pk).update(revision=F("revision") + 1, updated_at=now)
    claim.revision += 1
    claim.updated_at = now


def appeal_clock(claim: Claim) -> Deadline | None:
    """The appeal clock that still counts, open or missed."""
    return Deadline.objects.filter(Q(claim=claim), kind=DeadlineKind.APPEAL, settled=False).first()
