"""`manage.py start` as a newcomer and an operator meet it: real processes, real signals."""

import os
import signal
import socket
import time
from pathlib import Path

import pytest

from config import leftovers, places
from config.postgres import Embedded
from tests.running import house

pytestmark = pytest.mark.slow

FIRST_ANSWER_SECONDS = 10


def allowed_seconds() -> float:
    """Ten, on a machine that has a core to spare; a busy one gets its share of the cores in return."""
    return FIRST_ANSWER_SECONDS * max(1.0, 2 * os.getloadavg()[0] / (os.cpu_count() or 1))


def test_an_empty_folder_answers_within_ten_seconds_and_ctrl_c_leaves_no_process(open_path: Path) -> None:
    with house(open_path) as built:
        assert built.start("--no-demo") < allowed_seconds()
        assert built.status("/health/ready") == 200
        assert built.status("/static/rest_framework/css/default.css") == 200
        ends_at = time.monotonic() + 10
        while len(built.processes()) < 5 and time.monotonic() < ends_at:  # worker and beat come later
            time.sleep(0.1)
        assert len(built.processes()) >= 5
        assert built.interrupt() == 0
        assert built.processes() == set()
        assert not Embedded(built.data_dir).answers()
        assert built.output().splitlines()[-1] == "start  | stopped"


def test_after_kill_9_the_next_start_takes_over_and_nothing_is_lost(open_path: Path) -> None:
    """One child is stopped as well: it ignores the parent-death signal, so only the mark finds it."""
    with house(open_path) as built:
        built.start("--no-demo")
        made = built.command("create_api_key", "--seller", "A1ACME", "--create-seller", "--scopes", "all")
        assert made.returncode == 0, made.stderr
        refused = built.command("start")
        assert (refused.returncode, f"Another start already runs on {built.data_dir}" in refused.stderr) == (
            1,
            True,
        )
        first = built.processes()
        leftovers.send({max(first)}, signal.SIGSTOP)
        built.kill()
        built.start("--no-demo")
        assert built.processes() & first == set()
        assert "processes that a killed start had left" in built.output()
        again = built.command("create_api_key", "--seller", "A1ACME", "--scopes", "all")
        assert again.returncode == 0, again.stderr  # the seller is still there
        assert built.interrupt() == 0
        assert built.processes() == set()


def test_a_taken_port_is_named_before_anything_starts(open_path: Path) -> None:
    with house(open_path) as built, socket.socket() as other:
        other.bind(("127.0.0.1", built.port))
        other.listen()
        refused = built.command("start")
        assert refused.returncode == 1
        assert f"Port {built.port} is taken by another program" in refused.stderr
        assert not places.postgres_dir(built.data_dir).exists()
