"""Sellers: who sees them, who may change them, and the wall between them."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.models import ApiKey, Membership, Role, Seller, User
from accounts.services.keys import CreatedKey
from accounts.services.sellers import create_seller
from tests.accounts.conftest import NOW, new_member, new_user, pointers, signed_in

SELLERS = "/api/v1/sellers/"


def test_a_seller_made_from_a_token_alone_has_the_plain_settings(db: None) -> None:
    seller = create_seller(merchant_token="A9NEW", now=NOW)
    assert (seller.name, seller.time_zone, seller.marketplaces) == ("A9NEW", "UTC", [])
    assert (seller.four_eyes, seller.require_confirmation, seller.retention_days) == (False, "none", None)
    assert Membership.objects.count() == 0


def test_members_see_their_sellers_and_no_other(alice: User, acme: Seller, bolt: Seller) -> None:
    client = signed_in(alice)
    rows = client.get(SELLERS).json()["results"]
    assert [(row["merchant_token"], row["role"]) for row in rows] == [("A1ACME", "agent")]
    assert client.get(f"{SELLERS}{acme.pk}/").json() == rows[0]


def test_an_ended_membership_sees_nothing(alice: User) -> None:
    Membership.objects.filter(user=alice).update(is_active=False)
    assert signed_in(alice).get(SELLERS).json()["results"] == []


def test_an_inactive_user_is_401(alice: User) -> None:
    client = signed_in(alice)
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert client.get(SELLERS).status_code == 401


def test_an_owner_changes_every_setting(owner: User, acme: Seller) -> None:
    settings = {
        "name": "Acme GmbH",
        "time_zone": "Europe/Berlin",
        "marketplaces": ["A1PA6795UKMFR9", "APJ6JRA9NG5V4"],
        "require_confirmation": "screenshot",
        "four_eyes": True,
        "answer_max_length": 1000,
        "assembly_lead_hours": 6,
        "retention_days": 365,
    }
    answer = signed_in(owner).patch(f"{SELLERS}{acme.pk}/", settings)
    assert answer.status_code == 200
    assert {name: answer.json()[name] for name in settings} == settings
    acme.refresh_from_db()
    assert {name: getattr(acme, name) for name in settings} == settings


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"time_zone": "Mars/Olympus"}, [("/time_zone", "unknown_zone")]),
        ({"time_zone": "localtime"}, [("/time_zone", "unknown_zone")]),
        ({"marketplaces": ["A1", "b!"]}, [("/marketplaces/1", "invalid_marketplace")]),
        ({"require_confirmation": "oath"}, [("/require_confirmation", "invalid_choice")]),
        ({"answer_max_length": 0}, [("/answer_max_length", "min_value")]),
        ({"retention_days": 10**12}, [("/retention_days", "max_value")]),
        ({"retention_days": 10**30}, [("/retention_days", "out_of_range")]),
        ({"name": "a\x00b"}, [("/name", "null_characters_not_allowed")]),
        ({"name": ""}, [("/name", "blank")]),
        ({"merchant_token": "C3"}, [("/merchant_token", "read_only_field")]),
        ({"owner": 3, "four_eyes": True}, [("/owner", "unknown_field")]),
    ],
)
def test_a_setting_that_cannot_be_is_refused_where_it_stands(
    owner: User, acme: Seller, body: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    before = Seller.objects.filter(pk=acme.pk).values().get()
    answer = signed_in(owner).patch(f"{SELLERS}{acme.pk}/", body)
    assert answer.status_code == 400
    assert pointers(answer) == expected
    assert Seller.objects.filter(pk=acme.pk).values().get() == before


@pytest.mark.parametrize("role", [Role.LEAD, Role.AGENT, Role.VIEWER])
def test_below_owner_nothing_is_changed(acme: Seller, amz: CreatedKey, role: Role) -> None:
    user = new_member("someone", acme, role)
    client, one = signed_in(user), f"{SELLERS}{acme.pk}/"
    member = Membership.objects.get(user=user)
    answers = [
        client.post(SELLERS, {"merchant_token": "C3"}),
        client.patch(one, {"name": "Mine"}),
        client.post(f"{one}members/", {"username": "x"}),
        client.patch(f"{one}members/{member.pk}/", {"role": "owner"}),
        client.get(f"{one}keys/"),
        client.post(f"{one}keys/", {"integration": "x", "scopes": ["all"]}),
        client.get(f"/api/v1/keys/{amz.api_key.pk}/"),
        client.post(f"/api/v1/keys/{amz.api_key.pk}/revoke/"),
    ]
    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(403, "role_too_low")] * 8
    acme.refresh_from_db()
    member.refresh_from_db()
    assert (acme.name, member.role, ApiKey.objects.get().revoked_at) == ("ACME", role, None)
    assert (Seller.objects.count(), Membership.objects.count()) == (1, 1)


def test_another_sellers_id_is_404_on_every_path(
    bolt_owner: User, owner: User, acme: Seller, bolt: Seller, amz: CreatedKey
) -> None:
    client, one = signed_in(bolt_owner), f"{SELLERS}{acme.pk}/"
    theirs = Membership.objects.get(user=owner)
    answers = [
        client.get(one),
        client.patch(one, {"name": "Mine"}),
        client.get(f"{one}members/"),
        client.post(f"{one}members/", {"username": "x"}),
        client.get(f"{one}members/{theirs.pk}/"),
        client.patch(f"{one}members/{theirs.pk}/", {"role": "viewer"}),
        client.patch(f"{SELLERS}{bolt.pk}/members/{theirs.pk}/", {"role": "viewer"}),
        client.get(f"{one}keys/"),
        client.post(f"{one}keys/", {"integration": "x", "scopes": ["all"]}),
        client.get(f"/api/v1/keys/{amz.api_key.pk}/"),
        client.post(f"/api/v1/keys/{amz.api_key.pk}/revoke/"),
        client.get(f"{SELLERS}999999999/"),
        client.get(f"{SELLERS}99999999999999999999999/"),
    ]
    assert [answer.status_code for answer in answers] == [404] * 13
    assert {answer.content for answer in answers} == {answers[-1].content}
    acme.refresh_from_db()
    theirs.refresh_from_db()
    assert (acme.name, theirs.role, ApiKey.objects.get().revoked_at) == ("ACME", "owner", None)


def test_an_owner_adds_a_seller_and_owns_it(owner: User) -> None:
    answer = signed_in(owner).post(
        SELLERS,
        {"merchant_token": "C3CARS", "name": "Cars", "marketplaces": ["APJ6JRA9NG5V4"], "four_eyes": True},
    )
    assert answer.status_code == 201
    seller = Seller.objects.get(merchant_token="C3CARS")
    assert (seller.name, seller.marketplaces, seller.four_eyes) == ("Cars", ["APJ6JRA9NG5V4"], True)
    assert Membership.objects.get(seller=seller).user == owner
    assert Membership.objects.get(seller=seller).role == "owner"


def test_the_operator_adds_the_first_seller(db: None) -> None:
    operator = new_user("root", is_superuser=True, is_staff=True)
    answer = signed_in(operator).post(SELLERS, {"merchant_token": "A1"})
    assert answer.status_code == 201
    assert (answer.json()["name"], answer.json()["role"]) == ("A1", "owner")
    assert signed_in(operator).get(SELLERS).json()["results"][0]["role"] == "owner"


def test_somebody_without_a_seller_adds_none(db: None) -> None:
    answer = signed_in(new_user("new")).post(SELLERS, {"merchant_token": "A1"})
    assert (answer.status_code, Seller.objects.count()) == (403, 0)


def test_a_token_in_use_is_refused_without_saying_by_whom(owner: User, bolt: Seller) -> None:
    client = signed_in(owner)
    theirs = client.post(SELLERS, {"merchant_token": "B2BOLT"})
    mine = client.post(SELLERS, {"merchant_token": "A1ACME"})
    assert (theirs.status_code, pointers(theirs)) == (400, [("/merchant_token", "unavailable")])
    assert theirs.content == mine.content
    assert Seller.objects.count() == 2


@pytest.mark.parametrize("token", ["", "a b", "../x", "é", "x" * 65, "-a"])
def test_a_token_must_look_like_one(owner: User, token: str) -> None:
    answer = signed_in(owner).post(SELLERS, {"merchant_token": token})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == "/merchant_token"
    assert Seller.objects.count() == 1


def test_the_database_holds_the_rules_too(acme: Seller) -> None:
    for wrong in (
        {"name": ""},
        {"require_confirmation": "oath"},
        {"answer_max_length": 0},
        {"retention_days": 0},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Seller.objects.filter(pk=acme.pk).update(**wrong)


def test_an_owner_makes_and_ends_a_key(owner: User, acme: Seller) -> None:
    client, path = signed_in(owner), f"{SELLERS}{acme.pk}/keys/"
    body = {"integration": "shop", "scopes": ["notices:write", "claims:read"], "require_signature": True}
    made = client.post(path, body)
    assert made.status_code == 201
    assert made["Cache-Control"] == "no-store"
    shown = made.json()
    assert shown["key"].startswith(shown["prefix"] + ".")
    assert shown["signing_secret"].startswith("whsec_")
    assert (shown["scopes"], shown["seller"]) == (["notices:write", "claims:read"], "A1ACME")
    (listed,) = client.get(path).json()["results"]
    assert listed == {name: value for name, value in shown.items() if name not in ("key", "signing_secret")}
    ended = client.post(f"/api/v1/keys/{shown['id']}/revoke/")
    assert ended.status_code == 200
    assert ended.json()["revoked_at"].endswith("Z")
    assert client.get(f"/api/v1/keys/{shown['id']}/").json() == ended.json()


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"integration": "x", "scopes": ["claims:reed"]}, [("/scopes", "invalid_choice")]),
        ({"integration": "x", "scopes": []}, [("/scopes", "empty")]),
        ({"scopes": ["all"]}, [("/integration", "required")]),
        ({"integration": "x", "scopes": [{"a": 1}]}, [("/scopes", "invalid_choice")]),
    ],
)
def test_a_key_that_cannot_be_is_not_made(
    owner: User, acme: Seller, body: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    answer = signed_in(owner).post(f"{SELLERS}{acme.pk}/keys/", body)
    assert (answer.status_code, pointers(answer)) == (400, expected)
    assert ApiKey.objects.count() == 0


@pytest.mark.parametrize(
    "body",
    [
        b'{"name":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"name":' + b"[" * 500 + b"]" * 500 + b"}",
        b'{"name": NaN}',
        b'{"name": 1e999}',
        b'{"name": ' + b"9" * 5000 + b"}",
        b'{"name": "\\ud800"}',
        b'{"\\ud800": 1}',
        b"\xff",
        b"[]",
        b'"x"',
        b"null",
    ],
)
def test_no_body_is_answered_with_a_fault_of_ours(owner: User, acme: Seller, body: bytes) -> None:
    answer = signed_in(owner).patch(f"{SELLERS}{acme.pk}/", body, content_type="application/json")
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    acme.refresh_from_db()
    assert acme.name == "ACME"
