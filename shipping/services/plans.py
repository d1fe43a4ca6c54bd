"""The stored plan of asking: whom to ask when, worked out anew for every parcel whose facts changed.

One statement takes the parcels and reads all that the plan needs, a pure rule decides (`rules/polling.py`), one
statement writes. So it costs the same two statements for ten parcels and for ten thousand.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import Q

from shipping.models import ParcelPoll, Shipment, SourceAccount
from shipping.numbers import table_name
from shipping.rules.polling import Asking, Plan, Situation, plan
from shipping.sources.registry import SOURCES, serves

AT_ONCE: Final = 500
NOT_ITS: Final = Plan(None, "Another carrier's parcel.")
_TAKE: Final = """
    WITH taken AS (
        UPDATE shipping_shipment SET plan_pending = false
         WHERE id = ANY (ARRAY (SELECT id FROM shipping_shipment WHERE plan_pending
                                 ORDER BY id LIMIT %(limit)s FOR UPDATE SKIP LOCKED))
        RETURNING id, seller_id, carrier, number_check, status, leg, shipped_at, created_at, updated_at,
                  deliver_by, delivered_at, delivered_latest, watched_until
    )
    SELECT t.id, t.carrier, (t.number_check -> 'carriers')::text, t.status, t.leg, t.shipped_at, t.created_at,
           t.updated_at, t.deliver_by, t.delivered_at, t.delivered_latest, t.watched_until,
           a.id, a.source, p.id, p.last_asked_at, p.last_answer_at, p.failures,
           p.proof_asked_at
      FROM taken t
      LEFT JOIN shipping_sourceaccount a ON a.seller_id = t.seller_id AND a.is_active
      LEFT JOIN shipping_parcelpoll p ON p.shipment_id = t.id AND p.account_id = a.id
"""
_WRITE: Final = """
    INSERT INTO shipping_parcelpoll AS p (shipment_id, account_id, next_poll_at, reason, is_urgent, attempts,
                                          failures, last_error)
    SELECT shipment, account, at, reason, urgent, 0, 0, ''
      FROM unnest(%(shipments)s::bigint[], %(accounts)s::bigint[], %(moments)s::timestamptz[], %(reasons)s::text[],
                  %(urgent)s::bool[]) AS v (shipment, account, at, reason, urgent)
     ORDER BY shipment, account
    ON CONFLICT (shipment_id, account_id) DO UPDATE
       SET next_poll_at = EXCLUDED.next_poll_at, reason = EXCLUDED.reason, is_urgent = EXCLUDED.is_urgent
     WHERE p.lease_until IS NULL
"""


@dataclass(frozen=True, slots=True)
class Planned:
    """One line of the plan."""

    shipment_id: int
    account_id: int
    plan: Plan


def plan_pending(*, now: datetime, limit: int = AT_ONCE) -> int:
    """Plan what is pending; returns how many parcels those were. Safe beside itself and beside answers.

    The parcels stay locked until their plan is written: an answer that comes meanwhile waits, and marks its
    parcel anew. A question that is just being asked is planned by whoever asks it.
    """
    with transaction.atomic():
        parcels, planned = read_plans(now=now, limit=limit)
        _write(planned)
    return parcels


def read_plans(*, now: datetime, limit: int) -> tuple[int, list[Planned]]:
    """In the caller's transaction: take up to `limit` pending parcels and work out their plans. One query.

    The number of parcels, with or without anybody to ask, and the plans.
    """
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, {"limit": limit})
        rows = cursor.fetchall()
    lines = [line for line in (_planned(row, now) for row in rows) if line is not None]
    return len({row[0] for row in rows}), lines


def _planned(row: Sequence[Any], now: datetime) -> Planned | None:
    (shipment_id, carrier, carriers, status, leg, shipped_at, created_at, updated_at, deliver_by, delivered_at,
     delivered_latest, watched_until, account_id, source, poll_id, asked_at, answered_at, failures,
     proof_at) = row  # fmt: skip
    if account_id is None:
        return None
    if not serves(source, carriers=_names(carriers), own=table_name(carrier)):
        return None if poll_id is None else Planned(shipment_id, account_id, NOT_ITS)
    situation = Situation(
        status=status,
        leg=leg,
        began_at=shipped_at or created_at,
        deliver_by=deliver_by,
        delivered_at=delivered_at or delivered_latest or updated_at,
        watched_until=watched_until,
        last_asked_at=asked_at if failures or answered_at else None,
        failures=failures or 0,
        proof_asked_at=proof_at,
        spread=spread_of(shipment_id),
    )
    found = plan(situation, asking_of(source), now=now)
    return None if poll_id is None and found.at is None else Planned(shipment_id, account_id, found)


def _names(carriers: str | None) -> list[str]:
    found: list[str] = json.loads(carriers) if carriers else []
    return found


def _write(planned: Iterable[Planned]) -> None:
    lines = list(planned)
    if not lines:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            _WRITE,
            {
                "shipments": [line.shipment_id for line in lines],
                "accounts": [line.account_id for line in lines],
                "moments": [line.plan.at for line in lines],
                "reasons": [line.plan.reason for line in lines],
                "urgent": [line.plan.is_urgent for line in lines],
            },
        )


def situation_of(shipment: Shipment, poll: ParcelPoll) -> Situation:
    """The same of rows that are loaded."""
    return Situation(
        status=shipment.status,
        leg=shipment.leg,
        began_at=shipment.shipped_at or shipment.created_at,
        deliver_by=shipment.deliver_by,
        delivered_at=shipment.delivered_at or shipment.delivered_latest or shipment.updated_at,
        watched_until=shipment.watched_until,
        last_asked_at=poll.last_asked_at if poll.failures or poll.last_answer_at else None,
        failures=poll.failures,
        proof_asked_at=poll.proof_asked_at,
        spread=spread_of(shipment.pk),
    )


def asking_of(source: str) -> Asking:
    """What the source allows."""
    terms = SOURCES[source].terms
    return Asking(terms.memory, terms.least_between, terms.has_proof)


def spread_of(shipment_id: int) -> float:
    """From 0 to 1, the same for a parcel every time: parcels of one day are not all asked for at one moment."""
    return (shipment_id * 2654435761 % 2**32) / 2**32


def watch_order(*, seller_id: int, order_id: str, until: datetime | None, now: datetime) -> int:
    """Somebody waits for news of the parcels of this order until then (None: nobody any more). Counts changes.

    Where nobody waited before, the proof is asked for again at once. Safe to repeat.
    """
    parcels = Shipment.objects.filter(seller_id=seller_id, order_id=order_id)
    if until is None or until <= now:
        return parcels.filter(watched_until__gt=now).update(watched_until=None, plan_pending=True)
    with transaction.atomic():
        fresh = parcels.filter(Q(watched_until__isnull=True) | Q(watched_until__lte=now))
        ids = sorted(fresh.values_list("pk", flat=True))
        ParcelPoll.objects.filter(shipment_id__in=ids).update(proof_asked_at=None)
        changed = parcels.exclude(watched_until__isnull=False, watched_until=until)
        return changed.update(watched_until=until, plan_pending=True)


def plan_seller_anew(account: SourceAccount, *, now: datetime) -> int:
    """In the caller's transaction: an account came or came back, so its seller's parcels are planned again."""
    since = now - SOURCES[account.source].terms.memory
    parcels = Shipment.objects.filter(seller_id=account.seller_id, plan_pending=False)
    return parcels.filter(
        Q(shipped_at__gte=since) | Q(shipped_at__isnull=True, created_at__gte=since)
    ).update(plan_pending=True)


def drop_plans(account: SourceAccount) -> int:
    """In the caller's transaction: nothing more is asked of an account that was switched off."""
    return ParcelPoll.objects.filter(account=account, next_poll_at__isnull=False).update(
        next_poll_at=None, reason="The account is switched off."
    )


def ask_now(*, shipment_ids: Iterable[int], source: str, now: datetime) -> int:
    """A source said that it has news: ask it at once."""
    polls = ParcelPoll.objects.filter(
        shipment_id__in=list(shipment_ids), account__source=source, account__is_active=True
    )
    return polls.filter(lease_until__isnull=True).update(next_poll_at=now, reason="The source has news.")
