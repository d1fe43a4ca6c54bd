"""PostgreSQL and Redis of the fault tests' own, in a temporary folder, to be killed and started at will."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import redis

from config.postgres import Embedded
from tests.running import free_port


@dataclass
class Redis:
    """A Redis that keeps nothing: what it held is lost with it."""

    folder: Path
    port: int
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def client(self) -> "redis.Redis":
        return redis.Redis(port=self.port, socket_timeout=5)

    def start(self) -> None:
        words = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        self.process = subprocess.Popen(
            ["redis-server", *words, "--dir", str(self.folder)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        end = time.monotonic() + 10
        while time.monotonic() < end:
            try:
                self.client().ping()
            except redis.ConnectionError:
                time.sleep(0.05)
            else:
                return
        raise AssertionError("Redis did not start.")

    def signal(self, what: signal.Signals) -> None:
        """SIGKILL ends it with all it held; SIGSTOP lets it hang until SIGCONT."""
        assert self.process is not None
        self.process.send_signal(what)
        if what == signal.SIGKILL:
            self.process.wait()


@contextmanager
def running_redis(folder: Path) -> Iterator[Redis]:
    server = Redis(folder, free_port())
    server.start()
    try:
        yield server
    finally:
        server.signal(signal.SIGCONT)
        server.signal(signal.SIGKILL)


@dataclass(frozen=True)
class Postgres:
    """The product's embedded PostgreSQL, reached as an outside one with a database for each fault."""

    server: Embedded

    def url(self, database: str) -> str:
        return f"postgresql:///{database}?host={self.server.socket_dir}&user=postgres"

    def kill(self) -> None:
        """kill -9 of the server; its sessions end as they notice."""
        pid = int((self.server.cluster / "postmaster.pid").read_text().splitlines()[0])
        os.kill(pid, signal.SIGKILL)
        while self.server.answers():
            time.sleep(0.05)

    def make(self, database: str, *, template: str) -> None:
        self._say(f'CREATE DATABASE "{database}" TEMPLATE "{template}"')

    def drop(self, database: str) -> None:
        self._say(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')

    def _say(self, statement: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())
