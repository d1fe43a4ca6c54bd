"""Whether the clocks are watched: the engine's last round, and warnings that are late. Counts, no names."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

#: How long after its moment a warning may still be on its way.
MAY_TAKE = timedelta(seconds=60)


@dataclass(frozen=True)
class EngineHealth:
    """As of the database's clock. `oldest_unsent_due_at`: the moment at which the most late warning was due."""

    now: datetime
    last_sweep_at: datetime | None
    oldest_unsent_due_at: datetime | None
    failed_deliveries: int
    sellers_without_recipient: int

    @property
    def sweep_age(self) -> timedelta | None:
        return None if self.last_sweep_at is None else self.now - self.last_sweep_at

    @property
    def late(self) -> timedelta:
        """How long the oldest unsent warning has been due; zero without one."""
        due = self.oldest_unsent_due_at
        return max(self.now - due, timedelta(0)) if due is not None else timedelta(0)

    def is_well(self, *, sweep_every: timedelta) -> bool:
        """A round within four intervals, and no warning unsent for more than `MAY_TAKE`.

        A round that lies ahead tells nothing of now: the database's clock was put back.
        """
        age = self.sweep_age
        return age is not None and -sweep_every <= age <= 4 * sweep_every and self.late <= MAY_TAKE


# A warning is due at the later of its stage and the moment its letter came in: a letter that arrives late has
# warnings "due" before anybody could know. One that everybody's quiet hours hold back is due when they end.
# Clocks that the sweep has not read yet count too: the row of their warning does not exist, which is exactly what
# must be noticed. A warning that failed with every recipient is unsent for as long as its clock runs and no later
# stage got out; one without a clock, until somebody acknowledges or closes the claim. The conditions are those of
# partial indexes, and the moment they compare with is the statement's: a volatile one would read every open clock.
_SQL = """
WITH unsent AS (
    SELECT min(greatest(w.stage_at, coalesce(d.created_at, w.created_at), w.held_until)) AS due_at
      FROM claims_warning w LEFT JOIN claims_deadline d ON d.id = w.deadline_id
                            LEFT JOIN claims_claim c ON c.id = w.claim_id
     WHERE w.status IN ('pending', 'failed')
       AND (w.status = 'pending'
            OR (d.id IS NULL AND w.acknowledged_at IS NULL AND c.state <> 'closed')
            OR (NOT d.settled AND d.version = w.deadline_version
                AND NOT EXISTS (SELECT 1 FROM claims_warning later
                                 WHERE later.deadline_id = d.id AND later.id > w.id AND later.status = 'sent')))
), unread AS (
    SELECT min(greatest(next_warn_at, created_at)) AS due_at
      FROM claims_deadline WHERE next_warn_at <= statement_timestamp()
)
SELECT statement_timestamp(),
       (SELECT last_sweep_at FROM claims_engineheartbeat WHERE name = 'sweep'),
       least((SELECT due_at FROM unsent), (SELECT due_at FROM unread)),
       (SELECT count(*) FROM claims_delivery WHERE status = 'failed'),
       (SELECT count(*) FROM accounts_seller s WHERE NOT EXISTS (
            SELECT 1 FROM accounts_membership m JOIN accounts_user u ON u.id = m.user_id
             WHERE m.seller_id = s.id AND m.is_active AND u.is_active
               AND m.role <> 'viewer'
               AND (u.email <> '' OR EXISTS (
                   SELECT 1 FROM accounts_warningchannel c
                    WHERE c.seller_id = s.id AND c.user_id = u.id AND c.is_active))))
"""


def engine_health() -> EngineHealth:
    """One statement, so that all of it is of one moment."""
    with connection.cursor() as cursor:
        cursor.execute(_SQL)
        return EngineHealth(*cursor.fetchone())
