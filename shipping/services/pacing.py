"""Whose turn it is: one pace per account and operation, whatever the number of workers, and a breaker per account.

The bucket is one row that one statement fills and draws from. Nothing here touches the network.
"""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from django.db import connection
from django.db.models import F, Q

from shipping.models import SourceAccount, SourcePace
from shipping.outward.exchange import CredentialsRefused, NotYet, SourceBusy, SourceDown, Unanswered
from shipping.sources.shape import Pace

NOTED_EVERY: Final = timedelta(minutes=1)
SHORT_WAIT: Final = timedelta(seconds=2)
BREAKS_AFTER: Final = 5
FIRST_BREAK: Final = timedelta(minutes=1)
LONGEST_BREAK: Final = timedelta(minutes=30)
REFUSED_PAUSE: Final = timedelta(hours=1)
BUSY_PAUSE: Final = timedelta(seconds=30)
_LONGEST_ERROR: Final = 500


def take_turn(
    *, account_id: int, operation: str, pace: Pace, is_urgent: bool, now: datetime
) -> datetime | None:
    """Draw one call from the bucket. None: go ahead; else the moment from which on it is worth asking again."""
    most = None if pace.per_day is None else pace.per_day - (0 if is_urgent else pace.kept_back)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO shipping_sourcepace AS p (account_id, operation, tokens, filled_at, day, used)
            VALUES (%(account)s, %(operation)s, %(burst)s - 1, %(now)s, (%(now)s AT TIME ZONE 'UTC')::date, 1)
            ON CONFLICT (account_id, operation) DO UPDATE SET
                tokens = LEAST(%(burst)s, p.tokens + GREATEST(0,
                    EXTRACT(epoch FROM %(now)s - p.filled_at)) * %(rate)s) - 1,
                filled_at = GREATEST(p.filled_at, %(now)s),
                used = CASE WHEN p.day = EXCLUDED.day THEN p.used + 1 ELSE 1 END,
                day = EXCLUDED.day
            WHERE LEAST(%(burst)s, p.tokens + GREATEST(0,
                    EXTRACT(epoch FROM %(now)s - p.filled_at)) * %(rate)s) >= 1
              AND (p.day <> EXCLUDED.day OR %(most)s::int IS NULL OR p.used < %(most)s::int)
            RETURNING 1
            """,
            {
                "account": account_id, "operation": operation, "burst": float(pace.burst),
                "rate": pace.per_second, "now": now, "most": most,
            },
        )  # fmt: skip
        if cursor.fetchone() is not None:
            return None
    bucket = SourcePace.objects.get(account_id=account_id, operation=operation)
    if most is not None and bucket.day == now.date() and bucket.used >= most:
        return now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    filled = max(bucket.filled_at, now) if bucket.tokens >= 1 else bucket.filled_at
    return max(filled + timedelta(seconds=max(0.0, 1 - bucket.tokens) / pace.per_second), now)


def turn_taker(
    *,
    account_id: int,
    is_urgent: bool,
    now: Callable[[], datetime],
    pause: Callable[[float], None] = time.sleep,
) -> Callable[[str, Pace], None]:
    """What a `Line` calls before each try: waits out what is short, raises NotYet for what is not.

    A pause of the account (breaker, `Retry-After`, refused credentials) counts at once, also in the middle of
    a round that another worker has seen fail.
    """

    def take(operation: str, pace: Pace) -> None:
        while True:
            moment = now()
            paused = (
                SourceAccount.objects.filter(pk=account_id).values_list("paused_until", flat=True).first()
            )
            if paused is not None and paused > moment:
                raise NotYet(paused, "The account is paused.")
            free_at = take_turn(
                account_id=account_id, operation=operation, pace=pace, is_urgent=is_urgent, now=moment
            )
            if free_at is None:
                return
            wait = free_at - moment
            if wait > SHORT_WAIT:
                raise NotYet(free_at, "The source's limit is reached.")
            pause(max(wait.total_seconds(), 0.01))

    return take


def note_answered(*, account: SourceAccount, now: datetime) -> None:
    """The account works: at most one write a minute, and at once where it did not work before."""
    stale = Q(last_ok_at__isnull=True) | Q(last_ok_at__lte=now - NOTED_EVERY)
    unwell = Q(failures__gt=0) | ~Q(last_error="") | Q(paused_until__isnull=False)
    SourceAccount.objects.filter(stale | unwell, pk=account.pk).update(
        last_ok_at=now, last_error="", last_error_at=None, failures=0, paused_until=None
    )


def note_failed(*, account: SourceAccount, failure: Unanswered, now: datetime) -> datetime | None:
    """What went wrong, and until when the account rests because of it; None: it does not.

    Credentials that were replaced meanwhile are not blamed for the old ones.
    """
    rows = SourceAccount.objects.filter(pk=account.pk, secrets_encrypted=account.secrets_encrypted)
    rows.update(last_error=str(failure)[:_LONGEST_ERROR], last_error_at=now, failures=F("failures") + 1)
    failures = SourceAccount.objects.values_list("failures", flat=True).get(pk=account.pk)
    pause = pause_after(failure, failures)
    if pause is None:
        return None
    until = now + pause
    rows.filter(Q(paused_until__isnull=True) | Q(paused_until__lt=until)).update(paused_until=until)
    return until


def pause_after(failure: Unanswered, failures: int) -> timedelta | None:
    """How long an account rests. Five failures in a row open the breaker, each further one doubles the rest."""
    if isinstance(failure, CredentialsRefused):
        return REFUSED_PAUSE
    asked = failure.after if isinstance(failure, SourceDown) else None
    if isinstance(failure, SourceBusy):
        doubled: timedelta = min(BUSY_PAUSE * 2 ** min(failures - 1, 7), LONGEST_BREAK)
        return asked if asked is not None else doubled
    if failures >= BREAKS_AFTER:
        grown: timedelta = min(FIRST_BREAK * 2 ** min(failures - BREAKS_AFTER, 5), LONGEST_BREAK)
        return max(grown, asked) if asked is not None else grown
    return asked
