"""Fills a migrated, empty database with open claims whose clocks are about to be warned of, by one statement a table.

Ten sellers, three agents each, of whom each has a tenth of a third of the claims. Every claim has a response clock
that has said `at_once` long ago; `moments` says when each clock reaches its stage 24 hours before the target.
Leaves measuring to the modules beside it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, models

from accounts.models import Membership, Role, Seller, User
from benchmarks.filling import insert
from claims.models import Claim, Deadline, Delivery, Warning

SELLERS, AGENTS = 10, 3
_SELLER = f"(1 + r % {SELLERS})"
_AGENT = f"(1 + r % {SELLERS * AGENTS})"
_ORDER = """(lpad((100 + r % 900)::text, 3, '0') || '-' || lpad(((r * 7919::bigint + 1234567) % 10000000)::text, 7, '0')
    || '-' || lpad(((r * 104729::bigint) % 10000000)::text, 7, '0'))"""


@dataclass(frozen=True)
class Spread:
    """Clock number r (from 1) reaches its next stage at `first_at` + r / `a_second`."""

    first_at: datetime
    a_second: float

    @property
    def stage_at(self) -> str:
        return f"(timestamptz '{self.first_at.isoformat()}' + interval '1 second' * (r / {self.a_second}::float))"


def fill(claims: int, spread: Spread) -> None:
    """People and `claims` open claims; none is due before `spread.first_at`."""
    people()
    target = f"({spread.stage_at} + interval '24 hours')"
    noticed = f"({target} - interval '48 hours')"
    once = {"id": "r", "claim_id": "r", "seller_id": _SELLER, "created_at": noticed}
    tables: list[tuple[type[models.Model], dict[str, str]]] = [
        (
            Claim,
            {
                **once, "marketplace_id": "'A1PA6795UKMFR9'", "order_id": _ORDER, "state": "'action_required'",
                "amazon_claim_id": "'AZ-' || r", "reason": "'not_received'", "currency": "'EUR'",
                "amount": "(r % 50021) / 100.0", "assignee_id": _AGENT, "respond_by": target, "target_by": target,
                "deadline_basis": "'default_48h'", "missing": "ARRAY['signature']", "opened_at": noticed,
                "updated_at": noticed,
            },
        ),
        (
            Deadline,
            {
                **once, "kind": "'response'", "noticed_at": noticed, "started_at": noticed, "due_at": target,
                "target_at": target, "basis": "'default_48h'", "next_warn_at": spread.stage_at,
            },
        ),
        (
            Warning,
            {
                **once, "deadline_id": "r", "stage": "'at_once'", "stage_at": noticed, "status": "'sent'",
                "audience": "ARRAY['assignee']", "rounds": "1",
            },
        ),
        (
            Delivery,
            {
                "id": "r", "warning_id": "r", "created_at": noticed, "channel": "'in_app'", "status": "'sent'",
                "recipient": "'agent@example.com'", "message_id": "'w-' || r", "user_id": _AGENT,
            },
        ),
    ]  # fmt: skip
    for model, columns in tables:
        with _bare(model), connection.cursor() as cursor:
            insert(model, columns, claims)
            table = model._meta.db_table
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), %s)", [claims])
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


@contextmanager
def _bare(model: type[models.Model]) -> Iterator[None]:
    """Without the indexes and checks of foreign keys that would be slow to keep row by row."""
    indexes = list(model._meta.indexes)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("SET maintenance_work_mem = '512MB'")
        with connection.schema_editor() as editor:
            for index in indexes:
                editor.remove_index(model, index)
        yield
        with connection.schema_editor() as editor:
            for index in indexes:
                editor.add_index(model, index)
        cursor.execute("RESET session_replication_role")


def people() -> None:
    """An agent's mailbox each: the smallest team that is no emergency."""
    Seller.objects.bulk_create(
        Seller(pk=pk, merchant_token=f"A{pk}SELLER", name=f"Seller {pk}") for pk in range(1, SELLERS + 1)
    )
    agents = range(1, SELLERS * AGENTS + 1)
    User.objects.bulk_create(User(pk=n, username=f"agent{n}", email=f"agent{n}@example.com") for n in agents)
    Membership.objects.bulk_create(
        Membership(user_id=n, seller_id=1 + (n - 1) % SELLERS, role=Role.AGENT) for n in agents
    )
