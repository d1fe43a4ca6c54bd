"""kill -9 of a real worker at the worst moments: the warning arrives all the same, the bundle is made once.

The worker is started as an operator starts it, on the tests' database, with its broker in files or, where
REDIS_URL is set, in Redis. Whatever dies, rows and leases are what the next worker goes by.
"""

import os
import signal
import subprocess
import sys
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from accounts.clock import database_now
from accounts.models import Role, Seller
from accounts.services.channels import create_channel
from claims.models import Bundle, Deadline, Delivery, Job, Warning
from claims.services.assembly import ask_where_near
from config import broker
from tests.claims.channels.sink import running_sink as running_http_sink
from tests.claims.channels.sink import status
from tests.claims.conftest import member
from tests.claims.stories import claim_of, hours, letter
from tests.running import NOT_INHERITED, ROOT, database_url
from tests.smtp_sink import Sink, running_sink

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

PATIENCE_SECONDS = 40


def eventually(done: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end:
        if done():
            return
        time.sleep(0.05)
    raise AssertionError(f"Not within {PATIENCE_SECONDS} s: {what}")


@dataclass
class Worker:
    """A Celery worker with its beat inside, in a session of its own."""

    environment: dict[str, str]
    folder: Path
    process: "subprocess.Popen[bytes] | None" = None
    log: Path = field(init=False)

    def __post_init__(self) -> None:
        self.log = self.folder / "worker.log"

    def start(self) -> None:
        """As `manage.py start` does: what the last one had taken is put back first."""
        broker.restore(self.folder / "broker")
        command = [
            *(sys.executable, "-m", "celery", "--app", "config", "--quiet", "worker", "--beat"),
            *("--schedule", str(self.folder / f"beat-{uuid.uuid4().hex}"), "--concurrency", "2"),
            *("--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "WARNING"),
        ]
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=self.environment,
                cwd=ROOT,
                start_new_session=True,
            )

    def kill(self) -> None:
        """kill -9 of the worker, its children and its beat, all at once."""
        if self.process is None:
            return
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process = None


@pytest.fixture
def sink() -> Iterator[Sink]:
    with running_sink() as running:
        yield running


@pytest.fixture
def worker(sink: Sink, tmp_path: Path) -> Iterator[Worker]:
    (tmp_path / "broker").mkdir()
    own = {
        "DATA_DIR": str(tmp_path),
        "DATABASE_URL": database_url(),
        "SECRET_KEY": settings.SECRET_KEY,
        "ENCRYPTION_KEYS": ",".join(settings.ENCRYPTION_KEYS),
        "OPERATOR_EMAIL": "operator@example.com",
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": str(sink.port),
        "EMAIL_TIMEOUT": "60",
        "SWEEP_SECONDS": "1",
        "DELIVERY_LEASE_SECONDS": "4",
        "OUTGOING_ALLOW_PRIVATE": "1",
        "JOB_LEASE_SECONDS": "2",
        "PYTHONWARNINGS": "ignore",
    }
    if settings.REDIS_URL:
        own["TEST_DATABASE_NAME"] = f"kill_{uuid.uuid4().hex}"  # names the queue
    inherited = {name: value for name, value in os.environ.items() if name not in NOT_INHERITED}
    running = Worker({**inherited, **own}, tmp_path)
    try:
        yield running
    finally:
        running.kill()
        print(running.log.read_text(errors="replace")[-8000:])  # noqa: T201


@pytest.fixture
def seller() -> Seller:
    made = Seller.objects.create(merchant_token="A1ACME", name="ACME", time_zone="Europe/Berlin")
    member("alice", made, Role.AGENT)
    return made


def test_a_warning_held_by_the_mail_server_survives_its_worker(
    seller: Seller, worker: Worker, sink: Sink
) -> None:
    now = database_now()
    claim = claim_of(letter(seller, at=now - hours(20), now=now))
    sink.holding.set()
    worker.start()
    eventually(sink.held.is_set, "the mail server has the mail and keeps its answer")
    worker.kill()
    row = Delivery.objects.get(channel="email")
    assert (row.status, row.attempts) == ("sending", 1)
    sink.holding.clear()
    worker.start()
    eventually(lambda: Delivery.objects.filter(channel="email", status="sent").exists(), "the row is sent")
    ended = Delivery.objects.get(channel="email")
    assert (ended.pk, ended.attempts, ended.lease_until, ended.next_attempt_at) == (row.pk, 2, None, None)
    assert list(Warning.objects.filter(claim=claim).values_list("stage", "status")) == [("at_once", "sent")]
    assert sink.to() == ["alice@example.com"] * 2
    assert {mail.id for mail in sink.mails} == {f"<{row.message_id}@localhost>"}
    assert Deadline.objects.get(claim=claim).status == "open"


def test_a_worker_killed_before_it_could_speak_sends_once(seller: Seller, worker: Worker, sink: Sink) -> None:
    """Dead between leasing and the mail server: by the server's count there is one mail."""
    sink.stop()
    now = database_now()
    letter(seller, at=now - hours(20), now=now)
    worker.start()
    eventually(
        lambda: Delivery.objects.filter(channel="email", attempts__gte=1, status="pending").exists(),
        "one attempt has failed",
    )
    worker.kill()
    sink.start()
    worker.start()
    eventually(lambda: Delivery.objects.filter(channel="email", status="sent").exists(), "the row is sent")
    assert sink.to() == ["alice@example.com"]


def test_a_batch_for_a_webhook_survives_its_worker_with_the_same_ids(
    seller: Seller, worker: Worker, sink: Sink, settings: Any
) -> None:
    settings.OUTGOING_ALLOW_PRIVATE = True
    orders = [f"402-3427577-{1000000 + number}" for number in range(60)]

    def slowly(handler: Any) -> None:
        time.sleep(0.05)
        status(204)(handler)

    with running_http_sink() as http:
        http.answer = slowly
        now = database_now()
        create_channel(seller=seller, user=None, kind="webhook", label="Desk", target=http.url(), now=now)
        for order in orders:
            letter(seller, order_id=order, at=now - hours(20), now=now)
        worker.start()
        eventually(lambda: len(http.posts) >= 10, "the batch is on its way")
        worker.kill()
        at_death = len(http.posts)
        by_webhook = Delivery.objects.filter(channel="webhook")
        assert at_death < len(orders)
        assert by_webhook.filter(status="sending").exists()
        http.answer = status(204)
        worker.start()
        eventually(lambda: by_webhook.filter(status="sent").count() == len(orders), "all of it is sent")
        came = Counter(post.headers["webhook-id"] for post in http.posts)
    assert came.keys() == set(by_webhook.values_list("message_id", flat=True))
    assert len(came) == len(orders)
    assert set(came.values()) <= {1, 2}
    assert came.total() - len(orders) <= at_death
    assert not Warning.objects.exclude(status="sent").exists()


def test_a_bundle_is_made_once_though_its_worker_was_killed_at_it(seller: Seller, worker: Worker) -> None:
    now = database_now()
    claim = claim_of(letter(seller, at=now - hours(45), now=now))
    # The round asks as well, this near to the target, and whatever is asked for while a job runs begins its count
    # anew. It asks once: let it do so before the job is taken up, and every attempt is counted.
    assert ask_where_near(now=now) == 1
    with psycopg.connect(**_place(), autocommit=False) as other:
        # whoever publishes a bundle writes an event with it; until this ends nobody can
        other.execute("LOCK TABLE claims_event IN SHARE MODE")
        worker.start()
        eventually(lambda: Bundle.objects.filter(status="building").exists(), "the bundle is begun")
        worker.kill()
        other.rollback()
    job = Job.objects.get()
    assert (job.status, job.attempts) == ("running", 1)
    worker.start()
    eventually(lambda: Job.objects.filter(status="done").exists(), "the job is done")
    job.refresh_from_db()
    bundle = Bundle.objects.get()
    assert (bundle.status, bundle.version, bundle.claim) == ("ready", 1, claim)
    assert job.bundle == bundle
    assert job.attempts == 2
    assert claim.replies.count() == 1


def _place() -> dict[str, Any]:
    place = connection.settings_dict
    named = {
        "host": place["HOST"], "port": place["PORT"], "user": place["USER"], "password": place["PASSWORD"],
        "dbname": place["NAME"],
    }  # fmt: skip
    return {name: value for name, value in named.items() if value}
