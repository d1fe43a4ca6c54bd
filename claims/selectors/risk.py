"""What is at risk by when: the running clocks of the callers' sellers, counted into buckets of time left."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from accounts.access import Caller
from claims.deadlines import NEVER_MISSED, DeadlineKind
from claims.models import Deadline

#: The most urgent first: past Amazon's moment, then by the hours left to the target.
BUCKETS = ("overdue", "1h", "4h", "12h", "24h", "later")
_HOURS = (1, 4, 12, 24)


@dataclass
class Bucket:
    """`amount` is the sum of the claims' amounts, each claim once, where its most urgent clock stands."""

    name: str
    count: int = 0
    amount: Decimal | None = None
    currency: str = ""


@dataclass
class Risk:
    """One seller's clocks in one currency; without currency: of claims without amount, and unread letters."""

    seller: str
    currency: str
    count: int = 0
    amount: Decimal | None = None
    buckets: list[Bucket] = field(default_factory=list)


# Counting goes to the target, being overdue by the moment Amazon's window ends. A plan of ours is never overdue.
_SQL = """
WITH running AS (
    SELECT s.merchant_token, coalesce(c.currency, '') AS currency, c.amount, d.claim_id, d.target_at, d.id,
           CASE WHEN d.due_at <= %(now)s AND d.kind <> ALL(%(never)s) THEN 0
                ELSE 1 + width_bucket(d.target_at, %(ends)s) END AS bucket
      FROM claims_deadline d
      JOIN accounts_seller s ON s.id = d.seller_id
      LEFT JOIN claims_claim c ON c.id = d.claim_id
     WHERE NOT d.settled AND d.seller_id = ANY(%(sellers)s) AND d.kind = ANY(%(kinds)s)
       AND (%(token)s::text IS NULL OR s.merchant_token = %(token)s)
), counted AS (
    SELECT *, row_number() OVER (PARTITION BY claim_id ORDER BY bucket, target_at, id) AS nth FROM running
)
SELECT merchant_token, currency, bucket, count(*), sum(amount) FILTER (WHERE nth = 1)
  FROM counted GROUP BY merchant_token, currency, bucket ORDER BY merchant_token, currency, bucket
"""


def risk_summary(
    caller: Caller, *, now: datetime, seller: str | None = None, kinds: Iterable[DeadlineKind] = ()
) -> list[Risk]:
    """By seller and currency, in one query. `seller` is a merchant token; no kinds: all of them."""
    # A clock whose target is exactly an hour away is within the hour: width_bucket's ends are lower bounds.
    ends = [now + timedelta(hours=hours, microseconds=1) for hours in _HOURS]
    values: dict[str, Any] = {
        "now": now,
        "never": [kind.value for kind in NEVER_MISSED],
        "ends": ends,
        "sellers": sorted(caller.seller_ids()),
        "kinds": [kind.value for kind in kinds or DeadlineKind],
        "token": seller,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SQL, values)
        return _risks(cursor.fetchall())


def _risks(rows: Sequence[tuple[str, str, int, int, Decimal | None]]) -> list[Risk]:
    found: dict[tuple[str, str], Risk] = {}
    for token, currency, place, count, amount in rows:
        risk = found.get((token, currency))
        if risk is None:
            nothing = Decimal(0) if currency else None
            buckets = [Bucket(name, 0, nothing, currency) for name in BUCKETS]
            risk = found[token, currency] = Risk(token, currency, 0, nothing, buckets)
        bucket = risk.buckets[place]
        bucket.count = count
        risk.count += count
        if risk.amount is not None and amount is not None:
            bucket.amount = amount
            risk.amount += amount
    return list(found.values())


def clocks_on_calendar(caller: Caller, at_most: int) -> QuerySet[Deadline]:
    """The clocks on which something is owed of all that the caller may see, the nearest targets first.

    With what a calendar shows and no more: letters and claims are heavy rows.
    """
    return (
        Deadline.objects.filter(seller_id__in=caller.seller_ids(), settled=False)
        .select_related("seller", "claim", "notice")
        .only(
            *("kind", "version", "status", "target_at", "due_at", "started_at", "claim_id", "notice_id"),
            *("seller__name", "seller__time_zone", "claim__order_id", "notice__order_id"),
        )
        .order_by("target_at", "id")[:at_most]
    )
