"""Fills an installation with claims whose clocks are about to reach «24 hours left», and a room that hears.

Runs in the installation's environment, after `django.setup()`. One letter a seller comes in by the product's
services, the other claims are copies of what it made, so that thousands are there at once.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Model

from accounts.clock import database_now
from accounts.models import Membership, Role, Seller, User
from accounts.services.channels import create_channel
from claims.deadlines import DeadlineKind
from claims.ladder import DEFAULT
from claims.models import Claim, Deadline
from claims.services.ladders import set_ladder
from tests.claims.stories import AMZ, claim_of, letter

SELLERS = 4
#: Above every number that the database gives by itself.
FIRST_ID = 1_000_000


@transaction.atomic  # a sweep in between would warn of the patterns
def fill(*, count: int, ahead_seconds: float, over_seconds: float, hook: str) -> None:
    """`count` claims become due one after another: the first `ahead_seconds` from now, the last `over_seconds` later.

    They belong to four sellers; each has an agent and a room that hears by a webhook of its own.
    """
    now = database_now()
    first, each = timedelta(seconds=ahead_seconds), timedelta(seconds=over_seconds / count)
    for number in range(SELLERS):
        claim = _claim(number, hook, now)
        clock = Deadline.objects.get(claim=claim)
        moment = f"(TIMESTAMPTZ '{now + first}' + INTERVAL '{each.total_seconds()} seconds' * g)"
        left = {"target_at": f"{moment} + INTERVAL '24 hours'", "due_at": f"{moment} + INTERVAL '24 hours'"}
        order = {"order_id": "'402-' || lpad(g::text, 7, '0') || '-0000000'"}
        _copy(Claim, claim.pk, number, count, order)
        _copy(
            Deadline, clock.pk, number, count,
            {"claim_id": f"{FIRST_ID} + g", "next_warn_at": moment, **left},
        )  # fmt: skip
        Deadline.objects.filter(pk=clock.pk).update(next_warn_at=None)


def _claim(number: int, hook: str, now: datetime) -> Claim:
    seller = Seller.objects.create(merchant_token=f"A{number}FAULTS", name=f"Seller {number}")
    agent = User.objects.create_user(username=f"agent{number}", email=f"agent{number}@example.com")
    Membership.objects.create(user=agent, seller=seller, role=Role.AGENT)
    rungs = [replace(rung, channels=("webhook",)) for rung in DEFAULT[DeadlineKind.RESPONSE]]
    set_ladder(seller=seller, kind=DeadlineKind.RESPONSE, rungs=rungs, actor=AMZ, now=now)
    create_channel(seller=seller, user=None, kind="webhook", label="Desk", target=f"{hook}/{number}", now=now)
    return claim_of(letter(seller, at=now - timedelta(hours=23), now=now))


def _copy(model: type[Model], pattern: int, number: int, count: int, other: dict[str, str]) -> None:
    """Copies of one row for every claim of one seller; `other` says in SQL what differs."""
    values = {str(field.column): f"pattern.{field.column}" for field in model._meta.concrete_fields}
    values |= {"id": f"{FIRST_ID} + g", **other}
    table = model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({', '.join(values)}) SELECT {', '.join(values.values())} "
            f"FROM {table} pattern, generate_series({number}, {count} - 1, {SELLERS}) g WHERE pattern.id = %s",
            [pattern],
        )
