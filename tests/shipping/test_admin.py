"""The operator looks at shipments in Django's admin and changes nothing there."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import User
from shipping.models import Shipment
from shipping.services import record_tracking
from tests.shipping.conftest import AMZ, NOW, payload


@pytest.mark.parametrize("model", ["shipment", "trackingsnapshot", "trackingevent"])
def test_each_page_opens_and_offers_no_change(make_shipment: Callable[..., Shipment], model: str) -> None:
    shipment = make_shipment()
    record_tracking(
        shipment=shipment,
        provider="easypost",
        payload=payload("easypost_delivered"),
        actor=AMZ,
        now=NOW,
        channel="api",
    )
    operator = Client()
    operator.force_login(User.objects.create_superuser("root", "root@example.com", "secret word"))
    row = {
        "shipment": shipment,
        "trackingsnapshot": shipment.snapshots.get(),
        "trackingevent": shipment.events.first(),
    }[model]

    assert row is not None
    assert operator.get(f"/admin/shipping/{model}/").status_code == 200
    assert operator.get(f"/admin/shipping/{model}/{row.pk}/change/").status_code == 200
    assert operator.post(f"/admin/shipping/{model}/{row.pk}/change/", {"status": "lost"}).status_code == 403
    assert operator.get(f"/admin/shipping/{model}/add/").status_code == 403
