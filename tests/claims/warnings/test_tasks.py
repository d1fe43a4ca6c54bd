"""The edges of the engine: slots that are given back, and nudges that cost the caller nothing."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from celery import current_app
from django.conf import settings as configured
from django.db import connection, connections

from accounts.clock import database_now
from accounts.models import Seller
from accounts.slots import held_slot
from claims import tasks
from claims.models import Bundle, Delivery, EngineHeartbeat
from tests.claims.stories import hours, letter
from tests.claims.warnings.conftest import People, names
from tests.running import NOT_INHERITED, ROOT
from tests.smtp_sink import Sink


def elsewhere(work: Any) -> Any:
    """In another connection."""

    def run() -> Any:
        try:
            return work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(run).result()


def takes_slot(count: int = 1) -> bool:
    with held_slot("tests", count) as mine:
        return mine


@pytest.mark.django_db(transaction=True)
def test_a_slot_is_for_one_and_is_given_back_by_whoever_ends_or_dies() -> None:
    with held_slot("tests", 1) as mine:
        assert mine
        assert elsewhere(takes_slot) is False
        assert elsewhere(lambda: takes_slot(2)) is True
    assert elsewhere(takes_slot) is True
    with pytest.raises(ValueError, match="trouble"), held_slot("tests", 1):
        raise ValueError("trouble")
    assert elsewhere(takes_slot) is True
    taken, release = Event(), Event()

    def dies() -> None:
        with held_slot("tests", 1):
            taken.set()
            release.wait(10)
            connection.close()  # what the database sees of a kill -9
            connection.connect()

    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(dies)
        assert taken.wait(10)
        assert takes_slot() is False
        release.set()
        done.result()
        pool.submit(connections.close_all).result()
    assert takes_slot() is True


def test_the_tasks_raise_send_and_build(acme: Seller, people: People, sink: Sink) -> None:
    now = database_now()
    letter(acme, at=now - hours(45), now=now)
    tasks.sweep()
    tasks.work()
    assert names(sink.to()) == ["alice", "lea"]
    assert Bundle.objects.get().status == "ready"
    assert EngineHeartbeat.objects.count() == 1
    tasks.deliver()
    assert not Delivery.objects.filter(status="pending").exists()


def test_of_the_processes_of_a_machine_one_is_always_free_to_sweep() -> None:
    assert configured.WORKER_CONCURRENCY >= 4
    assert tasks.DELIVERERS + tasks.WORKERS < configured.WORKER_CONCURRENCY


def test_every_beat_entry_names_a_task_and_outlives_clocks_that_are_an_hour_apart() -> None:
    known = set(current_app.tasks)
    schedule: dict[str, Any] = configured.CELERY_BEAT_SCHEDULE
    for entry in schedule.values():
        assert entry["task"] in known
        assert entry["schedule"] == timedelta(seconds=configured.SWEEP_SECONDS)
        assert timedelta(seconds=entry["options"]["expires"]) == timedelta(hours=2)


ASK = """
import time, django
django.setup()
from claims.tasks import Messenger, sweep, work
messenger = Messenger(sweep, work)
began = time.monotonic()
for _ in range(100):
    messenger.ask()
print(time.monotonic() - began)
"""


def test_a_broker_that_is_away_costs_the_caller_nothing(tmp_path: Path) -> None:
    away = {"REDIS_URL": "redis://127.0.0.1:1/0", "DATA_DIR": str(tmp_path), "PYTHONPATH": str(ROOT)}
    inherited = {name: value for name, value in os.environ.items() if name not in NOT_INHERITED}
    environment = {**inherited, **away, "DJANGO_SETTINGS_MODULE": "config.settings"}
    ran = subprocess.run(
        [sys.executable, "-c", ASK], env=environment, capture_output=True, text=True, timeout=60, check=True
    )
    assert float(ran.stdout) < 0.5


def test_a_lease_outlasts_what_a_mail_may_take() -> None:
    assert configured.DELIVERY_LEASE_SECONDS > 4 * configured.EMAIL_TIMEOUT


def test_much_that_was_raised_asks_for_a_second_deliverer(
    acme: Seller, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(tasks._second_deliverer, "ask", lambda: asked.append("deliver"))
    at = database_now() - hours(1)
    letter(acme, at=at)
    tasks.sweep()
    assert asked == []
    monkeypatch.setattr(tasks, "BATCH", 1)
    for number in range(2):
        letter(acme, order_id=f"402-3427577-100000{number}", at=at)
    tasks.sweep()
    assert asked == ["deliver"]
