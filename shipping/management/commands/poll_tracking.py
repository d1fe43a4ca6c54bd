"""`manage.py poll_tracking`: one sweep of asking without Celery or broker, for cron or beside workers."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.clock import database_now
from shipping.services.polling import poll_due


class Command(BaseCommand):
    """Safe beside workers and beside itself."""

    help = (
        "Asks the sources about the parcels that are due, and keeps what they say. Needs no Celery; for cron."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--seconds", type=int, default=50, help="time for asking (50)")

    def handle(self, *args: Any, **options: Any) -> None:
        done = poll_due(now=database_now, budget=timedelta(seconds=options["seconds"]))
        self.stdout.write(
            f"planned {done.planned}, linked {done.linked}, asked {done.asked}, failed {done.failed}, "
            f"waiting {done.waiting}"
        )
        if done.broken:
            raise CommandError(f"{len(done.broken)} questions could not be asked; the log says why.")
