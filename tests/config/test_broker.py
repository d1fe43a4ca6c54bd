"""The broker without a server: nothing lost, nothing half read, a killed worker's task run again."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from kombu import Connection, Queue

from config import broker

QUEUE = Queue("work", routing_key="work")
APP = """
import os, sys, time
from pathlib import Path
from celery import Celery

folder = Path(os.environ["BROKER_TEST_FOLDER"])
app = Celery("broker_test")
app.conf.update(
    broker_url="filesystem://", broker_transport="config.broker:Transport",
    broker_transport_options={"folder": str(folder / "broker"), "polling_interval": 0.05},
    task_ignore_result=True, task_acks_late=True, task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1, worker_enable_remote_control=False, worker_lost_wait=0.5,
)

@app.task(name="note")
def note(number, seconds):
    with (folder / "began").open("a") as file:
        file.write(f"{number} {os.getpid()}\\n")
    time.sleep(seconds)
    with (folder / "done").open("a") as file:
        file.write(f"{number}\\n")
"""


@contextmanager
def channel(folder: Path) -> Iterator[Any]:
    options = {"folder": str(folder), "polling_interval": 0.01}
    with Connection(
        "filesystem://", transport="config.broker:Transport", transport_options=options
    ) as connection:
        opened = connection.channel()
        QUEUE(opened).declare()
        yield opened


def send(opened: Any, body: str) -> None:
    opened.basic_publish(opened.prepare_message(body), exchange="", routing_key="work")


def bodies(opened: Any, *, acknowledge: bool) -> list[str]:
    """Everything that waits."""
    found = []
    while (message := opened.basic_get("work")) is not None:
        found.append(str(message.payload if isinstance(message.payload, str) else message.body))
        if acknowledge:
            message.ack()
    return found


def files(folder: Path) -> tuple[int, int]:
    """How many messages wait and how many are taken."""
    return len(list((folder / "waiting").iterdir())), len(list((folder / "taken").iterdir()))


def test_messages_come_in_order_and_are_gone_when_acknowledged(tmp_path: Path) -> None:
    with channel(tmp_path) as opened:
        for number in range(5):
            send(opened, str(number))
        assert bodies(opened, acknowledge=True) == ["0", "1", "2", "3", "4"]
        assert files(tmp_path) == (0, 0)


def test_what_was_taken_and_not_acknowledged_comes_back_after_restore(tmp_path: Path) -> None:
    with channel(tmp_path) as opened:
        send(opened, "a")
        send(opened, "b")
        assert bodies(opened, acknowledge=False) == ["a", "b"]
        assert files(tmp_path) == (0, 2)
        assert broker.restore(tmp_path) == 2
        assert bodies(opened, acknowledge=True) == ["a", "b"]


def test_closing_gives_back_what_was_not_acknowledged(tmp_path: Path) -> None:
    with channel(tmp_path) as opened:
        send(opened, "a")
        assert opened.basic_get("work") is not None
    assert files(tmp_path) == (1, 0)


def test_rejecting_puts_back_or_forgets(tmp_path: Path) -> None:
    with channel(tmp_path) as opened:
        send(opened, "a")
        opened.basic_get("work").reject(requeue=True)
        assert files(tmp_path) == (1, 0)
        opened.basic_get("work").reject()
        assert files(tmp_path) == (0, 0)


def test_drafts_and_messages_of_an_hour_ago_are_dropped_before_a_worker_starts(tmp_path: Path) -> None:
    with channel(tmp_path) as opened:
        send(opened, "new")
        (tmp_path / "waiting" / f".{time.time_ns():020d}_x.work.msg").write_text("{")
        old = time.time_ns() - 2 * 3600 * 1_000_000_000
        (tmp_path / "waiting" / f"{old:020d}_x.work.msg").write_text("{}")
        assert broker.restore(tmp_path) == 0
        assert bodies(opened, acknowledge=True) == ["new"]


def test_an_unreadable_file_is_dropped_and_the_next_message_comes(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with channel(tmp_path) as opened:
        (tmp_path / "waiting" / "00000000000000000001_x.work.msg").write_text("")
        send(opened, "good")
        assert bodies(opened, acknowledge=True) == ["good"]
        assert "cannot be read and was dropped" in caplog.text
        assert files(tmp_path) == (0, 0)


def test_five_hundred_messages_of_four_senders_reach_three_takers_once_each(tmp_path: Path) -> None:
    taken: list[str] = []
    sending = threading.Event()
    sending.set()

    def sender(start: int) -> None:
        with channel(tmp_path) as opened:
            for number in range(start, start + 125):
                send(opened, str(number))

    def taker() -> None:
        with channel(tmp_path) as opened:
            while sending.is_set():
                taken.extend(bodies(opened, acknowledge=True))
            taken.extend(bodies(opened, acknowledge=True))

    takers = [threading.Thread(target=taker) for _ in range(3)]
    senders = [threading.Thread(target=sender, args=(start,)) for start in range(0, 500, 125)]
    for thread in takers + senders:
        thread.start()
    for thread in senders:
        thread.join()
    sending.clear()
    for thread in takers:
        thread.join()
    assert sorted(map(int, taken)) == list(range(500))
    assert files(tmp_path) == (0, 0)


@pytest.mark.slow
def test_a_task_of_a_killed_worker_runs_again_and_none_is_lost(tmp_path: Path) -> None:
    (tmp_path / "broker_test_app.py").write_text(APP)
    root = str(Path(broker.__file__).parent.parent)
    kept = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    environment = {**kept, "BROKER_TEST_FOLDER": str(tmp_path), "PYTHONPATH": f"{root}:{tmp_path}"}
    sender = "import broker_test_app as a; [a.note.delay(n, 30 if n == 0 else 0) for n in range(20)]"
    subprocess.run([sys.executable, "-c", sender], env=environment, check=True, cwd=tmp_path)
    command = [
        sys.executable,
        "-m",
        "celery",
        "-A",
        "broker_test_app",
        "--quiet",
        "worker",
        "-c",
        "2",
        "-n",
        "w@test",
    ]
    command += ["--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "ERROR"]

    def worker() -> "subprocess.Popen[bytes]":
        broker.restore(tmp_path / "broker")
        return subprocess.Popen(command, env=environment, cwd=tmp_path, start_new_session=True)

    first = worker()
    try:
        wait_for(lambda: "0 " in text(tmp_path / "began") and len(lines(tmp_path / "done")) >= 5)
    finally:
        os.killpg(first.pid, signal.SIGKILL)
        first.wait()
    second = worker()
    try:
        wait_for(lambda: set(lines(tmp_path / "done")) >= {str(n) for n in range(1, 20)})
        wait_for(lambda: [line.split()[0] for line in lines(tmp_path / "began")].count("0") == 2)
    finally:
        os.killpg(second.pid, signal.SIGKILL)
        second.wait()


def text(path: Path) -> str:
    return path.read_text() if path.exists() else ""


def lines(path: Path) -> list[str]:
    return text(path).splitlines()


def wait_for(condition: Any, seconds: float = 30) -> None:
    """Poll until true."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)
