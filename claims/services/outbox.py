"""The rows that carry a warning to people: one delivery for each recipient, channel and round.

Leaves raising warnings to `warnings` and `repeats`, and sending to `deliveries`.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime

from claims.models import Delivery, Warning
from claims.services.recipients import Recipient


def deliveries_for(
    warning: Warning, recipients: Iterable[Recipient], *, number: int, now: datetime
) -> list[Delivery]:
    """The rows of round `number`, not yet stored: a mail for each, and for whoever is a user a row to see.

    What is shown in the application is delivered by being stored.
    """
    rows = []
    for recipient in recipients:
        facts = {
            "warning": warning,
            "recipient": recipient.email,
            "user_id": recipient.user_id,
            "round": number,
            "created_at": now,
            "message_id": message_id(warning, recipient.email, number),
        }
        rows.append(Delivery(**facts, channel=Delivery.Channel.EMAIL, next_attempt_at=now))
        if recipient.user_id is not None:
            sent = Delivery.Status.SENT
            rows.append(Delivery(**facts, channel=Delivery.Channel.IN_APP, status=sent, sent_at=now))
    return rows


def message_id(warning: Warning, recipient: str, number: int) -> str:
    """The same for every attempt of one round, so that a receiver can drop a repeat.

    The moment is part of it: in a database made anew the numbers begin again.
    """
    seed = f"{recipient}|{warning.created_at.isoformat()}"
    return f"warning-{warning.pk}-{number}-{hashlib.sha256(seed.encode()).hexdigest()[:20]}"


def withdraw(warning_ids: Iterable[int]) -> None:
    """Take back what has not been sent of these warnings; in the caller's transaction."""
    Delivery.objects.filter(warning__in=list(warning_ids), status=Delivery.Status.PENDING).update(
        status=Delivery.Status.VOID, next_attempt_at=None
    )


def may_still_warn(warning: Warning) -> bool:
    """Whether the clock still runs in the version that the warning speaks of."""
    if warning.status in (Warning.Status.VOID, Warning.Status.SUPERSEDED):
        return False
    deadline = warning.deadline
    return deadline is None or (not deadline.settled and deadline.version == warning.deadline_version)
