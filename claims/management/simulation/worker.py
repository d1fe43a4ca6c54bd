"""One process of the simulation: it takes letters in and does what agents do, then sweeps and delivers.

Any number of them beat at the same moment on the same rows. One that dies is begun again at once, as a
supervisor does; what it had taken stays taken until its lease runs out.
"""

import signal
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from multiprocessing.connection import Connection
from random import Random

from accounts.models import Seller
from claims.management.simulation.acting import Desk
from claims.management.simulation.crashes import Crash, crashing
from claims.management.simulation.season import Step
from claims.management.simulation.sink import SINK
from claims.services.deliveries import deliver_due
from claims.services.engine import sweep
from claims.services.work import work_off_jobs


@dataclass(frozen=True)
class Play:
    """Do these steps; `crash` of 100 die on the way and are tried again."""

    steps: Sequence[Step]
    crash: int


@dataclass(frozen=True)
class Beat:
    """Do the engine's round; it dies at these statements of the sweep and of the delivery (0: never)."""

    number: int
    now: datetime
    mode: str
    in_sweep: int = 0
    in_delivery: int = 0


@dataclass
class Account:
    """What became of an order. `outcomes` in the order of the steps; `failed`: parts of a sweep."""

    outcomes: list[str] = field(default_factory=list)
    crashes: int = 0
    died_delivering: bool = False
    failed: list[str] = field(default_factory=list)


@dataclass
class Worker:
    """`chance` says when it dies."""

    desk: Desk
    chance: Random

    def play(self, order: Play) -> Account:
        account = Account()
        for step in order.steps:
            account.outcomes.append(self._do(step, order.crash, account))
        return account

    def _do(self, step: Step, crash: int, account: Account) -> str:
        while True:
            dies_at = self.chance.randrange(1, 40) if self.chance.randrange(100) < crash else 0
            try:
                with crashing(dies_at):
                    return self.desk.do(step)
            except Crash:
                account.crashes += 1

    def beat(self, order: Beat) -> Account:
        account = Account()
        SINK.beat, SINK.mode = order.number, order.mode
        account.failed += self._sweep(order.now, order.in_sweep, account)
        posted = len(SINK.posts)
        try:
            with crashing(order.in_delivery):
                deliver_due(now=lambda: order.now, budget=timedelta(seconds=1))
        except Crash:
            account.crashes += 1
            account.died_delivering = True
            SINK.died_after(posted)
            deliver_due(now=lambda: order.now, budget=timedelta(seconds=1))
        if self.desk.documents:
            work_off_jobs(now=lambda: order.now)
        return account

    def _sweep(self, now: datetime, dies_at: int, account: Account) -> list[str]:
        while True:
            try:
                with crashing(dies_at):
                    return sweep(now=now).failed
            except Crash:
                account.crashes += 1
                dies_at = 0


def serve(pipe: Connection, sellers: list[Seller], *, documents: bool, seed: str) -> None:
    """The life of a worker process: orders in, accounts out; `None` ends it, and it hands over its sink."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    worker = Worker(Desk(sellers, documents), Random(seed))  # noqa: S311
    while (order := pipe.recv()) is not None:
        pipe.send(worker.play(order) if isinstance(order, Play) else worker.beat(order))
    pipe.send((SINK.posts, SINK.repeatable))
    pipe.close()
