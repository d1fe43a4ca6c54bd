"""The clocks whose next moment to act has come, and what has been said of them: few columns, many rows.

Read by a partial index over that moment, so that it costs what is due and not what is open.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import connection

from claims.services.arrays import array_of

DUE_CLOCKS = """
SELECT d.id, d.seller_id, d.claim_id, c.assignee_id, d.kind, d.version, d.status,
       d.assembled_version, s.assembly_lead_hours,
       to_json(d.started_at)::text, to_json(d.target_at)::text, to_json(d.due_at)::text
  FROM claims_deadline d JOIN accounts_seller s ON s.id = d.seller_id
                         LEFT JOIN claims_claim c ON c.id = d.claim_id
 WHERE d.next_warn_at <= %(now)s AND (%(pk)s::bigint IS NULL OR d.id = %(pk)s)
 ORDER BY d.next_warn_at LIMIT %(most)s FOR NO KEY UPDATE OF d SKIP LOCKED
"""


class DueClock(NamedTuple):
    """A locked clock, with what it is asked for of its claim and its seller."""

    pk: int
    seller_id: int
    claim_id: int | None
    assignee_id: int | None
    kind: str
    version: int
    status: str
    assembled_version: int
    assembly_lead_hours: int
    started_at: datetime
    target_at: datetime
    due_at: datetime


def due_clocks(*, now: datetime, most: int, pk: int | None = None) -> list[DueClock]:
    """Lock and read at most so many, the longest due first, without those that another sweep holds; or only `pk`.

    Moments are taken as JSON has them: Django's own reading of a timestamp takes as long as all else of a clock.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            DUE_CLOCKS,
            {"now": now, "most": most, "pk": pk},
        )
        return [
            DueClock(*row[:-3], *(datetime.fromisoformat(moment[1:-1]) for moment in row[-3:]))
            for row in cursor.fetchall()
        ]


class Said(NamedTuple):
    """What has been raised of some clocks: the stages of each one's version, and the warnings that still run."""

    stages: dict[int, set[str]]
    running: dict[int, list[int]]


def said_of(clocks: Sequence[DueClock]) -> Said:
    """Read after the clocks are locked, so that it holds whatever another sweep has just raised."""
    version_of = {clock.pk: clock.version for clock in clocks}
    said = Said({pk: set() for pk in version_of}, {pk: [] for pk in version_of})
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT id, deadline_id, deadline_version, stage, next_round_at IS NOT NULL OR status = 'pending'
              FROM claims_warning WHERE deadline_id = ANY (%s::bigint[]) ORDER BY id
            """,
            [array_of(version_of)],
        )
        for pk, deadline_id, version, stage, runs in cursor.fetchall():
            if version == version_of[deadline_id]:
                said.stages[deadline_id].add(stage)
            if runs:
                said.running[deadline_id].append(pk)
    return said
