"""The Celery side of the engine: thin, safe to run twice, late, beside itself or not at all.

Messages carry nothing; every task looks for what is due in the database.
"""

from celery import shared_task

from claims.services.deliveries import deliver_due
from claims.services.engine import database_now
from claims.services.engine import sweep as sweep_round
from claims.services.slots import held_slot
from claims.services.work import work_off_jobs

DELIVERERS = 2
WORKERS = 2


@shared_task(name="claims.tasks.sweep")
def sweep() -> None:
    """One round; what it raised is sent right after."""
    sweep_round(now=database_now())
    deliver()


@shared_task(name="claims.tasks.deliver")
def deliver() -> None:
    """Send what is due. A few at a time: a mail server that hangs must not hold up the sweep."""
    with held_slot("deliver", DELIVERERS) as mine:
        if mine:
            deliver_due(now=database_now)


@shared_task(name="claims.tasks.work")
def work() -> None:
    """Assemble bundles and collect evidence."""
    with held_slot("work", WORKERS) as mine:
        if mine:
            work_off_jobs(now=database_now)


def nudge() -> None:
    """Have the engine look now instead of at its next round; called by the edges after a change."""
    sweep.delay_on_commit()
    work.delay_on_commit()
