"""Clients for the people of the stories; every answer they get is held against the OpenAPI document."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Integration, Role, Seller, User
from accounts.services.keys import create_api_key
from tests.claims.conftest import member
from tests.openapi import CheckedClient

API = "/api/v1"
ORDER = "405-1234567-1234567"
GERMANY = "A1PA6795UKMFR9"


@pytest.fixture(autouse=True)
def _files_in_a_folder_of_their_own(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def now() -> datetime:
    return timezone.now().replace(microsecond=0)


def signed_in(user: User) -> CheckedClient:
    client = CheckedClient()
    client.force_login(user)
    return client


def with_key(seller: Seller, scopes: list[str], name: str = "amz") -> CheckedClient:
    made = create_api_key(
        seller=seller,
        integration_name=name,
        scopes=scopes,
        signing=False,
        require_signature=False,
        now=timezone.now(),
    )
    client = CheckedClient()
    client.credentials(HTTP_AUTHORIZATION=f"Api-Key {made.clear_key}")
    return client


@pytest.fixture
def alice_client(alice: User) -> CheckedClient:
    return signed_in(alice)


@pytest.fixture
def bob_client(bob: User) -> CheckedClient:
    return signed_in(bob)


@pytest.fixture
def lea_client(lea: User) -> CheckedClient:
    return signed_in(lea)


@pytest.fixture
def otto_client(acme: Seller) -> CheckedClient:
    return signed_in(member("otto", acme, Role.OWNER))


@pytest.fixture
def vera_client(acme: Seller) -> CheckedClient:
    return signed_in(member("vera", acme, Role.VIEWER))


@pytest.fixture
def amz_client(acme: Seller, amz: Integration) -> CheckedClient:
    return with_key(acme, ["all"])


@pytest.fixture
def notice_body(now: datetime) -> Callable[..., dict[str, Any]]:
    """The smallest letter that is taken, with whatever a test wants beside it."""

    def body(**fields: Any) -> dict[str, Any]:
        return {
            "notice_id": "N-1",
            "marketplace_id": GERMANY,
            "order_id": ORDER,
            "noticed_at": now.isoformat(),
            **fields,
        }

    return body


def pointers(answer: Any) -> list[tuple[str, str]]:
    """(pointer, code) of every fault."""
    return [(fault["pointer"], fault["code"]) for fault in answer.json()["errors"]]
