"""What a monitor watches besides health: how much waits, and how much has failed. Counts, no names."""

from dataclasses import dataclass

from django.db import connection


@dataclass(frozen=True)
class EngineCounts:
    """As of one moment. Each is read from a partial index of what is not done yet."""

    warnings_pending: int
    warnings_failed: int
    deliveries_waiting: int
    jobs_queued: int


_SQL = """
SELECT (SELECT count(*) FROM claims_warning WHERE status IN ('pending', 'failed') AND status = 'pending'),
       (SELECT count(*) FROM claims_warning WHERE status IN ('pending', 'failed') AND status = 'failed'),
       (SELECT count(*) FROM claims_delivery WHERE status IN ('pending', 'sending')),
       (SELECT count(*) FROM claims_job WHERE status = 'queued')
"""


def engine_counts() -> EngineCounts:
    with connection.cursor() as cursor:
        cursor.execute(_SQL)
        return EngineCounts(*cursor.fetchone())
