"""Recorded answers of carriers, through the same door as everybody's. Skipped where SAMPLES_DIR is unset."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from rest_framework.test import APIClient

from shipping.models import Shipment, TrackingSnapshot
from shipping.number_formats import FORMATS
from shipping.numbers import normalised, possible_carriers

pytestmark = pytest.mark.needs_samples

EASYPOST: list[tuple[str, str, str, Any]] = [
    # file, number, shipped_at, expected
    ("tracker_delivered_signed_usps.json", "9400100208271116404754", "2025-01-22", (
        201, "read", 8, "delivered", "forward", "2025-01-24T08:24:53Z", "carrier_utc", "person_name",
        "2025-01-22T17:15:53Z")),
    ("event_in_transit_fedex_production_shape.json", "1", "2024-07-31", (
        201, "read", 7, "in_transit", "forward", None, "", "none", "2024-07-31T19:27:00Z")),
    ("tracker_pre_transit.json", "EZ1000000001", "2024-08-28", (
        201, "read", 2, "label_created", "forward", None, "", "none", None)),
    ("tracker_unknown_no_events.json", "9400100208303109500645", "2025-03-06", (
        201, "read", 0, "unknown", "unknown", None, "", "none", None)),
    ("tracker_error_unknown_number.json", "EZ1000000003", "2024-08-02", (
        201, "not_found", 0, "not_found", "unknown", None, "", "none", None)),
    ("error_404.json", "X1", "2024-08-02", (201, "not_found", 0, "not_found", "unknown", None, "", "none", None)),
    ("error_422.json", "X1", "2024-08-02", (201, "error_answer", 0, "unknown", "unknown", None, "", "none", None)),
    ("hmac_vector.json", "X1", "2024-08-02", (400, "unreadable", None, "unknown", "unknown", None, "", "none", None)),
]  # fmt: skip
AMAZON: list[tuple[str, str, str, Any]] = [
    ("shippingV2_getTracking_200.json", "23AA47DE2B3B6", "2024-02-10", (
        201, "read", 3, "returned_to_sender", "return", None, "", "none", None)),
    ("shippingV2_getTracking_400.json", "X1", "2024-02-10", (
        201, "error_answer", 0, "unknown", "unknown", None, "", "none", None)),
    ("shippingV2_getTracking_404.json", "X1", "2024-02-10", (
        201, "not_found", 0, "not_found", "unknown", None, "", "none", None)),
    ("shippingV2_getTracking_429.json", "X1", "2024-02-10", (
        201, "error_answer", 0, "unknown", "unknown", None, "", "none", None)),
    ("shippingV2_getTracking_503.json", "X1", "2024-02-10", (
        201, "error_answer", 0, "unknown", "unknown", None, "", "none", None)),
]  # fmt: skip
TABLE = [("easypost", "easypost", *row) for row in EASYPOST] + [
    ("amazon_sp_api", "amazon_tracking_v2", *row) for row in AMAZON
]
PROVIDERS = {
    "shippingV1_getTrackingInformation_200.json": "amazon_tracking_v1",
    "amazon_shipping_v1_in_transit.json": "amazon_tracking_v1",
    "mfn_getShipment_200.json": "amazon_mfn_shipment",
    "orders_2026-01-01_getOrder_0.json": "amazon_order_2026_01_01",
    "ordersV0_getOrder_200.json": "amazon_order_v0",
    "dhl_parcel_de__delivered_to_different_person.xml": "dhl_parcel_de",
}


def on_shipment(make_shipment: Callable[..., Shipment], number: str, day: str) -> Shipment:
    return make_shipment(number, shipped_at=datetime.fromisoformat(day).replace(tzinfo=UTC))


@pytest.mark.parametrize("row", TABLE, ids=[f"{row[1]}-{row[2]}" for row in TABLE])
def test_each_recorded_answer_gives_what_it_says(
    amz: APIClient, make_shipment: Callable[..., Shipment], samples: Path, row: Any
) -> None:
    folder, provider, name, number, day, expected = row
    shipment = on_shipment(make_shipment, number, day)
    answer = json.loads((samples / "carriers" / folder / name).read_text())

    response = amz.post(
        f"/api/v1/shipments/{shipment.pk}/tracking/", {"provider": provider, "payload": answer}, format="json"
    )

    shipment.refresh_from_db()
    delivered = shipment.delivered_at and shipment.delivered_at.isoformat().replace("+00:00", "Z")
    scanned = shipment.first_scan_at and shipment.first_scan_at.isoformat().replace("+00:00", "Z")
    assert (
        response.status_code,
        TrackingSnapshot.objects.get().status,
        response.json().get("events_added"),
        shipment.status,
        shipment.leg,
        delivered,
        shipment.time_basis,
        shipment.received_by["kind"],
        scanned,
    ) == expected


def test_every_answer_of_a_provider_without_reader_is_kept_and_not_guessed(
    amz: APIClient, make_shipment: Callable[..., Shipment], samples: Path
) -> None:
    shipment = make_shipment()
    files = [
        path
        for path in sorted((samples / "carriers").glob("*/*"))
        if path.parent.name != "easypost" and not path.name.startswith("shippingV2_")
    ]
    assert len(files) > 30
    for path in files:
        provider = PROVIDERS.get(path.name, path.parent.name)
        text = path.read_text()
        answer = json.loads(text) if path.suffix == ".json" else text
        response = amz.post(
            f"/api/v1/shipments/{shipment.pk}/tracking/",
            {"provider": provider, "payload": answer},
            format="json",
        )
        assert (response.status_code, response.json()["status"]) == (201, "unsupported"), path
    shipment.refresh_from_db()
    assert (shipment.status, shipment.delivered_at, shipment.events.count()) == ("unknown", None, 0)
    assert shipment.snapshots.count() == len(files)


@pytest.mark.parametrize("cut", [0.1, 0.5, 0.99])
def test_a_recorded_answer_cut_short_is_refused_and_kept(
    amz: APIClient, make_shipment: Callable[..., Shipment], samples: Path, cut: float
) -> None:
    shipment = make_shipment()
    text = (samples / "carriers/easypost/tracker_delivered_signed_usps.json").read_text()
    response = amz.post(
        f"/api/v1/shipments/{shipment.pk}/tracking/",
        {"provider": "easypost", "payload": text[: int(len(text) * cut)]},
        format="json",
    )
    assert response.status_code == 400
    assert TrackingSnapshot.objects.get().status == "unreadable"


def test_all_numbers_of_the_collection_are_known_by_their_carriers(samples: Path) -> None:
    from_file = json.loads((samples / "numbers.json").read_text())["formats"]
    assert len(from_file) > 30
    for entry in from_file:
        for number in entry["valid"]:
            assert entry["carrier"] in possible_carriers(normalised(number)), number
        own = [form for form in FORMATS if form.name == entry["format"]]
        assert own, entry["format"]
        for number in entry["invalid"]:
            assert not any(form.fits(normalised(number)) for form in own), number
