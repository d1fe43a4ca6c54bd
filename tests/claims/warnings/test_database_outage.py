"""A database that goes away while warnings are being sent: what became of them is marked when it is back."""

import time
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import psycopg
import pytest
from django.db import OperationalError, connection

from accounts.channels import connections
from accounts.clock import database_now
from accounts.models import Role, Seller
from accounts.services.channels import create_channel
from claims.models import Delivery
from claims.services.deliveries import deliver_due
from claims.services.engine import sweep
from tests.claims.channels.sink import Sink, running_sink, status
from tests.claims.conftest import member
from tests.claims.stories import hours, letter

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _private_allowed(settings: Any) -> Iterator[None]:
    settings.OUTGOING_ALLOW_PRIVATE = True
    yield
    connections._pools_of.cache_clear()


@pytest.fixture
def http(acme: Seller) -> Iterator[Sink]:
    """The receiver of three warnings that are due."""
    with running_sink() as running:
        now = database_now()
        member("olga", acme, Role.AGENT)
        create_channel(seller=acme, user=None, kind="webhook", label="Desk", target=running.url(), now=now)
        for number in range(3):
            letter(acme, order_id=f"402-3427577-000000{number}", at=now - hours(20), now=now)
        sweep(now=now)
        yield running


def ended(process: int) -> None:
    """The server ends that session, as it does with all of them when it is stopped."""
    place = connection.settings_dict
    named = {
        "host": place["HOST"], "port": place["PORT"], "user": place["USER"], "password": place["PASSWORD"],
        "dbname": place["NAME"],
    }  # fmt: skip
    with psycopg.connect(**{name: value for name, value in named.items() if value}) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [process])


def session() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def test_what_was_sent_meanwhile_is_marked_and_not_sent_again(http: Sink) -> None:
    mine = session()

    def answer(handler: Any) -> None:
        if len(http.posts) == 2:
            ended(mine)
        status(204)(handler)

    http.answer = answer
    done = deliver_due(now=database_now)
    assert session() != mine
    by_webhook = Delivery.objects.filter(channel="webhook")
    assert (done.sent >= 3, len(http.posts)) == (True, 3)
    assert list(by_webhook.values_list("status", "attempts")) == [("sent", 1)] * 3
    deliver_due(now=database_now)
    assert len(http.posts) == 3


def test_an_outage_beyond_the_lease_is_left_to_the_next_worker(http: Sink, settings: Any) -> None:
    """Here by a clock that the database no longer tells, from the first post on."""
    settings.DELIVERY_LEASE_SECONDS = 1

    def now() -> datetime:
        if http.posts:
            raise OperationalError("the server is gone")
        return database_now()

    began = time.monotonic()
    with pytest.raises(OperationalError, match="the server is gone"):
        deliver_due(now=now)
    assert 1 <= time.monotonic() - began < 5
    assert len(http.posts) == 3
    assert set(Delivery.objects.filter(channel="webhook").values_list("status", flat=True)) == {"sending"}
