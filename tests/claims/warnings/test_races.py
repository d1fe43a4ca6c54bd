"""Everything beside everything: sweeps, deliverers and agents at once, with real transactions."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
from threading import Event
from typing import Any

import pytest
from django.db import connection, connections, transaction

from accounts.actors import Actor
from accounts.clock import database_now
from accounts.models import Seller
from claims.models import Claim, Deadline, Delivery, Job, Warning
from claims.services.claims import acknowledge_claim, update_claim
from claims.services.clocks import move_deadline
from claims.services.deliveries import deliver_due
from claims.services.engine import sweep
from claims.services.locks import lock_claim
from tests.claims.stories import AMZ, MONDAY, approved, claim_of, confirmed, hours, letter
from tests.claims.warnings.conftest import People, swept
from tests.smtp_sink import Sink

pytestmark = pytest.mark.django_db(transaction=True)


def claims(seller: Seller, number: int, *, at: datetime = MONDAY) -> list[Claim]:
    orders = [f"402-3427577-{1000000 + each}" for each in range(number)]
    return [claim_of(letter(seller, order_id=order, at=at)) for order in orders]


def at_once(*works: Callable[[], object]) -> None:
    """Each in a thread and a connection of its own; whatever one raises is raised."""

    def run(work: Callable[[], object]) -> None:
        try:
            work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as pool:
        for done in [pool.submit(run, work) for work in works]:
            done.result()


def test_three_sweeps_and_three_deliverers_at_once_send_every_warning_once(
    acme: Seller, people: People, sink: Sink
) -> None:
    made = claims(acme, 30)
    now = MONDAY + hours(44)
    at_once(*[lambda: sweep(now=now)] * 3)
    assert Warning.objects.filter(status="pending").count() == len(made)
    at_once(*[lambda: deliver_due(now=lambda: now, budget=timedelta(seconds=1))] * 3)
    assert not Delivery.objects.filter(status__in=["pending", "sending"]).exists()
    assert set(Counter(mail.id for mail in sink.mails).values()) == {1}
    assert Counter(sink.to()) == {"alice@example.com": 30, "lea@example.com": 30}


def test_agents_and_the_engine_work_on_the_same_claims_without_getting_stuck(
    acme: Seller, people: People, sink: Sink, settings: Any
) -> None:
    """Answers, moves, new letters and acknowledgements beside sweeps: nobody deadlocks, nothing nags later."""
    settings.DELIVERY_LEASE_SECONDS = 86_400  # the two engines' made-up clocks drift apart by minutes
    made = claims(acme, 12)
    moment = MONDAY + hours(43)
    replies = [approved(claim, now=moment) for claim in made[:4]]
    over = Event()
    alice = Actor(user_id=people.alice.pk, integration_id=None, label="alice")

    def engine() -> None:
        now = MONDAY + hours(43.5)
        while not over.is_set():
            assert sweep(now=now).failed == []
            deliver_due(now=lambda now=now: now, budget=timedelta(seconds=1))  # type: ignore[misc]
            now += timedelta(minutes=5)

    def agents() -> None:
        try:
            for turn, claim in enumerate(made):
                now = MONDAY + hours(44 + turn / 10)
                acknowledge_claim(claim_id=claim.pk, actor=alice, now=now)
                if turn < 4:
                    confirmed(replies[turn], now=now)
                elif turn < 8:
                    clock = Deadline.objects.get(claim=claim)
                    due = clock.due_at + hours(24)
                    move_deadline(deadline_id=clock.pk, due_at=due, reason="r", actor=AMZ, now=now)
                else:
                    letter(acme, order_id=claim.order_id, at=MONDAY + hours(40), now=now)
                claim.refresh_from_db()
                changes = {"amazon_claim_id": f"A-{turn}", "request_text": "x"}
                update_claim(claim_id=claim.pk, revision=claim.revision, changes=changes, actor=AMZ, now=now)
        finally:
            over.set()

    at_once(engine, engine, agents)

    settled = Deadline.objects.filter(settled=True)
    assert settled.count() == 4
    quiet = Warning.objects.filter(deadline__in=settled)
    assert not quiet.filter(status="pending").exists()
    assert not quiet.filter(next_round_at__isnull=False).exists()
    assert not Delivery.objects.filter(warning__in=quiet, status="pending").exists()
    assert set(Counter(mail.id for mail in sink.mails).values()) == {1}


@contextmanager
def held(claim: Claim) -> Iterator[None]:
    """Somebody's transaction on the claim that does not come to its end."""
    taken, release = Event(), Event()

    def hold() -> None:
        with transaction.atomic():
            lock_claim(claim.pk)
            taken.set()
            release.wait(30)

    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(hold)
        try:
            assert taken.wait(10)
            yield
        finally:
            release.set()
            done.result()
            pool.submit(connections.close_all).result()


def test_a_claim_that_somebody_holds_does_not_hold_up_the_sweep(acme: Seller, people: People) -> None:
    first, second = claims(acme, 2)
    Job.objects.all().delete()
    now = MONDAY + hours(44)
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '5s'")
    with held(first):
        began = time.monotonic()
        done = swept(now)
        assert time.monotonic() - began < 4
        assert (done.raised.warnings, done.assembling) == (2, 1)
        assert list(Job.objects.values_list("claim", flat=True)) == [second.pk]
    later = swept(now + timedelta(seconds=5))
    assert (later.raised.warnings, later.assembling) == (0, 1)
    assert Job.objects.filter(claim=first).count() == 1


def test_the_sweeps_time_is_the_databases() -> None:
    before = database_now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(0.05)")
    assert database_now() - before >= timedelta(milliseconds=50)
