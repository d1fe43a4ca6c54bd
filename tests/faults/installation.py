"""One installation under a fault: web, workers and beats as `manage.py start` starts them, each to be killed alone."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self
from urllib.error import HTTPError

import psycopg
from cryptography.fernet import Fernet
from django.test import override_settings

from config.management.commands.start import children_of_the_house
from tests.faults.receiver import Receiver
from tests.faults.servers import Postgres, Redis
from tests.running import NOT_INHERITED, ROOT, free_port

SERVERS = ("DATABASE_URL", "REDIS_URL", "DATABASE_URL_FILE", "REDIS_URL_FILE", "SAMPLES_DIR", "SWEEP_SECONDS")
#: The longest that a dead engine may go unnoticed.
SILENT_AT_MOST_SECONDS = 30
FILL = """
import json, sys, django
django.setup()
from tests.faults.filling import fill
fill(**json.loads(sys.argv[1]))
"""


def eventually(done: Callable[[], bool], what: str, *, within_seconds: float) -> float:
    """Waits; returns the seconds that it took."""
    began = time.monotonic()
    while not done():
        if time.monotonic() - began > within_seconds:
            raise AssertionError(f"Not within {within_seconds} s: {what}")
        time.sleep(0.05)
    return time.monotonic() - began


def environment(data_dir: Path, **own: str) -> dict[str, str]:
    """Of the person who runs the tests only what starts programs; places and settings are the test's own."""
    inherited = {name: value for name, value in os.environ.items() if name not in {*NOT_INHERITED, *SERVERS}}
    return {
        **inherited,
        "DATA_DIR": str(data_dir),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONPATH": str(ROOT),
        "PYTHONWARNINGS": "ignore",
        "LOG_LEVEL": "WARNING",
        **own,
    }


@dataclass
class Program:
    """A process in a session of its own, with everything that it starts."""

    name: str
    command: list[str]
    environment: Mapping[str, str]
    log: Path
    process: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=self.environment,
                cwd=ROOT,
                start_new_session=True,
            )

    def kill(self) -> None:
        """kill -9 of it and of all its children, at once."""
        if self.process is not None:
            with suppress(ProcessLookupError):  # it has died by itself
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def lives(self) -> bool:
        return self.process is not None and self.process.poll() is None


@dataclass
class Watch:
    """An uptime monitor: asks /health/deadlines four times a second and keeps what it heard."""

    url: str
    heard: list[tuple[float, int]] = field(default_factory=list)
    _end: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._end.set()
        self._thread.join()

    def status(self) -> int:
        """0 where nobody answers."""
        try:
            with urllib.request.urlopen(self.url, timeout=10) as answer:
                return int(answer.status)
        except HTTPError as error:
            return error.code
        except OSError:
            return 0

    def first(self, status: int, *, since: float) -> float | None:
        """Seconds from `since` (of the monotonic clock) to the first such answer; None before there is one."""
        return next((at - since for at, what in list(self.heard) if at >= since and what == status), None)

    def wait(self, status: int, *, since: float, within_seconds: float) -> float:
        """Seconds from `since` to the first such answer."""
        eventually(
            lambda: self.first(status, since=since) is not None,
            f"/health/deadlines answers {status}",
            within_seconds=since + within_seconds - time.monotonic(),
        )
        found = self.first(status, since=since)
        assert found is not None
        return found

    def is_well(self, *, within_seconds: float = 30) -> bool:
        """Whether it says so from now on: an engine that stands still does not."""
        now = time.monotonic()
        return self.wait(200, since=now, within_seconds=within_seconds) <= within_seconds

    def _run(self) -> None:
        while not self._end.wait(0.25):
            self.heard.append((time.monotonic(), self.status()))


@dataclass
class Installation:
    """Its parts by name. `due`: how many claims owe one warning each."""

    folder: Path
    database: str
    postgres: Postgres
    redis: Redis
    receiver: Receiver
    values: dict[str, str]
    programs: dict[str, Program] = field(default_factory=dict)
    due: int = 0

    @property
    def watch_url(self) -> str:
        return f"http://127.0.0.1:{self.values['PORT']}/health/deadlines"

    def fill(self, count: int, *, ahead_seconds: float, over_seconds: float) -> None:
        """Claims that become due one after another, by the database's clock."""
        hook = self.receiver.sink.url("/hook")
        given = {"count": count, "ahead_seconds": ahead_seconds, "over_seconds": over_seconds, "hook": hook}
        line = [sys.executable, "-c", FILL, json.dumps(given)]
        ran = subprocess.run(
            line, env=self.values, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
        )
        assert ran.returncode == 0, ran.stderr
        self.due = count

    def start(self, *names: str, **extra: str) -> None:
        """`web`, `worker` or `beat`; what follows a dash only tells several of a kind apart."""
        for name in names:
            kind = name.split("-", maxsplit=1)[0]
            command = self._commands()[kind]
            if "--hostname" in command:
                command[command.index("--hostname") + 1] = f"{name}@faults"
            program = Program(name, command, {**self.values, **extra}, self.folder / f"{name}.log")
            self.programs[name] = program
            program.start()

    def _commands(self) -> dict[str, list[str]]:
        own = {"PORT": int(self.values["PORT"]), "WEB_WORKERS": 1, "WEB_THREADS": 4, "HOST": "127.0.0.1"}
        with override_settings(DATA_DIR=self.folder, WORKER_CONCURRENCY=4, **own):
            return {child.name: list(child.command) for child in children_of_the_house()}

    def kill(self, name: str) -> None:
        self.programs[name].kill()

    def ask(self, query: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.postgres.url(self.database), autocommit=True) as connection:
            return connection.execute(query.encode()).fetchall()

    def number(self, query: str) -> int:
        return int(self.ask(query)[0][0])

    def noted_sent(self) -> set[str]:
        """The ids that the product has noted as sent."""
        rows = self.ask(
            "SELECT message_id FROM claims_delivery WHERE channel = 'webhook' AND status = 'sent'"
        )
        return {row[0] for row in rows}

    def taken_but_not_noted(self) -> int:
        """What the receiver has and the product does not know of: all that may rightly come again."""
        return len(set(self.receiver.taken) - self.noted_sent())

    def logs(self) -> str:
        """What the programs said, the end of it."""
        return "\n".join(
            f"--- {name}\n{program.log.read_text(errors='replace')[-6000:]}"
            for name, program in self.programs.items()
        )


@contextmanager
def installed(
    folder: Path, postgres: Postgres, redis: Redis, receiver: Receiver, *, template: str, **own: str
) -> Iterator[Installation]:
    """A database of its own from the template, and places for its programs; all of it ended on the way out."""
    database = f"fault_{os.urandom(4).hex()}"
    postgres.make(database, template=template)
    values = environment(
        folder,
        DATABASE_URL=postgres.url(database),
        REDIS_URL=redis.url,
        SECRET_KEY="faults",
        ENCRYPTION_KEYS=Fernet.generate_key().decode(),
        OUTGOING_ALLOW_PRIVATE="1",
        PORT=str(free_port()),
        **own,
    )
    built = Installation(folder, database, postgres, redis, receiver, values)
    try:
        yield built
    finally:
        for program in built.programs.values():
            program.kill()
        print(built.logs())  # noqa: T201 - pytest shows it where a test has failed
        redis.client().flushall()
        postgres.drop(database)
