"""`deadlines/summary/`: what is at risk by when, counted by clock and valued by claim."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.access import Caller, caller_of_user
from accounts.models import Membership, Role, Seller, User
from claims.models import Claim, Deadline, Notice
from claims.selectors.risk import BUCKETS, Risk, risk_summary
from tests.claims.api.conftest import API, pointers, with_key
from tests.claims.conftest import member
from tests.claims.stories import MONDAY
from tests.openapi import CheckedClient

PATH = f"{API}/deadlines/summary/"
HOUR = timedelta(hours=1)


def claim(seller: Seller, number: int, amount: str | None = None, currency: str = "") -> Claim:
    return Claim.objects.create(
        seller=seller, marketplace_id="APJ6JRA9NG5V4", order_id=f"402-0000000-{number:07}", state="action_required",
        amount=amount, currency=currency, opened_at=MONDAY, created_at=MONDAY, updated_at=MONDAY,
    )  # fmt: skip


def clock(
    of: Claim, target: datetime, *, due: datetime | None = None, kind: str = "response", **fields: Any
) -> Deadline:
    return Deadline.objects.create(
        seller=of.seller, claim=of, kind=kind, noticed_at=MONDAY, due_at=due or target, target_at=target,
        basis="default_48h", started_at=MONDAY, created_at=MONDAY, **fields,
    )  # fmt: skip


def shown(risks: list[Risk]) -> dict[tuple[str, str], dict[str, tuple[int, Decimal | None]]]:
    """Buckets that hold something, by seller and currency."""
    return {
        (risk.seller, risk.currency): {b.name: (b.count, b.amount) for b in risk.buckets if b.count}
        for risk in risks
    }


@pytest.fixture
def caller(alice: User) -> Caller:
    return caller_of_user(alice)


@pytest.mark.parametrize(
    ("left", "bucket"),
    [
        (timedelta(0), "overdue"),
        (timedelta(microseconds=1), "1h"),
        (HOUR, "1h"),
        (HOUR + timedelta(microseconds=1), "4h"),
        (4 * HOUR, "4h"),
        (12 * HOUR, "12h"),
        (12 * HOUR + timedelta(seconds=1), "24h"),
        (24 * HOUR, "24h"),
        (25 * HOUR, "later"),
    ],
)
def test_a_clock_falls_into_the_bucket_of_its_time_left(
    acme: Seller, caller: Caller, left: timedelta, bucket: str
) -> None:
    clock(claim(acme, 1, "10.00", "EUR"), MONDAY + left)
    assert shown(risk_summary(caller, now=MONDAY)) == {("A1ACME", "EUR"): {bucket: (1, Decimal(10))}}


def test_overdue_is_amazons_moment_and_a_plan_of_ours_is_never_overdue(acme: Seller, caller: Caller) -> None:
    """Past the target with Amazon's window open is the most urgent that is not overdue."""
    clock(claim(acme, 1, "10.00", "EUR"), MONDAY - HOUR, due=MONDAY + 24 * HOUR)
    clock(claim(acme, 2, "20.00", "EUR"), MONDAY - HOUR, kind="preparation")
    clock(claim(acme, 3, "40.00", "EUR"), MONDAY - 2 * HOUR, due=MONDAY - HOUR, status="missed")
    assert shown(risk_summary(caller, now=MONDAY)) == {
        ("A1ACME", "EUR"): {"overdue": (1, Decimal(40)), "1h": (2, Decimal(30))}
    }


def test_each_clock_counts_and_each_claim_is_valued_once_where_it_is_most_urgent(
    acme: Seller, caller: Caller
) -> None:
    twice = claim(acme, 1, "119.00", "EUR")
    clock(twice, MONDAY + 30 * HOUR)
    clock(twice, MONDAY + 3 * HOUR)
    clock(claim(acme, 2, "1.50", "EUR"), MONDAY + 30 * HOUR)
    clock(claim(acme, 3, "1200", "JPY"), MONDAY + 3 * HOUR)
    clock(claim(acme, 4), MONDAY + 3 * HOUR)
    settled = clock(claim(acme, 5, "500.00", "EUR"), MONDAY + HOUR, status="met", settled=True)
    assert settled.settled
    assert shown(risk_summary(caller, now=MONDAY)) == {
        ("A1ACME", ""): {"4h": (1, None)},
        ("A1ACME", "EUR"): {"4h": (1, Decimal("119")), "later": (2, Decimal("1.50"))},
        ("A1ACME", "JPY"): {"4h": (1, Decimal(1200))},
    }
    (_, euros, _) = risk_summary(caller, now=MONDAY)
    assert (euros.count, euros.amount, [b.name for b in euros.buckets]) == (
        3,
        Decimal("120.50"),
        list(BUCKETS),
    )


def test_letters_that_nobody_has_placed_count_without_value(acme: Seller, caller: Caller) -> None:
    notice = Notice.objects.create(
        seller=acme, source="form", notice_id="m", content_hash="1" * 64, media_type="message/rfc822", raw=b"x",
        received_at=MONDAY, received_from="alice", status="needs_person",
    )  # fmt: skip
    for _ in range(2):
        Deadline.objects.create(
            seller=acme, notice=notice, kind="triage", noticed_at=MONDAY, due_at=MONDAY + 5 * HOUR,
            target_at=MONDAY + 5 * HOUR, basis="internal", started_at=MONDAY, created_at=MONDAY,
        )  # fmt: skip
    assert shown(risk_summary(caller, now=MONDAY)) == {("A1ACME", ""): {"12h": (2, None)}}


def test_filters_by_seller_and_kind(
    acme: Seller, bolt: Seller, alice: User, alice_client: CheckedClient, now: datetime
) -> None:
    Membership.objects.create(user=alice, seller=bolt, role=Role.VIEWER)
    clock(claim(acme, 1, "10.00", "EUR"), now + 3 * HOUR)
    clock(claim(acme, 2, "20.00", "EUR"), now + 30 * HOUR, kind="appeal")
    clock(claim(bolt, 3, "40.00", "EUR"), now + 3 * HOUR)

    def totals(query: str) -> list[tuple[str, int, str]]:
        answer = alice_client.get(f"{PATH}{query}")
        assert answer.status_code == 200
        return [(row["seller"], row["count"], row["amount"]) for row in answer.json()["results"]]

    assert totals("") == [("A1ACME", 2, "30.00"), ("B2BOLT", 1, "40.00")]
    assert totals("?seller=B2BOLT") == [("B2BOLT", 1, "40.00")]
    assert totals("?kind=appeal") == [("A1ACME", 1, "20.00")]
    assert totals("?kind=appeal&kind=response&seller=A1ACME") == [("A1ACME", 2, "30.00")]
    assert totals("?seller=NOBODY") == []
    wrong = alice_client.get(f"{PATH}?kind=dinner")
    assert (wrong.status_code, pointers(wrong)) == (400, [("/kind", "invalid_choice")])


def test_the_answer_is_as_the_contract_says(alice_client: CheckedClient, acme: Seller) -> None:
    now = timezone.now()
    clock(claim(acme, 1, "119.00", "EUR"), now + timedelta(hours=3))
    body = alice_client.get(PATH).json()
    assert set(body) == {"as_of", "results"}
    assert body["results"] == [
        {
            "seller": "A1ACME",
            "currency": "EUR",
            "count": 1,
            "amount": "119.00",
            "buckets": [
                {"bucket": name, "count": int(name == "4h"), "amount": "119.00" if name == "4h" else "0.00"}
                for name in BUCKETS
            ],
        }
    ]
    assert alice_client.get(PATH, HTTP_ACCEPT="text/html").status_code == 200


def test_another_seller_sees_nothing_of_it(
    acme: Seller, bob_client: CheckedClient, vera_client: CheckedClient, now: datetime
) -> None:
    clock(claim(acme, 1, "119.00", "EUR"), now + 3 * HOUR)
    for query in ("", "?seller=A1ACME", "?kind=response"):
        assert bob_client.get(f"{PATH}{query}").json()["results"] == []
    assert len(vera_client.get(PATH).json()["results"]) == 1
    assert CheckedClient().get(PATH).status_code == 401
    assert with_key(acme, ["claims:read"], "fit").get(PATH).status_code == 200
    assert with_key(acme, ["warnings:read"], "poor").get(PATH).status_code == 403


def test_it_is_one_query_however_much_there_is(acme: Seller) -> None:
    caller = caller_of_user(member("carol", acme))
    for number in range(30):
        clock(claim(acme, number, "1.00", ["EUR", "GBP", "USD"][number % 3]), MONDAY + number * HOUR)
    with CaptureQueriesContext(connection) as queries:
        risks = risk_summary(caller, now=MONDAY, seller="A1ACME")
    assert (len(queries), len(risks)) == (1, 3)
