"""One part of the deadline measurement in a process of its own; `deadlines.py` calls it, JSON comes out.

The database is that of DATABASE_URL. A part that is timed together with others waits for a line on its input first.
"""

import json
import os
import resource
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from statistics import median
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.db import connection, connections  # noqa: E402 - models can be loaded only now

from accounts.clock import database_now  # noqa: E402
from benchmarks import clocks  # noqa: E402
from benchmarks.raw import raise_in_sql  # noqa: E402
from claims.services.deliveries import deliver_due  # noqa: E402
from claims.services.due_clocks import DUE_CLOCKS  # noqa: E402
from claims.services.engine import sweep  # noqa: E402
from claims.services.warnings import raise_due_warnings  # noqa: E402

WARM_UP = 10


def fill(claims: str, first_at: str, a_second: str, sink: str) -> float:
    """Claims whose clocks are due from `first_at`; seconds that it took."""
    began = time.monotonic()
    clocks.fill(int(claims), clocks.Spread(datetime.fromisoformat(first_at), float(a_second)), sink=sink)
    return time.monotonic() - began


def nothing_due(rounds: str, *names: str) -> dict[str, Any]:
    """Median milliseconds of a round on each database, in turns; and the plan on the last one."""
    taken: dict[str, list[float]] = {name: [] for name in names}
    databases = {name: _opened(name) for name in names}
    for number in range(WARM_UP + int(rounds)):
        for name in names:
            connections["default"] = databases[name]
            now = database_now()
            began = time.perf_counter()
            done = sweep(now=now)
            if number >= WARM_UP:
                taken[name].append((time.perf_counter() - began) * 1000)
            if done.failed or done.raised.warnings:
                raise SystemExit(f"Something was due or failed in {name}: {done}")
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN ANALYZE {DUE_CLOCKS}", {"now": database_now(), "most": 1000, "pk": None})
        plan = [row[0] for row in cursor.fetchall()]
    return {"medians": [median(taken[name]) for name in names], "plan": plan}


def _opened(name: str) -> Any:
    database = connections.create_connection("default")
    database.settings_dict = {**database.settings_dict, "NAME": name, "CONN_MAX_AGE": None}
    return database


def make_due(first: str, last: str, first_at: str, a_second: str) -> None:
    """Clocks of these ids reach their stage from a moment on, which may be `now` and seconds."""
    word, _, seconds = first_at.partition(" ")
    at = (
        database_now() + timedelta(seconds=float(seconds))
        if word == "now"
        else datetime.fromisoformat(first_at)
    )
    clocks.make_due(int(first), int(last), clocks.Spread(at, float(a_second)))


def against_sql(blocks: str, first_at: str, block_seconds: str) -> dict[str, float]:
    """Clocks a second by the product and by raw SQL, a block of due clocks for each in turn."""
    seconds, done = {"product": 0.0, "sql": 0.0}, {"product": 0, "sql": 0}
    for number in range(2 * int(blocks)):
        now = datetime.fromisoformat(first_at) + timedelta(seconds=float(block_seconds) * (number + 1))
        who = ("product", "sql")[number % 2]
        began = time.perf_counter()
        done[who] += raise_due_warnings(now=now).warnings if who == "product" else raise_in_sql(now=now)
        seconds[who] += time.perf_counter() - began
    return {who: done[who] / seconds[who] for who in done}


def backlog(now: str) -> dict[str, float]:
    """One engine beside others works off all that is due by `now`, then sends for three seconds."""
    moment = datetime.fromisoformat(now)
    database_now()
    _ready()
    began = time.time()
    done = sweep(now=moment)
    ended = time.time()
    if done.failed:
        raise SystemExit(f"The round failed: {done.failed}")
    sent = deliver_due(now=lambda: moment, budget=timedelta(seconds=3)).sent
    mebibytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "clocks": done.raised.warnings, "began": began, "ended": ended, "sent": sent, "mebibytes": mebibytes,
    }  # fmt: skip


def stage_moments() -> dict[str, float]:
    """For each post its warning's moment, in seconds since 1970."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT d.message_id, extract(epoch FROM w.stage_at)::float FROM claims_delivery d "
            "JOIN claims_warning w ON w.id = d.warning_id WHERE d.channel = 'webhook'"
        )
        return dict(cursor.fetchall())


def _ready() -> None:
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()


PARTS: dict[str, Callable[..., Any]] = {
    "fill": fill,
    "nothing-due": nothing_due,
    "make-due": make_due,
    "against-sql": against_sql,
    "backlog": backlog,
    "stage-moments": stage_moments,
}

if __name__ == "__main__":
    sys.stdout.write(json.dumps(PARTS[sys.argv[1]](*sys.argv[2:])) + "\n")
