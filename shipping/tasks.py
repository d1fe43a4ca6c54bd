"""The Celery side of asking: thin, safe to run twice, beside itself or not at all. Messages carry nothing."""

import socket
from datetime import timedelta

from celery import shared_task
from django.conf import settings

from accounts.clock import database_now
from accounts.slots import held_slot
from shipping.services.polling import poll_due

#: How many of a machine's processes may wait for sources: whatever hangs, the others serve the clocks.
POLLERS = 1
BUDGET = timedelta(seconds=2 * settings.SWEEP_SECONDS)


@shared_task(name="shipping.tasks.poll_tracking")
def poll_tracking() -> None:
    """One sweep: plan, link, ask what is due."""
    with held_slot(f"poll {socket.gethostname()}", POLLERS) as mine:
        if mine:
            poll_due(now=database_now, budget=BUDGET)
