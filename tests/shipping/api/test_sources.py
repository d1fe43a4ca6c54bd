"""A seller's accounts with sources and the addresses they send to: for owners, one's own only, secrets never shown."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from rest_framework.test import APIClient

from accounts.models import Role, Seller
from accounts.secrets import decrypted
from shipping.models import Shipment, SourceAccount, SourceChange, TrackingEndpoint
from shipping.outward import door
from tests.shipping.conftest import member, pointers
from tests.shipping.sources.stub import Reply, Stub

FEDEX = {"source": "fedex", "client_id": "the-id", "client_secret": "the-secret", "account_number": "123"}


@pytest.fixture
def otto(acme: Seller) -> APIClient:
    return member("otto", acme, Role.OWNER)


@pytest.fixture
def bea(bolt: Seller) -> APIClient:
    return member("bea", bolt, Role.OWNER)


def sources(seller: Seller, rest: str = "") -> str:
    return f"/api/v1/sellers/{seller.pk}/sources/{rest}"


def endpoints(seller: Seller, rest: str = "") -> str:
    return f"/api/v1/sellers/{seller.pk}/tracking-endpoints/{rest}"


def test_an_owner_adds_an_account_and_its_credentials_are_never_seen_again(
    acme: Seller, otto: APIClient
) -> None:
    made = otto.post(sources(acme), FEDEX)
    assert made.status_code == 201
    assert made.json()["base_url"] == "https://apis.fedex.com"
    account = SourceAccount.objects.get()
    assert json.loads(decrypted(account.secrets_encrypted)) == {
        "client_id": "the-id", "client_secret": "the-secret", "account_number": "123",
    }  # fmt: skip
    shown = [made, otto.get(sources(acme)), otto.get(made.json()["url"]), otto.get(sources(acme, "history/"))]
    pages = [
        otto.get(sources(acme, rest), HTTP_ACCEPT="text/html")
        for rest in ("", f"{account.pk}/?edit=1", "?new=1")
    ]
    for answer in [*shown, *pages]:
        assert answer.status_code in (200, 201)
        assert "the-secret" not in answer.content.decode()
        assert account.secrets_encrypted not in answer.content.decode()
    change = SourceChange.objects.get()
    assert (change.kind, change.actor_label, change.details["source"]) == ("created", "otto", "fedex")


@pytest.mark.parametrize(
    ("body", "faults"),
    [
        ({"source": "fedex", "client_id": "x"}, [("/client_secret", "required")]),
        ({**FEDEX, "api_key": "x"}, [("/api_key", "not_used")]),
        ({"source": "pigeon"}, [("/source", "invalid_choice")]),
        ({**FEDEX, "base_url": "http://fedex.example.com"}, [("/base_url", "not_https")]),
        ({**FEDEX, "base_url": "https://127.0.0.1/x"}, [("/base_url", "private_address")]),
        ({**FEDEX, "base_url": "https://a:b@fedex.example.com"}, [("/base_url", "invalid")]),
        ({**FEDEX, "base_url": "https://[oops"}, [("/base_url", "invalid")]),
        ({**FEDEX, "colour": "blue"}, [("/colour", "unknown_field")]),
    ],
)
def test_what_cannot_be_used_is_refused_at_its_field(
    acme: Seller, otto: APIClient, body: dict[str, str], faults: list[tuple[str, str]]
) -> None:
    answer = otto.post(sources(acme), body)
    assert (answer.status_code, pointers(answer)) == (400, faults)
    assert not SourceAccount.objects.exists()


def test_there_is_one_account_in_use_for_each_source(acme: Seller, otto: APIClient) -> None:
    first = otto.post(sources(acme), FEDEX).json()
    again = otto.post(sources(acme), FEDEX)
    assert (again.status_code, again.json()["code"]) == (409, "source_exists")
    assert otto.patch(first["url"], {"is_active": False}).json()["is_active"] is False
    assert otto.post(sources(acme), FEDEX).status_code == 201
    assert otto.patch(first["url"], {"is_active": True}).status_code == 409
    kinds = list(SourceChange.objects.order_by("id").values_list("kind", flat=True))
    assert kinds == ["created", "switched_off", "created"]


def test_credentials_are_replaced_as_a_whole(acme: Seller, otto: APIClient) -> None:
    url = otto.post(sources(acme), FEDEX).json()["url"]
    half = otto.patch(url, {"client_secret": "new"})
    assert (half.status_code, pointers(half)) == (400, [("/client_id", "required")])
    assert otto.patch(url, {"client_id": "id2", "client_secret": "new"}).status_code == 200
    stored = json.loads(decrypted(SourceAccount.objects.get().secrets_encrypted))
    assert stored == {"client_id": "id2", "client_secret": "new"}
    assert SourceChange.objects.order_by("id").last().details == {"credentials": "replaced"}  # type: ignore[union-attr]


def test_stored_credentials_are_never_sent_to_another_address(acme: Seller, otto: APIClient) -> None:
    url = otto.post(sources(acme), FEDEX).json()["url"]
    refused = otto.patch(url, {"base_url": "https://elsewhere.example.com"})
    assert (refused.status_code, pointers(refused)) == (400, [("/base_url", "credentials_needed")])
    assert SourceAccount.objects.get().base_url == "https://apis.fedex.com"
    given = {name: text for name, text in FEDEX.items() if name != "source"}
    assert otto.patch(url, {**given, "base_url": "https://elsewhere.example.com"}).status_code == 200
    assert SourceAccount.objects.get().base_url == "https://elsewhere.example.com"


def test_a_form_sent_with_its_empty_fields_changes_only_what_was_filled_in(
    acme: Seller, otto: APIClient
) -> None:
    url = otto.post(sources(acme), {**FEDEX, "base_url": "https://sandbox.example.com"}).json()["url"]
    page = otto.get(f"{url}?edit=1", HTTP_ACCEPT="text/html").content.decode()
    assert 'name="is_active"' in page
    assert 'type="password"' in page
    empty = dict.fromkeys(("api_key", "client_id", "client_secret", "base_url", "is_active"), "")
    assert otto.patch(url, empty, format="multipart").status_code == 200
    account = SourceAccount.objects.get()
    assert (account.is_active, account.base_url) == (True, "https://sandbox.example.com")
    assert SourceChange.objects.count() == 1


def test_a_test_call_is_a_real_call_and_its_result_is_kept(
    acme: Seller, otto: APIClient, httpserver: HTTPServer, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    stub = Stub(httpserver)
    settings.OUTGOING_ALLOW_PRIVATE = True
    monkeypatch.setattr(door, "FIRST_PAUSE", 0.001)
    made = otto.post(sources(acme), {**FEDEX, "base_url": stub.url}).json()
    good = otto.post(f"{made['url']}test/")
    assert good.json() == {"status": "ok", "detail": "The source answered; the credentials work."}
    assert [request.path for request in stub.tokens] == ["/oauth/token"]
    assert stub.asked[0].headers["Authorization"] == "Bearer the-token"
    assert SourceAccount.objects.get().last_ok_at is not None
    stub.grant = Reply(b'{"errors": []}', 401)
    bad = otto.post(f"{made['url']}test/").json()
    assert bad["status"] == "refused"
    account = SourceAccount.objects.get()
    assert account.last_error == bad["detail"]
    assert account.paused_until is not None
    stub.grant = Reply(b"", 503)
    assert otto.post(f"{made['url']}test/").json()["status"] == "failed"
    kinds = SourceChange.objects.filter(kind="tested").values_list("details__status", flat=True)
    assert list(kinds) == ["ok", "refused", "failed"]


@pytest.mark.parametrize(
    "source", ["amazon", "easypost", "seventeentrack", "ups", "usps", "dhl_unified", "mydhl"]
)
def test_every_source_can_be_tried(
    acme: Seller, otto: APIClient, httpserver: HTTPServer, settings: Any, source: str
) -> None:
    stub = Stub(httpserver)
    settings.OUTGOING_ALLOW_PRIVATE, settings.AMAZON_TOKEN_BASE_URL = True, stub.url
    needs: dict[str, tuple[str, ...]] = {
        "amazon": ("client_id", "client_secret", "refresh_token"), "ups": ("client_id", "client_secret"),
        "usps": ("client_id", "client_secret"), "mydhl": ("username", "password"),
    }  # fmt: skip
    secrets = dict.fromkeys(needs.get(source, ("api_key",)), "x1")
    stub.says(Reply(b'{"code": 0, "payload": [], "trackers": []}'))
    made = otto.post(sources(acme), {"source": source, "base_url": stub.url, **secrets}).json()
    assert otto.post(f"{made['url']}test/").json()["status"] == "ok"
    assert stub.asked
    stub.says(Reply(b'{"errors": [{"code": "Unauthorized"}], "error": {"message": "no"}}', 401))
    assert otto.post(f"{made['url']}test/").json()["status"] == "refused"


def test_nobody_but_an_owner_of_this_seller_gets_near(
    acme: Seller, otto: APIClient, bea: APIClient, alice: APIClient, amz: APIClient
) -> None:
    source = otto.post(sources(acme), FEDEX).json()["url"]
    endpoint = otto.post(endpoints(acme), {"source": "easypost", "secret": "s"}).json()["url"]
    ways = [
        (verb, url, body)
        for verb, url, body in [
            ("get", sources(acme), None), ("post", sources(acme), FEDEX), ("get", source, None),
            ("patch", source, {"is_active": False}), ("post", f"{source}test/", {}),
            ("get", sources(acme, "history/"), None), ("get", endpoints(acme), None),
            ("post", endpoints(acme), {"source": "easypost", "secret": "s"}), ("get", endpoint, None),
            ("post", f"{endpoint}retire/", {}),
        ]
    ]  # fmt: skip
    for verb, url, body in ways:
        assert getattr(bea, verb)(url, body).status_code == 404, url
        assert getattr(alice, verb)(url, body).status_code == 403, url
        assert getattr(amz, verb)(url, body).status_code == 403, url
        assert getattr(APIClient(), verb)(url, body).status_code == 401, url
    assert SourceAccount.objects.get().is_active
    assert TrackingEndpoint.objects.get().is_active


def test_one_s_own_seller_does_not_lead_to_another_s_rows(
    acme: Seller, bolt: Seller, otto: APIClient, bea: APIClient
) -> None:
    account = otto.post(sources(acme), FEDEX).json()["id"]
    endpoint = otto.post(endpoints(acme), {"source": "shipengine"}).json()["id"]
    assert bea.get(sources(bolt, f"{account}/")).status_code == 404
    assert bea.patch(sources(bolt, f"{account}/"), {"is_active": False}).status_code == 404
    assert bea.post(sources(bolt, f"{account}/test/")).status_code == 404
    assert bea.post(endpoints(bolt, f"{endpoint}/retire/")).status_code == 404
    assert bea.get(sources(bolt)).json()["results"] == []


def test_an_address_is_unguessable_replaced_as_a_whole_and_can_be_closed(
    acme: Seller, otto: APIClient
) -> None:
    first = otto.post(endpoints(acme), {"source": "aftership", "secret": "s1"}).json()
    second = otto.post(endpoints(acme), {"source": "aftership", "secret": "s2"}).json()
    tokens = list(TrackingEndpoint.objects.order_by("id").values_list("token", flat=True))
    assert [len(token) for token in tokens] == [43, 43]
    assert second["address"].endswith(f"/api/v1/tracking-webhooks/{tokens[1]}/")
    assert otto.get(first["url"]).json()["address"] is None
    assert otto.post(f"{second['url']}retire/").json()["is_active"] is False
    kinds = list(SourceChange.objects.order_by("id").values_list("kind", flat=True))
    assert kinds == ["endpoint_created", "endpoint_replaced", "endpoint_retired"]
    for body, fault in (
        ({"source": "easypost"}, "required"),
        ({"source": "shipengine", "secret": "x"}, "not_used"),
    ):
        refused = otto.post(endpoints(acme), body)
        assert (refused.status_code, pointers(refused)) == (400, [("/secret", fault)])
    for page in (endpoints(acme), endpoints(acme, "?new=1")):
        html = otto.get(page, HTTP_ACCEPT="text/html")
        assert html.status_code == 200
        assert "s2" not in [part.strip("\"'") for part in html.content.decode().split()]


def test_a_parcel_tells_how_it_is_asked_about(
    acme: Seller, otto: APIClient, make_shipment: Callable[..., Shipment]
) -> None:
    shipment = make_shipment("1Z12345E0291980793", carrier="UPS")
    assert otto.get(f"/api/v1/shipments/{shipment.pk}/").json()["polls"] == []
