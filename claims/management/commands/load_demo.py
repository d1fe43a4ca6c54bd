"""`manage.py load_demo`: a seller with people, a key and a claim in every state. For an empty installation only."""

import secrets
import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.actors import Actor
from accounts.models import Membership, Role, Seller, User
from accounts.services.keys import create_api_key
from accounts.services.sellers import create_seller
from claims.management.demo.stories import Stage, tell
from claims.models import Deadline, Warning

MERCHANT = "A1DEMOSELLER"
_PEOPLE = (("olivia", Role.OWNER), ("lena", Role.LEAD), ("alice", Role.AGENT), ("victor", Role.VIEWER))


class Command(BaseCommand):
    help = "Fill an empty installation with a demo seller, people, a key and a claim in every state."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--let-warn",
            type=float,
            default=0,
            metavar="SECONDS",
            help="let a running engine send the first warnings before the credentials are printed, at most so long",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if Seller.objects.exists() or User.objects.exists():
            raise CommandError("There is data here already; the demo goes only into an empty installation.")
        now = timezone.now()
        seller = create_seller(
            merchant_token=MERCHANT, name="Demo Seller", time_zone="Europe/Berlin", now=now
        )
        password = secrets.token_urlsafe(9)
        people = {name: self._person(seller, name, role, password) for name, role in _PEOPLE}
        operator_password = secrets.token_urlsafe(9)
        User.objects.create_superuser("operator", "operator@demo.example", operator_password)
        key = create_api_key(seller=seller, integration_name="demo", scopes=["all"], now=now)
        integration = key.api_key.integration
        tell(
            Stage(
                seller=seller,
                agent=people["alice"],
                source=f"integration:{integration.pk}",
                program=Actor(user_id=None, integration_id=integration.pk, label="demo"),
                now=now,
            )
        )
        _let_warn(options["let_warn"])
        self._say(password, operator_password, key.clear_key)

    def _person(self, seller: Seller, name: str, role: Role, password: str) -> User:
        user = User.objects.create_user(username=name, email=f"{name}@demo.example", password=password)
        Membership.objects.create(user=user, seller=seller, role=role, on_call=role == Role.AGENT)
        return user

    def _say(self, password: str, operator_password: str, key: str) -> None:
        names = ", ".join(f"{name} ({role.value})" for name, role in _PEOPLE)
        self.stdout.write(f"Demo seller {MERCHANT}. These are shown once:")
        self.stdout.write(f"  people    {names}; password {password}")
        self.stdout.write(f"  operator  operator, password {operator_password}, for /admin/ only")
        self.stdout.write(f"  API key   {key}")


def _let_warn(seconds: float) -> None:
    """Where mails go to the terminal the credentials should stand below the first of them, not above."""
    ends_at = time.monotonic() + seconds
    while time.monotonic() < ends_at and not _has_warned():
        time.sleep(0.2)


def _has_warned() -> bool:
    is_due = Deadline.objects.filter(next_warn_at__lte=timezone.now()).exists()
    return not is_due and not Warning.objects.filter(status=Warning.Status.PENDING).exists()
