"""The queue: its columns, filters and orders, pages that neither skip nor repeat, and what a page costs."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from accounts.models import Role, Seller, User
from claims.models import Claim, Reply
from shipping.services import ShipmentFields, register_shipment
from tests.claims.api.conftest import API, GERMANY, pointers, signed_in
from tests.claims.conftest import member
from tests.claims.stories import AMZ, claim_of, letter
from tests.openapi import CheckedClient

ROW = [
    "id", "url", "order_id", "amazon_claim_id", "seller", "marketplace", "reason", "reason_label", "amount",
    "currency", "state", "decision", "funded_by", "counts_in_odr", "respond_by", "target_by", "prepare_by",
    "deadline_basis", "seconds_left", "overdue", "reopened", "awaiting_confirmation", "assignee",
    "checklist_satisfied", "missing", "next_action", "allowed_actions", "revision",
]  # fmt: skip
_FIRST = 1_000_000


def bare(seller: Seller, number: int, now: datetime, **fields: Any) -> Claim:
    return Claim.objects.create(
        seller=seller, marketplace_id=GERMANY, order_id=f"405-0000000-{_FIRST + number}",
        **{"state": "received", "opened_at": now, "created_at": now, "updated_at": now, **fields},
    )  # fmt: skip


def ids(client: CheckedClient, query: str = "") -> list[int]:
    answer = client.get(f"{API}/claims/{query}")
    assert answer.status_code == 200, answer.json()
    return [row["id"] for row in answer.json()["results"]]


def test_a_row_has_the_contracts_columns(alice_client: CheckedClient, acme: Seller, now: datetime) -> None:
    claim = claim_of(letter(acme, at=now - timedelta(hours=3), amount=Decimal("119"), currency="EUR"))
    row = alice_client.get(f"{API}/claims/").json()["results"][0]
    assert [name for name in ROW if name not in row] == []
    assert (row["id"], row["seller"], row["marketplace"]) == (claim.pk, "A1ACME", "APJ6JRA9NG5V4")
    assert (row["amount"], row["currency"], row["reason"], row["decision"]) == ("119.00", "EUR", None, None)
    assert row["url"] == f"http://testserver/api/v1/claims/{claim.pk}/"
    assert 44 * 3600 < row["seconds_left"] <= 45 * 3600
    assert (row["overdue"], row["awaiting_confirmation"], row["assignee"]) == (False, False, None)
    assert row["next_action"] == "Enter the buyer's reason, so that the right evidence is asked for."
    assert row["allowed_actions"] == ["confirm_submission", "record_decision", "concede"]


def test_an_overdue_claim_says_so_and_still_asks_for_an_answer(
    alice_client: CheckedClient, acme: Seller, now: datetime
) -> None:
    claim_of(letter(acme, at=now - timedelta(hours=50)))
    row = alice_client.get(f"{API}/claims/").json()["results"][0]
    assert (row["state"], row["overdue"]) == ("action_required", True)
    assert -2 * 3600 - 60 < row["seconds_left"] <= -2 * 3600


@pytest.fixture
def queue(acme: Seller, now: datetime) -> dict[str, int]:
    """Seven claims whose places in the queue are known."""
    hour = timedelta(hours=1)
    made = {
        "late": bare(acme, 1, now, state="action_required", respond_by=now - hour, target_by=now - hour),
        "soon": bare(acme, 2, now, state="action_required", respond_by=now + hour, target_by=now + hour),
        "target_first": bare(
            acme, 3, now, state="action_required", respond_by=now + 24 * hour, target_by=now + 2 * hour
        ),
        "prepare": bare(acme, 4, now, prepare_by=now + 3 * hour, amount=Decimal(5), currency="EUR"),
        "same_a": bare(
            acme, 5, now, state="action_required", respond_by=now + 9 * hour, target_by=now + 9 * hour
        ),
        "same_b": bare(
            acme, 6, now, state="action_required", respond_by=now + 9 * hour, target_by=now + 9 * hour
        ),
        "waiting": bare(acme, 7, now, state="under_review", amount=Decimal(70), currency="EUR"),
    }
    return {name: claim.pk for name, claim in made.items()}


def test_the_nearest_moment_comes_first_and_claims_without_one_last(
    alice_client: CheckedClient, queue: dict[str, int]
) -> None:
    assert ids(alice_client) == list(queue.values())


def test_other_orders_put_claims_without_the_value_last_both_ways(
    alice_client: CheckedClient, queue: dict[str, int]
) -> None:
    q = queue
    assert ids(alice_client, "?ordering=amount")[:2] == [q["prepare"], q["waiting"]]
    assert ids(alice_client, "?ordering=-amount")[:2] == [q["waiting"], q["prepare"]]
    assert ids(alice_client, "?ordering=target_by")[-2:] == [q["prepare"], q["waiting"]]
    assert ids(alice_client, "?ordering=-target_by")[0] == q["same_b"]
    assert set(ids(alice_client, "?ordering=-target_by")[-2:]) == {q["prepare"], q["waiting"]}
    assert ids(alice_client, "?ordering=-opened_at") == list(queue.values())[::-1]


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("state=received", ["prepare"]),
        ("state=received&state=under_review", ["prepare", "waiting"]),
        ("overdue=true", ["late"]),
        ("overdue=false", ["soon", "target_first", "prepare", "same_a", "same_b", "waiting"]),
        ("due_within=90m", ["late", "soon"]),
        ("due_within=6h", ["late", "soon", "target_first"]),
        ("due_within=1d", ["late", "soon", "target_first", "same_a", "same_b"]),
        ("seller=A1ACME&state=under_review", ["waiting"]),
        ("seller=B2BOLT", []),
        ("seller=NOBODY", []),
        ("marketplace=A1PA6795UKMFR9&state=received", ["prepare"]),
        ("marketplace=ATVPDKIKX0DER", []),
        ("order_id=405-0000000-1000004", ["prepare"]),
        ("search=0000000-1000004", ["prepare"]),
        ("assignee=none&state=under_review", ["waiting"]),
        ("assignee=me", []),
        ("reason=late", []),
    ],
)  # fmt: skip
def test_filters_find_what_they_name(
    alice_client: CheckedClient, queue: dict[str, int], query: str, names: list[str]
) -> None:
    assert ids(alice_client, f"?{query}") == [queue[name] for name in names]


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("state=open", "/state"),
        ("reason=lost", "/reason"),
        ("overdue=maybe", "/overdue"),
        ("due_within=soon", "/due_within"),
        ("due_within=6", "/due_within"),
        ("assignee=alice", "/assignee"),
        ("ordering=colour", "/ordering"),
        ("cursor=abc", "/cursor"),
        ("page_size=0", "/page_size"),
        ("search=%00", "/search"),
    ],
)
def test_a_value_that_cannot_be_one_is_pointed_at(
    alice_client: CheckedClient, queue: dict[str, int], query: str, pointer: str
) -> None:
    answer = alice_client.get(f"{API}/claims/?{query}")
    assert (answer.status_code, [place for place, _ in pointers(answer)]) == (400, [pointer])


def test_search_reads_comment_claim_id_and_tracking_number(
    alice_client: CheckedClient, bob_client: CheckedClient, acme: Seller, bolt: Seller, now: datetime
) -> None:
    by_comment = bare(acme, 1, now, buyer_comment="The box was EMPTY")
    by_id = bare(acme, 2, now, amazon_claim_id="AZ-77")
    by_parcel = bare(acme, 3, now)
    for seller in (acme, bolt):
        register_shipment(
            seller=seller, order_id=by_parcel.order_id, marketplace_id=GERMANY,
            fields=ShipmentFields(tracking_number="JJD0099"), ship_to=None, actor=AMZ, now=now,
        )  # fmt: skip
    assert ids(alice_client, "?search=empty") == [by_comment.pk]
    assert ids(alice_client, "?search=az-77") == [by_id.pk]
    assert ids(alice_client, "?search=jjd-00") == [by_parcel.pk]
    assert ids(bob_client, "?search=jjd-00") == []


def test_assignee_filters_by_person(
    alice_client: CheckedClient,
    alice: User,
    lea: User,
    amz_client: CheckedClient,
    acme: Seller,
    now: datetime,
) -> None:
    mine = bare(acme, 1, now, assignee=alice)
    hers = bare(acme, 2, now, assignee=lea)
    assert ids(alice_client, "?assignee=me") == [mine.pk]
    assert ids(alice_client, f"?assignee={lea.pk}") == [hers.pk]
    assert ids(alice_client, "?assignee=none") == []
    assert ids(amz_client, "?assignee=me") == []
    row = alice_client.get(f"{API}/claims/?assignee=me").json()["results"][0]
    assert row["assignee"] == {"id": alice.pk, "name": "alice"}


def walk(client: CheckedClient, query: str, link: str = "next") -> list[list[int]]:
    pages, url = [], f"{API}/claims/{query}"
    while url:
        answer = client.get(url).json()
        pages.append([row["id"] for row in answer["results"]])
        url = answer[link]
    return pages


@pytest.mark.parametrize(
    "ordering", ["queue", "-queue", "target_by", "-target_by", "amount", "-amount", "-opened_at"]
)
def test_pages_neither_skip_nor_repeat_among_equal_values_and_nulls(
    alice_client: CheckedClient, acme: Seller, now: datetime, ordering: str
) -> None:
    for number in range(23):
        near = now + timedelta(hours=number % 3) if number % 2 else None
        bare(acme, number, now, target_by=near, amount=Decimal(number % 4) if number % 3 else None)
    whole = ids(alice_client, f"?ordering={ordering}")
    assert len(set(whole)) == 23
    pages = walk(alice_client, f"?ordering={ordering}&page_size=5")
    assert [len(page) for page in pages] == [5, 5, 5, 5, 3]
    assert [pk for page in pages for pk in page] == whole


def test_the_way_back_shows_the_same_pages(alice_client: CheckedClient, queue: dict[str, int]) -> None:
    first = alice_client.get(f"{API}/claims/?page_size=3").json()
    second = alice_client.get(first["next"]).json()
    third = alice_client.get(second["next"]).json()
    assert third["next"] is None
    back = alice_client.get(third["previous"]).json()
    assert [row["id"] for row in back["results"]] == [row["id"] for row in second["results"]]
    start = alice_client.get(back["previous"]).json()
    assert [row["id"] for row in start["results"]] == [row["id"] for row in first["results"]]
    assert start["previous"] is None


def test_claims_that_come_in_meanwhile_move_nobody_from_page_to_page(
    alice_client: CheckedClient, acme: Seller, queue: dict[str, int], now: datetime
) -> None:
    first = alice_client.get(f"{API}/claims/?page_size=3").json()
    urgent = bare(acme, 50, now, state="action_required", target_by=now - timedelta(days=1))
    last = bare(acme, 51, now)
    rest = walk(alice_client, "?" + first["next"].split("?")[1])
    seen = [row["id"] for row in first["results"]] + [pk for page in rest for pk in page]
    assert seen == [*queue.values(), last.pk]
    assert urgent.pk not in seen


def test_an_agent_of_two_sellers_reads_one_queue(acme: Seller, bolt: Seller, now: datetime) -> None:
    carol = member("carol", acme)
    carol.memberships.create(seller=bolt, role=Role.AGENT)
    made = [
        bare(seller, number, now, target_by=now + timedelta(hours=number))
        for number, seller in enumerate([acme, bolt, acme, bolt, bolt, acme])
    ]
    client = signed_in(carol)
    assert [pk for page in walk(client, "?page_size=2") for pk in page] == [claim.pk for claim in made]
    assert ids(client, "?seller=B2BOLT") == [made[1].pk, made[3].pk, made[4].pk]


def add_rows(claim: Claim, number: int, now: datetime) -> None:
    Reply.objects.create(claim=claim, kind="answer", text="x", status="void", created_at=now, updated_at=now)
    register_shipment(
        seller=claim.seller, order_id=claim.order_id, marketplace_id=GERMANY,
        fields=ShipmentFields(tracking_number=f"JJD{number}"), ship_to=None, actor=AMZ, now=now,
    )  # fmt: skip


def test_a_list_and_a_detail_cost_the_same_queries_whatever_their_size(
    alice_client: CheckedClient, acme: Seller, now: datetime, django_assert_num_queries: Any
) -> None:
    small = claim_of(letter(acme, at=now))
    add_rows(small, 0, now)
    queries_of_list, queries_of_detail = 4, 17
    with django_assert_num_queries(queries_of_list):
        ids(alice_client)
    with django_assert_num_queries(queries_of_detail):
        alice_client.get(f"{API}/claims/{small.pk}/")
    for number in range(30):
        letter(acme, at=now, order_id=f"405-1234567-{_FIRST + number}")
    for minutes in (90, 180, 270):
        letter(acme, at=now + timedelta(minutes=minutes), order_id=small.order_id, now=now)
    for number in range(1, 4):
        add_rows(small, number, now)
    with django_assert_num_queries(queries_of_list):
        assert len(ids(alice_client)) == 31
    with django_assert_num_queries(queries_of_detail):
        detail = alice_client.get(f"{API}/claims/{small.pk}/").json()
    assert len(detail["notices"]) == 4
    assert len(detail["deadlines"]) == 4
    assert len(detail["shipments"]) == 4


def test_the_lists_of_a_detail_are_objects_oldest_first(
    alice_client: CheckedClient, acme: Seller, now: datetime
) -> None:
    claim = claim_of(letter(acme, "claim_received", at=now - timedelta(hours=5)))
    letter(acme, at=now - timedelta(hours=2), request_text="Please answer.")
    detail = alice_client.get(f"{API}/claims/{claim.pk}/")
    body = detail.json()
    assert [n["kind"] for n in body["notices"]] == ["claim_received", "information_requested"]
    assert [(d["kind"], d["status"]) for d in body["deadlines"]] == [
        ("preparation", "cancelled"),
        ("response", "open"),
    ]
    assert body["request_text"] == "Please answer."
    assert body["events"][0]["verb"] == "claim_opened"
    assert detail["ETag"] == f'"{body["revision"]}"'
    for name in (
        "checklist",
        "contradictions",
        "shipments",
        "findings",
        "evidence",
        "bundles",
        "replies",
        "decisions",
    ):
        assert isinstance(body[name], list)
    assert (body["strength"], body["strength_causes"], body["advice"]) == (None, [], "")
    assert body["protection"]["verdict"] == "unknown"
