"""Keeping children alive and stopping them in order, with small children of the test's own."""

import os
import sys
import threading
import time
from pathlib import Path

import pytest

from config import supervisor
from config.supervisor import Child, Supervisor

pytestmark = pytest.mark.slow

FOREVER = "import time; time.sleep(600)"
STUBBORN = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("ready", flush=True)
time.sleep(600)
"""
DIES_ONCE = """
import os, pathlib, sys, time
seen = pathlib.Path(sys.argv[1])
if not seen.exists():
    seen.touch()
    os.kill(os.getpid(), 9)
time.sleep(600)
"""
LEAVES_A_HELPER = """
import pathlib, subprocess, sys
helper = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
pathlib.Path(sys.argv[1]).write_text(str(helper.pid))
sys.exit(1)
"""


def child(name: str, code: str) -> Child:
    return Child(name, [sys.executable, "-c", code])


def run(children: list[Child], stop_after: float = 0.5) -> int:
    """Run for a while."""
    house = Supervisor(children, [each.name for each in reversed(children)], dict(os.environ))
    timer = threading.Timer(stop_after, house.stopping.set)
    timer.daemon = True
    timer.start()
    return house.run()


def test_four_deaths_in_a_minute_stop_everything_with_a_message(capfd: pytest.CaptureFixture[str]) -> None:
    steady = child("steady", FOREVER)
    assert run([steady, child("weak", "raise SystemExit(3)")], stop_after=30) == 1
    assert "start  | weak died 4 times in a minute (last exit code 3); stopping" in capfd.readouterr().out
    assert steady.process is not None
    assert steady.process.returncode == -15


def test_a_child_that_dies_once_is_started_again(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    prepared: list[int] = []
    weak = Child(
        "weak", [sys.executable, "-c", DIES_ONCE, str(tmp_path / "seen")], before=lambda: prepared.append(1)
    )
    assert run([weak], stop_after=1.5) == 0
    assert "start  | weak ended with exit code -9; starting it again" in capfd.readouterr().out
    assert prepared == [1, 1]


def test_output_comes_line_by_line_under_the_name(capfd: pytest.CaptureFixture[str]) -> None:
    assert (
        run([child("voice", "print('grüß dich', flush=True); import time; time.sleep(600)")], stop_after=1)
        == 0
    )
    assert "voice  | grüß dich\n" in capfd.readouterr().out


def test_a_child_that_ignores_the_signal_is_ended_by_force(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    stubborn = child("mule", STUBBORN)
    stubborn.start(dict(os.environ))
    wait_for_line(capfd, "mule   | ready")
    stubborn.stop(patience_seconds=0.3)
    assert stubborn.process is not None
    assert stubborn.process.returncode == -9


def test_children_stop_in_the_order_given(monkeypatch: pytest.MonkeyPatch) -> None:
    stopped: list[str] = []
    stop = Child.stop

    def noted(self: Child, patience_seconds: float = supervisor.STOP_SECONDS) -> None:
        stopped.append(self.name)
        stop(self, patience_seconds)

    monkeypatch.setattr(Child, "stop", noted)
    children = [child("web", FOREVER), child("worker", FOREVER), child("beat", FOREVER)]
    house = Supervisor(children, ["beat", "web", "worker"], dict(os.environ))

    def stop_when_all_run() -> None:
        if all(each.process is not None for each in children):
            house.stopping.set()

    assert house.run(stop_when_all_run) == 0
    assert stopped == ["beat", "web", "worker"]


def test_the_next_child_waits_until_the_first_is_ready() -> None:
    ready: list[bool] = []
    first, second = child("web", FOREVER), child("worker", FOREVER)
    first.is_ready = lambda: bool(ready)
    house = Supervisor([first, second], ["worker", "web"], dict(os.environ))
    turns: list[bool] = []

    def note() -> None:
        turns.append(second.process is not None)
        if len(turns) == 3:
            ready.append(True)
        if len(turns) == 6:
            house.stopping.set()

    assert house.run(note) == 0
    assert turns[:3] == [False, False, False]
    assert turns[-1] is True


def test_a_hanging_first_child_does_not_keep_the_others_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "HEAD_START_SECONDS", 0.2)
    first, second = child("web", FOREVER), child("worker", FOREVER)
    first.is_ready = lambda: False
    house = Supervisor([first, second], ["worker", "web"], dict(os.environ))
    assert house.run(lambda: house.stopping.set() if second.process is not None else None) == 0


def test_helpers_of_a_dead_child_are_ended_with_it(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    parent = Child("parent", [sys.executable, "-c", LEAVES_A_HELPER, str(note)])
    parent.start(dict(os.environ))
    assert parent.process is not None
    parent.process.wait(10)
    assert parent.has_died()
    pid = int(note.read_text())
    end = time.monotonic() + 5
    while alive(pid) and time.monotonic() < end:
        time.sleep(0.05)
    assert not alive(pid)


def alive(pid: int) -> bool:
    """Whether it runs; a zombie that waits for its parent counts as dead."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def wait_for_line(capfd: pytest.CaptureFixture[str], line: str) -> None:
    """Until the line was printed."""
    end = time.monotonic() + 10
    while line not in capfd.readouterr().out:
        assert time.monotonic() < end
        time.sleep(0.05)
