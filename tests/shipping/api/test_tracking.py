"""`shipments/{id}/tracking/`: what carriers answered, kept as it came and read as far as it can be."""

import base64
import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from shipping.models import Shipment, TrackingEvent, TrackingSnapshot
from tests.shipping.conftest import payload, pointers

NUMBER = "9400111206206407628746"


@pytest.fixture
def here(make_shipment: Callable[..., Shipment]) -> str:
    return f"/api/v1/shipments/{make_shipment(NUMBER).pk}/tracking/"


def post(client: APIClient, here: str, provider: str, answer: Any, **given: Any) -> Any:
    return client.post(here, {"provider": provider, "payload": answer, **given}, format="json")


def test_an_answer_is_kept_and_read(amz: APIClient, here: str) -> None:
    answer = post(amz, here, "easypost", payload("easypost_delivered"))

    assert answer.status_code == 201
    kept = TrackingSnapshot.objects.get()
    shipment = Shipment.objects.get()
    assert answer.json() == {
        "id": kept.pk,
        "status": "read",
        "reason": "",
        "events_added": 4,
        "shipment": {
            "id": shipment.pk,
            "url": f"http://testserver/api/v1/shipments/{shipment.pk}/",
            "status": "delivered",
        },
    }
    assert json.loads(bytes(kept.raw)) == payload("easypost_delivered")
    assert kept.sha256 == hashlib.sha256(bytes(kept.raw)).hexdigest()
    assert kept.size == len(bytes(kept.raw))
    assert (kept.channel, kept.http_status, kept.actor_kind) == ("api", 200, "integration")


def test_the_same_bytes_fifty_times_are_one_snapshot(amz: APIClient, here: str) -> None:
    first = post(amz, here, "easypost", payload("easypost_delivered"))
    updated_at = Shipment.objects.get().updated_at
    again = [post(amz, here, "easypost", payload("easypost_delivered")) for _ in range(49)]

    assert {answer.status_code for answer in again} == {200}
    assert {answer.json()["id"] for answer in again} == {first.json()["id"]}
    assert {answer.json()["events_added"] for answer in again} == {0}
    assert TrackingSnapshot.objects.count() == 1
    assert TrackingEvent.objects.count() == 4
    assert Shipment.objects.get().updated_at == updated_at


@pytest.mark.parametrize(
    "names", [("easypost_delivered", "easypost_in_transit"), ("easypost_in_transit", "easypost_delivered")]
)
def test_an_older_answer_that_comes_later_takes_nothing_back(
    amz: APIClient, here: str, names: tuple[str, str]
) -> None:
    for name in names:
        assert post(amz, here, "easypost", payload(name)).status_code == 201

    detail = amz.get(here.removesuffix("tracking/")).json()
    assert detail["status"] == "delivered"
    assert detail["delivered_at"] == "2026-11-05T19:42:00Z"
    assert [event["status"] for event in detail["events"]] == [
        "label_created",
        "in_transit",
        "out_for_delivery",
        "delivered",
    ]
    assert [event["occurred_at"] for event in detail["events"]] == [
        "2026-11-01T18:00:00Z",
        "2026-11-02T17:30:00Z",
        "2026-11-05T13:10:00Z",
        "2026-11-05T19:42:00Z",
    ]
    assert detail["events"][0]["time_basis"] == "provider_inferred"
    assert detail["events"][3]["time_basis"] == "carrier_utc"


@pytest.mark.parametrize(
    ("http_status", "status"),
    [(404, "not_found"), (410, "not_found"), (400, "error_answer"), (401, "error_answer"), (429, "error_answer"),
     (500, "error_answer"), (503, "error_answer"), (302, "error_answer")],
)  # fmt: skip
def test_an_http_error_is_kept_and_proves_nothing(
    amz: APIClient, here: str, http_status: int, status: str
) -> None:
    answer = post(
        amz, here, "easypost", "<html>busy</html>", http_status=http_status, content_type="text/html"
    )

    assert answer.status_code == 201
    assert answer.json()["status"] == status
    assert answer.json()["events_added"] == 0
    assert bytes(TrackingSnapshot.objects.get().raw) == b"<html>busy</html>"
    assert Shipment.objects.get().status == ("not_found" if status == "not_found" else "unknown")


@pytest.mark.parametrize(
    "provider",
    ["australiapost", "royal_mail", "brand_new_carrier"],
)
def test_a_provider_without_a_reader_is_kept_and_nothing_is_guessed(
    amz: APIClient, here: str, provider: str
) -> None:
    answer = post(amz, here, provider, "<event status='DELIVERED'/>", content_type="application/xml")

    assert answer.status_code == 201
    assert answer.json()["status"] == "unsupported"
    assert answer.json()["shipment"]["status"] == "unknown"
    assert bytes(TrackingSnapshot.objects.get().raw) == b"<event status='DELIVERED'/>"


@pytest.mark.parametrize("name", ["EasyPost", "easy-post", "", "1st", "easy post", "ünited", "a" * 41])
def test_a_name_that_is_no_provider_name_is_refused(amz: APIClient, here: str, name: str) -> None:
    answer = post(amz, here, name, payload("easypost_delivered"))

    assert answer.status_code == 400
    assert [pointer for pointer, _ in pointers(answer)] == ["/provider"]
    assert TrackingSnapshot.objects.count() == 0


UNREADABLE: dict[str, Any] = {
    "cut off": '{"object": "Tracker", "tracking_code": "9400',
    "nested 100,000 deep": "[" * 100_000 + "]" * 100_000,
    "not JSON": "Delivered!",
    "a list": "[1, 2]",
    "not a number": '{"tracking_code": NaN}',
    "an endless integer": '{"tracking_code": ' + "9" * 10_000 + "}",
    "another shape": {"hello": "world"},
    "details are text": {"tracking_code": NUMBER, "tracking_details": "none"},
    "details hold numbers": {"tracking_code": NUMBER, "tracking_details": [1]},
    "a place is a list": {"tracking_code": NUMBER, "tracking_details": [{"tracking_location": []}]},
}


@pytest.mark.parametrize("answer", UNREADABLE.values(), ids=UNREADABLE.keys())
def test_what_cannot_be_read_answers_400_and_is_kept(amz: APIClient, here: str, answer: Any) -> None:
    for _ in range(2):
        refused = post(amz, here, "easypost", answer)
        assert refused.status_code == 400
        assert pointers(refused) == [("/payload", "unreadable")]

    kept = TrackingSnapshot.objects.get()
    assert kept.status == "unreadable"
    assert (
        bytes(kept.raw).decode() == answer
        if isinstance(answer, str)
        else json.loads(bytes(kept.raw)) == answer
    )
    assert TrackingEvent.objects.count() == 0
    assert Shipment.objects.get().status == "unknown"


AT = "2026-11-05T19:42:00Z"


def one(**event: Any) -> dict[str, Any]:
    return {"events": [{"status": "delivered", **event}]}


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"events": {}}, "/payload/events"),
        ({"events": [], "signature_required": "yes"}, "/payload/signature_required"),
        ({"events": [], "status": "delivered"}, "/payload/status"),
        ({"events": [7]}, "/payload/events/0"),
        (one(status="arrived", occurred_at=AT), "/payload/events/0/status"),
        (one(), "/payload/events/0/occurred_at"),
        (one(occurred_at="2026-11-05T19:42:00"), "/payload/events/0/occurred_at"),
        (one(occurred_at=AT, local_time="2026-11-05T19:42:00"), "/payload/events/0/occurred_at"),
        (one(local_time=AT), "/payload/events/0/local_time"),
        (one(local_time="2026-11-05T19:42:00", offset="2"), "/payload/events/0/offset"),
        (one(occurred_at=AT, offset="+02:00"), "/payload/events/0/offset"),
        (one(occurred_at=AT, when=1), "/payload/events/0/when"),
        (one(occurred_at=AT, leg="up"), "/payload/events/0/leg"),
        (one(occurred_at=AT, place={"zip": "1"}), "/payload/events/0/place/zip"),
        (one(occurred_at=AT, place={"city": 1}), "/payload/events/0/place/city"),
    ],
)
def test_the_normal_form_is_a_contract_and_says_where_it_is_broken(
    amz: APIClient, here: str, change: dict[str, Any], pointer: str
) -> None:
    answer = post(amz, here, "normal", change)

    assert answer.status_code == 400
    assert pointers(answer) == [(pointer, "unreadable")]
    assert TrackingSnapshot.objects.get().status == "unreadable"


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({"provider": "easypost"}, "/payload", "required"),
        ({"provider": "easypost", "payload": [1]}, "/payload", "not_an_object"),
        ({"provider": "easypost", "payload": 7}, "/payload", "not_an_object"),
        ({"provider": "easypost", "payload": ""}, "/payload", "blank"),
        ({"provider": "easypost", "payload": {}}, "/payload", "blank"),
        ({"provider": "easypost", "payload": None}, "/payload", "null"),
        ({"payload": {"a": 1}}, "/provider", "required"),
        ({"provider": "easypost", "payload": {"a": 1}, "status": "read"}, "/status", "unknown_field"),
        ({"provider": "easypost", "payload": {"a": 1}, "http_status": 99}, "/http_status", "min_value"),
        ({"provider": "ups", "payload": "x", "fetched_at": "2026-11-20T10:00:00"}, "/fetched_at", "offset_missing"),
        ({"provider": "ups", "payload": "x", "fetched_at": "2099-11-20T10:00:00Z"}, "/fetched_at", "in_future"),
    ],
)  # fmt: skip
def test_a_wrong_body_is_refused_with_its_pointer_and_nothing_is_kept(
    amz: APIClient, here: str, body: dict[str, Any], pointer: str, code: str
) -> None:
    answer = amz.post(here, body, format="json")

    assert answer.status_code == 400
    assert pointers(answer) == [(pointer, code)]
    assert TrackingSnapshot.objects.count() == 0


def test_five_megabytes_are_taken_and_more_than_ten_are_not(amz: APIClient, here: str) -> None:
    large = {**payload("easypost_delivered"), "padding": "x" * 5_000_000}
    assert post(amz, here, "easypost", large).status_code == 201
    assert TrackingSnapshot.objects.get().size > 5_000_000

    refused = post(amz, here, "easypost", "x" * (10 * 1024 * 1024 + 1))
    assert refused.status_code == 413
    assert TrackingSnapshot.objects.count() == 1


def test_a_body_nested_deeper_than_python_reads_is_400_and_nothing_breaks(amz: APIClient, here: str) -> None:
    deep = '{"provider": "easypost", "payload": ' + '{"a":' * 100_000 + "1" + "}" * 100_000 + "}"
    assert amz.post(here, deep, content_type="application/json").status_code == 400

    for depth in range(100, 1200, 50):
        body = '{"provider": "easypost", "payload": ' + '{"a":' * depth + "1" + "}" * depth + "}"
        assert amz.post(here, body, content_type="application/json").status_code == 400
    assert Shipment.objects.get().status == "unknown"


def test_nul_and_half_characters_are_kept_and_do_not_break_what_is_read(amz: APIClient, here: str) -> None:
    tracker = payload("easypost_delivered")
    tracker["tracking_details"][3]["message"] = "Delivered\x00, \ud83d Front Door/Porch"
    tracker["signed_by"] = "J\x00 G"
    body = json.dumps({"provider": "easypost", "payload": tracker})

    answer = amz.post(here, body, content_type="application/json")

    assert answer.status_code == 201, answer.json()
    event = TrackingEvent.objects.get(status="delivered")
    assert event.text == "Delivered\N{REPLACEMENT CHARACTER}, ? Front Door/Porch"
    assert json.loads(bytes(TrackingSnapshot.objects.get().raw)) == tracker
    assert amz.get(here.removesuffix("tracking/")).status_code == 200


def test_base64_of_a_document_is_kept_as_the_document(amz: APIClient, here: str) -> None:
    letter = b"%PDF-1.7 proof of delivery"
    text = base64.b64encode(letter).decode()

    answer = post(amz, here, "mydhl", text, content_type="application/pdf")

    assert answer.status_code == 201
    assert bytes(TrackingSnapshot.objects.get().raw) == letter


def test_another_number_is_kept_and_nothing_is_derived(amz: APIClient, here: str) -> None:
    tracker = {**payload("easypost_delivered"), "tracking_code": "9400111206206400000000"}

    answer = post(amz, here, "easypost", tracker)

    assert answer.status_code == 201
    assert answer.json()["status"] == "other_parcel"
    assert answer.json()["events_added"] == 0
    assert answer.json()["shipment"]["status"] == "unknown"


def test_answers_kept_are_listed_without_their_bytes(amz: APIClient, here: str) -> None:
    post(amz, here, "easypost", payload("easypost_delivered"))
    post(amz, here, "canada_post", {"output": {}})

    rows = amz.get(here).json()["results"]

    assert [(row["provider"], row["status"]) for row in rows] == [
        ("canada_post", "unsupported"),
        ("easypost", "read"),
    ]
    assert "raw" not in rows[0]
