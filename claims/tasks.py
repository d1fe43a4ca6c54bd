"""The Celery side of the engine: thin, safe to run twice, late, beside itself or not at all.

Messages carry nothing; every task looks for what is due in the database. `manage.py sweep` does the same for
those who have no Celery.
"""

import logging
import socket
import threading
import time
from datetime import timedelta

from celery import Task, shared_task
from django.conf import settings
from django.db import transaction
from kombu.exceptions import OperationalError

from accounts.clock import database_now
from accounts.slots import held_slot
from claims.services.deliveries import BATCH, deliver_due
from claims.services.engine import sweep as sweep_round
from claims.services.work import work_off_jobs
from shipping.tasks import POLLERS

logger = logging.getLogger(__name__)

#: How many of a machine's processes may wait for mail servers, and how many may build documents. Of five
#: processes one is always free for the next sweep, whatever hangs.
DELIVERERS = 2
WORKERS = max(1, settings.WORKER_CONCURRENCY - DELIVERERS - POLLERS - 1)
#: A task ends after this and goes on at the next tick, so that few processes serve all kinds of tasks.
BUDGET = timedelta(seconds=2 * settings.SWEEP_SECONDS)


@shared_task(name="claims.tasks.sweep")
def sweep() -> None:
    """One round; what it raised is sent right after. Much of it is more than one process should send alone."""
    done = sweep_round(now=database_now())
    if done.raised.warnings + done.repeated > BATCH:
        _second_deliverer.ask()
    _deliver()


@shared_task(name="claims.tasks.deliver")
def deliver() -> None:
    """Send what is due. A few at a time: a mail server that hangs must not hold up the sweep."""
    _deliver()


def _deliver() -> None:
    with held_slot(f"deliver {socket.gethostname()}", DELIVERERS) as mine:
        if mine:
            deliver_due(now=database_now, budget=BUDGET)


@shared_task(name="claims.tasks.work")
def work() -> None:
    """Assemble bundles and collect evidence."""
    with held_slot(f"work {socket.gethostname()}", WORKERS) as mine:
        if mine:
            work_off_jobs(now=database_now, budget=BUDGET)


def nudge() -> None:
    """Have the engine look now instead of at its next round; called by the edges after a change.

    A broker that is away costs seconds of the engine and none of the caller: the rows are written, the next
    round finds them.
    """
    transaction.on_commit(_messenger.ask)


class Messenger:
    """Sends messages that call `tasks` from a thread of its own; asked often, it sends seldom.

    A broker that does not answer holds up its senders for seconds, which must not be those of a request.
    """

    PAUSE_SECONDS = 0.1

    def __init__(self, *tasks: "Task[..., None]") -> None:
        self._tasks = tasks
        self._asked = threading.Event()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None

    def ask(self) -> None:
        self._asked.set()
        with self._starting:
            if self._thread is None or not self._thread.is_alive():  # also after a fork
                self._thread = threading.Thread(target=self._run, name="nudges", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while self._asked.wait():
            self._asked.clear()
            try:
                for task in self._tasks:
                    task.apply_async(expires=settings.MESSAGES_EXPIRE_SECONDS, retry=False)
            except (OperationalError, OSError) as error:
                logger.warning("The broker takes no message, the next round will do it: %s", error)
            time.sleep(self.PAUSE_SECONDS)


_messenger = Messenger(sweep, work)
_second_deliverer = Messenger(deliver)
