"""Fills a migrated, empty database with open claims whose clocks are about to be warned of, by one statement a table.

Ten sellers with three agents each, who share the claims; each seller has a ladder of his own that speaks by
webhook, and a room for it. Every claim has a response clock that said `at_once` at its start; a `Spread` tells when
each reaches its stage 24 hours before the target. Then it owes one warning and two deliveries: a post to the room,
and a row for the agent to see. Leaves measuring to the modules beside it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, models
from django.utils import timezone

from accounts.models import Membership, Role, Seller, User
from accounts.services.channels import create_channel
from benchmarks.filling import insert
from claims.deadlines import DeadlineKind
from claims.ladder import DEFAULT
from claims.models import Claim, Deadline, Delivery, LadderStep, Warning

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


def fill(claims: int, spread: Spread, *, sink: str) -> None:
    """People, whose rooms are at `sink`, and `claims` open claims; none is due before `spread.first_at`."""
    people(sink)
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


def people(sink: str) -> None:
    """Sellers with their agents, ladders and rooms."""
    now = timezone.now()
    sellers = [
        Seller(pk=pk, merchant_token=f"A{pk}SELLER", name=f"Seller {pk}") for pk in range(1, SELLERS + 1)
    ]
    Seller.objects.bulk_create(sellers)
    agents = range(1, SELLERS * AGENTS + 1)
    User.objects.bulk_create(User(pk=n, username=f"agent{n}", email=f"agent{n}@example.com") for n in agents)
    Membership.objects.bulk_create(
        Membership(user_id=n, seller_id=1 + (n - 1) % SELLERS, role=Role.AGENT) for n in agents
    )
    LadderStep.objects.bulk_create(
        LadderStep(
            seller=seller, kind=DeadlineKind.RESPONSE, position=position, stage=rung.stage, before=rung.before,
            audience=[audience.value for audience in rung.audience], channels=["webhook"], repeats=rung.repeats,
        )
        for seller in sellers
        for position, rung in enumerate(DEFAULT[DeadlineKind.RESPONSE])
    )  # fmt: skip
    for seller in sellers:
        create_channel(
            seller=seller, user=None, kind="webhook", label="Room", target=f"{sink}/{seller.pk}", now=now
        )


def make_due(first: int, last: int, spread: Spread) -> None:
    """Let clocks `first` to `last` reach their stage as `spread` says, `first` being its number 1."""
    at = spread.stage_at.replace("(r /", f"((d.id - {first - 1}) /")
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            UPDATE claims_deadline d SET next_warn_at = {at}, target_at = {at} + interval '24 hours',
                   due_at = {at} + interval '24 hours', started_at = {at} - interval '24 hours'
             WHERE id BETWEEN %s AND %s
            """,  # noqa: S608
            [first, last],
        )
