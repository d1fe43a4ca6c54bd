"""What a batch of clocks owes as rows: written in a few statements, however many the clocks. No rules here."""

import json
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import connection
from django.db.models import Q

from claims.ladder import REPEAT_EVERY, Moment, Rung
from claims.models import Warning
from claims.services.arrays import array_of
from claims.services.due_clocks import DueClock
from claims.services.outbox import withdraw


class NextLook(NamedTuple):
    """When the sweep looks at a clock again; `missed`: its window has just ended."""

    clock_id: int
    at: datetime | None
    missed: bool


class NewWarning(NamedTuple):
    """A stage that a clock has reached; `superseded`: a more urgent one goes out in its place."""

    clock: DueClock
    moment: Moment
    superseded: bool
    held_until: datetime | None = None


def move_on(looks: Sequence[NextLook]) -> None:
    """Have the clocks due no more."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE claims_deadline d
               SET next_warn_at = v.next_warn_at, status = CASE WHEN v.missed THEN 'missed' ELSE d.status END
              FROM unnest(%s::bigint[], %s::timestamptz[], %s::bool[]) AS v (id, next_warn_at, missed)
             WHERE d.id = v.id
            """,
            [
                array_of(look.clock_id for look in looks),
                array_of(look.at for look in looks),
                array_of(look.missed for look in looks),
            ],
        )


_STORE = """
INSERT INTO claims_warning
       (seller_id, claim_id, deadline_id, deadline_version, stage, stage_at, status, created_at,
        audience, channels, held_until, repeats, rounds, next_round_at)
SELECT v.seller_id, v.claim_id, v.deadline_id, v.version, r.stage, v.stage_at,
       CASE WHEN v.superseded THEN 'superseded' ELSE 'pending' END, %(now)s,
       r.audience, r.channels, v.held_until, r.repeats AND NOT v.superseded,
       CASE WHEN v.superseded THEN 0 ELSE 1 END,
       CASE WHEN r.repeats AND NOT v.superseded THEN %(again)s END
  FROM unnest(%(sellers)s::bigint[], %(claims)s::bigint[], %(clocks)s::bigint[], %(versions)s::int[],
              %(stage_ats)s::timestamptz[], %(superseded)s::bool[], %(helds)s::timestamptz[],
              %(numbers)s::int[])
       WITH ORDINALITY AS v (seller_id, claim_id, deadline_id, version, stage_at, superseded,
                             held_until, number, place)
  JOIN jsonb_to_recordset(%(rungs)s::jsonb)
       AS r (number int, stage text, audience text[], channels text[], repeats bool) USING (number)
 ORDER BY v.place
RETURNING id
"""


def store_warnings(warnings: Sequence[NewWarning], *, now: datetime) -> list[int]:
    """Their ids, in order. Whether one was there before is decided by the constraint."""
    if not warnings:
        return []
    known: dict[int, tuple[int, Rung]] = {}
    numbers = [known.setdefault(id(w.moment.rung), (len(known), w.moment.rung))[0] for w in warnings]
    rungs = [
        {
            "number": number,
            "stage": rung.stage,
            "audience": rung.audience,
            "channels": rung.channels,
            "repeats": rung.repeats,
        }
        for number, rung in known.values()
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            _STORE,
            {
                "now": now,
                "again": now + REPEAT_EVERY,
                "sellers": array_of(w.clock.seller_id for w in warnings),
                "claims": array_of(w.clock.claim_id for w in warnings),
                "clocks": array_of(w.clock.pk for w in warnings),
                "versions": array_of(w.clock.version for w in warnings),
                "stage_ats": array_of(w.moment.at for w in warnings),
                "superseded": array_of(w.superseded for w in warnings),
                "helds": array_of(w.held_until for w in warnings),
                "numbers": array_of(numbers),
                "rungs": json.dumps(rungs),
            },
        )
        return [row[0] for row in cursor.fetchall()]


def overtake(warning_ids: Collection[int]) -> None:
    """A new stage ends the repeats of the earlier ones; one that never got out is superseded."""
    running = Q(next_round_at__isnull=False) | Q(status=Warning.Status.PENDING)
    earlier = [
        warning.pk
        for warning in Warning.objects.select_for_update(no_key=True)
        .filter(running, pk__in=warning_ids)
        .order_by("id")
        .only("id")
    ]
    if not earlier:
        return
    rows = Warning.objects.filter(pk__in=earlier)
    rows.update(next_round_at=None)
    withdraw(rows.filter(status=Warning.Status.PENDING).values_list("pk", flat=True))
    rows.filter(status=Warning.Status.PENDING).update(status=Warning.Status.SUPERSEDED)
