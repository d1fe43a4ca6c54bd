"""`manage.py simulate`: a season of letters, answers, crashes and warnings in minutes, on a scratch database."""

import shutil
import signal
import sys
import tempfile
import time
from argparse import ArgumentParser
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from claims.management.simulation.acting import people
from claims.management.simulation.judging import Judge, lines
from claims.management.simulation.running import Plan, play
from claims.management.simulation.scratch import scratch_database
from claims.management.simulation.season import season

_SAY_EVERY_SECONDS = 10


class Command(BaseCommand):
    """The real database is never touched; every clock is injected and nobody sleeps."""

    help = (
        "Replays a generated season through the real services on a scratch database and holds it against an "
        "oracle. Exit code 1 where a warning was missed, sent twice, or sent after an answer."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--claims", type=int, default=2_000, help="how many (2000)")
        parser.add_argument("--days", type=int, default=90, help="how long the season is (90)")
        parser.add_argument("--seed", type=int, default=1, help="another season for another number (1)")
        parser.add_argument("--interval", type=int, default=30, help="minutes between two beats (30)")
        parser.add_argument("--processes", type=int, default=2, help="workers that beat at once (2)")
        parser.add_argument("--faults", action="store_true", help="processes die, the mail server fails")
        parser.add_argument(
            "--documents", action="store_true", help="bundles and replies' PDFs are built too"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        for name in ("claims", "days", "interval", "processes"):
            if options[name] < 1:
                raise CommandError(f"--{name} must be at least 1.")
        plan = Plan(
            days=options["days"],
            interval=timedelta(minutes=options["interval"]),
            processes=options["processes"],
            seed=options["seed"],
            faults=options["faults"],
            documents=options["documents"],
        )
        signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))  # so that all is removed
        files = Path(tempfile.mkdtemp(prefix="simulation-"))
        settings.MEDIA_ROOT = files
        settings.EMAIL_BACKEND = "claims.management.simulation.sink.EmailBackend"
        try:
            with scratch_database() as name:
                self.stdout.write(f"Scratch database {name}; {options['claims']} claims in {plan.days} days.")
                self._run(plan, options["claims"])
        finally:
            shutil.rmtree(files, ignore_errors=True)

    def _run(self, plan: Plan, claims: int) -> None:
        steps = season(claims=claims, days=plan.days, seed=plan.seed)
        begun = time.monotonic()
        said_at = begun

        def said(done: int) -> None:
            nonlocal said_at
            moment = time.monotonic()
            if moment - said_at >= _SAY_EVERY_SECONDS and done:
                said_at = moment
                left = (moment - begun) / done * (len(steps) - done)
                self.stdout.write(
                    f"{done} of {len(steps)} steps, {100 * done // len(steps)} %, about {left:.0f} s left"
                )

        played = play(plan, steps, people(), said)
        ran = time.monotonic() - begun
        report = Judge(plan, played).judge()
        self.stdout.write(
            f"{len(steps)} steps: {len(played.accepted)} taken, {played.repeated} had come before, "
            f"{played.refused} refused; {played.beats} beats of {plan.processes} workers, {played.crashes} crashes, "
            f"{len(played.troubled)} beats with trouble, {len(played.posts)} mails"
        )
        for line in lines(report):
            self.stdout.write(line)
        self.stdout.write(f"{ran:.1f} s for the season, {time.monotonic() - begun - ran:.1f} s to judge it")
        if not report.is_clean:
            raise CommandError("Warnings were missed, sent twice, or sent after an answer.")
