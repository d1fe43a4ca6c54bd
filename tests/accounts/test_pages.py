"""Every page of accounts opened once as a person sees it, and the operator's admin."""

import re
from typing import Any

import pytest
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from accounts.models import ApiKey, Membership, Seller, User
from accounts.services.keys import CreatedKey
from tests.accounts.conftest import new_user


def fields_of(page: Any) -> set[str]:
    return set(re.findall(r'<(?:input|select|textarea)[^>]* name="(\w+)"', page.content.decode()))


@pytest.fixture
def browser(client: Client, owner: User) -> Client:
    client.force_login(owner)
    client.defaults["HTTP_ACCEPT"] = "text/html"
    return client


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("sellers/", {"merchant_token", "name", "time_zone", "marketplaces", "four_eyes", "retention_days"}),
        ("sellers/{seller}/members/", {"username", "email", "link_code", "role", "on_call"}),
        ("sellers/{seller}/members/{member}/", {"role", "on_call", "is_active"}),
        ("sellers/{seller}/keys/", {"integration", "scopes", "signing", "require_signature"}),
        ("sellers/{seller}/", {"name", "time_zone", "marketplaces", "four_eyes", "retention_days"}),
        ("keys/{key}/", set()),
        ("keys/{key}/revoke/", {"csrfmiddlewaretoken"}),
        ("me/", {"time_zone"}),
    ],
)
def test_each_page_opens_with_its_form(
    browser: Client, acme: Seller, amz: CreatedKey, path: str, fields: set[str]
) -> None:
    member = Membership.objects.get()
    page = browser.get("/api/v1/" + path.format(seller=acme.pk, member=member.pk, key=amz.api_key.pk))
    assert page.status_code == 200
    assert page["Content-Type"] == "text/html; charset=utf-8"
    assert fields <= fields_of(page)


def test_a_key_is_made_and_ended_by_clicking(browser: Client, acme: Seller) -> None:
    form = {"integration": "shop", "scopes": ["claims:read", "notices:write"], "signing": "false"}
    made = browser.post(f"/api/v1/sellers/{acme.pk}/keys/", {**form, "require_signature": "false"})
    assert made.status_code == 201
    key = ApiKey.objects.get()
    assert key.scopes == ["notices:write", "claims:read"]
    assert browser.post(f"/api/v1/keys/{key.pk}/revoke/").status_code == 200
    key.refresh_from_db()
    assert key.revoked_at is not None


def change(browser: Client, path: str, form: dict[str, str]) -> Any:
    """As the page's script sends the form for changes."""
    return browser.patch(path, encode_multipart(BOUNDARY, form), content_type=MULTIPART_CONTENT)


def test_settings_are_changed_by_clicking(browser: Client, acme: Seller) -> None:
    Seller.objects.filter(pk=acme.pk).update(four_eyes=True, retention_days=30, marketplaces=["A1", "B2"])
    path = f"/api/v1/sellers/{acme.pk}/"
    page = browser.get(path).content.decode()
    assert 'value="A1 B2"' in page
    assert re.search(r'value="True" selected', page)
    form = {
        "name": "ACME",
        "time_zone": "Europe/Rome",
        "marketplaces": "",
        "require_confirmation": "none",
        "four_eyes": "false",
        "answer_max_length": "2000",
        "assembly_lead_hours": "4",
        "retention_days": "",
    }
    assert change(browser, path, form).status_code == 200
    acme.refresh_from_db()
    assert (acme.four_eyes, acme.retention_days, acme.marketplaces, acme.answer_max_length) == (
        False,
        None,
        [],
        2000,
    )


def test_a_refused_change_shows_the_form_with_its_fault(browser: Client, acme: Seller) -> None:
    page = change(browser, f"/api/v1/sellers/{acme.pk}/", {"time_zone": "Mars/Olympus"})
    assert page.status_code == 400
    assert 'value="Mars/Olympus"' in page.content.decode()
    assert "Not an IANA time zone" in page.content.decode()


def test_a_member_is_taken_off_call_by_clicking(browser: Client, acme: Seller) -> None:
    member = Membership.objects.get()
    Membership.objects.update(on_call=True)
    path = f"/api/v1/sellers/{acme.pk}/members/{member.pk}/"
    form = {"role": "owner", "on_call": "false", "is_active": "True"}
    assert change(browser, path, form).status_code == 200
    member.refresh_from_db()
    assert (member.on_call, member.is_active) == (False, True)


@pytest.mark.parametrize("path", ["sellers/", "sellers/{seller}/", "sellers/{seller}/members/", "me/"])
def test_pages_open_for_those_who_may_only_look(client: Client, alice: User, acme: Seller, path: str) -> None:
    client.force_login(alice)
    page = client.get("/api/v1/" + path.format(seller=acme.pk), headers={"Accept": "text/html"})
    assert page.status_code == 200


def test_a_refusal_is_a_page_too(client: Client, acme: Seller, amz: CreatedKey, alice: User) -> None:
    html = {"Accept": "text/html"}
    path = f"/api/v1/sellers/{acme.pk}/channels/"
    with_key = {**html, "Authorization": f"Api-Key {amz.clear_key}"}
    assert client.get(path, headers=html).status_code == 401
    assert b"/accounts/login/?next=%2Fapi%2Fv1%2Fsellers%2F" in client.get(path, headers=html).content
    assert client.get(path, headers=with_key).status_code == 403
    assert client.get("/api/v1/sellers/", headers=with_key).status_code == 200
    client.force_login(alice)
    assert client.get(path, headers=html).status_code == 403
    client.force_login(new_user("stranger"))
    assert client.get(f"/api/v1/keys/{amz.api_key.pk}/", headers=html).status_code == 403


def test_a_seller_is_added_by_clicking(browser: Client) -> None:
    form = {
        "merchant_token": "C3CARS",
        "time_zone": "Europe/Rome",
        "marketplaces": "A1PA6795UKMFR9, APJ6JRA9NG5V4",
        "require_confirmation": "text",
        "four_eyes": "True",
        "answer_max_length": "4000",
        "assembly_lead_hours": "4",
        "retention_days": "",
    }
    assert browser.post("/api/v1/sellers/", form).status_code == 201
    seller = Seller.objects.get(merchant_token="C3CARS")
    assert seller.marketplaces == ["A1PA6795UKMFR9", "APJ6JRA9NG5V4"]
    assert (seller.four_eyes, seller.retention_days) == (True, None)


def test_the_revoke_page_of_another_sellers_key_is_not_there(
    client: Client, bolt_owner: User, amz: CreatedKey
) -> None:
    client.force_login(bolt_owner)
    page = client.get(f"/api/v1/keys/{amz.api_key.pk}/revoke/", headers={"Accept": "text/html"})
    assert page.status_code == 404


def test_a_program_that_gets_an_action_is_told_so(client: Client, owner: User, amz: CreatedKey) -> None:
    client.force_login(owner)
    page = client.get(f"/api/v1/keys/{amz.api_key.pk}/revoke/", headers={"Accept": "application/json"})
    assert page.status_code == 405


ADMIN_PAGES = ("user", "seller", "membership", "integration", "apikey")


def test_the_operator_sees_the_admin_without_secrets(client: Client, amz: CreatedKey, owner: User) -> None:
    client.force_login(new_user("root", is_staff=True, is_superuser=True))
    for name in ADMIN_PAGES:
        assert client.get(f"/admin/accounts/{name}/").status_code == 200
    page = client.get(f"/admin/accounts/apikey/{amz.api_key.pk}/change/")
    assert page.status_code == 200
    assert amz.api_key.prefix in page.content.decode()
    assert amz.api_key.key_hash not in page.content.decode()
    assert client.get(f"/admin/accounts/user/{owner.pk}/change/").status_code == 200
    assert client.get("/admin/accounts/user/add/").status_code == 200


def test_the_operator_signs_in_by_the_same_door(client: Client, db: None) -> None:
    asked = client.get("/admin/")
    assert asked.status_code == 302
    assert client.get(asked["Location"])["Location"] == "/accounts/login/?next=/admin/"


def test_staff_who_are_no_operator_see_nothing_of_it(client: Client, db: None) -> None:
    client.force_login(new_user("clerk", is_staff=True))
    assert [client.get(f"/admin/accounts/{name}/").status_code for name in ADMIN_PAGES] == [403] * 5
