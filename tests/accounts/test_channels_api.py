"""`sellers/{id}/channels/`, `me/channels/` and `channels/{id}/`: who sees and changes what, and no secret twice."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from accounts.models import Seller, User, WarningChannel
from accounts.secrets import decrypted
from accounts.services.channels import create_channel
from accounts.services.keys import CreatedKey
from tests.accounts.conftest import NOW, pointers, with_key
from tests.openapi import CheckedClient

HOOK = "https://hooks.example.com/in/0123456789abcdef"
API = "/api/v1"


def client_of(user: User) -> CheckedClient:
    client = CheckedClient()
    client.force_login(user)
    return client


def channels_of(seller: Seller) -> str:
    return f"{API}/sellers/{seller.pk}/channels/"


def room(
    seller: Seller, user: User | None = None, kind: str = "webhook", target: str = HOOK
) -> WarningChannel:
    return create_channel(seller=seller, user=user, kind=kind, label="Desk", target=target, now=NOW).channel


def test_an_owner_adds_a_room_and_sees_its_secret_once(owner: User, acme: Seller) -> None:
    client = client_of(owner)
    answer = client.post(
        channels_of(acme),
        {"kind": "webhook", "label": "Desk", "target": HOOK, "audiences": ["owners", "leads"]},
    )
    assert (answer.status_code, answer["Cache-Control"]) == (201, "no-store")
    made = answer.json()
    assert made["signing_secret"].startswith("whsec_")
    assert made["audiences"] == ["leads", "owners"]
    one = f"{API}/channels/{made['id']}/"
    seen = client.get(one)
    assert seen.json() == {
        "id": made["id"],
        "url": f"http://testserver{one}",
        "test_url": f"http://testserver{one}test/",
        "seller": "A1ACME",
        "user": None,
        "kind": "webhook",
        "label": "Desk",
        "target_hint": "https://hooks.example.com/…cdef",
        "audiences": ["leads", "owners"],
        "is_active": True,
        "disabled_at": None,
        "disabled_reason": "",
        "last_error": "",
        "last_error_at": None,
        "last_sent_at": None,
        "created_at": made["created_at"],
    }
    listed = client.get(channels_of(acme)).json()["results"]
    assert listed == [seen.json()]


def test_an_owner_changes_a_room_and_the_target_is_not_shown(owner: User, acme: Seller) -> None:
    channel = room(acme)
    client = client_of(owner)
    one = f"{API}/channels/{channel.pk}/"
    target = "https://other.example.com/in/fedcba9876543210"
    answer = client.patch(
        one, {"label": "New", "audiences": ["owners"], "is_active": False, "target": target}
    )
    assert answer.status_code == 200
    assert target not in answer.content.decode()
    channel.refresh_from_db()
    assert decrypted(channel.target_encrypted) == target
    assert (channel.label, channel.audiences, channel.is_active) == ("New", ["owners"], False)
    assert client.patch(one, {"target": ""}).status_code == 200
    channel.refresh_from_db()
    assert decrypted(channel.target_encrypted) == target


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"kind": "webhook"}, [("/kind", "read_only_field")]),
        ({"target": "https://127.0.0.1/"}, [("/target", "target_refused")]),
        ({"audiences": []}, [("/audiences", "empty")]),
        ({"audiences": ["everybody"]}, [("/audiences", "invalid_choice")]),
        ({"signing_secret": "x"}, [("/signing_secret", "unknown_field")]),
        ({"disabled_at": None}, [("/disabled_at", "read_only_field")]),
    ],
)
def test_what_cannot_be_changed_is_refused_and_nothing_changes(
    owner: User, acme: Seller, body: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    channel = room(acme)
    before = WarningChannel.objects.filter(pk=channel.pk).values().get()
    answer = client_of(owner).patch(f"{API}/channels/{channel.pk}/", body)
    assert (answer.status_code, pointers(answer)) == (400, expected)
    assert WarningChannel.objects.filter(pk=channel.pk).values().get() == before


def test_a_form_without_a_tick_means_everybodys_warnings(owner: User, acme: Seller) -> None:
    channel = room(acme)
    client = client_of(owner)
    one = f"{API}/channels/{channel.pk}/"
    assert client.patch(one, {"audiences": ["owners"]}).json()["audiences"] == ["owners"]
    answer = client.patch(one, {"label": "New", "audiences": ""}, format="multipart")
    assert answer.json()["audiences"] == ["assignee", "on_call", "leads", "owners"]
    form = {"kind": "webhook", "label": "Room", "target": "https://chat.example.com/in/0123456789abcdef"}
    made = client.post(channels_of(acme), form, format="multipart")
    assert (made.status_code, made.json()["audiences"]) == (201, answer.json()["audiences"])


def test_a_secret_is_renewed_and_shown_once(owner: User, acme: Seller) -> None:
    channel = room(acme)
    answer = client_of(owner).post(f"{API}/channels/{channel.pk}/renew-secret/")
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-store")
    channel.refresh_from_db()
    assert answer.json()["signing_secret"] == decrypted(channel.signing_secret_encrypted)
    mail = room(acme, kind="email", target="claims@acme.example")
    refused = client_of(owner).post(f"{API}/channels/{mail.pk}/renew-secret/")
    assert (refused.status_code, refused.json()["code"]) == (409, "not_signed")


def test_a_member_has_channels_of_his_own(alice: User, acme: Seller, owner: User) -> None:
    client = client_of(alice)
    answer = client.post(
        f"{API}/me/channels/", {"kind": "apprise", "label": "Mine", "target": "schan://abcdefgh12345678"}
    )
    assert (answer.status_code, answer.json()["user"], answer.json()["signing_secret"]) == (
        201,
        "alice",
        None,
    )
    one = f"{API}/channels/{answer.json()['id']}/"
    assert client.patch(one, {"label": "My telephone"}).json()["label"] == "My telephone"
    refused = client.patch(one, {"audiences": ["owners"]})
    assert (refused.status_code, pointers(refused)) == (400, [("/audiences", "read_only_field")])
    assert [row["label"] for row in client.get(f"{API}/me/channels/").json()["results"]] == ["My telephone"]
    assert client_of(owner).get(f"{API}/me/channels/").json()["results"] == []
    assert [row["user"] for row in client_of(owner).get(channels_of(acme)).json()["results"]] == ["alice"]


def test_rooms_are_for_owners(alice: User, acme: Seller) -> None:
    channel = room(acme)
    client = client_of(alice)
    for answer in (
        client.get(channels_of(acme)),
        client.post(channels_of(acme), {"kind": "email", "label": "x", "target": "a@example.com"}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (403, "role_too_low")
    one = f"{API}/channels/{channel.pk}/"
    for answer in (client.get(one), client.patch(one, {"label": "x"}), client.post(f"{one}test/")):
        assert answer.status_code == 404
    channel.refresh_from_db()
    assert (channel.label, WarningChannel.objects.count()) == ("Desk", 1)


def test_another_sellers_channels_are_not_there(
    bolt_owner: User, bolt: Seller, acme: Seller, alice: User
) -> None:
    channel, own = room(acme), room(acme, user=alice)
    client = client_of(bolt_owner)
    assert client.get(channels_of(acme)).status_code == 404
    assert (
        client.post(channels_of(acme), {"kind": "email", "label": "x", "target": "a@b.example"}).status_code
        == 404
    )
    for pk in (channel.pk, own.pk):
        one = f"{API}/channels/{pk}/"
        answers = [
            client.get(one),
            client.patch(one, {"label": "x"}),
            client.post(f"{one}test/"),
            client.post(f"{one}renew-secret/"),
        ]
        assert [answer.status_code for answer in answers] == [404] * 4
    elsewhere = client.post(
        f"{API}/me/channels/",
        {"seller_id": "A1ACME", "kind": "email", "label": "x", "target": "a@b.example"},
    )
    assert (elsewhere.status_code, pointers(elsewhere)) == (400, [("/seller_id", "does_not_exist")])
    assert client.get(channels_of(bolt)).json()["results"] == []
    assert set(WarningChannel.objects.values_list("label", flat=True)) == {"Desk"}


def test_a_member_who_left_has_lost_his_channels(alice: User, acme: Seller, bolt: Seller) -> None:
    channel = room(acme, user=alice)
    alice.memberships.update(seller=bolt)
    assert client_of(alice).get(f"{API}/channels/{channel.pk}/").status_code == 404
    assert client_of(alice).get(f"{API}/me/channels/").json()["results"] == []


def test_no_key_sees_or_makes_a_channel(amz: CreatedKey, acme: Seller) -> None:
    channel = room(acme)
    client = with_key(amz.clear_key)
    one = f"{API}/channels/{channel.pk}/"
    answers = [
        client.get(channels_of(acme)),
        client.post(channels_of(acme), {"kind": "email", "label": "x", "target": "a@example.com"}),
        client.get(f"{API}/me/channels/"),
        client.post(f"{API}/me/channels/", {}),
        client.get(one),
        client.patch(one, {"label": "x"}),
        client.post(f"{one}renew-secret/"),
        client.post(f"{one}test/"),
    ]
    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(403, "people_only")] * 8


def test_every_page_has_its_form(owner: User, acme: Seller) -> None:
    channel = room(acme)
    client = APIClient()
    client.force_login(owner)
    html = {"Accept": "text/html"}
    for path, field in (
        (channels_of(acme), 'name="target"'),
        (f"{API}/me/channels/", 'name="seller_id"'),
        (f"{API}/channels/{channel.pk}/", 'name="audiences"'),
        (f"{API}/channels/{channel.pk}/test/", 'class="stack desk-form"'),
        (f"{API}/channels/{channel.pk}/renew-secret/", 'class="stack desk-form"'),
    ):
        page = client.get(path, headers=html).content.decode()
        assert field in page, path
        assert "0123456789ab" not in page


def test_a_form_as_the_browser_sends_it_changes_a_room(owner: User, acme: Seller) -> None:
    channel = room(acme)
    client = APIClient()
    client.force_login(owner)
    form = {"label": "Night desk", "target": "", "audiences": ["owners"], "is_active": "True"}
    answer = client.patch(f"{API}/channels/{channel.pk}/", form, format="multipart")
    assert answer.status_code == 200
    channel.refresh_from_db()
    assert (channel.label, channel.audiences, decrypted(channel.target_encrypted)) == (
        "Night desk",
        ["owners"],
        HOOK,
    )
