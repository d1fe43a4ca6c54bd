"""`manage.py sweep`: one round of the engine without Celery or broker, for cron or as a second engine."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.clock import database_now
from claims.services.deliveries import deliver_due
from claims.services.engine import sweep
from claims.services.work import work_off_jobs


class Command(BaseCommand):
    """Safe beside workers and beside itself."""

    help = (
        "Raises the warnings that are due, sends them, and does the waiting jobs. Needs no Celery; for cron."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--seconds", type=int, default=50, help="time for sending, and for the jobs, each (50)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        budget = timedelta(seconds=options["seconds"])
        done = sweep(now=database_now())
        mails = deliver_due(now=database_now, budget=budget)
        jobs = work_off_jobs(now=database_now, budget=budget)
        self.stdout.write(
            f"raised {done.raised.warnings}, repeated {done.repeated}, missed {done.raised.missed}, "
            f"sent {mails.sent}, failed {mails.failed}, jobs {jobs}"
        )
        if done.failed:
            raise CommandError(f"Could not {', '.join(done.failed)}; the log says why.")
