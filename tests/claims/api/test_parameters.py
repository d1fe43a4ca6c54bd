"""What may stand in the address of a list: what it does not know is refused, never passed over in silence."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from accounts.models import Seller
from claims.models import Claim, Warning
from shipping.models import Shipment
from tests.claims.api.conftest import API, GERMANY, pointers
from tests.claims.stories import claim_of, letter
from tests.openapi import CheckedClient, schema

LISTS = [
    "claims/", "claims/{claim}/evidence/", "claims/{claim}/warning-preview/", "notices/", "deadlines/",
    "deadlines/summary/", "warnings/", "shipments/", "shipments/{shipment}/tracking/", "sellers/",
    "sellers/{seller}/members/", "sellers/{seller}/keys/", "sellers/{seller}/policies/",
    "sellers/{seller}/ladders/", "sellers/{seller}/channels/", "sellers/{seller}/rota/",
    "sellers/{seller}/sources/", "sellers/{seller}/sources/history/", "sellers/{seller}/tracking-endpoints/",
    "sellers/{seller}/rota/hand-over/", "sellers/{seller}/rota/on-call/", "me/channels/",
]  # fmt: skip


@pytest.fixture
def claim(acme: Seller, now: datetime) -> Claim:
    return claim_of(letter(acme, at=now - timedelta(hours=1), marketplace_id=GERMANY))


@pytest.fixture
def ids(claim: Claim, acme: Seller, now: datetime) -> dict[str, int]:
    parcel = Shipment.objects.create(
        seller=acme, order_id=claim.order_id, tracking_number="1", created_at=now, updated_at=now
    )
    return {"claim": claim.pk, "seller": acme.pk, "shipment": parcel.pk}


def documented(template: str) -> list[str]:
    """The query parameters that the OpenAPI document has for a list."""
    wanted = _shape(f"{API}/{template}")
    (found,) = [ways["get"] for path, ways in schema()["paths"].items() if _shape(path) == wanted]
    return [row["name"] for row in found.get("parameters", []) if row["in"] == "query"]


def _shape(path: str) -> str:
    parts = ("{}" if part.startswith("{") else part for part in path.split("/"))
    return "/".join(parts)


@pytest.mark.parametrize("template", LISTS)
def test_a_parameter_that_a_list_does_not_know_is_refused_at_its_name(
    otto_client: CheckedClient, ids: dict[str, int], template: str
) -> None:
    path = f"{API}/{template.format(**ids)}"
    assert otto_client.get(path).status_code == 200
    refused = otto_client.get(f"{path}?foo=1")
    assert (refused.status_code, pointers(refused)) == (400, [("/foo", "unknown_parameter")])
    assert refused["Content-Type"] == "application/problem+json"
    assert otto_client.get(f"{path}?foo=1", HTTP_ACCEPT="text/html").status_code == 400


@pytest.mark.parametrize("template", LISTS)
def test_every_parameter_that_is_documented_is_known(
    otto_client: CheckedClient, ids: dict[str, int], template: str
) -> None:
    answer = otto_client.get(f"{API}/{template.format(**ids)}", dict.fromkeys(documented(template), ""))
    faults = pointers(answer) if answer.status_code == 400 else []
    assert [fault for fault in faults if fault[1] == "unknown_parameter"] == []


def test_each_unknown_parameter_is_named_and_what_there_is_told(alice_client: CheckedClient) -> None:
    refused = alice_client.get(f"{API}/notices/?clam=1&status=processed&a%00b=2")
    assert pointers(refused) == [("/clam", "unknown_parameter"), ("/a\\x00b", "unknown_parameter")]
    assert refused.json()["errors"][0]["detail"] == (
        "Unknown parameter. There are claim, count, cursor, format, order_id, page_size, status."
    )


def test_who_may_not_read_the_list_hears_that_first(bob_client: CheckedClient, claim: Claim) -> None:
    assert CheckedClient().get(f"{API}/claims/?foo=1").status_code == 401
    assert bob_client.get(f"{API}/claims/{claim.pk}/?foo=1").status_code == 404


def test_the_address_of_a_form_carries_what_it_opens_with(alice_client: CheckedClient) -> None:
    page = alice_client.get(f"{API}/shipments/?new=1&carrier=dhl", HTTP_ACCEPT="text/html")
    assert page.status_code == 200
    assert 'value="dhl"' in page.content.decode()


def test_letters_are_found_by_their_claim(
    alice_client: CheckedClient, bob_client: CheckedClient, acme: Seller, claim: Claim, now: datetime
) -> None:
    letter(acme, at=now, order_id="405-1234567-7654321", marketplace_id=GERMANY)
    assert len(alice_client.get(f"{API}/notices/").json()["results"]) == 2
    rows = alice_client.get(f"{API}/notices/?claim={claim.pk}").json()["results"]
    assert [row["claim"]["id"] for row in rows] == [claim.pk]
    assert bob_client.get(f"{API}/notices/?claim={claim.pk}").json()["results"] == []
    wrong = alice_client.get(f"{API}/notices/?claim=x")
    assert (wrong.status_code, pointers(wrong)) == (400, [("/claim", "invalid")])


@pytest.mark.parametrize("stage", ["zz", "4", "h", "4 h", "-4h", "4w"])
def test_a_stage_that_cannot_be_is_refused(alice_client: CheckedClient, stage: str) -> None:
    refused = alice_client.get(f"{API}/warnings/", {"stage": stage})
    assert (refused.status_code, pointers(refused)) == (400, [("/stage", "invalid_choice")])


def test_warnings_are_found_by_stage(alice_client: CheckedClient, acme: Seller, claim: Claim) -> None:
    def found(stage: str) -> list[Any]:
        rows = alice_client.get(f"{API}/warnings/", {"stage": stage}).json()["results"]
        return [row["stage"] for row in rows]

    for stage in ("at_once", "2d"):
        Warning.objects.create(
            seller=acme, claim=claim, stage=stage, stage_at=claim.created_at, created_at=claim.created_at
        )
    assert found("at_once") == ["at_once"]
    assert (found("2d"), found("48h"), found("missed"), found("90m")) == (["2d"], ["2d"], [], [])
