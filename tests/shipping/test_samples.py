"""Recorded answers of carriers, through the same door as everybody's. Skipped where SAMPLES_DIR is unset."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from rest_framework.test import APIClient

from shipping.carriers.registry import READERS
from shipping.models import Shipment, TrackingSnapshot
from shipping.number_formats import FORMATS
from shipping.numbers import normalised, possible_carriers
from shipping.selectors import known_about
from shipping.services import rebuild_shipment
from tests.shipping.conftest import NOW

pytestmark = pytest.mark.needs_samples

NO_SCAN, NO_DELIVERY = "no_first_scan", "no_delivery"
NOTHING = ["no_answer", NO_SCAN, NO_DELIVERY]
"""Gaps of a parcel of which no carrier has said anything that could be read."""
UNTOUCHED = ("unknown", "unknown", None, "", "none", None, NOTHING)
ERROR = (201, "error_answer", 0, *UNTOUCHED)
MISSING = (201, "not_found", 0, "not_found", *UNTOUCHED[1:])
AMAZON_FILES = {
    "shippingV1_": "amazon_tracking_v1",
    "shippingV2_": "amazon_tracking_v2",
    "mfn_": "amazon_mfn_shipment",
    "orders_2026-01-01_": "amazon_order_2026_01_01",
    "ordersV0_": "amazon_order_v0",
}
BEGINNINGS = {
    "amazon_shipping_v1_": "amazon_tracking_v1",
    "australiapost_": "australiapost",
    "dhl_parcel_de_": "dhl_parcel_de",
    "dhl_universal_": "dhl_unified",
    "fedex_": "fedex",
    "mydhl_": "mydhl",
    "ups_": "ups",
    "usps_": "usps",
}


class Row(NamedTuple):
    """A recorded answer, the parcel that it is about, and what follows, written by hand.

    `expected`: HTTP status, snapshot, events added, parcel's status, leg, delivered at, basis of its time,
    class of the signer, first scan, gaps.
    """

    file: str
    provider: str
    number: str
    day: str
    expected: Any
    order: str = "405-1234567-1234567"


TABLE = [
    # EasyPost
    Row("easypost/tracker_delivered_signed_usps.json", "easypost", "9400100208271116404754", "2025-01-22", (
        201, "read", 8, "delivered", "forward", "2025-01-24T08:24:53Z", "carrier_utc", "person_name",
        "2025-01-22T17:15:53Z", ["no_document"])),
    Row("easypost/event_in_transit_fedex_production_shape.json", "easypost", "1", "2024-07-31", (
        201, "read", 7, "in_transit", "forward", None, "", "none", "2024-07-31T19:27:00Z", [NO_DELIVERY])),
    Row("easypost/tracker_pre_transit.json", "easypost", "EZ1000000001", "2024-08-28", (
        201, "read", 2, "label_created", "forward", None, "", "none", None, [NO_SCAN, NO_DELIVERY])),
    Row("easypost/tracker_unknown_no_events.json", "easypost", "9400100208303109500645", "2025-03-06", (
        201, "read", 0, "unknown", "unknown", None, "", "none", None, ["no_events", NO_SCAN, NO_DELIVERY])),
    Row("easypost/tracker_error_unknown_number.json", "easypost", "EZ1000000003", "2024-08-02", MISSING),
    Row("easypost/error_404.json", "easypost", "X1", "2024-08-02", MISSING),
    Row("easypost/error_422.json", "easypost", "X1", "2024-08-02", ERROR),
    Row("easypost/hmac_vector.json", "easypost", "X1", "2024-08-02", (400, "unreadable", None, *UNTOUCHED)),
    # Amazon Shipping
    Row("amazon_sp_api/shippingV2_getTracking_200.json", "amazon_tracking_v2", "23AA47DE2B3B6", "2024-02-10", (
        201, "read", 3, "returned_to_sender", "return", None, "", "none", None, [NO_SCAN, NO_DELIVERY])),
    Row("amazon_sp_api/shippingV2_getTracking_400.json", "amazon_tracking_v2", "X1", "2024-02-10", ERROR),
    Row("amazon_sp_api/shippingV2_getTracking_404.json", "amazon_tracking_v2", "X1", "2024-02-10", MISSING),
    Row("amazon_sp_api/shippingV2_getTracking_429.json", "amazon_tracking_v2", "X1", "2024-02-10", ERROR),
    Row("amazon_sp_api/shippingV2_getTracking_503.json", "amazon_tracking_v2", "X1", "2024-02-10", ERROR),
    Row("amazon_sp_api/shippingV1_getTrackingInformation_200.json", "amazon_tracking_v1", "TEST_CASE_200",
        "2019-04-01", (
        201, "read", 1, "delivered", "unknown", "2019-04-04T06:45:12Z", "carrier_utc", "none",
        "2019-04-04T06:45:12Z", ["no_recipient", "no_document"])),
    # "Delivered" stands in its summary, and no event bears it
    Row("omniship/amazon_shipping_v1_in_transit.json", "amazon_tracking_v1", "23AA47DE2B3B6", "2019-03-19", (
        201, "read", 11, "out_for_delivery", "unknown", None, "", "none", "2019-03-19T18:49:41Z", [NO_DELIVERY])),
    # Amazon labels and orders: facts beside the parcel, never a scan
    Row("amazon_sp_api/mfn_getShipment_200.json", "amazon_mfn_shipment", "1Z17E2100206868939", "2019-10-28", (
        201, "read", 0, *UNTOUCHED), "903-5563053-5647845"),
    Row("amazon_sp_api/mfn_getShipment_400.json", "amazon_mfn_shipment", "1Z17E2100206868939", "2019-10-28", ERROR),
    Row("amazon_sp_api/orders_2026-01-01_getOrder_0.json", "amazon_order_2026_01_01", "X1", "2024-12-27", (
        201, "read", 0, *UNTOUCHED), "171-9876543-2109876"),
    Row("amazon_sp_api/orders_2026-01-01_getOrder_example.json", "amazon_order_2026_01_01", "RR123456789GB",
        "2024-12-26", (201, "read", 0, *UNTOUCHED), "202-1234567-8901234"),
    Row("amazon_sp_api/ordersV0_getOrder_200.json", "amazon_order_v0", "X1", "2024-01-19", (
        201, "read", 0, *UNTOUCHED), "902-1845936-5435065"),
    Row("amazon_sp_api/ordersV0_getOrderAddress_200.json", "amazon_order_v0", "X1", "2024-01-19", (
        201, "read", 0, *UNTOUCHED), "902-1845936-5435065"),
    # 17TRACK
    Row("seventeentrack/v22_delivered.json", "seventeentrack", "RR123456789CN", "2022-04-25", (
        201, "read", 4, "delivered", "unknown", "2022-05-02T18:34:00Z", "carrier_offset", "none",
        "2022-04-26T06:30:00Z", ["no_recipient", "no_document"])),
    Row("seventeentrack/v22_already_registered.json", "seventeentrack", "X", "2022-04-25", ERROR),
    Row("seventeentrack/v22_invalid_key.json", "seventeentrack", "X", "2022-04-25", ERROR),
    Row("seventeentrack/v22_carrier_not_detected.json", "seventeentrack", "X", "2022-04-25", MISSING),
    Row("seventeentrack/v22_no_tracking_info.json", "seventeentrack", "X", "2022-04-25", MISSING),
    # AfterShip
    Row("aftership/error_4003_already_exists.json", "aftership", "RA123456789HK", "2022-04-25", ERROR),
    Row("aftership/error_401.json", "aftership", "X1", "2022-04-25", ERROR),
    Row("aftership/error_500.json", "aftership", "X1", "2022-04-25", ERROR),
    # ShipEngine: its 404 is about an address of the API, not about the parcel
    Row("shipengine/TrackUsingCarrierCodeAndTrackingNumber200Response.json", "shipengine", "1026167028310292",
        "2021-07-09", (201, "read", 1, "unknown", "unknown", None, "", "none", None,
                       [NO_SCAN, NO_DELIVERY, "unread_status"])),
    Row("shipengine/error_404.json", "shipengine", "1026167028310292", "2021-07-09", ERROR),
    # Shippo
    Row("shippo/invalid_create_1_201.json", "shippo", "EXAMPLEOFINVALID123TRACKINGNUMBER", "2022-04-25", (
        201, "read", 0, "unknown", "unknown", None, "", "none", None, ["no_events", NO_SCAN, NO_DELIVERY])),
    Row("shippo/invalid_get_0_400.json", "shippo", "9205590164917337534322", "2022-04-25", ERROR),
    # YunExpress: submitted, not yet moved
    Row("yunexpress/get_track_all_info.json", "yunexpress", "YT2222222222222222", "2021-12-28", (
        201, "read", 1, "label_created", "unknown", None, "", "none", None,
        [NO_SCAN, NO_DELIVERY, "unread_status"])),
]  # fmt: skip


def moment(at: datetime | None) -> str | None:
    return at.isoformat().replace("+00:00", "Z") if at else None


def what_follows(shipment: Shipment) -> tuple[Any, ...]:
    return (
        shipment.status,
        shipment.leg,
        moment(shipment.delivered_at),
        shipment.time_basis,
        shipment.received_by["kind"],
        moment(shipment.first_scan_at),
        [gap["code"] for gap in shipment.gaps],
    )


@pytest.mark.parametrize("row", TABLE, ids=[f"{row.provider}-{row.file.partition('/')[2]}" for row in TABLE])
def test_each_recorded_answer_gives_what_it_says_and_the_same_when_read_again(
    amz: APIClient, make_shipment: Callable[..., Shipment], samples: Path, row: Row
) -> None:
    shipped_at = datetime.fromisoformat(row.day).replace(tzinfo=UTC)
    shipment = make_shipment(row.number, shipped_at=shipped_at, order_id=row.order)
    answer = json.loads((samples / "carriers" / row.file).read_text())

    response = amz.post(
        f"/api/v1/shipments/{shipment.pk}/tracking/",
        {"provider": row.provider, "payload": answer},
        format="json",
    )

    shipment.refresh_from_db()
    snapshot = TrackingSnapshot.objects.get()
    given = response.status_code, snapshot.status, response.json().get("events_added")
    assert (*given, *what_follows(shipment)) == row.expected
    assert rebuild_shipment(shipment_id=shipment.pk, now=NOW) is False


def provider_of(path: Path) -> str:
    """The provider name of API.md for a file of the collection."""
    table = BEGINNINGS if path.parent.name in ("karrio", "omniship") else AMAZON_FILES
    return next((table[part] for part in table if path.name.startswith(part)), path.parent.name)


def test_every_other_file_is_kept_and_not_guessed(
    amz: APIClient, make_shipment: Callable[..., Shipment], samples: Path
) -> None:
    shipment = make_shipment()
    files = {f"{path.parent.name}/{path.name}": path for path in sorted((samples / "carriers").glob("*/*"))}
    covered = {row.provider for row in TABLE}
    assert len(files) > 50
    assert {name: provider_of(path) for name, path in files.items() if provider_of(path) in covered} == {
        row.file: row.provider for row in TABLE
    }
    unread = {name: path for name, path in files.items() if provider_of(path) not in READERS}
    assert "karrio/australiapost__unknown_number.json" in unread
    for name, path in unread.items():
        text = path.read_text()
        answer = json.loads(text) if path.suffix == ".json" else text
        response = amz.post(
            f"/api/v1/shipments/{shipment.pk}/tracking/",
            {"provider": provider_of(path), "payload": answer},
            format="json",
        )
        assert (response.status_code, response.json()["status"]) == (201, "unsupported"), name
    shipment.refresh_from_db()
    assert (shipment.status, shipment.delivered_at, shipment.events.count()) == ("unknown", None, 0)
    assert shipment.snapshots.count() == len(unread)


LABEL_AND_ORDERS: list[tuple[str, str, str, str, dict[str, Any]]] = [
    # trap 11: CLAIMS_PROTECTED stands among the excluded benefits
    ("mfn_getShipment_200.json", "amazon_mfn_shipment", "1Z17E2100206868939", "903-5563053-5647845", {
        "claims_protected": False, "bought_through_buy_shipping": True, "signature_required": False,
        "amazon_shipment_id": "abcddcba-00c3-4f6f-a63a-639f76ee9253", "label_status": "Purchased",
        "service": "UPS 2nd Day Air®", "label_ship_date": datetime(2019, 10, 28, 18, 0, tzinfo=UTC),
        "label_bought_at": datetime(2019, 10, 28, 18, 29, 34, tzinfo=UTC), "ship_by": None}),
    ("orders_2026-01-01_getOrder_0.json", "amazon_order_2026_01_01", "X1", "171-9876543-2109876", {
        "ship_by": datetime(2024, 12, 27, 23, 59, 59, tzinfo=UTC),
        "deliver_by": datetime(2024, 12, 31, 23, 59, 59, tzinfo=UTC), "signature_required": None,
        "order_status": "UNSHIPPED", "claims_protected": None}),
    ("orders_2026-01-01_getOrder_example.json", "amazon_order_2026_01_01", "RR123456789GB",
     "202-1234567-8901234", {
        "ship_by": datetime(2024, 12, 26, 23, 59, 59, tzinfo=UTC), "signature_required": True,
        "carrier": "Royal Mail", "service": "Royal Mail Tracked 48",
        "package_status": "IN_TRANSIT / OUT_FOR_DELIVERY"}),
    # its moments lie in 1970: no deadline can be read from them
    ("ordersV0_getOrder_200.json", "amazon_order_v0", "X1", "902-1845936-5435065", {
        "ship_by": None, "deliver_by": None, "order_status": "Unshipped"}),
    ("ordersV0_getOrderAddress_200.json", "amazon_order_v0", "X1", "902-1845936-5435065", {
        "ship_to": {"name": "MFNIntegrationTestMerchant", "line1": "2201 WESTLAKE AVE", "city": "SEATTLE",
                    "region": "WA", "postal_code": "98121-2778", "country_code": "US"}}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "provider", "number", "order", "expected"), LABEL_AND_ORDERS)
def test_recorded_labels_and_orders_reach_the_parcel_as_facts_with_their_source(
    amz: APIClient,
    make_shipment: Callable[..., Shipment],
    samples: Path,
    name: str,
    provider: str,
    number: str,
    order: str,
    expected: dict[str, Any],
) -> None:
    shipment = make_shipment(number, shipped_at=None, order_id=order)
    answer = json.loads((samples / "carriers/amazon_sp_api" / name).read_text())
    here = f"/api/v1/shipments/{shipment.pk}/"
    amz.post(f"{here}tracking/", {"provider": provider, "payload": answer}, format="json")

    shipment.refresh_from_db()
    known = known_about(shipment)
    assert {field: known[field].value for field in expected} == expected
    shown = amz.get(here).json()["order_facts"]
    stated = {field for field, value in expected.items() if value is not None}
    assert {field: shown[field]["source"] for field in stated} == dict.fromkeys(stated, provider)
    if name.startswith("mfn_"):
        assert shown["claims_protected"]["reasons"] == ["LATE_DELIVERY_RISK"]


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
