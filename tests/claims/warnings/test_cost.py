"""The sweep costs what is due: few statements a batch, read by the partial indexes."""

from datetime import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Seller
from claims.models import Deadline, Delivery, Warning
from claims.services import batches
from claims.services.assembly import ask_where_near
from claims.services.repeats import repeat_unacknowledged
from claims.services.warnings import raise_due_warnings
from tests.claims.stories import MONDAY, hours, letter
from tests.claims.warnings.conftest import People, many_quiet_clocks

pytestmark = pytest.mark.slow


def claims(seller: Seller, number: int, first: int = 0) -> None:
    for each in range(first, first + number):
        letter(seller, order_id=f"402-3427577-{1000000 + each}")


def cost(work: Any, now: datetime) -> int:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        work(now=now)
    return len(asked)


@pytest.mark.parametrize("moment", [1, 44, 48])
def test_raising_costs_the_same_few_statements_for_many_clocks_as_for_one(
    acme: Seller, people: People, moment: float
) -> None:
    claims(acme, 1)
    one = cost(raise_due_warnings, MONDAY + hours(moment))
    claims(acme, 12, first=1)
    many = cost(raise_due_warnings, MONDAY + hours(moment))
    assert Warning.objects.filter(status="pending").count() == 13
    assert one == many
    assert many <= 16


def test_overtaking_and_repeating_and_assembling_cost_the_same_for_many(acme: Seller, people: People) -> None:
    steps = [
        (raise_due_warnings, 43),
        (ask_where_near, 44),
        (raise_due_warnings, 44),
        (repeat_unacknowledged, 44.3),
        (raise_due_warnings, 47),
        (raise_due_warnings, 48),
    ]
    claims(acme, 1)
    one = [cost(work, MONDAY + hours(moment)) for work, moment in steps]
    Delivery.objects.all().delete()
    Warning.objects.all().delete()
    Deadline.objects.update(status="cancelled", settled=True, next_warn_at=None)
    claims(acme, 12, first=1)
    assert [cost(work, MONDAY + hours(moment)) for work, moment in steps] == one


def test_nothing_due_is_one_look_a_part(acme: Seller, people: People) -> None:
    claims(acme, 2)
    raise_due_warnings(now=MONDAY + hours(1))
    assert cost(raise_due_warnings, MONDAY + hours(2)) == 3  # savepoint, look, release
    assert cost(repeat_unacknowledged, MONDAY + hours(2)) == 3


def test_more_than_a_batch_is_done_in_one_round(
    acme: Seller, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "BATCH", 2)
    claims(acme, 5)
    assert raise_due_warnings(now=MONDAY + hours(1)).warnings == 5


QUESTIONS = {
    "deadline_next_warn": Deadline.objects.filter(next_warn_at__lte=MONDAY),
    "warning_next_round": Warning.objects.filter(next_round_at__lte=MONDAY),
    "delivery_due": Delivery.objects.filter(
        status__in=["pending", "sending"], target__isnull=True, next_attempt_at__lte=MONDAY
    ),
    "delivery_due_by_channel": Delivery.objects.filter(
        status__in=["pending", "sending"], target=1, next_attempt_at__lte=MONDAY
    ),
}


@pytest.mark.parametrize("index", QUESTIONS)
def test_each_look_is_a_range_scan_of_its_partial_index(acme: Seller, index: str) -> None:
    many_quiet_clocks(acme, 2000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE claims_deadline, claims_warning, claims_delivery")
    plan = QUESTIONS[index].explain()
    assert f"using {index}" in plan
    assert "Index Cond" in plan


def test_every_foreign_key_is_found_by_an_index_that_begins_with_it() -> None:
    """Rows that are written in great numbers have no index of a key beside one that begins with it."""
    for model in (Deadline, Warning, Delivery):
        with connection.cursor() as cursor:
            table = model._meta.db_table
            found = connection.introspection.get_constraints(cursor, table).values()
        first = [each["columns"][0] for each in found if each["index"] or each["unique"]]
        keys = {str(f.column) for f in model._meta.local_concrete_fields if f.is_relation}
        assert keys <= set(first), table
