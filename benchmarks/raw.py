"""What PostgreSQL itself can do: the rows of one stage by one statement a batch, without any rule.

The same rows are locked, moved on and written as by the product for the clocks of `clocks.py`, which is all that this
knows of: one warning, one post and one row to see for each.
"""

from datetime import datetime

from django.db import connection

from claims.services import batches

_SQL = """
WITH due AS (
    SELECT id FROM claims_deadline WHERE next_warn_at <= %(now)s
     ORDER BY next_warn_at LIMIT %(most)s FOR NO KEY UPDATE SKIP LOCKED
), moved AS (
    UPDATE claims_deadline d SET next_warn_at = d.target_at - interval '12 hours' FROM due WHERE d.id = due.id
    RETURNING d.id, d.seller_id, d.claim_id, d.version, d.target_at
), warned AS (
    INSERT INTO claims_warning (seller_id, claim_id, deadline_id, deadline_version, stage, stage_at, status,
                                created_at, audience, channels, repeats, rounds)
    SELECT seller_id, claim_id, id, version, '24h', target_at - interval '24 hours', 'pending', %(now)s,
           '{assignee}', '{webhook}', false, 1 FROM moved
    RETURNING id, claim_id, seller_id
), sent AS (
    INSERT INTO claims_delivery (warning_id, recipient, user_id, channel, target_id, round, status, attempts,
                                 next_attempt_at, sent_at, created_at, last_error, message_id)
    SELECT w.id, v.recipient, v.user_id, v.channel, v.target_id, 1, v.status, 0, v.next_attempt_at, v.sent_at,
           %(now)s, '', 'warning-' || w.id || '-1-' || md5(w.id::text)
      FROM warned w JOIN claims_claim c ON c.id = w.claim_id
                    JOIN accounts_warningchannel t ON t.seller_id = w.seller_id
     CROSS JOIN LATERAL (VALUES
           ('channel:' || t.id, NULL::bigint, 'webhook', t.id, 'pending', %(now)s, NULL::timestamptz),
           ('agent@example.com', c.assignee_id, 'in_app', NULL, 'sent', NULL, %(now)s)
           ) AS v (recipient, user_id, channel, target_id, status, next_attempt_at, sent_at)
)
SELECT count(*) FROM moved
"""


def raise_in_sql(*, now: datetime) -> int:
    """How many clocks were due."""
    done = 0
    with connection.cursor() as cursor:
        while True:
            cursor.execute(_SQL, {"now": now, "most": batches.BATCH})
            found: int = cursor.fetchone()[0]
            done += found
            if found < batches.BATCH:
                return done
