"""The operator looks at shipments in Django's admin and changes nothing there."""

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import Seller, User
from shipping.models import ParcelPoll, Shipment, SourceChange, StrayAnswer
from shipping.services import record_tracking
from shipping.services.endpoints import make_endpoint
from shipping.services.plans import plan_pending
from shipping.services.sources import create_source
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


def test_sources_are_shown_without_their_secrets(
    acme: Seller, make_shipment: Callable[..., Shipment]
) -> None:
    make_shipment()
    account = create_source(
        seller=acme, source="easypost", secrets={"api_key": "k"}, base_url="", actor=AMZ, now=NOW
    )
    endpoint = make_endpoint(seller=acme, source="easypost", secret="s", actor=AMZ, now=NOW)
    plan_pending(now=NOW)
    StrayAnswer.objects.create(
        endpoint=endpoint, seller=acme, provider="easypost", raw=b"{}", sha256="0" * 64, received_at=NOW
    )
    operator = Client()
    operator.force_login(User.objects.create_superuser("root", "root@example.com", "secret word"))
    rows = {
        "sourceaccount": account.pk,
        "parcelpoll": ParcelPoll.objects.get().pk,
        "trackingendpoint": endpoint.pk,
        "strayanswer": StrayAnswer.objects.get().pk,
        "sourcechange": SourceChange.objects.order_by("id")[0].pk,
    }
    for model, pk in rows.items():
        assert operator.get(f"/admin/shipping/{model}/").status_code == 200
        shown = operator.get(f"/admin/shipping/{model}/{pk}/change/")
        assert shown.status_code == 200
        for secret in (account.secrets_encrypted, endpoint.secret_encrypted, endpoint.token):
            assert secret not in shown.content.decode()
        assert operator.post(f"/admin/shipping/{model}/{pk}/change/", {}).status_code == 403
