"""Near the target a claim without an answer gets a bundle and a draft from what there is, once a version.

This part of the sweep goes before the warnings and locks claims before clocks, as all services do. A claim that
somebody holds at this moment is taken by the next round: until then its clock stays due.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from claims.deadlines import DeadlineKind
from claims.models import Claim
from claims.services.batches import BATCH
from claims.services.due_clocks import DueClock
from claims.services.jobs import ask_for_bundles

ASSEMBLED = frozenset({DeadlineKind.RESPONSE, DeadlineKind.APPEAL_INFORMATION})
_SOON = timedelta(seconds=1)


def next_assembly_at(clock: DueClock, *, now: datetime) -> datetime | None:
    """When the sweep must look at the clock for its bundle; None once that is asked for."""
    if clock.kind not in ASSEMBLED or clock.claim_id is None or clock.assembled_version == clock.version:
        return None
    return max(clock.target_at - timedelta(hours=clock.assembly_lead_hours), now + _SOON)


_NEAR = """
       d.next_warn_at <= %(now)s AND NOT d.settled AND d.kind = ANY (%(kinds)s) AND d.assembled_version <> d.version
   AND s.id = d.seller_id AND d.target_at - s.assembly_lead_hours * interval '1 hour' <= %(now)s
"""


def ask_where_near(*, now: datetime) -> int:
    """Ask for the bundles of all claims whose assembly moment has come; returns how many.

    Read by the sweep's own partial index: it costs what is due.
    """
    asked: dict[str, Any] = {"now": now, "kinds": sorted(ASSEMBLED), "most": BATCH}
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT d.claim_id FROM claims_deadline d, accounts_seller s
             WHERE d.claim_id IS NOT NULL AND {_NEAR} ORDER BY d.next_warn_at LIMIT %(most)s
            """,  # noqa: S608
            asked,
        )
        wanted = [row[0] for row in cursor.fetchall()]
    if not wanted:
        return 0
    with transaction.atomic(), connection.cursor() as cursor:
        claims = Claim.objects.select_for_update(skip_locked=True, no_key=True).filter(pk__in=wanted)
        ids = [claim.pk for claim in claims.order_by("pk").only("pk")]
        if ids:
            ask_for_bundles(ids, now=now)
            cursor.execute(
                f"""
                UPDATE claims_deadline d SET assembled_version = d.version FROM accounts_seller s
                 WHERE d.claim_id = ANY (%(claims)s) AND {_NEAR}
                """,  # noqa: S608
                {**asked, "claims": ids},
            )
    return len(ids)
