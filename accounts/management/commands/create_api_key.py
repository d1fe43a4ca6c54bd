"""`manage.py create_api_key`: a key for a program, printed alone on standard output."""

from argparse import ArgumentParser
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts.errors import InvalidInput
from accounts.models import MERCHANT_TOKEN, Seller
from accounts.services.keys import checked_scopes, create_api_key
from accounts.services.sellers import create_seller


class Command(BaseCommand):
    help = "Make an API key. Standard output carries the key and nothing else; it is shown this once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--seller", required=True, metavar="MERCHANT_TOKEN")
        parser.add_argument(
            "--create-seller",
            action="store_true",
            help="make the seller where there is none: its token for a name, zone UTC, every marketplace",
        )
        parser.add_argument("--scopes", required=True, help="all, or scopes with commas between")
        parser.add_argument("--name", default="command line", help="the integration that the key belongs to")

    def handle(self, *args: Any, **options: Any) -> None:
        token, name = options["seller"].strip(), options["name"].strip()
        scopes = [scope.strip() for scope in options["scopes"].split(",") if scope.strip()]
        if not 0 < len(name) <= 100:
            raise CommandError("--name must have 1 to 100 characters.")
        now = timezone.now()
        try:
            checked_scopes(scopes)
            seller = Seller.objects.filter(merchant_token=token).first()
            if seller is None and options["create_seller"]:
                MERCHANT_TOKEN(token)
                seller = create_seller(merchant_token=token, now=now)
            if seller is None:
                raise CommandError(f"There is no seller {token}. Add --create-seller to make it.")
            created = create_api_key(seller=seller, integration_name=name, scopes=scopes, now=now)
        except ValidationError as refused:
            raise CommandError(f"--seller: {' '.join(refused.messages)}") from refused
        except InvalidInput as refused:
            raise CommandError(" ".join(error.detail for error in refused.errors)) from refused
        self.stdout.write(created.clear_key)
