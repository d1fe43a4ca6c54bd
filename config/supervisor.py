"""Keeps web, worker and beat running on one terminal, with prefixed logs, and stops them in order.

Knows processes only. What the children are and what comes before them is said in the `start` command.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import IO

LAUNCHER = Path(__file__).with_name("launch.py")
DEATHS_ALLOWED = 3
DEATHS_WITHIN_SECONDS = 60
STOP_SECONDS = 15
HEAD_START_SECONDS = 5
TURN_SECONDS = 0.1
STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@dataclass
class Child:
    """One process to keep running.

    `before` runs in the supervisor ahead of every start; `is_ready` says when the next child may be started.
    """

    name: str
    command: list[str]
    before: Callable[[], object] = lambda: None
    is_ready: Callable[[], bool] = lambda: True
    reader: threading.Thread | None = None
    process: subprocess.Popen[bytes] | None = None
    deaths: deque[float] = field(default_factory=deque)

    def start(self, environment: Mapping[str, str]) -> None:
        """In a session of its own, so that Ctrl-C reaches the supervisor alone."""
        self.before()
        launched = [sys.executable, "-I", "-S", str(LAUNCHER), str(os.getpid()), *self.command]
        self.process = subprocess.Popen(
            launched,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=dict(environment),
            start_new_session=True,
        )
        assert self.process.stdout is not None
        self.reader = threading.Thread(target=copy_lines, args=(self.name, self.process.stdout), daemon=True)
        self.reader.start()

    def has_ended(self) -> bool:
        """For a child that runs once: whether it is done and all it said is printed."""
        if self.process is None or self.process.poll() is None:
            return False
        if self.reader is not None:
            self.reader.join(timeout=2)
        return True

    def has_died(self) -> bool:
        """Whether it runs no more; then also the helpers it left are ended."""
        if self.process is None or self.process.poll() is None:
            return False
        self.signal_group(signal.SIGKILL)
        return True

    def too_many_deaths(self, now: float) -> bool:
        """Note a death; True at the fourth within a minute."""
        self.deaths.append(now)
        while self.deaths and now - self.deaths[0] > DEATHS_WITHIN_SECONDS:
            self.deaths.popleft()
        return len(self.deaths) > DEATHS_ALLOWED

    def stop(self, patience_seconds: float = STOP_SECONDS) -> None:
        """Politely, then by force; the whole session in the end."""
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(patience_seconds)
            except subprocess.TimeoutExpired:
                say(f"{self.name} did not stop within {patience_seconds:.0f} s and is ended by force")
        self.signal_group(signal.SIGKILL)
        self.process.wait()

    def signal_group(self, what: signal.Signals) -> None:
        """Signal what is left of its session."""
        assert self.process is not None
        try:
            os.killpg(self.process.pid, what)
        except ProcessLookupError:
            return


@dataclass
class Supervisor:
    """Runs the children until a signal, or until one keeps dying; `run` returns the exit code."""

    children: list[Child]  # in the order they are started
    stop_order: list[str]
    environment: Mapping[str, str]
    stopping: threading.Event = field(default_factory=threading.Event)

    def watch_signals(self) -> None:
        """From now on Ctrl-C and its like ask for an orderly stop."""
        for each in STOP_SIGNALS:
            signal.signal(each, self._ask_to_stop)

    def _ask_to_stop(self, number: int, frame: FrameType | None) -> None:
        self.stopping.set()

    def run(self, on_turn: Callable[[], None] = lambda: None) -> int:
        """Start all, keep them running, call `on_turn` every so often; stop all on the way out.

        The first child gets a head start until it is ready: the machine has few cores and somebody waits.
        """
        waiting, started_at = deque(self.children), 0.0
        running: list[Child] = []
        try:
            while not self.stopping.is_set():
                late = time.monotonic() - started_at > HEAD_START_SECONDS
                if waiting and (late or all(child.is_ready() for child in running)):
                    running.append(waiting.popleft())
                    running[-1].start(self.environment)
                    started_at = time.monotonic()
                    continue
                for child in running:
                    if child.has_died() and not self._restart(child):
                        return 1
                on_turn()
                self.stopping.wait(TURN_SECONDS)
            return 0
        finally:
            self.stop_all()

    def _restart(self, child: Child) -> bool:
        assert child.process is not None
        code = child.process.returncode
        if child.too_many_deaths(time.monotonic()):
            say(f"{child.name} died {DEATHS_ALLOWED + 1} times in a minute (last exit code {code}); stopping")
            return False
        say(f"{child.name} ended with exit code {code}; starting it again")
        child.start(self.environment)
        return True

    def stop_all(self) -> None:
        """In the order given: who makes work first, who does it last."""
        by_name = {child.name: child for child in self.children}
        for name in self.stop_order:
            by_name[name].stop()


def copy_lines(name: str, stream: IO[bytes]) -> None:
    """A child's output, line by line, under its name."""
    for line in stream:
        text = line.decode("utf-8", errors="replace").rstrip()
        sys.stdout.write(f"{name:<6} | {text}\n")
        sys.stdout.flush()


def say(text: str) -> None:
    """The supervisor's own lines."""
    sys.stdout.write(f"start  | {text}\n")
    sys.stdout.flush()
