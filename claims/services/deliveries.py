"""Getting warnings out: lease one, read the state again, send, mark. At least once, with a stable id.

A worker that dies between sending and marking leaves a lease that runs out; the next one sends again under
the same Message-ID, so that a receiver can drop the repeat. Nothing is sent inside a transaction. While the
mail server answers nobody, a round ends at its first failure: the others keep their turn and lose no time.
"""

import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection, transaction
from django.db.models import Q, QuerySet

from claims.models import Delivery, Warning
from claims.services.outbox import deliveries_for, may_still_warn
from claims.services.recipients import operator
from claims.services.warning_mail import MAIL_TROUBLE, Trouble, mail_of, trouble_of

_CHANCE = random.SystemRandom()
#: After so many refusals of one recipient the operator hears in his place; trying goes on.
PATIENCE = 12
_FIRST_PAUSE = timedelta(seconds=5)
_LONGEST_PAUSE = timedelta(minutes=2)

Now = Callable[[], datetime]


@dataclass
class Delivered:
    """What one round got out."""

    sent: int = 0
    failed: int = 0
    void: int = 0


@dataclass(frozen=True)
class Lease:
    """One delivery taken for a while. `attempt` tells this attempt from those before and after it."""

    delivery_id: int
    attempt: int

    def row(self) -> QuerySet[Delivery]:
        """The delivery, as long as this attempt is still its last one."""
        return Delivery.objects.filter(
            pk=self.delivery_id, status=Delivery.Status.SENDING, attempts=self.attempt
        )


def deliver_due(*, now: Now, budget: timedelta = timedelta(seconds=10)) -> Delivered:
    """Send what is due, one after the other, until nothing is left or the time budget is used up.

    `now` is asked anew for every delivery: sending takes time.
    """
    done = Delivered()
    mail = get_connection()
    ends_at = now() + budget
    try:
        while (moment := now()) < ends_at:
            lease = _lease(now=moment)
            if lease is None or not _deliver(lease, mail, now=now, done=done):
                break
    finally:
        with suppress(*MAIL_TROUBLE):
            mail.close()
    return done


def _lease(*, now: datetime) -> Lease | None:
    """Take the next delivery that is due, or whose worker has let its lease run out."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE claims_delivery SET status = 'sending', lease_until = %(until)s,
                   next_attempt_at = %(until)s, attempts = attempts + 1
             WHERE id = (SELECT id FROM claims_delivery
                          WHERE status IN ('pending', 'sending') AND next_attempt_at <= %(now)s
                          ORDER BY next_attempt_at LIMIT 1 FOR UPDATE SKIP LOCKED)
            RETURNING id, attempts
            """,
            {"until": _lease_end(now), "now": now},
        )
        row = cursor.fetchone()
    return Lease(*row) if row else None


def _lease_end(now: datetime) -> datetime:
    return now + timedelta(seconds=settings.DELIVERY_LEASE_SECONDS)


def _deliver(lease: Lease, mail: BaseEmailBackend, *, now: Now, done: Delivered) -> bool:
    """False when the server takes no mail at all at this moment."""
    trouble: tuple[Trouble, Exception] | None = None
    try:
        mail.open()
    except MAIL_TROUBLE as error:
        trouble = Trouble.SERVER, error
    else:
        delivery = _read_again(lease, now=now())
        if delivery is None:
            done.void += _mark_void(lease)
            return True
        try:
            mail_of(delivery, mail, now=now()).send()
        except MAIL_TROUBLE as error:
            trouble = trouble_of(error), error
    if trouble is None:
        done.sent += _mark_sent(lease, now=now())
        return True
    with suppress(*MAIL_TROUBLE):
        mail.close()
    done.failed += 1
    _put_off(lease, *trouble, now=now())
    return trouble[0] is not Trouble.SERVER


def _read_again(lease: Lease, *, now: datetime) -> Delivery | None:
    """The delivery as it is at the moment of sending, its lease begun anew; None when it is to be sent no more.

    Connecting can take long: the claim may be answered by now, or another worker at it.
    """
    until = _lease_end(now)
    if not lease.row().update(lease_until=until, next_attempt_at=until):
        return None
    delivery = Delivery.objects.select_related(
        "user", "warning__seller", "warning__claim__assignee", "warning__deadline__notice"
    ).get(pk=lease.delivery_id)
    repeated_in_vain = delivery.round > 1 and delivery.warning.acknowledged_at is not None
    return delivery if may_still_warn(delivery.warning) and not repeated_in_vain else None


def _mark_sent(lease: Lease, *, now: datetime) -> int:
    with transaction.atomic():
        marked = lease.row().update(
            status=Delivery.Status.SENT, sent_at=now, lease_until=None, next_attempt_at=None, last_error=""
        )
        Warning.objects.filter(
            deliveries=lease.delivery_id, status__in=[Warning.Status.PENDING, Warning.Status.FAILED]
        ).update(status=Warning.Status.SENT)
    return marked


def _mark_void(lease: Lease) -> int:
    with transaction.atomic():
        marked = lease.row().update(status=Delivery.Status.VOID, lease_until=None, next_attempt_at=None)
        if marked:
            Warning.objects.filter(deliveries=lease.delivery_id, status=Warning.Status.PENDING).update(
                status=Warning.Status.VOID
            )
    return marked


def _put_off(lease: Lease, trouble: Trouble, error: Exception, *, now: datetime) -> None:
    """Try again after a growing pause, or never; who cannot be reached is replaced by the operator."""
    for_good = trouble is Trouble.FOR_GOOD
    pause = min(_FIRST_PAUSE * 2 ** min(lease.attempt - 1, 10), _LONGEST_PAUSE) * _CHANCE.uniform(0.8, 1.2)
    with transaction.atomic():
        marked = lease.row().update(
            status=Delivery.Status.FAILED if for_good else Delivery.Status.PENDING,
            lease_until=None,
            next_attempt_at=None if for_good else now + pause,
            last_error=f"{type(error).__name__}: {error}"[:1000],
        )
        if marked and (for_good or (trouble is Trouble.FOR_NOW and lease.attempt >= PATIENCE)):
            _pass_on(lease, now=now)


def _pass_on(lease: Lease, *, now: datetime) -> None:
    """Where nobody of this round was or can be reached the operator is; if not even he is, the warning failed."""
    delivery = Delivery.objects.get(pk=lease.delivery_id)
    warning = Warning.objects.select_for_update(no_key=True).get(pk=delivery.warning_id)
    mails = Delivery.objects.filter(warning=warning, channel=Delivery.Channel.EMAIL)
    of_round = mails.filter(round=delivery.round)
    on_its_way = Q(status__in=[Delivery.Status.PENDING, Delivery.Status.SENDING])
    if of_round.filter(Q(status=Delivery.Status.SENT) | on_its_way & Q(attempts__lt=PATIENCE)).exists():
        return
    if not of_round.filter(recipient=operator().email).exists():
        rows = deliveries_for(warning, [operator()], number=delivery.round, now=now)
        Delivery.objects.bulk_create(rows)
    elif not mails.filter(Q(status=Delivery.Status.SENT) | on_its_way).exists():
        Warning.objects.filter(pk=warning.pk, status=Warning.Status.PENDING).update(
            status=Warning.Status.FAILED
        )
