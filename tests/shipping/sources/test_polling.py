"""The sweep: plan, lease, ask, settle. Against the stub, with the clock in the test's hand."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from shipping.models import ParcelPoll, Shipment, SourceAccount, TrackingSnapshot
from shipping.services import record_tracking, watch_order
from shipping.services.plans import plan_pending, read_plans
from shipping.services.polling import poll_due, take
from shipping.services.sources import change_source
from tests.shipping.conftest import AMZ, NOW, ORDER, body_of, payload
from tests.shipping.sources.conftest import OTTO
from tests.shipping.sources.stub import NUMBER, Clock, Reply, Stub

Make = Callable[..., Any]
UPS_NUMBER = "1Z12345E0291980793"
MINUTE = timedelta(minutes=1)


def sweep(clock: Clock, minutes: float = 600) -> Any:
    return poll_due(now=clock, budget=timedelta(minutes=minutes))


def poll_of(shipment: Shipment) -> ParcelPoll:
    return ParcelPoll.objects.get(shipment=shipment)


def test_a_new_parcel_is_planned_asked_and_planned_again(
    make_account: Make, make_shipment: Make, stub: Stub, clock: Clock
) -> None:
    make_account("easypost")
    shipment = make_shipment(NUMBER)
    stub.says(Reply(body_of("easypost_in_transit")))
    done = sweep(clock)
    assert (done.planned, done.asked, done.failed, done.broken) == (1, 1, 0, [])
    poll = poll_of(shipment)
    assert poll.last_asked_at == poll.last_answer_at
    assert (poll.last_error, poll.failures, poll.lease_until) == ("", 0, None)
    assert poll.next_poll_at is not None
    assert timedelta(hours=2) <= poll.next_poll_at - clock.moment <= timedelta(hours=7)
    assert TrackingSnapshot.objects.get().channel == "poll"
    again = sweep(Clock(clock.moment), 30)
    assert again.asked == 0


def test_each_parcel_is_asked_for_where_it_may_be_known(
    make_account: Make, make_shipment: Make, clock: Clock
) -> None:
    for source in ("fedex", "ups", "usps", "dhl_unified", "mydhl", "easypost"):
        make_account(source)
    made = {
        "own word": make_shipment(UPS_NUMBER, carrier="UPS"),
        "by its number": make_shipment("1Z999AA10123456784", order_id="405-1234567-1234568"),
        "nobody's": make_shipment("X1", carrier="Pigeon Post", order_id="405-1234567-1234569"),
    }
    plan_pending(now=NOW)
    asked = {
        name: list(
            ParcelPoll.objects.filter(shipment=row)
            .order_by("account__source")
            .values_list("account__source", flat=True)
        )
        for name, row in made.items()
    }
    assert asked == {
        "own word": ["easypost", "ups"],
        "by its number": ["easypost", "ups"],
        "nobody's": ["easypost"],
    }


def test_another_seller_s_account_is_never_used(
    make_account: Make, make_shipment: Make, bolt: Any, stub: Stub, clock: Clock
) -> None:
    make_account("easypost", seller=bolt)
    make_shipment(NUMBER)
    assert sweep(clock).asked == 0
    assert stub.asked == []


def test_a_failed_question_says_why_and_backs_off(
    make_account: Make, make_shipment: Make, stub: Stub, clock: Clock, alice: Any
) -> None:
    make_account("ups")
    shipment = make_shipment(UPS_NUMBER, carrier="UPS")
    stub.says(Reply(b"<html>", content_type="text/html"))
    assert sweep(clock, 10).failed == 1
    poll = poll_of(shipment)
    assert poll.failures == 1
    assert poll.last_error == "UPS answered 200 OK. It sent text/html instead of application/json."
    assert poll.next_poll_at is not None
    assert poll.next_poll_at > clock.moment + 2 * MINUTE
    (shown,) = alice.get(f"/api/v1/shipments/{shipment.pk}/").json()["polls"]
    assert (shown["source"], shown["error"], shown["failures"]) == ("ups", poll.last_error, 1)
    assert shown["last_asked_at"]
    assert shown["next_ask_at"]
    page = alice.get(f"/api/v1/shipments/{shipment.pk}/", HTTP_ACCEPT="text/html").content.decode()
    assert "<h2>Who is asked</h2>" in page
    assert (
        '<span class="note--warn">UPS answered 200 OK. It sent text/html instead of application/json.</span>'
        in page
    )
    stub.says(Reply(body_of("ups_photo_in_transit")))
    assert sweep(Clock(poll.next_poll_at), 10).asked == 1
    assert (poll_of(shipment).failures, poll_of(shipment).last_answer_at is not None) == (0, True)


def test_refused_credentials_rest_the_whole_account_and_no_other(
    make_account: Make, make_shipment: Make, stub: Stub, clock: Clock
) -> None:
    account: SourceAccount = make_account("easypost")
    for number in range(4):
        make_shipment(f"{UPS_NUMBER}{number}", order_id=f"405-1234567-123456{number}")
    stub.says(Reply(b'{"error": {"message": "no"}}', 401))
    clock.step = timedelta(seconds=5)
    done = sweep(clock, 40)
    assert (done.asked, done.failed, done.waiting) == (4, 1, 3)
    assert len(stub.asked) == 1
    account.refresh_from_db()
    assert account.paused_until is not None
    assert "credentials are refused" in account.last_error
    assert not ParcelPoll.objects.filter(next_poll_at__lt=account.paused_until, failures=0).exists()
    stub.says(Reply(body_of("easypost_in_transit")))
    change_source(
        account_id=account.pk,
        secrets={"api_key": "new"},
        base_url=None,
        is_active=None,
        actor=OTTO,
        now=clock(),
    )
    assert sweep(Clock(clock.moment), 100).asked == 4
    assert stub.asked[-1].headers["Authorization"] == "Bearer new"


def test_too_many_requests_rest_until_the_moment_that_was_named(
    make_account: Make, make_shipment: Make, stub: Stub, clock: Clock
) -> None:
    account: SourceAccount = make_account("easypost")
    shipment = make_shipment(NUMBER)
    stub.says(Reply(b"{}", 429, headers={"Retry-After": "3600"}))
    sweep(clock, 20)
    account.refresh_from_db()
    poll = poll_of(shipment)
    assert account.paused_until is not None
    assert poll.last_asked_at is not None
    assert poll.next_poll_at is not None
    assert timedelta(minutes=58) < account.paused_until - poll.last_asked_at <= timedelta(minutes=62)
    assert poll.next_poll_at == account.paused_until
    assert (poll.failures, poll.last_error) == (0, "EasyPost answered 429 Too Many Requests.")
    stub.says(Reply(body_of("easypost_in_transit")))
    assert sweep(Clock(account.paused_until), 20).asked == 1
    assert poll_of(shipment).last_error == ""


_PICKED_UP = (
    b'{"shipments": [{"shipmentTrackingNumber": "1234567890", "status": "Success", "events": ['
    b'{"date": "2026-11-19", "time": "18:00:00", "typeCode": "PU", "description": "Shipment picked up"}]}]}'
)


def test_the_proof_is_fetched_after_delivery_and_again_when_a_claim_opens(
    make_account: Make, make_shipment: Make, stub: Stub
) -> None:
    make_account("mydhl")
    shipment = make_shipment("1234567890", carrier="DHL", shipped_at=NOW - timedelta(days=3))
    stub.says(Reply(_PICKED_UP))
    sweep(Clock(NOW), 10)
    delivered = NOW + timedelta(hours=1)
    event = {"status": "delivered", "text": "Delivered", "occurred_at": delivered.isoformat()}
    record_tracking(
        shipment=shipment,
        provider="normal",
        payload={"events": [event]},
        actor=AMZ,
        now=delivered,
        channel="api",
    )
    plan_pending(now=delivered + MINUTE)
    assert poll_of(shipment).next_poll_at == delivered + timedelta(hours=3)
    stub.asked.clear()
    assert sweep(Clock(delivered + timedelta(hours=3)), 10).asked == 1
    assert [request.path.rsplit("/", 1)[1] for request in stub.asked] == ["tracking", "proof-of-delivery"]
    assert poll_of(shipment).proof_asked_at is not None
    later = delivered + timedelta(days=30)
    ParcelPoll.objects.update(proof_asked_at=later, last_asked_at=later, next_poll_at=None)
    stub.asked.clear()
    until = later + timedelta(hours=50)
    assert watch_order(seller_id=shipment.seller_id, order_id=ORDER, until=until, now=later + MINUTE) == 1
    assert watch_order(seller_id=shipment.seller_id, order_id=ORDER, until=until, now=later + MINUTE) == 0
    assert sweep(Clock(later + 2 * MINUTE), 10).asked == 1
    assert [request.path.rsplit("/", 1)[1] for request in stub.asked] == ["tracking", "proof-of-delivery"]
    assert watch_order(seller_id=shipment.seller_id, order_id=ORDER, until=None, now=later + MINUTE) == 1


def test_an_account_that_is_switched_off_asks_nothing_and_is_planned_anew_when_it_comes_back(
    make_account: Make, make_shipment: Make, stub: Stub, clock: Clock
) -> None:
    account: SourceAccount = make_account("easypost")
    shipment = make_shipment(NUMBER)
    plan_pending(now=NOW)

    def switch(is_active: bool) -> None:
        change_source(
            account_id=account.pk, secrets={}, base_url=None, is_active=is_active, actor=OTTO, now=clock()
        )

    switch(False)
    assert (poll_of(shipment).next_poll_at, poll_of(shipment).reason) == (
        None,
        "The account is switched off.",
    )
    assert sweep(clock).asked == 0
    stub.says(Reply(body_of("easypost_in_transit")))
    switch(True)
    assert sweep(clock, 30).asked == 1


def test_a_worker_that_died_leaves_its_question_to_the_next(
    make_account: Make, make_shipment: Make, settings: Any
) -> None:
    make_account("easypost")
    make_shipment(NUMBER)
    plan_pending(now=NOW)
    (lease,) = take(now=NOW, most=10)
    assert take(now=NOW, most=10) == []
    assert plan_pending(now=NOW) == 0
    after = NOW + timedelta(seconds=settings.POLL_LEASE_SECONDS)
    (again,) = take(now=after, most=10)
    assert (again.poll_id, again.attempt) == (lease.poll_id, lease.attempt + 1)


@pytest.mark.django_db(transaction=True)
def test_workers_beside_each_other_ask_every_question_once(make_account: Make, make_shipment: Make) -> None:
    make_account("easypost")
    for number in range(30):
        make_shipment(f"X{number}", order_id=f"405-1234567-12345{number:02d}")
    plan_pending(now=NOW)

    def worker(_: int) -> list[int]:
        try:
            found: list[int] = []
            while leases := take(now=NOW, most=3):
                found += [lease.poll_id for lease in leases]
            return found
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        taken = [poll_id for found in pool.map(worker, range(4)) for poll_id in found]
    assert sorted(taken) == sorted(ParcelPoll.objects.values_list("pk", flat=True))
    assert len(taken) == 30


def test_any_number_of_plans_takes_one_query_to_work_out_and_one_to_write(
    make_account: Make, make_shipment: Make
) -> None:
    make_account("easypost")
    make_account("ups")
    for number in range(20):
        make_shipment(
            f"1Z12345E02919807{number:02d}", carrier="UPS", order_id=f"405-1234567-12345{number:02d}"
        )
    with CaptureQueriesContext(connection) as queries:
        taken, plans = read_plans(now=NOW, limit=1000)
    assert (taken, len(plans)) == (20, 40)
    assert len(queries) == 1
    Shipment.objects.update(plan_pending=True)
    with CaptureQueriesContext(connection) as queries:
        assert plan_pending(now=NOW) == 20
    assert len([row for row in queries if not row["sql"].startswith(("SAVEPOINT", "RELEASE"))]) == 2


def test_disorder_changes_nothing_delivered_stays_delivered(
    make_account: Make, make_shipment: Make, stub: Stub, clock: Clock
) -> None:
    make_account("easypost")
    shipment = make_shipment(NUMBER)
    record_tracking(
        shipment=shipment,
        provider="easypost",
        payload=payload("easypost_delivered"),
        actor=AMZ,
        now=NOW,
        channel="api",
    )
    stub.says(Reply(body_of("easypost_in_transit")))
    assert sweep(clock, 10).asked == 1
    shipment.refresh_from_db()
    assert shipment.status == "delivered"


def test_the_command_sweeps_once_and_says_what_it_did(
    make_account: Make, make_shipment: Make, stub: Stub, capsys: pytest.CaptureFixture[str]
) -> None:
    make_account("easypost")
    make_shipment(NUMBER, shipped_at=datetime.now(tz=NOW.tzinfo) - timedelta(days=2))
    stub.says(Reply(body_of("easypost_in_transit")))
    call_command("poll_tracking", "--seconds", "5")
    assert capsys.readouterr().out == "planned 1, linked 0, asked 1, failed 0, waiting 0\n"
