"""Measures the lists with few and with many claims; `lists.py` starts it on an empty embedded database.

Requests go through Django's test client with a session (or a key), alternately to the one database and the
other, so that whatever else the machine does hits both. Prints medians, rows, queries and the ratio; exit 1
where a list takes more than 1.5 times as long with the many claims, or where the two pages do not hold
equally many rows (or none), since then they could not be compared.
"""

import os
import sys
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.core.management import call_command  # noqa: E402 - models can be loaded only now
from django.db import connection, connections  # noqa: E402
from django.db.backends.base.base import BaseDatabaseWrapper  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import Seller, User  # noqa: E402
from accounts.services.keys import create_api_key  # noqa: E402
from benchmarks import filling  # noqa: E402
from benchmarks.cases import Case, cases  # noqa: E402
from config.api.pagination import Place  # noqa: E402

BOUND = 1.5
WARM_UP = 5
AGAIN = 4  # a list beyond the bound counts only when it is so with four times the runs as well


@dataclass
class Size:
    """One of the two databases, with its clients."""

    claims: int
    database: BaseDatabaseWrapper
    clients: dict[str, Client]
    words: dict[str, str]  # what stands for {order} and the like in a case's path


@dataclass(frozen=True)
class Figures:
    """Medians in milliseconds, rows on the page, and queries with the many claims."""

    few_ms: float
    many_ms: float
    rows: tuple[int, int]
    queries: int

    @property
    def ratio(self) -> float:
        return self.many_ms / self.few_ms

    @property
    def is_good(self) -> bool:
        return self.ratio <= BOUND and self.rows[0] == self.rows[1] > 0


@contextmanager
def on(size: Size) -> Iterator[None]:
    """Everything in this block reads the database of that size."""
    own = connections["default"]
    connections["default"] = size.database
    try:
        yield
    finally:
        connections["default"] = own


def prepare(name: str, claims: int) -> Size:
    """A database of that name with its schema, its claims and people signed in."""
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}"')
    database = connections.create_connection("default")
    database.settings_dict = {**database.settings_dict, "NAME": name, "CONN_MAX_AGE": None}
    size = Size(claims, database, {}, {})
    with on(size):
        call_command("migrate", verbosity=0, interactive=False)
        began = time.monotonic()
        filling.fill(claims)
        say(
            f"{claims:,} claims of one seller, as many of two others: filled in {time.monotonic() - began:.0f} s"
        )
        for who in ("alice", "omar"):
            size.clients[who] = Client(HTTP_HOST="localhost")
            size.clients[who].force_login(User.objects.get(username=who))
        acme = Seller.objects.get(pk=1)
        key = create_api_key(
            seller=acme, integration_name="amz", scopes=["all"], now=timezone.now()
        ).clear_key
        size.clients["key"] = Client(HTTP_HOST="localhost", headers={"authorization": f"Api-Key {key}"})
        known = filling.known_claim(claims)
        place = Place("-opened_at", known.opened_at.isoformat(), known.pk, backward=False)
        size.words = {
            "order": known.order_id,
            "order_end": known.order_id[-7:],
            "number": filling.known_number(claims),
            "number_start": filling.known_number(claims)[:-3],
            "cursor": place.encode(),
        }
    return size


def ask(size: Size, case: Case) -> Any:
    """The list, as JSON; the time of this is what is measured."""
    path = case.path.format(**size.words)
    answer = size.clients[case.who].get(path, headers={"accept": "application/json"})
    if answer.status_code != 200:
        raise SystemExit(f"{case.name}: {answer.status_code} {answer.content[:500]!r}")
    return answer.json()


def measure(case: Case, few: Size, many: Size, runs: int) -> Figures:
    """Few and many take turns, and who goes first takes turns too."""
    taken: dict[int, list[float]] = {few.claims: [], many.claims: []}
    rows, queries = [], 0
    for size in (few, many):
        with on(size):
            for _ in range(WARM_UP):
                ask(size, case)
            with CaptureQueriesContext(connections["default"]) as captured:
                rows.append(len(ask(size, case)["results"]))
            queries = len(captured)
    for run in range(runs):
        for size in (few, many) if run % 2 else (many, few):
            with on(size):
                began = time.perf_counter()
                ask(size, case)
                taken[size.claims].append((time.perf_counter() - began) * 1000)
    return Figures(median(taken[few.claims]), median(taken[many.claims]), (rows[0], rows[1]), queries)


def explain(case: Case, size: Size) -> None:
    """The plan of the slowest query of a list."""
    with on(size):
        with CaptureQueriesContext(connections["default"]) as captured:
            ask(size, case)
        slowest = max(captured.captured_queries, key=lambda query: float(query["time"]))
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN (ANALYZE, BUFFERS OFF) " + slowest["sql"].replace("%", "%%"), [])
            say(slowest["sql"][:3000])
            say("\n".join(row[0] for row in cursor.fetchall()))


def main(options: Namespace) -> int:
    """Fill, measure, print; the exit code says whether every list kept within its bound."""
    few, many = prepare("few", options.few), prepare("many", options.many)
    say(f"\n{'list':36} {'few ms':>8} {'many ms':>8} {'ratio':>6} {'rows':>5} {'queries':>7}")
    beyond = []
    for case in [each for each in cases() if options.only in each.name]:
        figures = measure(case, few, many, options.runs)
        if not figures.is_good and not options.explain:
            figures = measure(case, few, many, options.runs * AGAIN)
        say(line_of(case, figures))
        if not figures.is_good:
            beyond.append(case.name)
            if options.explain:
                explain(case, many)
    say(f"\nMedians of {options.runs} runs each, {few.claims:,} and {many.claims:,} claims.")
    say(
        f"{len(beyond)} lists beyond {BOUND}: {', '.join(beyond)}"
        if beyond
        else f"No list beyond {BOUND} times."
    )
    return 1 if beyond else 0


def line_of(case: Case, figures: Figures) -> str:
    """One line of the table."""
    few_rows, many_rows = figures.rows
    rows = str(many_rows) if few_rows == many_rows else f"{few_rows}|{many_rows}"
    line = f"{case.name:36} {figures.few_ms:8.2f} {figures.many_ms:8.2f} {figures.ratio:6.2f}"
    return f"{line} {rows:>5} {figures.queries:7}{'' if figures.is_good else '   beyond the bound'}"


def say(text: str) -> None:
    """A line on standard output, at once."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    parser = ArgumentParser()
    parser.add_argument("--runs", type=int, default=60, help="runs of each list at each size")
    parser.add_argument("--few", type=int, default=1_000)
    parser.add_argument("--many", type=int, default=100_000)
    parser.add_argument("--only", default="", help="only lists whose name holds this text")
    parser.add_argument("--explain", action="store_true", help="show the plan of a list beyond the bound")
    sys.exit(main(parser.parse_args()))
