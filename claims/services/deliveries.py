"""Getting warnings out: lease one, read the state again, send, mark. At least once, with a stable id.

A worker that dies between sending and marking leaves a lease that runs out; the next one sends again under
the same Message-ID, so that a receiver can drop the repeat. Nothing is sent inside a transaction.
"""

import random
import smtplib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection, transaction

from accounts.models import User
from claims.models import Delivery, Warning
from claims.services.recipients import operator_email
from claims.services.warnings import may_still_warn
from claims.warning_text import WarningFacts, body_of, subject_of

ATTEMPTS_AT_MOST = 12
_LONGEST_PAUSE = timedelta(minutes=10)
#: What a mail server, or the way to it, can answer with.
_MAIL_TROUBLE = (smtplib.SMTPException, OSError, ValueError)

Now = Callable[[], datetime]


@dataclass
class Delivered:
    """What one round got out."""

    sent: int = 0
    failed: int = 0
    void: int = 0


def deliver_due(*, now: Now, budget: timedelta = timedelta(seconds=20)) -> Delivered:
    """Send what is due, one after the other, until nothing is left or the time budget is used up.

    `now` is asked anew for every delivery: sending takes time.
    """
    done = Delivered()
    mail = get_connection()
    ends_at = now() + budget
    try:
        while (moment := now()) < ends_at:
            delivery = _lease(now=moment)
            if delivery is None:
                break
            _deliver(delivery, mail, now=now, done=done)
    finally:
        mail.close()
    return done


def _lease(*, now: datetime) -> Delivery | None:
    """Take the next delivery that is due, or whose worker has let its lease run out."""
    until = now + timedelta(seconds=settings.DELIVERY_LEASE_SECONDS)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE claims_delivery SET status = 'sending', lease_until = %(until)s,
                   next_attempt_at = %(until)s, attempts = attempts + 1
             WHERE id = (SELECT id FROM claims_delivery
                          WHERE status IN ('pending', 'sending') AND next_attempt_at <= %(now)s
                          ORDER BY next_attempt_at LIMIT 1 FOR UPDATE SKIP LOCKED)
            RETURNING id
            """,
            {"until": until, "now": now},
        )
        row = cursor.fetchone()
    if row is None:
        return None
    return Delivery.objects.select_related(
        "user", "warning__seller", "warning__claim__assignee", "warning__deadline__notice"
    ).get(pk=row[0])


def _deliver(delivery: Delivery, mail: BaseEmailBackend, *, now: Now, done: Delivered) -> None:
    warning = delivery.warning
    repeated_in_vain = delivery.round > 1 and warning.acknowledged_at is not None
    if not may_still_warn(warning) or repeated_in_vain:
        _void(delivery)
        done.void += 1
        return
    try:
        if delivery.channel == Delivery.Channel.EMAIL:
            _send(delivery, mail, now=now())
    except _MAIL_TROUBLE as error:
        mail.close()
        _failed(delivery, error, now=now())
        done.failed += 1
    else:
        _sent(delivery, now=now())
        done.sent += 1


def _send(delivery: Delivery, mail: BaseEmailBackend, *, now: datetime) -> None:
    facts = _facts(delivery, now=now)
    host = urlsplit(settings.BASE_URL).hostname or "localhost"
    EmailMessage(
        subject=" ".join(subject_of(facts).split())[:200],
        body=body_of(facts),
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[delivery.recipient],
        headers={"Message-ID": f"<{delivery.message_id}@{host}>", "Auto-Submitted": "auto-generated"},
        connection=mail,
    ).send()


def _facts(delivery: Delivery, *, now: datetime) -> WarningFacts:
    warning, claim, deadline = delivery.warning, delivery.warning.claim, delivery.warning.deadline
    notice = deadline.notice if deadline is not None and claim is None else None
    path = f"claims/{claim.pk}/" if claim else f"notices/{notice.pk}/" if notice else "claims/"
    assignee = claim.assignee if claim else None
    return WarningFacts(
        stage=warning.stage,
        kind=deadline.kind if deadline else "",
        order_id=claim.order_id if claim else notice.order_id if notice else "",
        url=f"{settings.BASE_URL.rstrip('/')}/api/v1/{path}",
        zone=_zone(delivery.user, warning),
        now=now,
        target_at=deadline.target_at if deadline else None,
        due_at=deadline.due_at if deadline else None,
        previous_due_at=deadline.previous_due_at if deadline and deadline.version > 1 else None,
        amount=f"{claim.amount.normalize():f} {claim.currency}" if claim and claim.amount is not None else "",
        assignee=assignee.get_username() if assignee else "",
        missing=tuple(claim.missing) if claim else (),
        subject=notice.subject if notice else "",
        round=delivery.round,
    )


def _zone(user: User | None, warning: Warning) -> str:
    return (user.time_zone if user else "") or warning.seller.time_zone


def _mine(delivery: Delivery):  # type: ignore[no-untyped-def]
    """The row, as long as this attempt is still the last one."""
    return Delivery.objects.filter(
        pk=delivery.pk, status=Delivery.Status.SENDING, attempts=delivery.attempts
    )


def _sent(delivery: Delivery, *, now: datetime) -> None:
    with transaction.atomic():
        _mine(delivery).update(
            status=Delivery.Status.SENT, sent_at=now, lease_until=None, next_attempt_at=None, last_error=""
        )
        Warning.objects.filter(pk=delivery.warning_id, status=Warning.Status.PENDING).update(
            status=Warning.Status.SENT
        )


def _void(delivery: Delivery) -> None:
    with transaction.atomic():
        _mine(delivery).update(status=Delivery.Status.VOID, lease_until=None, next_attempt_at=None)
        Warning.objects.filter(pk=delivery.warning_id, status=Warning.Status.PENDING).update(
            status=Warning.Status.VOID
        )


def _failed(delivery: Delivery, error: Exception, *, now: datetime) -> None:
    """Back off and try again; for good after the last attempt or a permanent refusal, then the operator hears."""
    for_good = delivery.attempts >= ATTEMPTS_AT_MOST or _is_permanent(error)
    pause = min(timedelta(seconds=5 * 2 ** (delivery.attempts - 1)), _LONGEST_PAUSE)
    with transaction.atomic():
        _mine(delivery).update(
            status=Delivery.Status.FAILED if for_good else Delivery.Status.PENDING,
            lease_until=None,
            next_attempt_at=None if for_good else now + pause * random.uniform(0.8, 1.2),
            last_error=f"{type(error).__name__}: {error}"[:1000],
        )
        if for_good:
            _pass_on(delivery, now=now)


def _is_permanent(error: Exception) -> bool:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(500 <= code < 600 for code, _ in error.recipients.values())
    return isinstance(error, ValueError)


def _pass_on(delivery: Delivery, *, now: datetime) -> None:
    """Nobody else was or can be reached: the operator is, and if not even he is, the warning has failed."""
    warning = Warning.objects.select_for_update(no_key=True).get(pk=delivery.warning_id)
    mails = warning.deliveries.filter(channel=Delivery.Channel.EMAIL)
    hope = [Delivery.Status.SENT, Delivery.Status.PENDING, Delivery.Status.SENDING]
    if mails.filter(status__in=hope).exists():
        return
    if delivery.recipient == operator_email():
        Warning.objects.filter(pk=warning.pk).update(status=Warning.Status.FAILED)
        return
    Delivery.objects.get_or_create(
        warning=warning,
        recipient=operator_email(),
        channel=Delivery.Channel.EMAIL,
        round=delivery.round,
        defaults={
            "created_at": now,
            "next_attempt_at": now,
            "message_id": f"warning-{warning.pk}-{delivery.round}-operator",
        },
    )
