"""The people of the stories: alice works for ACME, bob for BOLT, amz is ACME's integration."""

import pytest

from accounts.actors import Actor
from accounts.models import Integration, Membership, Role, Seller, User


@pytest.fixture
def acme(db: None) -> Seller:
    return Seller.objects.create(merchant_token="A1ACME", name="ACME", time_zone="Europe/Berlin")


@pytest.fixture
def bolt(db: None) -> Seller:
    return Seller.objects.create(merchant_token="B2BOLT", name="BOLT")


def member(username: str, seller: Seller, role: str = Role.AGENT, *, on_call: bool = False) -> User:
    user = User.objects.create_user(username=username, email=f"{username}@example.com")
    Membership.objects.create(user=user, seller=seller, role=role, on_call=on_call)
    return user


@pytest.fixture
def alice(acme: Seller) -> User:
    return member("alice", acme)


@pytest.fixture
def lea(acme: Seller) -> User:
    return member("lea", acme, Role.LEAD)


@pytest.fixture
def bob(bolt: Seller) -> User:
    return member("bob", bolt)


@pytest.fixture
def amz(acme: Seller) -> Integration:
    return Integration.objects.create(seller=acme, name="amz")


@pytest.fixture
def actor(amz: Integration) -> Actor:
    return Actor(user_id=None, integration_id=amz.pk, label="amz")


@pytest.fixture
def agent(alice: User) -> Actor:
    return Actor(user_id=alice.pk, integration_id=None, label="alice")
