"""What the answers of direct carriers prove, through the door by which they come: each trap by its name."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from rest_framework.test import APIClient

from shipping.models import Shipment, TrackingEvent, TrackingSnapshot
from tests.shipping.conftest import PAYLOADS

NONE = (None, "", "none")
TABLE: list[tuple[str, str, str, str, Any]] = [
    # trap, provider, file, number, (answer, events, status, leg, (delivered, basis, signer), conflicts, gaps)
    ("a plain delivery with a document on offer", "fedex", "fedex_delivered.json", "770012345678", (
        "read", 5, "delivered", "unknown", ("2026-11-06T23:42:11Z", "carrier_offset", "person_name"),
        [], ["document_not_fetched", "unread_status"])),
    ("one number, two parcels: by ship date", "fedex", "fedex_batch.json", "770012345678", (
        "read", 1, "in_transit", "unknown", NONE, [], ["no_delivery"])),
    ("an unknown number inside HTTP 200", "fedex", "fedex_batch.json", "770099999999", (
        "not_found", 0, "not_found", "unknown", NONE, [], ["no_answer", "no_first_scan", "no_delivery"])),
    ("a batch about other numbers", "fedex", "fedex_batch.json", "770000000000", (
        "other_parcel", 0, "unknown", "unknown", NONE, [], ["no_answer", "no_first_scan", "no_delivery"])),
    ("an offset that Japan does not keep", "fedex", "fedex_japan_at_utc.json", "770012345678", (
        "read", 2, "delivered", "unknown", (None, "assumed", "none"),
        ["delivered_elsewhere", "offset_not_of_place"],
        ["delivery_time_uncertain", "no_recipient", "no_document", "offset_not_of_place"])),
    ("two codes that contradict each other", "fedex", "fedex_contradictory.json", "770012345678", (
        "read", 1, "in_transit", "unknown", NONE, ["return_details", "contradicts_itself"], ["no_delivery"])),
    ("signed for at the reception", "ups", "ups_delivered.json", "1Z12345E0205271688", (
        "read", 4, "delivered_to_third_party", "unknown",
        ("2026-11-06T20:05:33Z", "carrier_offset", "person_name"), [], [])),
    ("a delivery photo before delivery", "ups", "ups_photo_in_transit.json", "1Z12345E0205271688", (
        "read", 1, "in_transit", "unknown", NONE, ["proof_before_delivery"], ["no_delivery"])),
    ("delivered back to the sender", "ups", "ups_returned.json", "1Z12345E0205271688", (
        "read", 3, "returned_to_sender", "return", NONE, [], ["no_delivery"])),
    ("UTC a day early, another ZIP code, initials", "usps", "usps_delivered_elsewhere.json",
     "9400111206206407628746", (
        "read", 5, "delivered", "unknown", ("2026-11-07T04:30:00Z", "carrier_offset", "initials"),
        ["delivered_elsewhere", "delivered_off_route", "sent_elsewhere", "pseudo_signature"],
        ["no_document", "unread_status"])),
    ("delivered, to original sender", "usps", "usps_to_original_sender.json", "9400111206206407628746", (
        "read", 3, "returned_to_sender", "return", NONE, [], ["no_delivery"])),
    ("with the neighbour, a link as proof", "dhl_unified", "dhl_unified_delivered.json", "7777123456", (
        "read", 4, "delivered_to_third_party", "forward",
        ("2026-11-06T12:00:00Z", "place_inferred", "person_name"),
        ["delivered_elsewhere", "sent_elsewhere", "recorded_name_differs"], [])),
    ("statusCode pre-transit beside DELIVERED", "dhl_unified", "dhl_unified_contradictory.json", "7777123456", (
        "read", 1, "label_created", "unknown", NONE,
        ["delivered_without_event", "proof_before_delivery", "contradicts_itself"],
        ["no_first_scan", "no_delivery"])),
    ("a service area is no city", "mydhl", "mydhl_delivered.json", "1234567890", (
        "read", 3, "delivered", "unknown", ("2026-11-06T17:20:00Z", "carrier_offset", "person_name"),
        [], ["no_delivery_place", "no_document"])),
    ("a proof without a scan", "mydhl", "mydhl_proof.json", "1234567890", (
        "read", 0, "unknown", "unknown", NONE, [], ["no_events", "no_first_scan", "no_delivery"])),
    ("local time with a zone's name", "dhl_ecommerce", "dhl_ecommerce_delivered.json", "9261290289104185136058", (
        "read", 5, "delivered", "unknown", ("2026-11-06T18:26:00Z", "place_inferred", "none"),
        [], ["no_recipient", "no_document", "unread_status"])),
    ("the number with its ZIP routing", "dhl_ecommerce", "dhl_ecommerce_delivered.json",
     "420627049261290289104185136058", (
        "read", 5, "delivered", "unknown", ("2026-11-06T18:26:00Z", "place_inferred", "none"),
        [], ["no_recipient", "no_document", "unread_status"])),
    ("12:26 PM ET", "dhl_ecommerce", "dhl_ecommerce_delivered.xml", "1071180100692707", (
        "read", 2, "delivered", "unknown", ("2026-11-06T17:26:00Z", "place_inferred", "none"),
        ["delivered_elsewhere", "sent_elsewhere"], ["no_recipient", "no_document"])),
    ("a different person present", "dhl_parcel_de", "dhl_parcel_de_neighbour.xml", "00340434161094099999", (
        "read", 2, "delivered_to_third_party", "forward",
        ("2026-11-05T09:02:00Z", "place_inferred", "person_name"),
        ["delivered_elsewhere", "sent_elsewhere", "recorded_name_differs"], ["no_document"])),
]  # fmt: skip


def proven(client: APIClient, shipment: Shipment, provider: str, answer: Any, **given: Any) -> Any:
    """Post it, and say what became of it in the columns of the table."""
    response = client.post(
        f"/api/v1/shipments/{shipment.pk}/tracking/",
        {"provider": provider, "payload": answer, **given},
        format="json",
    )
    shipment.refresh_from_db()
    delivered = shipment.delivered_at and shipment.delivered_at.isoformat().replace("+00:00", "Z")
    conflicts = [row["code"] for row in shipment.conflicts if not row["code"].startswith("number_fits")]
    return (
        TrackingSnapshot.objects.get(shipment=shipment).status,
        response.json().get("events_added"),
        shipment.status,
        shipment.leg,
        (delivered, shipment.time_basis, shipment.received_by["kind"]),
        conflicts,
        [row["code"] for row in shipment.gaps],
    )


def answer_of(name: str) -> Any:
    text = (PAYLOADS / name).read_text()
    return json.loads(text) if name.endswith(".json") else text


@pytest.mark.parametrize("row", TABLE, ids=[f"{row[1]}: {row[0]}" for row in TABLE])
def test_each_answer_proves_what_it_says_and_no_more(
    amz: APIClient, make_shipment: Callable[..., Shipment], row: Any
) -> None:
    _, provider, name, number, expected = row
    assert proven(amz, make_shipment(number), provider, answer_of(name)) == expected


def test_what_no_table_has_stays_unknown_and_verbatim(
    amz: APIClient, make_shipment: Callable[..., Shipment]
) -> None:
    shipment = make_shipment("9400111206206407628746")
    proven(amz, shipment, "usps", answer_of("usps_delivered_elsewhere.json"))

    event = TrackingEvent.objects.get(status="unknown")
    assert (event.text, event.code) == ("A scan that no table has", "Q9")
    assert {"code": "unread_status", "detail": "A scan that no table has"} in shipment.gaps


def test_gmt_timestamp_a_day_early_is_left_alone(
    amz: APIClient, make_shipment: Callable[..., Shipment]
) -> None:
    shipment = make_shipment("9400111206206407628746")
    proven(amz, shipment, "usps", answer_of("usps_delivered_elsewhere.json"))

    at_partner = TrackingEvent.objects.get(text="Arrived Shipping Partner Facility, USPS Awaiting Item")
    # not a day before, as is stated; and at the partner's USPS was still waiting for it
    assert at_partner.occurred_at == datetime(2026, 11, 4, 5, 28, tzinfo=UTC)
    assert shipment.first_scan["at"] == "2026-11-06T14:10:00Z"
    assert shipment.delivered_local == "2026-11-06T22:30:00-06:00"


def test_an_offset_that_is_not_believed_widens_the_time_and_stays_to_be_read(
    amz: APIClient, make_shipment: Callable[..., Shipment]
) -> None:
    shipment = make_shipment("770012345678")
    proven(amz, shipment, "fedex", answer_of("fedex_japan_at_utc.json"))

    assert shipment.delivered_local == "2026-11-09T14:05:00+00:00"
    assert shipment.delivered_earliest is not None
    assert shipment.delivered_latest is not None
    assert shipment.delivered_earliest.isoformat() == "2026-11-09T00:05:00+00:00"
    assert shipment.delivered_latest.isoformat() == "2026-11-10T02:05:00+00:00"
    row = next(row for row in shipment.conflicts if row["code"] == "offset_not_of_place")
    assert row["fields"] == {
        "stated": "2026-11-09T14:05:00+00:00",
        "place": {"city": "OSAKA", "postal_code": "5300001", "country_code": "JP"},
    }


def test_a_wrong_offset_of_a_scan_on_the_way_is_a_gap_and_no_contradiction(
    amz: APIClient, make_shipment: Callable[..., Shipment]
) -> None:
    answer = answer_of("fedex_delivered.json")
    answer["output"]["completeTrackResults"][0]["trackResults"][0]["scanEvents"][1]["date"] = (
        "2026-11-06T08:11:00+09:00"
    )
    found = proven(amz, make_shipment("770012345678"), "fedex", answer)
    assert found[4] == ("2026-11-06T23:42:11Z", "carrier_offset", "person_name")
    assert found[5:] == ([], ["document_not_fetched", "offset_not_of_place", "unread_status"])


def test_ups_utc_that_contradicts_its_offset_leaves_the_place_to_say(
    amz: APIClient, make_shipment: Callable[..., Shipment]
) -> None:
    proven(amz, make_shipment("1Z12345E0205271688"), "ups", answer_of("ups_photo_in_transit.json"))
    event = TrackingEvent.objects.get()
    assert (event.time_raw, event.time_basis) == ("20261105 081200", "place_inferred")
    assert event.occurred_at is not None
    assert event.occurred_at.isoformat() == "2026-11-05T14:12:00+00:00"


@pytest.mark.parametrize(
    ("provider", "http_status", "answer", "status"),
    [
        ("usps", 400, {"error": {"code": "400", "errors": [{"code": "150001"}]}}, "not_found"),
        ("usps", 400, {"error": {"code": "invalid_request", "message": "No ZIP code."}}, "error_answer"),
        ("usps", 401, {"error": "invalid_client"}, "error_answer"),
        ("fedex", 400, {"errors": [{"code": "TRACKING.TRACKINGNUMBER.NOTFOUND"}]}, "not_found"),
        ("fedex", 401, {"errors": [{"code": "NOT.AUTHORIZED.ERROR"}]}, "error_answer"),
        ("fedex", 503, {"errors": [{"code": "SERVICE.UNAVAILABLE.ERROR"}]}, "error_answer"),
        ("ups", 200, {"trackResponse": {"shipment": [{"warnings": [{"code": "TW0001"}]}]}}, "not_found"),
        ("ups", 400, {"response": {"errors": [{"code": "TV1002"}]}}, "error_answer"),
        ("dhl_unified", 404, {"title": "No result found", "status": 404}, "not_found"),
        ("mydhl", 404, {"title": "Not Found", "status": "404"}, "not_found"),
        ("mydhl", 200, {"title": "Unauthorized", "status": 401}, "error_answer"),
        ("dhl_ecommerce", 200, "<track><error><code>400</code><description>No results for your tracking number."
         "</description></error></track>", "not_found"),
        ("dhl_ecommerce", 200, {"packages": []}, "not_found"),
        ("dhl_parcel_de", 200, '<data name="piece-shipment-list" code="0"><data name="piece-shipment"'
         ' piece-code="1" piece-status="100" piece-status-desc="Keine Daten gefunden."/></data>', "not_found"),
        ("dhl_parcel_de", 200, '<data name="piece-shipment-list" code="1" error="Login failed"/>', "error_answer"),
    ],
)  # fmt: skip
def test_an_unknown_number_is_told_from_a_refused_request(
    amz: APIClient,
    make_shipment: Callable[..., Shipment],
    provider: str,
    http_status: int,
    answer: Any,
    status: str,
) -> None:
    assert proven(amz, make_shipment("1"), provider, answer, http_status=http_status)[0] == status
