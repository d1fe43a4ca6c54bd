"""One round of the engine: what is due is raised, repeated, followed up and closed. May run beside itself."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from django.db import connection, transaction

from accounts.errors import DomainError
from claims.services.assembly import ask_where_near
from claims.services.batches import POISON
from claims.services.claims import close_after_appeal
from claims.services.repeats import repeat_unacknowledged
from claims.services.warnings import Raised, raise_due_warnings
from claims.services.work import follow_shipments

logger = logging.getLogger(__name__)

NAME = "sweep"
T = TypeVar("T")


@dataclass
class Round:
    """What a round did. `failed`: parts that could not be done, by name."""

    raised: Raised = field(default_factory=Raised)
    repeated: int = 0
    assembling: int = 0
    followed: int = 0
    closed: int = 0
    failed: list[str] = field(default_factory=list)

    def attempt(self, name: str, part: Callable[[], T], otherwise: T) -> T:
        """A part that fails is written down and must not stop the others."""
        try:
            return part()
        except (*POISON, DomainError):
            logger.exception("The sweep could not %s.", name)
            self.failed.append(name)
            return otherwise


def _leave_sign_of_life(now: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO claims_engineheartbeat (name, last_sweep_at) VALUES (%s, %s)
            ON CONFLICT (name) DO UPDATE SET last_sweep_at = excluded.last_sweep_at
            """,
            [NAME, now],
        )


@dataclass(frozen=True)
class _Due:
    """For which parts of a round there is something to do."""

    clocks: bool = True
    repeats: bool = True
    lapsed: bool = True


def _due(now: datetime) -> _Due:
    """One look for all, since most rounds find nothing. Where it cannot be taken, each part looks for itself."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                """
                SELECT EXISTS (SELECT FROM claims_deadline WHERE next_warn_at <= %(now)s),
                       EXISTS (SELECT FROM claims_warning WHERE next_round_at <= %(now)s),
                       EXISTS (SELECT FROM claims_claim WHERE close_at <= %(now)s)
                """,
                {"now": now},
            )
            return _Due(*cursor.fetchone())
    except POISON:
        logger.exception("The sweep could not look for what is due.")
        return _Due()


def sweep(*, now: datetime) -> Round:
    """Do the round; when warnings were seen to, leave the sign of life that the health check reads."""
    done, due = Round(), _due(now)
    if due.clocks:
        done.assembling = done.attempt("ask for bundles", lambda: ask_where_near(now=now), 0)
        done.raised = done.attempt("raise warnings", lambda: raise_due_warnings(now=now), Raised())
    if due.repeats:
        done.repeated = done.attempt("repeat warnings", lambda: repeat_unacknowledged(now=now), 0)
    if not done.failed:
        _leave_sign_of_life(now)
    done.followed = done.attempt("follow shipments", lambda: follow_shipments(now=now), 0)
    if due.lapsed:
        done.closed = done.attempt("close what was not appealed", lambda: close_after_appeal(now=now), 0)
    return done
