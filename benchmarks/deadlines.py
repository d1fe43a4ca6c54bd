"""How fast, how late and how large the deadline engine is: `python -m benchmarks.deadlines [--scale small]`.

    nothing due   a round with 1,000, 100,000 and 1,000,000 open claims
    late          a million open and 23 due a second, from the stage's moment to the arrival at an HTTP sink
    posts         10,000 due in one minute, by two worker processes, against a bare client with the same bodies
    raising       due clocks into warnings and deliveries, against raw SQL writing the same rows
    backlog       all of the million due at once: seconds, and the memory of those who worked it off

Starts a PostgreSQL and a Redis of its own and takes them away. Prints each figure with its bound; exit 1 where one
is not kept. A clock here is a row of claims_deadline that owes one warning and two deliveries (`clocks.py`).
"""

import json
import subprocess
import sys
import time
from argparse import ArgumentParser
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import quantiles

from benchmarks.crew import Crew, running_sink
from benchmarks.house import ROOT, house
from benchmarks.verdicts import Verdicts, say

SWEEP_SECONDS = 5  # the default of settings.py
#: As docs/operations.md advises for a large house; all else is the embedded database's own.
POSTGRES = {"shared_buffers": "1GB", "max_wal_size": "4GB", "checkpoint_timeout": "15min"}
A_SECOND = 100  # so many clocks of a filled database are due in each second after `first_at`
ENGINES = 3
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Scale:
    """How much of everything."""

    sizes: tuple[int, ...]
    rounds: int
    posts: int
    late_seconds: int
    blocks: int
    block: int

    @property
    def most(self) -> int:
        return self.sizes[-1]


SCALES = {
    "full": Scale((1_000, 100_000, 1_000_000), 200, 10_000, 60, 5, 10_000),
    "small": Scale((1_000, 10_000, 50_000), 40, 2_000, 15, 2, 5_000),
}


def fill(crew: Crew, scale: Scale, first_at: datetime) -> list[str]:
    """A database for each size and one for the posts, from one that is migrated."""
    manage = [sys.executable, "manage.py"]
    subprocess.run([*manage, "migrate", "-v0"], cwd=ROOT, env=crew.environment, check=True)
    names: list[str] = []
    for claims in (scale.posts, *scale.sizes):
        name = f"open_{claims}" if names else "posts"
        sql = f'CREATE DATABASE "{name}" TEMPLATE "{crew.database}"'
        psql = [
            *manage,
            "shell",
            "-v0",
            "-c",
            f"from django.db import connection as c; c.cursor().execute('{sql}')",
        ]
        subprocess.run(psql, cwd=ROOT, env=crew.on("postgres").environment, check=True)
        seconds = crew.on(name).does("fill", claims, first_at.isoformat(), A_SECOND, crew.sink)
        say(f"      {claims:,} open claims filled in {seconds:.0f} s")
        names.append(name)
    return names


def nothing_due(crew: Crew, scale: Scale, names: Sequence[str], verdicts: Verdicts) -> None:
    """Medians in turns, so that whatever else the machine does hits all of them."""
    found = crew.does("nothing-due", scale.rounds, *names)
    for claims, median in zip(scale.sizes, found["medians"], strict=True):
        verdicts.at_most(
            f"a round with nothing due, {claims:,} open, median of {scale.rounds}", median, 5, " ms"
        )
    verdicts.at_most(
        "the largest against the smallest", found["medians"][-1] / found["medians"][0], 1.5, " times"
    )
    for line in found["plan"]:
        say(f"      {line}")
    plan = "\n".join(found["plan"])
    ranged = "Index Scan using deadline_next_warn" in plan and "Index Cond: (next_warn_at <= " in plan
    verdicts.holds("the plan is a range scan of deadline_next_warn", good=ranged)


def late(crew: Crew, scale: Scale, verdicts: Verdicts) -> None:
    """From a stage's moment to the arrival of its post, while the real beat and worker run."""
    number = 23 * scale.late_seconds
    crew.ask_sink("posts")
    with crew.engine(4):
        crew.does("make-due", 1, number, "now 5", 23)
        time.sleep(5 + scale.late_seconds + SWEEP_SECONDS + 3)
        posts = crew.ask_sink("posts")
    moments = crew.does("stage-moments")
    arrived = sorted(at - moments[message_id] for message_id, at in posts)
    verdicts.holds(
        f"{number:,} of {number:,} arrived, each once",
        good=len({i for i, _ in posts}) == len(posts) == number,
    )
    if len(arrived) > 1:
        cuts = quantiles(arrived, n=100)
        verdicts.at_most("lateness at 23 due a second, p50", cuts[49], SWEEP_SECONDS + 0.5, " s")
        verdicts.at_most("lateness at 23 due a second, p99", cuts[98], SWEEP_SECONDS + 0.5, " s")


def posts(crew: Crew, scale: Scale, verdicts: Verdicts) -> None:
    """Due within the last minute when the engine finds them; two worker processes against two bare clients."""
    crew.ask_sink("posts")
    with crew.engine(2):
        crew.does("make-due", 1, scale.posts, "now -60", scale.posts / 60)
        ends_at = time.monotonic() + 120
        while crew.ask_sink("count") < scale.posts and time.monotonic() < ends_at:
            time.sleep(0.5)
        time.sleep(1)
    bodies = crew.ask_sink("bodies")
    arrived = crew.ask_sink("posts")
    times = [at for _, at in arrived]
    whole = len({message_id for message_id, _ in arrived}) == len(arrived) == scale.posts
    verdicts.holds(f"{scale.posts:,} of {scale.posts:,} arrived, each once", good=whole)
    product = len(times) / max(max(times) - min(times), 0.001)
    verdicts.at_least("signed posts a second, first to last, by two worker processes", product, 300)
    say(f"      aim: 900 a second, {'reached' if product >= 900 else 'not reached'}")
    lines = []
    for number in range(2):
        file = Path(crew.house["DATA_DIR"]) / f"bodies-{number}.json"
        file.write_text(json.dumps(bodies[number::2]), encoding="utf-8")
        lines.append(["benchmarks.bare", f"{crew.sink}/bare", file])
    done = crew.all_do(lines)
    bare = len(bodies) / (max(one["ended"] for one in done) - min(one["began"] for one in done))
    say(f"      two bare clients with the same bodies: {bare:,.0f} a second")
    say(f"      the product does {product / bare:.2f} of it")
    crew.ask_sink("posts")


def raising(crew: Crew, scale: Scale, first_at: datetime, verdicts: Verdicts) -> datetime:
    """One process of each, in turns; then all the rest by several engines. Says up to when clocks are used up."""
    seconds = scale.block / A_SECOND
    figures = crew.does("against-sql", scale.blocks, first_at.isoformat(), seconds)
    product, sql = figures["product"], figures["sql"]
    say(f"      one process: {product:,.0f} clocks a second; raw SQL, as many rows: {sql:,.0f}")
    verdicts.at_least("of the speed of raw SQL", product / sql, 0.25)
    return first_at + timedelta(seconds=2 * scale.blocks * seconds)


def backlog(crew: Crew, scale: Scale, few: str, now: datetime, verdicts: Verdicts) -> None:
    """Every engine starts at the same moment; the last one ends it."""
    small = crew.on(few).all_do([["benchmarks.rounds", "backlog", now.isoformat()]])[0]
    done = crew.all_do([["benchmarks.rounds", "backlog", now.isoformat()]] * ENGINES)
    clocks = sum(one["clocks"] for one in done)
    seconds = max(one["ended"] for one in done) - min(one["began"] for one in done)
    rate = clocks / seconds
    say(f"      {clocks:,} clocks, {4 * clocks:,} rows written, in {seconds:.1f} s by {ENGINES} engines")
    verdicts.at_least("clocks a second into a warning and two deliveries", rate, 10_000)
    verdicts.at_most("a backlog of a million", 1_000_000 / rate, 100, " s")
    largest = max(one["mebibytes"] for one in done)
    say(f"      peak memory of an engine with {small['clocks']:,} pending: {small['mebibytes']:.1f} MiB")
    say(f"      peak memory of an engine with {clocks:,} pending: {largest:.1f} MiB")
    verdicts.at_most("more memory for it", largest - small["mebibytes"], 10, " MiB")
    crew.ask_sink("posts")


def main() -> int:
    """0 when every figure kept within its bound."""
    parser = ArgumentParser()
    parser.add_argument("--scale", choices=SCALES, default="full")
    scale = SCALES[parser.parse_args().scale]
    began = time.monotonic()
    verdicts = Verdicts()
    first_at = datetime.now(UTC) + timedelta(hours=2)
    whole = timedelta(seconds=scale.most / A_SECOND)
    with (
        house("bench-deadlines", durable=True, redis=True, settings=POSTGRES) as environment,
        running_sink() as sink,
    ):
        say("      PostgreSQL 18 with fsync, full_page_writes and synchronous_commit on")
        say(f"      {POSTGRES}; a sweep every {SWEEP_SECONDS} s")
        crew = Crew(environment, "claims", sink)
        ready, *names = fill(crew, scale, first_at)
        many = crew.on(names[-1])
        nothing_due(many, scale, names, verdicts)
        late(many, scale, verdicts)
        posts(crew.on(ready), scale, verdicts)
        used_up = raising(many, scale, first_at, verdicts)
        backlog(many, scale, names[0], max(used_up, first_at + whole) + MINUTE, verdicts)
    say(
        f"\n{len(verdicts.failed)} beyond their bound: {'; '.join(verdicts.failed)}"
        if verdicts.failed
        else "\nAll within their bounds."
    )
    say(f"{time.monotonic() - began:.0f} s in all.")
    return 1 if verdicts.failed else 0


if __name__ == "__main__":
    sys.exit(main())
