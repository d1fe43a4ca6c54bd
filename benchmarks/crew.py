"""The processes of the deadline measurement: one database and a sink, and who works with them."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from urllib3 import request

from benchmarks.house import ROOT, database_url, free_port

STOP_SECONDS = 20


@dataclass(frozen=True)
class Crew:
    """Everything runs on `database` of the house that `house` is the environment of."""

    house: dict[str, str]
    database: str
    sink: str

    @property
    def environment(self) -> dict[str, str]:
        url = database_url(self.house, self.database)
        return {**self.house, "DATABASE_URL": url, "OUTGOING_ALLOW_PRIVATE": "1"}

    def on(self, database: str) -> "Crew":
        return Crew(self.house, database, self.sink)

    def does(self, part: str, *words: object) -> Any:
        """The answer of one part of `rounds.py`."""
        line = [sys.executable, "-m", "benchmarks.rounds", part, *map(str, words)]
        done = subprocess.run(line, cwd=ROOT, env=self.environment, stdout=subprocess.PIPE, check=True)
        return json.loads(done.stdout)

    def all_do(self, lines: Sequence[Sequence[object]]) -> list[Any]:
        """The answers of modules that begin together, once each has said that it is ready."""
        crew = [
            subprocess.Popen(
                [sys.executable, "-m", *map(str, line)], cwd=ROOT, env=self.environment,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            )
            for line in lines
        ]  # fmt: skip
        try:
            for one in crew:
                assert one.stdout is not None
                if one.stdout.readline() != "ready\n":
                    raise SystemExit(f"{one.args!r} did not get ready.")
            for one in crew:
                assert one.stdin is not None
                one.stdin.write("\n")
                one.stdin.flush()
            return [json.loads(one.communicate()[0]) for one in crew]
        finally:
            for one in crew:
                one.kill()

    @contextmanager
    def engine(self, processes: int) -> Iterator[None]:
        """Beat and a worker with so many processes, as in production; they find nothing due yet."""
        celery = [sys.executable, "-m", "celery", "-A", "config"]
        folder = Path(self.house["DATA_DIR"])
        worker = ["worker", "--concurrency", str(processes), "--without-gossip", "--without-mingle"]
        beat = ["beat", "--pidfile=", "--max-interval", "1", "-s", str(folder / f"beat-{self.database}")]
        log = (folder / f"engine-{self.database}.log").open("wb")
        crew = [
            subprocess.Popen(
                celery + line + ["-l", "ERROR"], cwd=ROOT, env=self.environment, stdout=log, stderr=log
            )
            for line in (worker, beat)
        ]
        try:
            time.sleep(8)  # until both are up and have done a round
            yield
        finally:
            for one in reversed(crew):
                one.terminate()
            for one in reversed(crew):
                try:
                    one.wait(STOP_SECONDS)
                except subprocess.TimeoutExpired:
                    one.kill()
            log.close()

    def ask_sink(self, what: str) -> Any:
        """`posts`, `bodies` or `count`, as `sink.py` tells them."""
        return request("GET", f"{self.sink}/{what}").json()


@contextmanager
def running_sink() -> Iterator[str]:
    """Its address."""
    port = free_port()
    process = subprocess.Popen([sys.executable, "-m", "benchmarks.sink", str(port)], cwd=ROOT)
    try:
        time.sleep(0.5)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.wait()
