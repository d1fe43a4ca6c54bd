"""The season, beat by beat: every slice of time is played by all workers, then all of them beat at its end.

Workers are processes of their own. Between beats at which nothing is due time simply passes: they would write
nothing but their sign of life.
"""

import multiprocessing
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from multiprocessing.connection import Connection
from random import Random

from django.db import connection

from accounts.models import Seller
from claims.management.simulation.acting import DONE, REFUSED, REPEATED
from claims.management.simulation.season import ORIGIN, Step
from claims.management.simulation.sink import DOWN, REFUSES, WORKS
from claims.management.simulation.stages import beat_of
from claims.management.simulation.worker import Account, Beat, Play, serve

#: After the season the engine has these beats without faults to finish.
QUIET_BEATS = 4
_DUE = """
SELECT EXISTS (SELECT FROM claims_deadline WHERE next_warn_at <= %(now)s)
    OR EXISTS (SELECT FROM claims_warning WHERE next_round_at <= %(now)s)
    OR EXISTS (SELECT FROM claims_claim WHERE close_at <= %(now)s)
    OR EXISTS (SELECT FROM claims_delivery WHERE status IN ('pending', 'sending') AND target_id IS NULL
                  AND next_attempt_at <= %(now)s)
"""


@dataclass(frozen=True)
class Plan:
    """What is simulated. `faults`: processes die and the mail server fails."""

    days: int
    interval: timedelta
    processes: int
    seed: int
    faults: bool = False
    documents: bool = False

    @property
    def beats(self) -> int:
        return beat_of(ORIGIN + timedelta(days=self.days), origin=ORIGIN, interval=self.interval)


@dataclass
class Played:
    """What happened. `troubled`: the beats at which a delivery died, the sink failed, or a sweep did."""

    accepted: list[Step] = field(default_factory=list)
    repeated: int = 0
    refused: int = 0
    crashes: int = 0
    beats: int = 0
    last_beat: int = 0
    troubled: set[int] = field(default_factory=set)
    posts: list[tuple[str, int]] = field(default_factory=list)
    repeatable: set[str] = field(default_factory=set)


def play(plan: Plan, steps: list[Step], sellers: list[Seller], said: Callable[[int], None]) -> Played:
    """Run the season; `said` hears how many steps are done."""
    played = Played(last_beat=plan.beats + QUIET_BEATS)
    chance = Random(f"{plan.seed}/beats")  # noqa: S311
    with _workers(plan, sellers) as pipes:
        done = 0
        for number in range(1, played.last_beat + 1):
            now = ORIGIN + number * plan.interval
            begun = done
            while done < len(steps) and steps[done].at <= now:
                done += 1
            faults = plan.faults and number <= plan.beats
            if done > begun:
                _play(pipes, steps[begun:done], 2 if faults else 0, played)
            if _is_due(now):
                _beat(pipes, number, now, chance if faults else None, played)
            said(done)
        for pipe in pipes:
            pipe.send(None)
            posts, repeatable = pipe.recv()
            played.posts += posts
            played.repeatable |= repeatable
    return played


def _play(pipes: list[Connection], steps: list[Step], crash: int, played: Played) -> None:
    shares = [[step for step in steps if step.number % len(pipes) == mine] for mine in range(len(pipes))]
    asked = [(pipe, share) for pipe, share in zip(pipes, shares, strict=True) if share]
    for pipe, share in asked:
        pipe.send(Play(share, crash))
    for pipe, share in asked:
        account: Account = pipe.recv()
        played.crashes += account.crashes
        for step, outcome in zip(share, account.outcomes, strict=True):
            if outcome == DONE:
                played.accepted.append(step)
            played.repeated += outcome == REPEATED
            played.refused += outcome == REFUSED


def _beat(pipes: list[Connection], number: int, now: datetime, chance: Random | None, played: Played) -> None:
    mode = WORKS
    if chance is not None and chance.random() < 0.04:
        mode = chance.choice((DOWN, REFUSES))
    for pipe in pipes:
        in_sweep = chance.randrange(1, 30) if chance is not None and chance.random() < 0.1 else 0
        in_delivery = chance.randrange(1, 30) if chance is not None and chance.random() < 0.04 else 0
        pipe.send(Beat(number, now, mode, in_sweep, in_delivery))
    played.beats += 1
    for pipe in pipes:
        account: Account = pipe.recv()
        played.crashes += account.crashes
        if account.died_delivering or account.failed or mode != WORKS:
            played.troubled.add(number)


def _is_due(now: datetime) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_DUE, {"now": now})
        due: bool = cursor.fetchone()[0]
    return due


@contextmanager
def _workers(plan: Plan, sellers: list[Seller]) -> Iterator[list[Connection]]:
    forked = multiprocessing.get_context("fork")
    connection.close()  # a connection must not be shared by two processes
    pipes, processes = [], []
    for number in range(plan.processes):
        ours, theirs = forked.Pipe()
        process = forked.Process(
            target=serve,
            args=(theirs, sellers),
            kwargs={"documents": plan.documents, "seed": f"{plan.seed}/worker {number}"},
            daemon=True,
        )
        process.start()
        theirs.close()
        pipes.append(ours)
        processes.append(process)
    try:
        yield pipes
    finally:
        for process in processes:
            process.terminate()
            process.join()
