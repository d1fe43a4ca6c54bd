"""The database's time, for sweeps: a worker whose clock is wrong changes nothing."""

from datetime import datetime

from django.db import connection


def database_now() -> datetime:
    """The moment of the statement, not of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment
