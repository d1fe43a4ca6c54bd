"""What intermediaries say of a parcel, and what is believed of it. Expected values written by hand."""

import copy
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from shipping.carriers import registry
from shipping.models import Shipment, TrackingEvent
from shipping.reading import Reading
from shipping.selectors import known_about
from shipping.services import record_tracking
from tests.shipping.conftest import AMZ, NOW, payload


def learnt(shipment: Shipment, provider: str, answer: Any, http_status: int = 200) -> Shipment:
    record_tracking(
        shipment=shipment, provider=provider, payload=answer, actor=AMZ, now=NOW, channel="api",
        http_status=http_status,
    )  # fmt: skip
    shipment.refresh_from_db()
    return shipment


def reading_of(provider: str, answer: Any) -> Reading:
    return registry.interpret(provider, json.dumps(answer).encode(), 200).reading


def codes(rows: list[dict[str, Any]]) -> list[str]:
    return [row["code"] for row in rows]


def story(shipment: Shipment) -> list[tuple[str, str, str]]:
    return [
        (row.status, row.time_basis, row.occurred_at.isoformat() if row.occurred_at else row.local_time)
        for row in TrackingEvent.objects.filter(shipment=shipment)
    ]


def test_17track_tells_who_handed_over_and_which_offsets_are_its_own(
    make_shipment: Callable[..., Shipment],
) -> None:
    found = learnt(
        make_shipment("YT2612345678901234", carrier="YunExpress"),
        "seventeentrack",
        payload("seventeentrack_delivered"),
    )

    assert story(found) == [
        ("label_created", "assumed", "2026-11-02T18:00:00"),
        ("in_transit", "carrier_offset", "2026-11-03T13:10:00+00:00"),
        ("out_for_delivery", "provider_inferred", "2026-11-12T14:01:00+00:00"),
        ("delivered_to_pickup_point", "provider_inferred", "2026-11-12T19:05:00+00:00"),
    ]
    assert [row.carrier for row in found.events.all()] == ["YunExpress", "YunExpress", "USPS", "USPS"]
    assert (found.status, found.leg, found.time_basis) == (
        "delivered_to_pickup_point",
        "unknown",
        "provider_inferred",
    )
    assert found.delivered_local == "2026-11-12T13:05:00-06:00"
    assert found.place["spot"] == "parcel locker"
    assert found.first_scan_at is not None
    assert found.first_scan_at.isoformat() == "2026-11-03T13:10:00+00:00"
    assert found.first_scan["place"] == {"city": "Shenzhen", "country_code": "CN", "precision": "city"}
    assert found.address_match["postal_code"] == "match"
    assert known_about(found)["last_mile_number"].value == "9200190000000000000017"
    assert known_about(found)["last_mile_carrier"].value == "USPS"
    assert codes(found.conflicts) == []
    assert codes(found.gaps) == ["delivery_time_uncertain", "no_recipient", "no_document"]


def test_17track_is_read_by_the_number_of_the_last_mile_and_by_its_webhook_too(
    make_shipment: Callable[..., Shipment],
) -> None:
    pushed = {"event": "TRACKING_UPDATED", "data": payload("seventeentrack_delivered")["data"]["accepted"][0]}
    found = learnt(make_shipment("9200190000000000000017"), "seventeentrack", pushed)
    assert (found.snapshots.get().status, found.status) == ("read", "delivered_to_pickup_point")


@pytest.mark.parametrize(
    ("sub_status", "status", "leg"),
    [
        ("Exception_Returned", "returned_to_sender", "return"),
        ("Exception_Returning", "returning", "return"),
        ("Exception_Lost", "lost", "unknown"),
        ("Exception_Damage", "damaged", "unknown"),
        ("Exception_Rejected", "exception", "unknown"),
        ("DeliveryFailure_NoBody", "delivery_attempted", "unknown"),
    ],
)
def test_17track_sub_statuses_say_more_than_the_status(
    make_shipment: Callable[..., Shipment], sub_status: str, status: str, leg: str
) -> None:
    answer = payload("seventeentrack_delivered")
    info = answer["data"]["accepted"][0]["track_info"]
    info["latest_status"] = {"status": sub_status.partition("_")[0], "sub_status": sub_status}
    event = info["tracking"]["providers"][1]["events"][0]
    event.update(sub_status=sub_status, stage=None, description="(see code)")
    found = learnt(make_shipment("YT2612345678901234"), "seventeentrack", answer)
    assert (found.status, found.leg, found.delivered_at) == (status, leg, None)


@pytest.mark.parametrize(
    ("code", "status"),
    [
        (-18019909, "not_found"),
        (-18019903, "not_found"),
        ("-18019901", "error_answer"),
        (-18019902, "error_answer"),
    ],
)
def test_17track_rejections_about_the_account_say_nothing_of_the_parcel(code: object, status: str) -> None:
    error = {"number": "X1", "error": {"code": code, "message": "No."}}
    reading = reading_of("seventeentrack", {"code": 0, "data": {"accepted": [], "rejected": [error]}})
    assert (str(reading.status), reading.numbers, reading.reason) == (
        status,
        frozenset({"X1"}),
        f"{code}: No.",
    )


def test_aftership_gives_a_signed_delivery_with_the_carriers_offset(
    make_shipment: Callable[..., Shipment],
) -> None:
    found = learnt(make_shipment(carrier="USPS"), "aftership", payload("aftership_delivered"))

    assert story(found) == [
        ("label_created", "assumed", "2026-11-02T08:15:00"),
        ("in_transit", "carrier_offset", "2026-11-02T23:30:00+00:00"),
        ("delivered", "carrier_offset", "2026-11-05T19:42:00+00:00"),
    ]
    assert found.received_by == {"raw": "Jane Doe", "kind": "person_name"}
    assert found.signature == {"required": None, "obtained": True}
    assert found.place["spot"] == "front door"
    assert found.address_match["country_code"] == "match"
    assert [row["url"] for row in found.documents] == ["https://files.example/proof/1"]
    assert codes(found.conflicts) == []


def test_what_a_person_marked_at_aftership_is_no_delivery(make_shipment: Callable[..., Shipment]) -> None:
    answer = payload("aftership_delivered")
    answer["msg"]["checkpoints"][2].update(source="user", message="Marked as delivered")
    found = learnt(make_shipment(), "aftership", answer)

    assert (found.status, found.delivered_at, found.received_by["raw"]) == ("in_transit", None, "")
    assert found.events.filter(source="user", status="delivered").count() == 1
    assert set(codes(found.conflicts)) == {"proof_before_delivery"}


@pytest.mark.parametrize(
    ("subtag", "status"),
    [
        ("Exception_011", "returned_to_sender"),
        ("Exception_010", "returning"),
        ("Delivered_005", "delivered_to_third_party"),
    ],
)
def test_aftership_subtags_say_more_than_the_tag(
    make_shipment: Callable[..., Shipment], subtag: str, status: str
) -> None:
    answer = payload("aftership_delivered")
    for row in (answer["msg"], answer["msg"]["checkpoints"][2]):
        row.update(tag=subtag.partition("_")[0], subtag=subtag)
    answer["msg"]["checkpoints"][2]["message"] = "(see code)"
    assert learnt(make_shipment(), "aftership", answer).status == status


def test_aftership_countries_without_two_letters_are_not_compared(
    make_shipment: Callable[..., Shipment],
) -> None:
    answer = payload("aftership_delivered")
    answer["msg"]["checkpoints"][2]["country_iso3"] = answer["msg"]["destination_country_iso3"] = "ZZZ"
    found = learnt(make_shipment(), "aftership", answer)
    assert (found.address_match["country_code"], codes(found.conflicts)) == ("not_stated", [])


def test_shipengine_clock_times_are_local_whatever_stands_behind_them(
    make_shipment: Callable[..., Shipment],
) -> None:
    found = learnt(
        make_shipment("1Z5R89390357567127", carrier="UPS"), "shipengine", payload("shipengine_delivered")
    )

    assert story(found) == [
        ("label_created", "provider_inferred", "2026-11-02T08:00:00+00:00"),
        ("in_transit", "provider_inferred", "2026-11-02T23:30:00+00:00"),
        ("out_for_delivery", "provider_inferred", "2026-11-05T12:03:00+00:00"),
        ("delivered", "provider_inferred", "2026-11-05T19:42:00+00:00"),
    ]
    assert found.delivered_local == "2026-11-05T13:42:00-06:00"
    assert found.received_by == {"raw": "J G", "kind": "initials"}
    assert found.place["precision"] == "postal_code", (
        "a point that an intermediary gives is no GPS at the door"
    )
    assert [row["url"] for row in found.documents] == ["https://files.example/pod/7"]
    assert codes(found.conflicts) == ["pseudo_signature"]


def test_shipengine_moments_that_cannot_be_one_leave_the_clock_to_its_place(
    make_shipment: Callable[..., Shipment],
) -> None:
    answer = payload("shipengine_delivered")
    answer["data"]["events"][0]["carrier_occurred_at"] = "2026-11-05T13:37:41"
    found = learnt(make_shipment("1Z5R89390357567127"), "shipengine", answer)
    assert (found.delivered_at, found.time_basis, found.delivered_local) == (
        datetime(2026, 11, 5, 19, 37, 41, tzinfo=UTC),
        "place_inferred",
        "2026-11-05T13:37:41-06:00",
    )


@pytest.mark.parametrize(
    ("code", "status"),
    [("RETURN_TO_SENDER", "returning"), ("DELIVERED_TO_NEIGHBOUR", "delivered_to_third_party"),
     ("DELIVERED_TO_LOCKER_COLLECTION_POINT", "delivered_to_pickup_point"), ("PARCEL_LOST", "lost")],
)  # fmt: skip
def test_shipengine_detail_codes_say_more(
    make_shipment: Callable[..., Shipment], code: str, status: str
) -> None:
    answer = payload("shipengine_delivered")
    for row in (answer["data"], answer["data"]["events"][0]):
        row.update(status_detail_code=code, description="(see code)")
    assert learnt(make_shipment("1Z5R89390357567127"), "shipengine", answer).status == status


def test_shippo_delivered_to_its_sender_is_no_delivery_to_the_buyer(
    make_shipment: Callable[..., Shipment],
) -> None:
    found = learnt(make_shipment(carrier="USPS"), "shippo", payload("shippo_returned"))

    assert story(found) == [
        ("label_created", "provider_inferred", "2026-11-02T08:15:00+00:00"),
        ("in_transit", "provider_inferred", "2026-11-02T17:30:00+00:00"),
        ("delivery_attempted", "provider_inferred", "2026-11-05T17:30:00+00:00"),
        ("returned_to_sender", "provider_inferred", "2026-11-15T10:00:00+00:00"),
    ]
    assert (found.status, found.leg, found.delivered_at) == ("returned_to_sender", "return", None)
    assert found.received_by == {"raw": "", "kind": "none"}


def test_yunexpress_deliveries_are_told_by_their_words(make_shipment: Callable[..., Shipment]) -> None:
    answer = payload("yunexpress_delivered")
    found = learnt(make_shipment("YT2612345678901234"), "yunexpress", answer)
    assert [row.status for row in found.events.all()] == ["unknown", "unknown", "delivered"]
    assert (found.status, found.delivered_at, found.delivered_local) == (
        "delivered",
        None,
        "2026-11-12T14:02:11",
    )
    assert (found.time_basis, codes(found.conflicts)) == (
        "assumed",
        ["delivered_elsewhere", "sent_elsewhere"],
    )
    assert codes(found.gaps).count("unread_status") == 2

    by_other_number = learnt(make_shipment("00340434161094000001"), "yunexpress", answer)
    assert by_other_number.status == "delivered"

    answer["Item"]["PackageState"] = "7"
    back = learnt(make_shipment("YT2612345678901234", order_id="405-7654321-7654321"), "yunexpress", answer)
    assert (back.status, back.leg, back.delivered_local) == ("returned_to_sender", "return", "")


def test_amazon_v1_keeps_codes_that_no_table_has_and_the_promise(
    make_shipment: Callable[..., Shipment],
) -> None:
    found = learnt(
        make_shipment("TBA000000000001"), "amazon_tracking_v1", payload("amazon_tracking_v1_delivered")
    )

    assert [row.status for row in found.events.all()] == [
        "label_created",
        "in_transit",
        "unknown",
        "delivered",
    ]
    assert (found.status, found.time_basis) == ("delivered", "carrier_utc")
    assert found.delivered_at is not None
    assert found.delivered_at.isoformat() == "2026-11-05T19:42:00+00:00"
    promised = known_about(found)["promised_by"]
    assert (promised.value.isoformat(), promised.source) == (
        "2026-11-07T07:59:59+00:00",
        "amazon_tracking_v1",
    )
    assert {"code": "unread_status", "detail": "SortedByRobot"} in found.gaps


def test_a_summary_that_no_event_of_amazon_v1_bears_is_not_believed(
    make_shipment: Callable[..., Shipment],
) -> None:
    answer = payload("amazon_tracking_v1_delivered")
    answer["payload"]["eventHistory"].pop()
    found = learnt(make_shipment("TBA000000000001"), "amazon_tracking_v1", answer)
    assert (found.status, found.delivered_at) == ("in_transit", None)
    assert codes(found.conflicts) == ["delivered_without_event"]


ONE_ROW_FOR_A_LIST: list[tuple[str, str, tuple[str | int, ...], str]] = [
    ("seventeentrack", "seventeentrack_delivered", ("data", "accepted"), "delivered_to_pickup_point"),
    ("aftership", "aftership_delivered", ("msg",), "delivered"),
    ("shippo", "shippo_returned", ("data",), "returned_to_sender"),
]


@pytest.mark.parametrize(("provider", "name", "way", "status"), ONE_ROW_FOR_A_LIST)
def test_a_list_of_one_and_the_one_are_read_alike(
    make_shipment: Callable[..., Shipment], provider: str, name: str, way: tuple[str, ...], status: str
) -> None:
    answer = copy.deepcopy(payload(name))
    spot = answer
    for step in way[:-1]:
        spot = spot[step]
    inner = spot[way[-1]]
    spot[way[-1]] = inner[0] if isinstance(inner, list) else [inner]
    number = "YT2612345678901234" if provider == "seventeentrack" else "9400111206206407628746"
    assert learnt(make_shipment(number), provider, answer).status == status


EMPTY: list[tuple[str, Any, str]] = [
    ("amazon_tracking_v1", {"payload": {"trackingId": "X1", "eventHistory": None}}, "read"),
    ("amazon_mfn_shipment", {"payload": {"ShipmentId": "x", "ShippingService": {}}}, "read"),
    ("amazon_mfn_shipment", {"payload": {"ShipmentId": "x", "ShippingService": None}}, "unreadable"),
    ("amazon_order_2026_01_01", {"order": {"orderId": "405-1234567-1234567", "packages": None}}, "read"),
    ("amazon_order_2026_01_01", {"order": {"packages": []}}, "unreadable"),
    ("amazon_order_v0", {"payload": {"AmazonOrderId": "405-1234567-1234567"}}, "unreadable"),
    ("seventeentrack", {"code": 0, "data": {"accepted": [{"number": "X1"}]}}, "not_found"),
    ("seventeentrack", {"code": 0, "data": {}}, "unreadable"),
    ("seventeentrack", {"code": "-18010002"}, "error_answer"),
    ("aftership", {"meta": {"code": 4004, "message": "Tracking does not exist."}}, "not_found"),
    ("aftership", {"meta": {"code": 200}, "msg": {"tracking_number": "X1", "checkpoints": None}}, "read"),
    ("aftership", {"meta": {"code": 200}, "data": {}}, "unreadable"),
    ("shipengine", {"tracking_number": "X1", "events": None, "status_code": None}, "read"),
    ("shipengine", {"tracking_number": "X1"}, "unreadable"),
    ("shippo", {"tracking_number": "X1", "tracking_status": None}, "read"),
    ("shippo", {"tracking_number": "X1"}, "unreadable"),
    ("yunexpress", {"Item": None, "Code": "0000", "Message": "ok"}, "not_found"),
    ("yunexpress", {"Item": None, "Code": "401", "Message": "no"}, "error_answer"),
    ("yunexpress", {"Item": {"WaybillNumber": "X1"}}, "read"),
    ("yunexpress", {"Item": {}}, "unreadable"),
]  # fmt: skip


@pytest.mark.parametrize(("provider", "answer", "status"), EMPTY)
def test_answers_with_nothing_in_them_are_told_apart(provider: str, answer: Any, status: str) -> None:
    assert reading_of(provider, answer).status == status


def test_the_photo_of_a_return_and_its_place_prove_nothing_about_the_buyer(
    make_shipment: Callable[..., Shipment],
) -> None:
    answer = payload("amazon_returned")
    answer["eventHistory"][1].update(eventCode="Delivered", eventTime="2026-11-03T12:00:00Z")
    answer["summary"]["proofOfDelivery"] = {
        "receivedBy": "WAREHOUSE",
        "deliveryImageURL": "https://photos.example/1",
        "deliveryLocationCoordinates": {"latitude": "53.8", "longitude": -1.5},
    }
    found = learnt(make_shipment("TBA123456789012"), "amazon_tracking_v2", answer)
    assert (found.status, found.leg, found.received_by["raw"]) == ("returned_to_sender", "return", "")
    assert "latitude" not in found.place
    assert [(row["kind"], row["leg"]) for row in found.documents] == [("delivery_photo", "return")]
    assert set(codes(found.conflicts)) >= {"delivered_and_returned", "signer_on_return"}


def test_an_announced_proof_before_the_delivery_is_a_contradiction_and_no_delivery(
    make_shipment: Callable[..., Shipment],
) -> None:
    answer = payload("amazon_returned")
    del answer["eventHistory"][1:]
    answer["summary"] = {
        "status": "InTransit",
        "trackingDetailCodes": {"forward": None, "returns": []},
        "proofOfDelivery": {
            "receivedBy": "Jane Doe",
            "deliveryLocationCoordinates": {"latitude": 53.8, "longitude": "x"},
        },
    }
    found = learnt(make_shipment("TBA123456789012"), "amazon_tracking_v2", answer)
    assert (found.status, found.delivered_at, found.received_by["raw"]) == ("in_transit", None, "")
    assert codes(found.conflicts) == ["proof_before_delivery"]
