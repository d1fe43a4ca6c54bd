"""API keys: stored as hashes, refused with a challenge, bounded by scopes, ended at once."""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.errors import InvalidInput
from accounts.models import ApiKey, Integration, Membership, Seller, User
from accounts.scopes import SCOPES
from accounts.services.keys import CreatedKey, create_api_key, note_key_use, revoke_key
from tests.accounts.conftest import NOW, with_key

ME = "/api/v1/me/"
SELLERS = "/api/v1/sellers/"


def test_only_the_hash_of_a_key_is_stored(amz: CreatedKey) -> None:
    row = ApiKey.objects.filter(pk=amz.api_key.pk).values().get()
    prefix, _, secret = amz.clear_key.partition(".")
    assert row["prefix"] == prefix
    assert row["key_hash"] == hashlib.sha256(amz.clear_key.encode()).hexdigest()
    assert len(secret) == 43
    assert all(secret not in str(value) for value in row.values())


def test_a_created_key_does_not_show_its_secrets_when_printed(make_key: Callable[..., CreatedKey]) -> None:
    created = make_key(signing=True)
    assert created.signing_secret is not None
    assert created.clear_key not in repr(created)
    assert created.signing_secret not in repr(created)


def test_all_stands_for_every_scope(amz: CreatedKey) -> None:
    assert amz.api_key.scopes == [
        "notices:write",
        "tracking:write",
        "shipments:write",
        "evidence:write",
        "replies:write",
        "claims:write",
        "claims:read",
        "warnings:read",
        "webhooks:write",
    ]


def test_an_unknown_scope_is_refused_and_nothing_is_made(acme: Seller) -> None:
    with pytest.raises(InvalidInput) as refused:
        create_api_key(seller=acme, integration_name="amz", scopes=["claims:reed"], now=NOW)
    error = refused.value.errors[0]
    assert (error.pointer, error.code) == ("/scopes", "unknown_scope")
    assert "claims:reed" in error.detail
    assert all(scope in error.detail for scope in SCOPES)
    assert Integration.objects.count() == 0


def test_keys_of_one_name_share_an_integration(make_key: Callable[..., CreatedKey]) -> None:
    assert make_key().api_key.integration_id == make_key().api_key.integration_id
    assert Integration.objects.count() == 1


def test_the_database_refuses_what_is_no_hash(amz: CreatedKey) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        ApiKey.objects.filter(pk=amz.api_key.pk).update(key_hash="0" * 63)
    with pytest.raises(IntegrityError), transaction.atomic():
        ApiKey.objects.filter(pk=amz.api_key.pk).update(require_signature=True)


def test_a_good_key_comes_in_with_one_query_for_the_key(amz: CreatedKey) -> None:
    client = with_key(amz.clear_key)
    client.get(ME)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        answer = client.get(ME)
    assert answer.status_code == 200
    assert [query["sql"].split(" ", 1)[0] for query in queries] == ["SELECT", "SELECT"]
    assert answer.json() == {
        "kind": "key",
        "name": f"amz (key {amz.api_key.prefix})",
        "time_zone": "",
        "email": None,
        "scopes": sorted(SCOPES),
        "sellers": [
            {
                "id": amz.api_key.integration.seller_id,
                "merchant_token": "A1ACME",
                "name": "ACME",
                "time_zone": "Europe/Rome",
                "role": "agent",
                "quiet_hours_url": None,
            }
        ],
        "link_code": None,
    }


@pytest.mark.parametrize(
    "sent",
    [
        "Api-Key",
        "Api-Key nodot",
        "Api-Key abc.def",
        "Api-Key a.b c",
        "Api-Key " + "a" * 300 + ".b",
        "Api-Key \x00.b",
        "Api-Key ü.b",
        "api-key .",
    ],
)
def test_a_bad_key_is_401_with_a_challenge(db: None, client: Any, sent: str) -> None:
    answer = client.get(SELLERS, headers={"Authorization": sent})
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == 'Api-Key realm="api"'
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "key_unknown"


def test_no_key_at_all_is_401_with_a_challenge(db: None, client: Any) -> None:
    answer = client.get(SELLERS)
    assert answer.status_code == 401
    assert answer["WWW-Authenticate"] == 'Api-Key realm="api"'


def test_guessing_is_slowed_down_and_a_right_key_still_passes(amz: CreatedKey) -> None:
    wrong = with_key("abc.def")
    assert {wrong.get(ME).status_code for _ in range(60)} == {401}
    answer = wrong.get(ME)
    assert (answer.status_code, answer["Retry-After"]) == (429, "60")
    assert with_key(amz.clear_key).get(ME).status_code == 200


def test_a_right_prefix_with_a_wrong_secret_is_401(amz: CreatedKey) -> None:
    last = "A" if amz.clear_key[-1] != "A" else "B"
    assert with_key(amz.clear_key[:-1] + last).get(ME).status_code == 401


def test_a_revoked_key_is_refused_by_the_next_request(amz: CreatedKey) -> None:
    client = with_key(amz.clear_key)
    assert client.get(ME).status_code == 200
    revoke_key(api_key_id=amz.api_key.pk, now=NOW)
    answer = client.get(ME)
    assert answer.status_code == 401
    assert answer.json()["code"] == "key_revoked"


def test_revoking_twice_keeps_the_first_moment(amz: CreatedKey) -> None:
    revoke_key(api_key_id=amz.api_key.pk, now=NOW)
    assert revoke_key(api_key_id=amz.api_key.pk, now=NOW + timedelta(hours=1)).revoked_at == NOW


def test_use_is_noted_at_most_once_a_minute(amz: CreatedKey) -> None:
    def noted(seconds: int) -> Any:
        note_key_use(api_key_id=amz.api_key.pk, now=NOW + timedelta(seconds=seconds))
        return ApiKey.objects.get(pk=amz.api_key.pk).last_used_at

    assert noted(0) == NOW
    assert noted(59) == NOW
    assert noted(60) == NOW + timedelta(seconds=60)


def test_a_key_without_the_scope_is_403(make_key: Callable[..., CreatedKey]) -> None:
    answer = with_key(make_key("notices:write").clear_key).get(SELLERS)
    assert answer.status_code == 403
    assert answer.json()["code"] == "scope_missing"
    assert with_key(make_key("claims:read").clear_key).get(SELLERS).status_code == 200


def test_a_key_reads_its_own_seller_and_no_other(amz: CreatedKey, acme: Seller, bolt: Seller) -> None:
    client = with_key(amz.clear_key)
    assert [row["merchant_token"] for row in client.get(SELLERS).json()["results"]] == ["A1ACME"]
    assert client.get(f"{SELLERS}{acme.pk}/").json()["role"] == "agent"
    assert client.get(f"{SELLERS}{bolt.pk}/").status_code == 404


def test_a_key_that_reads_sees_members_and_keys_without_their_secrets(
    make_key: Callable[..., CreatedKey], acme: Seller, bolt: Seller, alice: User
) -> None:
    made = make_key("claims:read", signing=True)
    client, one = with_key(made.clear_key), f"{SELLERS}{acme.pk}/"
    listed = client.get(f"{one}members/")
    assert listed.status_code == 200
    member = listed.json()["results"][0]
    assert (member["user"]["username"], member["role"]) == ("alice", "agent")
    assert client.get(member["url"]).json() == member
    answer = client.get(f"{one}keys/")
    assert answer.status_code == 200
    shown = answer.json()["results"][0]
    assert (shown["prefix"], shown["scopes"], shown["signing"]) == (
        made.api_key.prefix,
        ["claims:read"],
        True,
    )
    assert client.get(shown["url"]).json()["prefix"] == made.api_key.prefix
    assert made.signing_secret is not None
    secrets = (made.clear_key.partition(".")[2], made.api_key.key_hash, made.signing_secret)
    assert [secret for secret in secrets if secret in answer.content.decode()] == []
    assert sorted(shown) == [
        "created_at", "id", "integration", "last_used_at", "prefix", "require_signature", "revoked_at",
        "scopes", "seller", "signing", "url",
    ]  # fmt: skip
    theirs = make_key(seller=bolt).api_key
    others = [f"{SELLERS}{bolt.pk}/members/", f"{SELLERS}{bolt.pk}/keys/", f"/api/v1/keys/{theirs.pk}/"]
    assert [client.get(path).status_code for path in others] == [404] * 3


def test_a_key_that_may_not_read_sees_no_members_and_no_keys(
    make_key: Callable[..., CreatedKey], acme: Seller
) -> None:
    made = make_key("notices:write", "warnings:read")
    client, one = with_key(made.clear_key), f"{SELLERS}{acme.pk}/"
    answers = [
        client.get(path) for path in (f"{one}members/", f"{one}keys/", f"/api/v1/keys/{made.api_key.pk}/")
    ]
    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(403, "scope_missing")] * 3


def test_a_key_has_no_say_in_what_owners_do(amz: CreatedKey, acme: Seller, alice: User) -> None:
    client, member = with_key(amz.clear_key), Membership.objects.get(user=alice)
    one = f"{SELLERS}{acme.pk}/"
    answers = [
        client.post(SELLERS, {"merchant_token": "C3"}),
        client.patch(one, {"name": "Mine"}),
        client.post(f"{one}members/", {"username": "x"}),
        client.patch(f"{one}members/{member.pk}/", {"role": "owner"}),
        client.post(f"{one}keys/", {"integration": "x", "scopes": ["all"]}),
        client.post(f"/api/v1/keys/{amz.api_key.pk}/revoke/"),
        client.patch(ME, {"time_zone": "UTC"}),
    ]
    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(403, "people_only")] * 7
    acme.refresh_from_db()
    member.refresh_from_db()
    assert (member.role, Membership.objects.count()) == ("agent", 1)
    assert (acme.name, Seller.objects.count(), ApiKey.objects.get().revoked_at) == ("ACME", 1, None)
