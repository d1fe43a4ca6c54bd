"""The personas of every test here: alice works for ACME, bob for BOLT, amz is a program of ACME."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import Membership, Role, Seller, User
from accounts.services.keys import CreatedKey, create_api_key

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
PASSWORD = "correct horse battery"


def new_user(username: str, password: str | None = None, **fields: Any) -> User:
    """Without a password, which costs time to hash, he can only be signed in by force."""
    return User.objects.create_user(
        username=username, email=f"{username}@example.com", password=password, **fields
    )


def new_member(username: str, seller: Seller, role: str) -> User:
    user = new_user(username)
    Membership.objects.create(user=user, seller=seller, role=role)
    return user


def signed_in(user: User) -> APIClient:
    client = APIClient()
    client.force_login(user)
    return client


def with_key(text: str) -> APIClient:
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Api-Key {text}")
    return client


def pointers(answer: Any) -> list[tuple[str, str]]:
    return [(error["pointer"], error["code"]) for error in answer.json()["errors"]]


@pytest.fixture
def acme(db: None) -> Seller:
    return Seller.objects.create(merchant_token="A1ACME", name="ACME", time_zone="Europe/Rome")


@pytest.fixture
def bolt(db: None) -> Seller:
    return Seller.objects.create(merchant_token="B2BOLT", name="BOLT")


@pytest.fixture
def owner(acme: Seller) -> User:
    return new_member("olga", acme, Role.OWNER)


@pytest.fixture
def alice(acme: Seller) -> User:
    return new_member("alice", acme, Role.AGENT)


@pytest.fixture
def bob(bolt: Seller) -> User:
    return new_member("bob", bolt, Role.AGENT)


@pytest.fixture
def bolt_owner(bolt: Seller) -> User:
    return new_member("boris", bolt, Role.OWNER)


@pytest.fixture
def make_key(acme: Seller) -> Callable[..., CreatedKey]:
    def make(*scopes: str, **options: Any) -> CreatedKey:
        return create_api_key(
            seller=options.pop("seller", acme),
            integration_name=options.pop("name", "amz"),
            scopes=scopes or ("all",),
            now=NOW,
            **options,
        )

    return make


@pytest.fixture
def amz(make_key: Callable[..., CreatedKey]) -> CreatedKey:
    return make_key()
