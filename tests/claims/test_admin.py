"""Django's admin: the operator looks at everything, nobody else at anything, and nothing there writes."""

from datetime import datetime

import pytest
from django.contrib import admin
from django.test import Client
from django.utils import timezone

from accounts.models import Seller, User
from tests.claims.stories import claim_of, letter

PAGES = sorted(
    model._meta.model_name or "" for model in admin.site._registry if model._meta.app_label == "claims"
)


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.mark.parametrize("name", PAGES)
def test_the_operator_opens_every_list_and_can_add_nothing(db: None, name: str) -> None:
    client = Client()
    client.force_login(User.objects.create_superuser(username="root", email="root@example.com", password="x"))
    assert client.get(f"/admin/claims/{name}/").status_code == 200
    assert client.get(f"/admin/claims/{name}/add/").status_code == 403


def test_a_claim_opens_and_cannot_be_changed_or_deleted(acme: Seller, now: datetime) -> None:
    claim = claim_of(letter(acme, at=now))
    client = Client()
    client.force_login(User.objects.create_superuser(username="root", email="root@example.com", password="x"))
    path = f"/admin/claims/claim/{claim.pk}"
    assert client.get(f"{path}/change/").status_code == 200
    assert client.get(f"/admin/claims/notice/{claim.notices.get().pk}/change/").status_code == 200
    assert client.post(f"{path}/change/", {"state": "closed"}).status_code == 403
    assert client.post(f"{path}/delete/", {"post": "yes"}).status_code == 403
    claim.refresh_from_db()
    assert claim.state == "action_required"


def test_an_owner_or_staff_without_being_the_operator_sees_nothing(acme: Seller, alice: User) -> None:
    alice.is_staff = True
    alice.save()
    client = Client()
    client.force_login(alice)
    assert client.get("/admin/claims/claim/").status_code == 403
