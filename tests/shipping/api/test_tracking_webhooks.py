"""News that tracking services send by themselves."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from django.core.cache import cache
from django.db import connections
from django.utils import timezone
from pytest_httpserver import HTTPServer
from rest_framework.test import APIClient

from accounts.models import Seller
from shipping.models import ParcelPoll, Shipment, StrayAnswer, TrackingEndpoint, TrackingSnapshot
from shipping.services.endpoints import make_endpoint
from shipping.services.plans import plan_pending
from shipping.services.sources import create_source
from shipping.services.webhooks import link_strays
from tests.shipping.conftest import AMZ, NOW, body_of
from tests.shipping.sources.stub import Reply, Stub
from tests.shipping.sources.test_signatures import key_set, shipengine_headers, signed

DELIVERED, IN_TRANSIT = body_of("easypost_delivered"), body_of("easypost_in_transit")
NUMBER = json.loads(DELIVERED).get("tracking_code") or json.loads(DELIVERED)["result"]["tracking_code"]


@pytest.fixture
def endpoint(acme: Seller) -> TrackingEndpoint:
    return endpoint_of(acme, "easypost")


def endpoint_of(seller: Seller, source: str, secret: str = "s3cret") -> TrackingEndpoint:
    return make_endpoint(seller=seller, source=source, secret=secret, actor=AMZ, now=NOW)


def post(endpoint: TrackingEndpoint | str, body: bytes, headers: dict[str, str]) -> Any:
    token = endpoint if isinstance(endpoint, str) else endpoint.token
    return APIClient().post(
        f"/api/v1/tracking-webhooks/{token}/", data=body, content_type="application/json", headers=headers
    )


def send(endpoint: TrackingEndpoint, body: bytes) -> Any:
    return post(endpoint, body, signed(endpoint.source, "s3cret", body))


def test_a_delivery_is_kept_byte_for_byte_and_read(
    endpoint: TrackingEndpoint, make_shipment: Callable[..., Shipment]
) -> None:
    shipment = make_shipment(NUMBER)
    answer = send(endpoint, DELIVERED)
    assert (answer.status_code, answer.json()) == (200, {"parcels": 1})
    kept = TrackingSnapshot.objects.get()
    assert (bytes(kept.raw), kept.channel, kept.signature_verified) == (DELIVERED, "webhook", True)
    assert kept.actor_label == "EasyPost (webhook)"
    shipment.refresh_from_db()
    endpoint.refresh_from_db()
    assert shipment.status == "delivered"
    assert endpoint.last_received_at is not None


def test_an_unknown_address_is_404_and_a_wrong_signature_401(
    endpoint: TrackingEndpoint, make_shipment: Callable[..., Shipment]
) -> None:
    make_shipment(NUMBER)
    headers = signed("easypost", "s3cret", DELIVERED)
    assert post("nobody-knows-this-address", DELIVERED, headers).status_code == 404
    changed = DELIVERED.replace(b"delivered", b"Delivered", 1)
    for refused in (post(endpoint, changed, headers), post(endpoint, DELIVERED, {})):
        assert refused.status_code == 401
        assert refused["WWW-Authenticate"] == "Signature"
        assert refused["Content-Type"] == "application/problem+json"
    assert not TrackingSnapshot.objects.exists()
    assert not StrayAnswer.objects.exists()
    endpoint.refresh_from_db()
    assert (endpoint.last_received_at, endpoint.last_refused_at is not None) == (None, True)


def test_a_replaced_address_is_unknown_from_then_on(
    acme: Seller, endpoint: TrackingEndpoint, make_shipment: Callable[..., Shipment]
) -> None:
    make_shipment(NUMBER)
    fresh = endpoint_of(acme, "easypost")
    assert fresh.token != endpoint.token
    assert send(endpoint, DELIVERED).status_code == 404
    assert send(fresh, DELIVERED).status_code == 200


def test_the_same_delivery_fifty_times_is_one_answer(
    endpoint: TrackingEndpoint, make_shipment: Callable[..., Shipment]
) -> None:
    shipment = make_shipment(NUMBER)
    assert {send(endpoint, DELIVERED).status_code for _ in range(50)} == {200}
    assert TrackingSnapshot.objects.count() == 1
    events = shipment.events.count()
    assert events == len(
        json.loads(DELIVERED).get(
            "tracking_details", json.loads(DELIVERED).get("result", {}).get("tracking_details")
        )
    )


@pytest.mark.django_db(transaction=True)
def test_fifty_at_once_are_one_answer_too(
    endpoint: TrackingEndpoint, make_shipment: Callable[..., Shipment]
) -> None:
    make_shipment(NUMBER)

    def once(_: int) -> int:
        try:
            return int(send(endpoint, DELIVERED).status_code)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(once, range(50))) == {200}
    assert TrackingSnapshot.objects.count() == 1


def test_delivered_then_in_transit_does_not_go_back(
    endpoint: TrackingEndpoint, make_shipment: Callable[..., Shipment]
) -> None:
    shipment = make_shipment(NUMBER)
    late = IN_TRANSIT.replace(json.loads(IN_TRANSIT)["result"]["tracking_code"].encode(), NUMBER.encode())
    assert send(endpoint, DELIVERED).status_code == 200
    assert send(endpoint, late).status_code == 200
    assert TrackingSnapshot.objects.filter(status="read").count() == 2
    shipment.refresh_from_db()
    assert shipment.status == "delivered"


def test_an_unknown_parcel_s_answer_waits_for_its_parcel(
    endpoint: TrackingEndpoint, make_shipment: Callable[..., Shipment]
) -> None:
    for _ in range(3):
        assert send(endpoint, DELIVERED).json() == {"parcels": 0}
    stray = StrayAnswer.objects.get()
    assert (stray.tracking_number, bytes(stray.raw), stray.linked_at) == (NUMBER, DELIVERED, None)
    assert link_strays(now=timezone.now()) == 0
    shipment = make_shipment(NUMBER)
    assert link_strays(now=timezone.now()) == 1
    assert link_strays(now=timezone.now()) == 0
    stray.refresh_from_db()
    shipment.refresh_from_db()
    kept = TrackingSnapshot.objects.get()
    assert stray.snapshot_id == kept.pk
    assert (kept.fetched_at, bytes(kept.raw)) == (stray.received_at, DELIVERED)
    assert shipment.status == "delivered"


def test_another_seller_s_parcel_is_not_meant(
    endpoint: TrackingEndpoint, bolt: Seller, make_shipment: Callable[..., Shipment]
) -> None:
    theirs = make_shipment(NUMBER, seller=bolt)
    assert send(endpoint, DELIVERED).json() == {"parcels": 0}
    assert link_strays(now=timezone.now()) == 0
    assert theirs.snapshots.count() == 0


@pytest.mark.parametrize(
    "body", [b"", b"no json", b"[]", b'{"result": {"tracking_code": 7}}', b"\xff\xfe", b"[" * 5000]
)
def test_a_delivery_without_a_number_is_kept_aside(endpoint: TrackingEndpoint, body: bytes) -> None:
    assert send(endpoint, body).json() == {"parcels": 0}
    assert bytes(StrayAnswer.objects.get().raw) == body


def test_what_breaks_its_format_is_kept_and_thanked_for(
    endpoint: TrackingEndpoint, make_shipment: Callable[..., Shipment]
) -> None:
    make_shipment(NUMBER)
    body = json.dumps({"object": "Event", "result": {"tracking_code": NUMBER}}).encode()
    assert send(endpoint, body).status_code == 200
    assert TrackingSnapshot.objects.get().status == "unreadable"


def test_a_delivery_that_is_too_large_is_refused(endpoint: TrackingEndpoint, settings: Any) -> None:
    settings.TRACKING_MAX_BYTES = 100
    assert send(endpoint, DELIVERED).status_code == 413
    assert not StrayAnswer.objects.exists()


def test_17track_s_news_are_kept_and_the_source_is_asked_for_the_truth(
    acme: Seller, make_shipment: Callable[..., Shipment]
) -> None:
    create_source(
        seller=acme, source="seventeentrack", secrets={"api_key": "s3cret"}, base_url="", actor=AMZ, now=NOW
    )
    make_shipment("RR123456785CN")
    plan_pending(now=NOW)
    ParcelPoll.objects.update(next_poll_at=None)
    body = b'{"event": "TRACKING_UPDATED", "data": {"number": "RR123456785CN", "carrier": 3011}}'
    assert send(endpoint_of(acme, "seventeentrack"), body).json() == {"parcels": 1}
    assert ParcelPoll.objects.get().next_poll_at is not None
    assert TrackingSnapshot.objects.get().provider == "seventeentrack"


def test_shipengine_s_keys_are_fetched_once_and_a_changed_byte_is_refused(
    acme: Seller, make_shipment: Callable[..., Shipment], httpserver: HTTPServer, settings: Any
) -> None:
    private = generate_private_key(public_exponent=65537, key_size=2048)
    stub = Stub(httpserver)
    stub.says(Reply(json.dumps(key_set(private)).encode()))
    settings.OUTGOING_ALLOW_PRIVATE, settings.SHIPENGINE_KEYS_URL = True, f"{stub.url}/jwks"
    endpoint = endpoint_of(acme, "shipengine", secret="")
    make_shipment("SE1234")
    body = b'{"resource_type": "API_TRACK", "data": {"tracking_number": "SE1234"}}'
    headers = shipengine_headers(private, body, timezone.now())
    assert [post(endpoint, body, headers).status_code for _ in range(5)] == [200] * 5
    assert [request.path for request in stub.asked] == ["/jwks"]
    assert TrackingSnapshot.objects.count() == 1
    assert post(endpoint, body.replace(b"1234", b"1235"), headers).status_code == 401
    for number in range(5):
        unknown = {**headers, "x-shipengine-rsa-sha256-key-id": f"k{number + 2}"}
        assert post(endpoint, body, unknown).status_code == 401
    assert len(stub.asked) <= 2
    cache.clear()
    stub.says(Reply(b"oops", 500))
    assert post(endpoint, body, headers).status_code == 401
