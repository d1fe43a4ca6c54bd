"""Starts the real product for a test, as `make run` does, and ends whatever it started.

In the embedded suite a house has its own PostgreSQL under its DATA_DIR; in the outside suite it gets a database
of its own on the server of DATABASE_URL, and a Redis database number of its own.
"""

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit, urlunsplit

import psycopg
from django.db import connection

from config import leftovers, places
from config.postgres import Embedded

ROOT = Path(__file__).resolve().parent.parent
NOT_INHERITED = (
    "TEST_DATABASE_NAME",
    "PYTEST_CURRENT_TEST",
    "PYTEST_XDIST_WORKER",
    "DJANGO_SETTINGS_MODULE",
    "PORT",
)


def free_port() -> int:
    """A port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def database_url() -> str:
    """The tests' own database, as another process is told of it."""
    place = connection.settings_dict
    named = {"user": place["USER"], "host": place["HOST"], "port": str(place["PORT"])}
    query = urlencode({name: value for name, value in named.items() if value})
    login = f":{quote(place['PASSWORD'], safe='')}@" if place["PASSWORD"] else ""
    if login:
        login = f"{quote(place['USER'], safe='')}{login}{place['HOST']}:{place['PORT'] or 5432}"
        return f"postgresql://{login}/{place['NAME']}"
    return f"postgresql:///{place['NAME']}?{query}"


@dataclass
class House:
    """One installation under test: its places, its environment and, while it runs, its process."""

    data_dir: Path
    port: int
    environment: dict[str, str]
    log: Path
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        """Where its web is."""
        return f"http://127.0.0.1:{self.port}"

    def start(self, *options: str, wait_seconds: float = 60) -> float:
        """Run `manage.py start` and wait for its first answer; returns the seconds that took."""
        began, said_before = time.monotonic(), len(self.output())
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                [sys.executable, str(ROOT / "manage.py"), "start", *options],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=self.environment,
                cwd=ROOT,
                start_new_session=True,
            )
        while time.monotonic() - began < wait_seconds:
            # its own word as well: for a moment the web of a killed start may still answer
            if "| open http" in self.output()[said_before:] and self.status("/health/live") == 200:
                return time.monotonic() - began
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        raise AssertionError(f"It did not start:\n{self.output()[-4000:]}")

    def command(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """Run another command of manage.py in the same environment."""
        line = [sys.executable, str(ROOT / "manage.py"), *words]
        return subprocess.run(
            line, env=self.environment, cwd=ROOT, capture_output=True, text=True, check=False
        )

    def status(self, path: str) -> int:
        """The status of a GET, or 0 when nobody answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            connection.close()

    def interrupt(self, wait_seconds: float = 40) -> int:
        """Ctrl-C; returns the exit code."""
        return self.signal_and_wait(signal.SIGINT, wait_seconds)

    def kill(self) -> int:
        """kill -9 of the starting process alone; its children are left to their fate."""
        return self.signal_and_wait(signal.SIGKILL, 10)

    def signal_and_wait(self, what: signal.Signals, wait_seconds: float) -> int:
        """Signal the starting process and wait for its end."""
        assert self.process is not None
        self.process.send_signal(what)
        return self.process.wait(wait_seconds)

    def processes(self) -> set[int]:
        """Web, worker, beat and their helpers that live."""
        return leftovers.marked(places.digest(self.data_dir))

    def output(self) -> str:
        """Everything it printed so far."""
        return self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""

    def end(self) -> None:
        """Leave nothing behind, whatever state the test left it in."""
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        leftovers.end_marked(places.digest(self.data_dir), patience_seconds=1)
        Embedded(self.data_dir).stop()


@contextmanager
def open_folder() -> Iterator[Path]:
    """A temporary folder others may enter, as root's PostgreSQL needs; pytest's own are closed."""
    folder = Path(tempfile.mkdtemp(prefix="house-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def house(folder: Path, **environment: str) -> Iterator[House]:
    """A house with its own data folder (`var` in `folder`), port and database, ended on the way out."""
    port = free_port()
    data_dir = folder / "var"
    kept = {name: value for name, value in os.environ.items() if name not in NOT_INHERITED}
    values = {**kept, "DATA_DIR": str(data_dir), "PORT": str(port), **environment}
    with own_database(values) as places_of_work:
        built = House(data_dir, port, places_of_work, folder / "house.log")
        try:
            yield built
        finally:
            built.end()


@contextmanager
def own_database(values: Mapping[str, str]) -> Iterator[dict[str, str]]:
    """Replace an outside DATABASE_URL and REDIS_URL by fresh ones on the same servers."""
    url = values.get("DATABASE_URL", "")
    if not url:
        yield dict(values)
        return
    name = f"house_{uuid.uuid4().hex[:12]}"
    parts = urlsplit(url)
    found = {**values, "DATABASE_URL": urlunsplit(parts._replace(path=f"/{name}"))}
    if redis := values.get("REDIS_URL", ""):
        found["REDIS_URL"] = urlunsplit(urlsplit(redis)._replace(path=f"/{1 + uuid.uuid4().int % 15}"))
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    try:
        yield found
    finally:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
