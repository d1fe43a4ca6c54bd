"""Measures one parcel's tracking; `tracking.py` starts it on an empty embedded database.

*Pure*: from the bytes of an answer with 50 events to the parcel's facts, that is reading, ordering, legs and
derivation, without rows. Bound: 5 ms of processor time at the median (so a busy machine does not count). Beside it
`json.loads` of the same bytes, and their ratio.
*With the database*: the same answer posted to a parcel by the service, once when all events are new and once when
the answer has one event more; time on the wall, no bound, since it depends on disk and neighbours.
Exit 1 where a bound is broken.

Figures of other parts (the plan of polling) are added to `MEASURED`.
"""

import json
import os
import sys
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.core.management import call_command  # noqa: E402 - models can be loaded only now
from django.db import connection  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from accounts.actors import Actor  # noqa: E402
from accounts.models import Seller  # noqa: E402
from shipping.carriers.registry import interpret  # noqa: E402
from shipping.models import Shipment  # noqa: E402
from shipping.rules.facts import Meant, derive  # noqa: E402
from shipping.rules.lines import Word, told_in_order  # noqa: E402
from shipping.services import ShipmentFields, record_tracking, register_shipment  # noqa: E402

BOUND_MS = 5.0
NUMBER = "9400111206206407628746"
SHIPPED = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
SHIP_TO = {
    "line1": "12 Elm Street",
    "city": "Springfield",
    "region": "IL",
    "postal_code": "62704",
    "country_code": "US",
}
BENCH = Actor(user_id=None, integration_id=1, label="bench")


@dataclass(frozen=True)
class Figure:
    """One line: what was measured, in milliseconds or as a plain number, and its bound if it has one."""

    name: str
    value: float
    unit: str = "ms"
    bound: float | None = None

    @property
    def is_good(self) -> bool:
        return self.bound is None or self.value < self.bound


def answer(events: int) -> dict[str, Any]:
    """An EasyPost tracker: picked up, carried about, delivered, with a text, a code and a place at each event."""
    last = events - 1
    place = {"city": "SPRINGFIELD", "state": "IL", "zip": "62704", "country": "US"}
    details = [
        {
            "object": "TrackingDetail",
            "message": "Delivered, Front Door/Porch" if index == last else f"Arrived at facility {index}",
            "status": "delivered" if index == last else "in_transit",
            "status_detail": "arrived_at_facility",
            "datetime": f"{SHIPPED + timedelta(hours=2 * index):%Y-%m-%dT%H:%M:%SZ}",
            "source": "USPS",
            "carrier_code": "01",
            "tracking_location": {"object": "TrackingLocation", **place},
        }
        for index in range(events)
    ]
    return {
        "object": "Tracker", "tracking_code": NUMBER, "status": "delivered", "carrier": "USPS",
        "signed_by": "Jane Doe", "is_return": False, "tracking_details": details,
        "carrier_detail": {"destination_location": "SPRINGFIELD IL, 62704"},
    }  # fmt: skip


def facts_of(body: bytes) -> Any:
    """From bytes to facts, as posting does between its reads and its writes."""
    reading = interpret("easypost", body, 200).reading
    said = [Word("easypost", SHIPPED, "0" * 64, reading.stated)]
    marked = (("easypost", event.fingerprint("easypost"), event) for event in reading.events)
    meant = Meant(NUMBER, "405-1234567-1234567", "USPS", stated={"shipped_at": SHIPPED, "ship_to": SHIP_TO})
    return derive(told_in_order(marked, said), said, meant, not_found=False)


def milliseconds(work: Callable[[], Any], runs: int) -> float:
    """The median processor time of so many runs, after a tenth of them to warm up."""
    taken = []
    for run in range(-(runs // 10), runs):
        began = time.process_time()
        work()
        if run >= 0:
            taken.append((time.process_time() - began) * 1000)
    return median(taken)


def pure(options: Namespace) -> list[Figure]:
    body = json.dumps(answer(options.events)).encode()
    assert facts_of(body).status == "delivered"
    plain = milliseconds(lambda: json.loads(body), options.runs)
    whole = milliseconds(lambda: facts_of(body), options.runs)
    read = milliseconds(lambda: interpret("easypost", body, 200), options.runs)
    return [
        Figure(f"json.loads alone, {len(body):,} bytes", plain),
        Figure(f"parse {options.events} events", read),
        Figure(f"parse and merge {options.events} events, to the facts", whole, bound=BOUND_MS),
        Figure("ratio to json.loads", whole / plain, "times"),
    ]


def with_database(options: Namespace) -> list[Figure]:
    """Every run has a parcel of its own."""
    call_command("migrate", verbosity=0, interactive=False)
    seller = Seller.objects.create(merchant_token="A1BENCH", name="BENCH")  # noqa: S106 - no password
    runs = max(options.runs // 10, 5)
    first, more = answer(options.events), answer(options.events + 1)
    fresh: list[float] = []
    again: list[float] = []
    for run in range(-2, runs):
        shipment = register_shipment(
            seller=seller, order_id=f"405-1234567-{run + 10:07d}", marketplace_id="", ship_to=SHIP_TO, actor=BENCH,
            fields=ShipmentFields(tracking_number=NUMBER, carrier="USPS", shipped_at=SHIPPED), now=SHIPPED,
        )  # fmt: skip
        for hour, payload, taken in ((1, first, fresh), (2, more, again)):
            began = time.perf_counter()
            post(shipment, payload, hour)
            if run >= 0:
                taken.append((time.perf_counter() - began) * 1000)
    with CaptureQueriesContext(connection) as captured:
        post(shipment, answer(options.events + 2), 3)
    return [
        Figure(f"post of {options.events} new events, with PostgreSQL", median(fresh)),
        Figure("post of the same and one more event", median(again)),
        Figure("queries of a post", len(captured), ""),
    ]


def post(shipment: Shipment, payload: dict[str, Any], hour: int) -> None:
    record_tracking(
        shipment=shipment, provider="easypost", payload=payload, actor=BENCH, channel="api",
        now=SHIPPED + timedelta(days=9, hours=hour),
    )  # fmt: skip


MEASURED: tuple[Callable[[Namespace], list[Figure]], ...] = (pure, with_database)
"""Each gives its figures; on the empty database in this order."""


def main(options: Namespace) -> int:
    """Measure, print; the exit code says whether every figure kept within its bound."""
    figures = [figure for part in MEASURED for figure in part(options)]
    for figure in figures:
        bound = f"  (bound {figure.bound:g})" if figure.bound is not None else ""
        mark = "" if figure.is_good else "   beyond the bound"
        sys.stdout.write(f"{figure.name:54} {figure.value:9.3f} {figure.unit}{bound}{mark}\n")
    return 0 if all(figure.is_good for figure in figures) else 1


if __name__ == "__main__":
    parser = ArgumentParser()
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--events", type=int, default=50)
    sys.exit(main(parser.parse_args()))
