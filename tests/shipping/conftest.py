"""The personas of every test here: alice works for ACME, bob for BOLT, amz is a program of ACME."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.actors import Actor
from accounts.models import Membership, Role, Seller, User
from accounts.services.keys import create_api_key
from shipping.models import Shipment
from shipping.services import ShipmentFields, register_shipment

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
SHIPPED = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
ORDER = "405-1234567-1234567"
PAYLOADS = Path(__file__).parent / "payloads"
AMZ = Actor(user_id=None, integration_id=7, label="amz (key test)")
SPRINGFIELD = {
    "name": "Jane Doe",
    "line1": "12 Elm Street",
    "city": "Springfield",
    "region": "IL",
    "postal_code": "62704",
    "country_code": "US",
}


def payload(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((PAYLOADS / f"{name}.json").read_text())
    return found


def body_of(name: str) -> bytes:
    return (PAYLOADS / f"{name}.json").read_bytes()


def pointers(answer: Any) -> list[tuple[str, str]]:
    return [(error["pointer"], error["code"]) for error in answer.json()["errors"]]


def member(username: str, seller: Seller, role: str) -> APIClient:
    user = User.objects.create_user(
        username=username, email=f"{username}@example.com", password="secret word"
    )
    Membership.objects.create(user=user, seller=seller, role=role)
    client = APIClient()
    client.force_login(user)
    return client


@pytest.fixture
def acme(db: None) -> Seller:
    return Seller.objects.create(merchant_token="A1ACME", name="ACME")


@pytest.fixture
def bolt(db: None) -> Seller:
    return Seller.objects.create(merchant_token="B2BOLT", name="BOLT")


@pytest.fixture
def alice(acme: Seller) -> APIClient:
    return member("alice", acme, Role.AGENT)


@pytest.fixture
def bob(bolt: Seller) -> APIClient:
    return member("bob", bolt, Role.AGENT)


@pytest.fixture
def key_client(acme: Seller) -> Callable[..., APIClient]:
    def make(*scopes: str) -> APIClient:
        created = create_api_key(seller=acme, integration_name="amz", scopes=scopes or ("all",), now=NOW)
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Api-Key {created.clear_key}")
        return client

    return make


@pytest.fixture
def amz(key_client: Callable[..., APIClient]) -> APIClient:
    return key_client()


@pytest.fixture
def make_shipment(acme: Seller) -> Callable[..., Shipment]:
    def make(number: str = "9400111206206407628746", **given: Any) -> Shipment:
        options = {
            "seller": given.pop("seller", acme),
            "order_id": given.pop("order_id", ORDER),
            "ship_to": given.pop("ship_to", SPRINGFIELD),
        }
        given.setdefault("shipped_at", SHIPPED)
        return register_shipment(
            marketplace_id="ATVPDKIKX0DER",
            fields=ShipmentFields(tracking_number=number, **given),
            actor=AMZ,
            now=NOW,
            **options,
        )

    return make
