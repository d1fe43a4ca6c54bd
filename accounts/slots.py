"""How many may do the same kind of work at once: advisory locks, which a dying process gives back."""

import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def held_slot(name: str, count: int) -> Iterator[bool]:
    """True inside when one of `count` slots was free; given back at the end, or when the process dies."""
    family = zlib.crc32(name.encode()) & 0x7FFFFFFF
    held = next((n for n in range(count) if _ask("pg_try_advisory_lock", family, n)), None)
    try:
        yield held is not None
    finally:
        if held is not None:
            _ask("pg_advisory_unlock", family, held)


def _ask(function: str, family: int, number: int) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s, %s)", [family, number])
        answer: bool = cursor.fetchone()[0]
    return answer
