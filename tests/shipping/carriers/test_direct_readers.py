"""Corners of the direct carriers' formats that a whole answer does not show."""

import json
from typing import Any

import pytest

from shipping.carriers.registry import interpret
from shipping.reading import Reading


def read(provider: str, answer: Any) -> Reading:
    body = answer if isinstance(answer, str) else json.dumps(answer)
    return interpret(provider, body.encode(), 200).reading


def told(reading: Reading) -> list[tuple[str, str, str]]:
    return [(event.status, event.time.local, event.time.basis) for event in reading.events]


HOME = {"city": "Springfield", "stateOrProvinceCode": "IL", "postalCode": "62704", "countryCode": "US"}


def fedex(**result: Any) -> Reading:
    number = {"trackingNumberInfo": {"trackingNumber": 770012345678}}
    return read("fedex", {"output": {"completeTrackResults": {"trackResults": {**number, **result}}}})


def test_fedex_without_detailed_scans_still_tells_its_delivery() -> None:
    found = fedex(
        latestStatusDetail={"code": "DL", "description": "Delivered", "scanLocation": {}},
        dateAndTimes={"type": "ACTUAL_DELIVERY", "dateTime": "2026-11-06T17:42:11"},
        deliveryDetails={"actualDeliveryAddress": HOME, "locationDescription": "Receptionist/Front Desk"},
    )
    assert found.numbers == {"770012345678"}
    assert told(found) == [("delivered", "2026-11-06T17:42:11", "place_inferred")]
    assert (found.stated.delivered_as, found.stated.spot) == ("delivered_to_third_party", "reception")


def test_fedex_takes_a_bare_midnight_for_a_date_and_one_with_offset_for_a_time() -> None:
    scans = [
        {"eventType": "PU", "date": "2026-11-04T00:00:00"},
        {"eventType": "OD", "date": "2026-11-05T00:00:00-06:00", "scanLocation": HOME},
        {"eventType": "AR", "date": "2026-11-05T06:10:00 -0600", "scanLocation": HOME},
        {"eventType": "DP", "date": "yesterday"},
    ]
    assert told(fedex(scanEvents=scans)) == [
        ("in_transit", "2026-11-04", "date_only"),
        ("out_for_delivery", "2026-11-05T00:00:00", "carrier_offset"),
        ("in_transit", "2026-11-05T06:10:00", "carrier_offset"),
        ("in_transit", "", ""),
    ]


@pytest.mark.parametrize(
    ("description", "required"),
    [("Direct Signature Required", True), ("Adult Signature Required", True), ("No Signature Required", None),
     ("Signature Not Required", None), ("Deliver Weekday", None)],
)  # fmt: skip
def test_fedex_says_whether_a_signature_was_bought(description: str, required: bool | None) -> None:
    found = fedex(
        scanEvents=[], latestStatusDetail={"code": "IT"}, specialHandlings=[{"description": description}]
    )
    assert found.stated.signature_required is required


def ups(**package: Any) -> Reading:
    return read("ups", {"trackResponse": {"shipment": {"inquiryNumber": "1Z1", "package": package}}})


def test_ups_without_activities_still_tells_its_delivery() -> None:
    found = ups(
        currentStatus={"code": "011", "description": "DELIVERED"},
        deliveryDate=[{"type": "SDD", "date": "20261105"}, {"type": "DEL", "date": "20261106"}],
        deliveryTime={"type": "DEL", "endTime": "163000"},
    )
    assert told(found) == [("delivered", "2026-11-06T16:30:00", "assumed")]
    assert told(ups(currentStatus={"code": "005"}, deliveryDate=[{"type": "SDD", "date": "20261105"}])) == []


@pytest.mark.parametrize(
    ("kind", "code", "status", "contradicts"),
    [("D", "011", "delivered", False), ("X", "003", "label_created", False), ("D", "021", "out_for_delivery", True),
     ("I", "011", "in_transit", True), ("D", "", "delivered", False), ("", "161", "delivered_to_pickup_point", False),
     ("X", "034", "returning", False), ("?", "?", "unknown", False), ("D", "143", "delivered_to_third_party", False)],
)  # fmt: skip
def test_ups_is_delivered_only_where_type_and_code_agree(
    kind: str, code: str, status: str, contradicts: bool
) -> None:
    found = ups(activity=[{"status": {"type": kind, "statusCode": code}, "date": 20261106, "time": 163000}])
    assert told(found) == [(status, "2026-11-06T16:30:00", "assumed")]
    assert bool(found.stated.conflicts) is contradicts


def test_usps_summary_is_kept_as_words_and_an_agent_is_a_third_party() -> None:
    summary = {"trackingNumber": "9400111206206407628746", "statusCategory": "Delivered",
               "eventSummaries": ["Your item was delivered at 1:10 pm on November 6, 2026."]}  # fmt: skip
    found = read("usps", summary)
    assert told(found) == [("unknown", "", "")]
    assert found.stated.status == "delivered"

    event = {"eventType": "Delivered, Left with Individual", "eventTimestamp": "2026-11-06T13:10:00",
             "eventState": "IL", "eventZIP": "62704", "name": "A GENT", "authorizedAgent": "true"}  # fmt: skip
    by_agent = read("usps", {"trackingNumber": "9400111206206407628746", "trackingEvents": event})
    assert told(by_agent) == [("delivered", "2026-11-06T13:10:00", "place_inferred")]
    assert by_agent.stated.delivered_as == "delivered_to_third_party"
    assert by_agent.stated.received_by == "A GENT"


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("Notice Left (No Authorized Recipient Available)", "delivery_attempted"),
        ("Available for Pickup", "available_for_pickup"),
        ("Return to Sender Processed", "returning"),
        ("Undeliverable as Addressed", "exception"),
        ("Shipping Label Created, USPS Awaiting Item", "label_created"),
        ("Picked Up By Shipping Partner, USPS Awaiting Item", "in_transit"),
        ("Delivered to Agent for Final Delivery", "delivered_to_third_party"),
        ("Held at Post Office, At Customer Request", "available_for_pickup"),
        ("In Transit to Next Facility", "in_transit"),
        ("Out-for-Delivery, Expected Delivery by 9:00pm", "out_for_delivery"),
        ("Dead Mail/Disposed by USPS", "exception"),
    ],
)
def test_usps_names_of_scans(name: str, status: str) -> None:
    found = read("usps", {"trackingNumber": "1", "trackingEvents": [{"eventType": name}]})
    assert found.events[0].status == status


def test_dhl_unified_return_flag_and_status_block_without_events() -> None:
    status = {"timestamp": "2026-11-06T13:00:00", "statusCode": "delivered", "status": "DELIVERED",
              "location": {"address": {"countryCode": "DE"}}}  # fmt: skip
    found = read("dhl_unified", {"shipments": [{"id": "1", "returnFlag": "true", "status": status}]})
    assert told(found) == [("delivered", "2026-11-06T13:00:00", "place_inferred")]
    assert found.stated.leg == "return"


@pytest.mark.parametrize(
    ("code", "word", "status"),
    [
        ("delivered", "DELIVERED", "delivered"),
        ("delivered", "transit", "in_transit"),
        ("failure", "DELIVERED", "exception"),
        ("transit", "out for delivery", "out_for_delivery"),
        ("transit", "returned to sender", "returning"),
        ("new-word", "DELIVERED", "unknown"),
        ("unknown", "x", "unknown"),
    ],
)
def test_dhl_unified_is_delivered_only_where_code_and_word_agree(code: str, word: str, status: str) -> None:
    found = read(
        "dhl_unified", {"shipments": [{"id": "1", "events": [{"statusCode": code, "status": word}]}]}
    )
    assert found.events[0].status == status


def test_mydhl_checkpoints_and_pieces() -> None:
    events = [{"date": "2026-11-06", "time": "11:20:00", "typeCode": "RT", "description": "Returned to shipper"},
              {"date": "2026-11-05", "typeCode": "RR"}, {"date": "2026-11-04", "typeCode": "PU"}]  # fmt: skip
    shipment = {
        "shipmentTrackingNumber": 1234567890,
        "pieces": [{"trackingNumber": "JD01", "events": events}],
    }
    found = read("mydhl", {"shipments": shipment})
    assert told(found) == [
        ("returned_to_sender", "2026-11-06T11:20:00", "assumed"),
        ("exception", "2026-11-05", "date_only"),
        ("in_transit", "2026-11-04", "date_only"),
    ]
    assert found.numbers == {"1234567890", "JD01"}


def test_dhl_paket_on_its_way_back_is_never_a_delivery() -> None:
    event = '<data name="piece-event" event-timestamp="18.11.2026 10:02" standard-event-code="ZU" ruecksendung="true"/>'
    found = read(
        "dhl_parcel_de",
        '<data name="piece-shipment-list" code="0"><data name="piece-shipment" piece-code="1" ruecksendung="true"'
        f' standard-event-code="ZU">{event}</data></data>',
    )
    assert [(row.status, row.leg) for row in found.events] == [("returned_to_sender", "return")]
    assert (found.stated.status, found.stated.leg) == ("returned_to_sender", "return")


@pytest.mark.parametrize(
    ("time", "zone", "basis"),
    [("12:26 PM ET", "", "place_inferred"), ("12:26 PM", "ET", "place_inferred"), ("12:26 PM", "", "assumed"),
     ("12:26 PM EDT", "", "assumed"), ("25:26 PM ET", "", "")],
)  # fmt: skip
def test_dhl_ecommerce_needs_the_zone_or_the_place(time: str, zone: str, basis: str) -> None:
    event = {"date": "11/6/2026", "time": time, "timeZone": zone, "primaryEventId": 600}
    found = read("dhl_ecommerce", {"packages": [{"trackingId": "1", "events": [event]}]})
    assert found.events[0].time.basis == basis
