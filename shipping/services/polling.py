"""One sweep of asking: plan what is pending, link what waited for its parcel, ask what is due.

A question is a row with a lease, so any number of workers may sweep at once and one that dies leaves its questions
to the next. A failed one backs off and says why; an account that must rest rests with all its questions.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import QuerySet

from shipping.models import ParcelPoll, Shipment
from shipping.outward.exchange import CredentialsRefused, NotYet, SourceBusy
from shipping.rules.polling import is_watched, plan, wants_proof
from shipping.services.asking import STUMBLES, Asked, ask_source
from shipping.services.pacing import note_answered, note_failed
from shipping.services.plans import AT_ONCE, asking_of, plan_pending, situation_of
from shipping.services.webhooks import link_strays

logger = logging.getLogger(__name__)

BATCH: Final = 10
SPREAD: Final = timedelta(minutes=5)
_LONGEST_ERROR: Final = 500

Now = Callable[[], datetime]


@dataclass
class Swept:
    """What a sweep did. `broken` questions could not even be asked for a fault of ours; they back off too."""

    planned: int = 0
    linked: int = 0
    asked: int = 0
    failed: int = 0
    waiting: int = 0
    broken: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Lease:
    """One question taken for a while."""

    poll_id: int
    attempt: int


def poll_due(*, now: Now, budget: timedelta) -> Swept:
    """Sweep until nothing is due or the time is used up."""
    ends_at = now() + budget
    done = Swept()
    while (planned := plan_pending(now=now())) > 0:
        done.planned += planned
        if planned < AT_ONCE or now() >= ends_at:
            break
    done.linked = link_strays(now=now())
    while (moment := now()) < ends_at:
        leases = take(now=moment, most=BATCH)
        if not leases:
            break
        for place, lease in enumerate(leases):
            if now() >= ends_at:
                give_back(leases[place:], now=now())
                break
            _ask(lease, done, now=now)
    return done


def take(*, now: datetime, most: int) -> list[Lease]:
    """Due questions of accounts that do not rest; urgent ones first. Not what others are asking."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE shipping_parcelpoll SET lease_until = %(until)s, next_poll_at = %(until)s, attempts = attempts + 1
             WHERE id = ANY (ARRAY (
                   SELECT p.id FROM shipping_parcelpoll p
                     JOIN shipping_sourceaccount a ON a.id = p.account_id
                    WHERE p.next_poll_at <= %(now)s AND a.is_active
                      AND (a.paused_until IS NULL OR a.paused_until <= %(now)s)
                    ORDER BY p.is_urgent DESC, p.next_poll_at
                    LIMIT %(most)s FOR UPDATE OF p SKIP LOCKED))
            RETURNING id, attempts
            """,
            {"now": now, "until": now + timedelta(seconds=settings.POLL_LEASE_SECONDS), "most": most},
        )
        return [Lease(*row) for row in cursor.fetchall()]


def give_back(leases: list[Lease], *, now: datetime) -> None:
    """Not asked after all: due at once for the next."""
    for lease in leases:
        _held(lease).update(lease_until=None, next_poll_at=now)


def _held(lease: Lease) -> QuerySet[ParcelPoll]:
    return ParcelPoll.objects.filter(pk=lease.poll_id, attempts=lease.attempt, lease_until__isnull=False)


def _ask(lease: Lease, done: Swept, *, now: Now) -> None:
    poll = _held(lease).select_related("account", "shipment").first()
    if poll is None:
        return
    try:
        asked = _asked(poll, now=now)
    except (DatabaseError, *STUMBLES, OSError) as broken:
        logger.exception("The question %s could not be asked.", lease.poll_id)
        done.broken.append(lease.poll_id)
        settle(lease, poll, Asked(fault=f"It could not be asked: {type(broken).__name__}."), now=now())
        return
    done.asked += 1
    if asked.not_yet is not None:
        done.waiting += 1
        put_off(lease, poll, asked.not_yet)
        return
    moment = now()
    if asked.failure is not None:
        done.failed += 1
        rests_until = note_failed(account=poll.account, failure=asked.failure, now=moment)
        settle(lease, poll, asked, now=moment, not_before=rests_until)
        return
    note_answered(account=poll.account, now=moment)
    settle(lease, poll, asked, now=moment)


def _asked(poll: ParcelPoll, *, now: Now) -> Asked:
    situation, moment = situation_of(poll.shipment, poll), now()
    return ask_source(
        account=poll.account,
        shipment=poll.shipment,
        is_new=poll.last_answer_at is None,
        is_watched=is_watched(situation, moment),
        is_urgent=poll.is_urgent,
        wants_proof=wants_proof(situation, asking_of(poll.account.source), now=moment),
        now=now,
    )


def settle(
    lease: Lease, poll: ParcelPoll, asked: Asked, *, now: datetime, not_before: datetime | None = None
) -> None:
    """Write how it went, and when to ask next in the light of what is known now.

    What is the account's trouble (credentials, a limit) is no failure of the question: it waits until the account
    has rested, and no longer.
    """
    is_accounts = isinstance(asked.failure, CredentialsRefused | SourceBusy)
    error = str(asked.failure) if asked.failure is not None else asked.fault
    poll.last_asked_at = now
    poll.last_error = (error or asked.note)[:_LONGEST_ERROR]
    if not is_accounts:
        poll.failures = poll.failures + 1 if error else 0
    if asked.kept:
        poll.last_answer_at = now
    if asked.proof_asked:
        poll.proof_asked_at = now
    shipment = Shipment.objects.get(pk=poll.shipment_id)
    found = plan(situation_of(shipment, poll), asking_of(poll.account.source), now=now)
    at = found.at
    if at is not None and not_before is not None:
        at = not_before if is_accounts else max(at, not_before)
    _held(lease).update(
        last_asked_at=poll.last_asked_at,
        last_answer_at=poll.last_answer_at,
        last_error=poll.last_error,
        failures=poll.failures,
        proof_asked_at=poll.proof_asked_at,
        lease_until=None,
        next_poll_at=at,
        reason="The account rests." if is_accounts else found.reason,
        is_urgent=found.is_urgent,
    )


def put_off(lease: Lease, poll: ParcelPoll, waits: NotYet) -> None:
    """Nothing was asked: this question, and all due ones of the account that are no more urgent, wait as well."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE shipping_parcelpoll SET lease_until = NULL, reason = %(reason)s,
                   next_poll_at = %(until)s + random() * %(spread)s * interval '1 second'
             WHERE id = %(id)s AND attempts = %(attempt)s AND lease_until IS NOT NULL
                OR account_id = %(account)s AND lease_until IS NULL AND next_poll_at < %(until)s
                   AND (%(urgent)s OR NOT is_urgent)
            """,
            {
                "until": waits.until, "spread": SPREAD.total_seconds(), "reason": str(waits), "id": lease.poll_id,
                "attempt": lease.attempt, "account": poll.account_id, "urgent": poll.is_urgent,
            },
        )  # fmt: skip
