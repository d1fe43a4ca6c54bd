"""Several at once: the constraint decides, the loser gets the winner's row, nothing is lost."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connections

from accounts.models import Seller
from shipping.models import Shipment, TrackingEvent, TrackingSnapshot
from shipping.services import ShipmentFields, merge_shipment, record_tracking
from tests.shipping.conftest import AMZ, NOW, ORDER, payload

AT_ONCE = 8


def at_once(work: Callable[[int], Any]) -> list[Any]:
    start = Barrier(AT_ONCE)

    def run(index: int) -> Any:
        try:
            start.wait(timeout=20)
            return work(index)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(run, range(AT_ONCE)))


@pytest.mark.django_db(transaction=True)
def test_one_parcel_registered_many_times_at_once_is_one_row_with_all_that_was_said(acme: Seller) -> None:
    def register(index: int) -> tuple[int, bool]:
        fields = ShipmentFields(
            tracking_number="9400 1112 0620 6407 6287 46",
            carrier="USPS" if index % 2 else "",
            service="" if index % 2 else "Priority",
        )
        shipment, created = merge_shipment(
            seller=acme, order_id=ORDER, marketplace_id="", fields=fields, ship_to=None, actor=AMZ, now=NOW
        )
        return shipment.pk, created

    outcomes = at_once(register)

    row = Shipment.objects.get()
    assert {pk for pk, _ in outcomes} == {row.pk}
    assert [created for _, created in outcomes].count(True) == 1
    assert (row.carrier, row.service) == ("USPS", "Priority")


@pytest.mark.django_db(transaction=True)
def test_answers_posted_at_once_are_each_kept_once_and_all_read(
    make_shipment: Callable[..., Shipment],
) -> None:
    shipment = make_shipment()
    names = ("easypost_in_transit", "easypost_delivered")

    def post(index: int) -> bool:
        return record_tracking(
            shipment=shipment, provider="easypost", payload=payload(names[index % 2]), actor=AMZ,
            now=NOW + timedelta(seconds=index), channel="api",
        ).created  # fmt: skip

    created = at_once(post)

    assert created.count(True) == 2
    assert TrackingSnapshot.objects.count() == 2
    assert TrackingEvent.objects.count() == 4
    shipment.refresh_from_db()
    assert shipment.status == "delivered"
