"""`manage.py rebuild_tracking`: read every kept answer again and derive all facts anew.

Run it after an upgrade that brought new readers, or to prove that what is shown follows from what is kept.
"""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from shipping.models import Shipment
from shipping.services import rebuild_shipment


class Command(BaseCommand):
    help = "Derive the facts of shipments anew from the raw answers."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--shipment", type=int, action="append", help="Only this one; may be repeated.")

    def handle(self, *args: Any, **options: Any) -> None:
        wanted = Shipment.objects.order_by("id").values_list("pk", flat=True)
        if options["shipment"]:
            wanted = wanted.filter(pk__in=options["shipment"])
        seen = changed = 0
        for shipment_id in wanted.iterator(chunk_size=500):
            changed += rebuild_shipment(shipment_id=shipment_id, now=timezone.now())
            seen += 1
        self.stdout.write(f"{seen} shipments read again, {changed} with other facts than before.")
