"""Taking deliveries for a while and writing what became of them, many in one statement.

A lease is told from those before and after it by its attempt, so a worker that was too slow changes nothing.
Which deliveries are sent together, and what a failure means, is in `deliveries`.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection

from claims.models import Delivery


@dataclass(frozen=True)
class Lease:
    """One delivery taken for a while."""

    delivery_id: int
    attempt: int


@dataclass(frozen=True)
class Mark:
    """What is written of a lease. `given_back`: it was not tried, the attempt does not count."""

    lease: Lease
    status: Delivery.Status
    next_attempt_at: datetime | None = None
    error: str = ""
    given_back: bool = False


def lease_seconds() -> int:
    seconds: int = settings.DELIVERY_LEASE_SECONDS
    return seconds


def mails_are_due(*, now: datetime) -> bool:
    return Delivery.objects.filter(
        status__in=[Delivery.Status.PENDING, Delivery.Status.SENDING],
        target__isnull=True,
        next_attempt_at__lte=now,
    ).exists()


def due_channels(*, now: datetime, without: Collection[int], most: int) -> list[int]:
    """The channels with something due, the longest waiting first: one look into the index for each channel."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH RECURSIVE first (target_id, next_attempt_at) AS (
                (SELECT target_id, next_attempt_at FROM claims_delivery
                  WHERE status IN ('pending', 'sending') AND target_id IS NOT NULL
                  ORDER BY target_id, next_attempt_at LIMIT 1)
                UNION ALL
                SELECT later.* FROM first CROSS JOIN LATERAL (
                    SELECT target_id, next_attempt_at FROM claims_delivery
                     WHERE status IN ('pending', 'sending') AND target_id IS NOT NULL
                       AND target_id > first.target_id
                     ORDER BY target_id, next_attempt_at LIMIT 1) AS later
            )
            SELECT target_id FROM first
             WHERE next_attempt_at <= %(now)s AND target_id <> ALL (%(without)s)
             ORDER BY next_attempt_at LIMIT %(most)s
            """,
            {"now": now, "without": list(without), "most": most},
        )
        return [row[0] for row in cursor.fetchall()]


def take(*, target_id: int | None, now: datetime, most: int) -> list[Lease]:
    """What is due by one channel (None: the mailboxes), or what a worker has let run out; not what others take.

    Those tried before come first: they are what tells whether a channel is well again.
    """
    whose = "target_id IS NULL" if target_id is None else "target_id = %(target)s"
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            UPDATE claims_delivery SET status = 'sending', lease_until = %(until)s,
                   next_attempt_at = %(until)s, attempts = attempts + 1
             WHERE id = ANY (ARRAY (SELECT id FROM claims_delivery
                                     WHERE status IN ('pending', 'sending') AND {whose}
                                       AND next_attempt_at <= %(now)s
                                     ORDER BY next_attempt_at LIMIT %(most)s FOR UPDATE SKIP LOCKED))
            RETURNING id, attempts
            """,  # noqa: S608
            {"target": target_id, "until": _end(now), "now": now, "most": most},
        )
        leases = [Lease(*row) for row in cursor.fetchall()]
    return sorted(leases, key=lambda lease: (-lease.attempt, lease.delivery_id))


def renew(leases: Sequence[Lease], *, now: datetime) -> None:
    """A batch that is still being sent keeps its leases: its worker lives."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE claims_delivery d SET lease_until = %(until)s, next_attempt_at = %(until)s
              FROM unnest(%(ids)s::bigint[], %(attempts)s::int[]) AS v (id, attempt)
             WHERE d.id = ANY (%(ids)s) AND d.id = v.id AND d.attempts = v.attempt AND d.status = 'sending'
            """,
            {
                "until": _end(now),
                "ids": [lease.delivery_id for lease in leases],
                "attempts": [lease.attempt for lease in leases],
            },
        )


def write(marks: Iterable[Mark], *, now: datetime) -> set[int]:
    """In the caller's transaction. Says which deliveries were still held by these leases."""
    rows = list(marks)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE claims_delivery d
               SET status = v.status, lease_until = NULL, next_attempt_at = v.next_attempt_at,
                   last_error = v.error, attempts = d.attempts - v.given_back,
                   sent_at = CASE WHEN v.status = 'sent' THEN %(now)s ELSE d.sent_at END
              FROM unnest(%(ids)s::bigint[], %(attempts)s::int[], %(statuses)s::text[],
                          %(next)s::timestamptz[], %(errors)s::text[], %(given_back)s::int[])
                   AS v (id, attempt, status, next_attempt_at, error, given_back)
             WHERE d.id = ANY (%(ids)s) AND d.id = v.id AND d.attempts = v.attempt AND d.status = 'sending'
            RETURNING d.id
            """,
            {
                "now": now,
                "ids": [mark.lease.delivery_id for mark in rows],
                "attempts": [mark.lease.attempt for mark in rows],
                "statuses": [str(mark.status) for mark in rows],
                "next": [mark.next_attempt_at for mark in rows],
                "errors": [mark.error.replace("\x00", "")[:1000] for mark in rows],
                "given_back": [int(mark.given_back) for mark in rows],
            },
        )
        return {row[0] for row in cursor.fetchall()}


def put_off_channel(*, target_id: int, until: datetime, behind: timedelta) -> None:
    """What waits for a channel that is out of order waits a little longer than `until`, when one is tried again."""
    Delivery.objects.filter(
        target=target_id, status=Delivery.Status.PENDING, next_attempt_at__lt=until
    ).update(next_attempt_at=until + behind)


def _end(now: datetime) -> datetime:
    return now + timedelta(seconds=lease_seconds())
