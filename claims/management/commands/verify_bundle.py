"""`manage.py verify_bundle FILE`: proves a bundle's ZIP offline.

Leaves to others: the proof itself (`claims.bundle.verify`).
"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from claims.bundle.verify import verify_bundle


class Command(BaseCommand):
    help = "Prove a bundle offline: every file of the ZIP there and unchanged, and nothing else in it."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the bundle's ZIP")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path = options["file"]
        try:
            archive = path.read_bytes()
        except OSError as error:
            raise CommandError(f"{path} cannot be read: {error.strerror}") from error
        faults = verify_bundle(archive)
        for fault in faults:
            self.stderr.write(fault)
        if faults:
            raise CommandError(f"{path}: not proven, {len(faults)} at fault.")
        self.stdout.write(f"{path}: proven, every item is there and unchanged.")
