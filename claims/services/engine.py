"""One round of the engine: what is due is raised, repeated, followed up and closed. May run beside itself."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from claims.models import EngineHeartbeat
from claims.services.claims import close_after_appeal
from claims.services.warnings import Raised, raise_due_warnings, repeat_unacknowledged
from claims.services.work import follow_shipments

NAME = "sweep"


@dataclass(frozen=True)
class Round:
    """What a round did."""

    raised: Raised
    repeated: int
    followed: int
    closed: int


def database_now() -> datetime:
    """The database's time: a worker whose clock is wrong changes nothing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment


def sweep(*, now: datetime) -> Round:
    """Do the round and leave the sign of life that the health check reads."""
    done = Round(
        raised=raise_due_warnings(now=now),
        repeated=repeat_unacknowledged(now=now),
        followed=follow_shipments(now=now),
        closed=close_after_appeal(now=now),
    )
    with transaction.atomic():
        EngineHeartbeat.objects.update_or_create(name=NAME, defaults={"last_sweep_at": now})
    return done
