"""Measures the plan of asking; `polling.py` starts it on an empty embedded database.

Prints how long it takes to work out and to write the plans of so many parcels of three accounts, with how many
queries, and how long one look for what is due takes among them. Exit 1 where the plans take more than one query
to work out, or where the look for what is due does not use its index.
"""

import os
import sys
import time
from argparse import ArgumentParser
from collections import Counter
from datetime import timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.core.management import call_command  # noqa: E402 - models can be loaded only now
from django.db import connection, transaction  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.actors import SYSTEM  # noqa: E402
from accounts.models import Seller  # noqa: E402
from shipping.models import ParcelPoll, Shipment  # noqa: E402
from shipping.numbers import number_check  # noqa: E402
from shipping.services.plans import plan_pending, read_plans  # noqa: E402
from shipping.services.polling import take  # noqa: E402
from shipping.services.sources import create_source  # noqa: E402

STATUSES = ("in_transit", "out_for_delivery", "label_created", "delivered", "exception", "unknown")
ROUNDS = 5


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def fill(parcels: int) -> None:
    """One seller with three accounts, and parcels of the last two months in every state."""
    now = timezone.now()
    seller = Seller.objects.create(merchant_token="A1BENCH", name="Bench")  # noqa: S106
    for source, secrets in (
        ("easypost", {"api_key": "k"}),
        ("ups", {"client_id": "i", "client_secret": "s"}),
        ("usps", {"client_id": "i", "client_secret": "s"}),
    ):
        create_source(seller=seller, source=source, secrets=secrets, base_url="", actor=SYSTEM, now=now)
    Shipment.objects.bulk_create(
        Shipment(
            seller=seller,
            order_id=f"405-{number // 10000000:07d}-{number % 10000000:07d}",
            tracking_number=f"1Z12345E02{number:08d}",
            carrier="UPS" if number % 2 else "",
            number_check=number_check(f"1Z12345E02{number:08d}", "UPS"),
            status=STATUSES[number % len(STATUSES)],
            shipped_at=now - timedelta(hours=number % 1400),
            deliver_by=now + timedelta(hours=number % 100 - 50),
            created_at=now,
            updated_at=now,
        )
        for number in range(parcels)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def main() -> int:
    """The exit code."""
    parser = ArgumentParser()
    parser.add_argument("--parcels", type=int, default=10_000)
    parcels = parser.parse_args().parcels
    call_command("migrate", verbosity=0, interactive=False)
    fill(parcels)
    now = timezone.now()
    computing: list[float] = []
    writing: list[float] = []
    counted: Counter[int] = Counter()
    for _ in range(ROUNDS):
        Shipment.objects.update(plan_pending=True)
        with transaction.atomic(), CaptureQueriesContext(connection) as queries:
            began = time.perf_counter()
            planned = len(read_plans(now=now, limit=parcels)[1])
            computing.append(time.perf_counter() - began)
            counted[len(queries)] += 1
        Shipment.objects.update(plan_pending=True)
        began = time.perf_counter()
        plan_pending(now=now, limit=parcels)
        writing.append(time.perf_counter() - began)
    say(f"{parcels:,} parcels, {planned:,} questions planned in {dict(counted)} queries (rounds by count)")
    say(
        f"worked out in {min(computing) * 1000:.0f} ms, with writing {min(writing) * 1000:.0f} ms (best of {ROUNDS})"
    )
    ParcelPoll.objects.update(next_poll_at=now + timedelta(hours=1))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE shipping_parcelpoll")
    looks: list[float] = []
    for _ in range(20):
        began = time.perf_counter()
        assert take(now=now, most=10) == []
        looks.append(time.perf_counter() - began)
    say(f"nothing due among {ParcelPoll.objects.count():,} questions: {min(looks) * 1000:.2f} ms a look")
    return 0 if set(counted) == {1} else 1


if __name__ == "__main__":
    sys.exit(main())
