"""Recorded answers of the carriers themselves, each on a shipment with its number and dates."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from rest_framework.test import APIClient

from shipping.models import Shipment
from tests.shipping.carriers.test_answers import NONE, proven

pytestmark = pytest.mark.needs_samples

UNFOUND = ["no_answer", "no_first_scan", "no_delivery", "no_ship_to"]
TABLE: list[tuple[str, str, str, str, Any]] = [
    # provider, file, number, shipped, (answer, events, status, leg, (delivered, basis, signer), conflicts, gaps)
    ("fedex", "karrio/fedex__mixed_timestamp_formats.json", "738488882438", "2024-08-15", (
        "read", 17, "delivered", "unknown", ("2024-08-20T16:41:57Z", "carrier_offset", "person_name"),
        [], ["document_not_fetched", "no_ship_to"])),
    ("fedex", "karrio/fedex__doc_sample_plus_not_found.json", "123456789012", "2018-02-02", (
        "read", 1, "in_transit", "unknown", NONE,
        ["proof_before_delivery", "offset_not_of_place", "error_beside_scans", "return_details"],
        ["no_delivery", "offset_not_of_place", "no_ship_to"])),
    ("fedex", "karrio/fedex__doc_sample_plus_not_found.json", "39936862321", "2018-02-02", (
        "not_found", 0, "not_found", "unknown", NONE, [], UNFOUND)),
    ("fedex", "karrio/fedex__spod_pdf_virtual_response.json", "738488882438", "2024-08-15", (
        "read", 0, "unknown", "unknown", NONE, ["test_answer"],
        ["no_events", "no_first_scan", "no_delivery", "no_ship_to"])),
    ("fedex", "omniship/fedex_json_not_found.json", "02399989320920003663", "2024-08-15", (
        "not_found", 0, "not_found", "unknown", NONE, [], UNFOUND)),
    ("fedex", "fedex/trackingdocuments_error_400.json", "X1", "2024-08-15", (
        "not_found", 0, "not_found", "unknown", NONE, [], UNFOUND)),
    ("fedex", "fedex/trackingnumbers_error_404.json", "X1", "2024-08-15", (
        "not_found", 0, "not_found", "unknown", NONE, [], UNFOUND)),
    ("fedex", "fedex/trackingnumbers_error_401.json", "X1", "2024-08-15", (
        "error_answer", 0, "unknown", "unknown", NONE, [], UNFOUND)),
    ("fedex", "fedex/trackingnumbers_error_503.json", "X1", "2024-08-15", (
        "error_answer", 0, "unknown", "unknown", NONE, [], UNFOUND)),
    ("ups", "ups/postman_tracking_success_delivered.json", "1Z1442YY7229014688", "2022-01-26", (
        "read", 2, "delivered", "unknown", ("2022-01-26T21:30:00Z", "place_inferred", "none"),
        [], ["no_recipient", "no_document", "no_ship_to"])),
    ("ups", "karrio/ups__invalid_number.json", "X1", "2022-01-26", (
        "error_answer", 0, "unknown", "unknown", NONE, [], UNFOUND)),
    ("ups", "omniship/ups_json_not_found_http200.json", "1Z9912350341235622", "2022-01-26", (
        "not_found", 0, "not_found", "unknown", NONE, [], UNFOUND)),
    ("usps", "omniship/usps_v3_delivered_mailbox_gmt_date_bug.json", "9261290289104185136058", "2024-11-19", (
        "read", 15, "delivered", "unknown", ("2024-11-23T19:10:00Z", "carrier_offset", "none"),
        [], ["no_recipient", "no_document", "no_ship_to"])),
    ("usps", "omniship/usps_v3_not_found_400.json", "9261290289104185136058", "2024-11-19", (
        "not_found", 0, "not_found", "unknown", NONE, [], UNFOUND)),
    ("usps", "karrio/usps__error_401.json", "X1", "2024-11-19", (
        "error_answer", 0, "unknown", "unknown", NONE, [], UNFOUND)),
    ("dhl_unified", "karrio/dhl_universal__unified_not_found_404.json", "8264715546", "2024-11-19", (
        "not_found", 0, "not_found", "unknown", NONE, [], UNFOUND)),
    ("mydhl", "karrio/mydhl__delivered_local_time.json", "9356579890", "2024-01-15", (
        "read", 2, "delivered", "unknown", (None, "assumed", "none"),
        [], ["delivery_time_uncertain", "no_delivery_place", "no_recipient", "no_document", "no_ship_to"])),
    ("mydhl", "karrio/mydhl__not_found_404.json", "9356579890", "2024-01-15", (
        "not_found", 0, "not_found", "unknown", NONE, [], UNFOUND)),
    ("dhl_parcel_de", "karrio/dhl_parcel_de__delivered_to_different_person.xml", "00340434161094015902",
     "2016-03-17", (
        "read", 7, "delivered_to_third_party", "forward",
        ("2016-03-18T09:02:00Z", "place_inferred", "person_name"), [], ["no_document", "no_ship_to"])),
]  # fmt: skip


@pytest.mark.parametrize("row", TABLE, ids=[f"{Path(row[1]).name} {row[2]}" for row in TABLE])
def test_each_recorded_answer_proves_what_it_says_and_no_more(
    amz: APIClient, make_shipment: Callable[..., Shipment], samples: Path, row: Any
) -> None:
    provider, name, number, day, expected = row
    shipped = datetime.fromisoformat(day).replace(tzinfo=UTC)
    text = (samples / "carriers" / name).read_text()
    answer = json.loads(text) if name.endswith(".json") else text

    shipment = make_shipment(number, shipped_at=shipped, ship_to={"name": ""})

    assert proven(amz, shipment, provider, answer) == expected


def test_the_recorded_proof_comes_out_whole(
    amz: APIClient, make_shipment: Callable[..., Shipment], samples: Path
) -> None:
    shipment = make_shipment("738488882438")
    text = (samples / "carriers/karrio/fedex__spod_pdf_virtual_response.json").read_text()
    proven(amz, shipment, "fedex", json.loads(text))

    (row,) = shipment.documents
    assert (row["kind"], row["media_type"], row["size"]) == ("proof_of_delivery", "application/pdf", 18150)
    answer = amz.get(f"/api/v1/shipments/{shipment.pk}/documents/{row['sha256']}/")
    assert (answer.status_code, answer.content[:8], len(answer.content)) == (200, b"%PDF-1.4", 18150)
