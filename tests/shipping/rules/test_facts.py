"""What tracking proves: from recorded shapes to facts, expected values written by hand."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shipping.models import Shipment, TrackingEvent
from shipping.services import record_tracking
from tests.shipping.conftest import AMZ, NOW, payload

BRAUNTON = {
    "name": "Mary Poole",
    "line1": "3 Sea Lane",
    "city": "Braunton",
    "postal_code": "EX33 2JL",
    "country_code": "GB",
}


def learnt(shipment: Shipment, provider: str, answer: Any) -> Shipment:
    record_tracking(shipment=shipment, provider=provider, payload=answer, actor=AMZ, now=NOW, channel="api")
    shipment.refresh_from_db()
    return shipment


def codes(rows: list[dict[str, Any]]) -> list[str]:
    return [row["code"] for row in rows]


def test_a_plain_delivery_is_told_with_its_time_place_name_and_first_scan(
    make_shipment: Callable[..., Shipment],
) -> None:
    found = learnt(make_shipment(carrier="USPS"), "easypost", payload("easypost_delivered"))

    assert (found.status, found.leg, found.time_basis) == ("delivered", "forward", "carrier_utc")
    assert found.delivered_at is not None
    assert found.delivered_at.isoformat() == "2026-11-05T19:42:00+00:00"
    assert found.delivered_local == ""
    assert found.delivered_earliest == found.delivered_latest == found.delivered_at
    assert found.place == {
        "city": "SPRINGFIELD",
        "region": "IL",
        "postal_code": "62704",
        "precision": "postal_code",
    }
    assert found.received_by == {"raw": "Jane Doe", "kind": "person_name"}
    assert found.signature == {"required": None, "obtained": True}
    assert found.first_scan_at is not None
    assert found.first_scan_at.isoformat() == "2026-11-02T17:30:00+00:00"
    assert found.first_scan["text"] == "USPS in possession of item"
    assert found.address_match == {
        "line1": "not_stated",
        "city": "match",
        "region": "match",
        "postal_code": "match",
        "country_code": "not_stated",
    }
    assert found.conflicts == []
    assert codes(found.gaps) == ["no_document"]
    assert found.number_check == {"carriers": ["United States Postal Service"], "fits": True}


def test_delivered_to_the_original_sender_is_no_delivery_to_the_buyer(
    make_shipment: Callable[..., Shipment],
) -> None:
    found = learnt(make_shipment(), "easypost", payload("easypost_back_to_sender"))

    assert (found.status, found.leg) == ("returned_to_sender", "return")
    assert found.delivered_at is None
    assert found.place == {}
    assert found.received_by == {"raw": "", "kind": "none"}
    assert found.signature == {"required": None, "obtained": None}
    assert codes(found.conflicts) == ["signer_on_return"]
    assert found.conflicts[0]["fields"] == {"received_by": "A SELLER"}
    legs = [(event.status, event.leg) for event in found.events.all()]
    assert legs == [
        ("in_transit", "forward"),
        ("exception", "forward"),
        ("returning", "return"),
        ("returned_to_sender", "return"),
    ]
    assert found.first_scan["text"] == "Accepted at USPS Facility"


def test_a_delivery_after_the_way_back_began_is_no_delivery_whatever_its_words(
    make_shipment: Callable[..., Shipment],
) -> None:
    tracker = payload("easypost_back_to_sender")
    tracker["tracking_details"][3]["message"] = "Delivered, Front Door"
    found = learnt(make_shipment(), "easypost", tracker)

    assert (found.status, found.leg, found.delivered_at) == ("returned_to_sender", "return", None)


def test_amazons_delivered_of_the_returns_leg_is_no_delivery(make_shipment: Callable[..., Shipment]) -> None:
    shipment = make_shipment("TBA123456789012", ship_to=BRAUNTON)
    found = learnt(shipment, "amazon_tracking_v2", payload("amazon_returned"))

    assert (found.status, found.leg, found.delivered_at) == ("returned_to_sender", "return", None)
    assert found.received_by == {"raw": "", "kind": "none"}
    assert found.first_scan_at is not None
    assert found.first_scan_at.isoformat() == "2026-11-02T08:15:00+00:00"
    assert codes(found.conflicts) == ["signer_on_return"]


def test_a_neighbour_is_a_third_party_and_initials_are_no_signature(
    make_shipment: Callable[..., Shipment],
) -> None:
    shipment = make_shipment("TBA123456789012", carrier="Amazon Shipping", ship_to=BRAUNTON)
    found = learnt(shipment, "amazon_tracking_v2", payload("amazon_delivered_to_neighbour"))

    assert (found.status, found.leg, found.time_basis) == (
        "delivered_to_third_party",
        "forward",
        "carrier_utc",
    )
    assert found.delivered_at is not None
    assert found.delivered_at.isoformat() == "2026-11-03T12:34:56.500000+00:00"
    assert found.place == {
        "city": "Braunton",
        "postal_code": "EX33 2JL",
        "country_code": "GB",
        "spot": "neighbour",
        "latitude": 51.1086,
        "longitude": -4.1615,
        "precision": "coordinates",
    }
    assert found.received_by == {"raw": "M P", "kind": "initials"}
    assert found.signature == {"required": None, "obtained": True}
    assert codes(found.conflicts) == ["pseudo_signature"]
    assert len(found.documents) == 1
    assert found.documents[0]["kind"] == "delivery_photo"
    assert found.documents[0]["url"] == "https://example.invalid/pod/1.jpg"
    assert found.address_match["postal_code"] == "match"
    assert found.gaps == []


def test_a_local_time_takes_the_zone_that_its_place_settles(make_shipment: Callable[..., Shipment]) -> None:
    found = learnt(
        make_shipment("YT2229521272164446", carrier="YunExpress"), "normal", payload("normal_delivered")
    )

    assert (found.status, found.time_basis) == ("delivered", "place_inferred")
    assert found.delivered_at is not None
    assert found.delivered_at.isoformat() == "2026-11-12T20:05:00+00:00"
    assert found.delivered_local == "2026-11-12T14:05:00-06:00"
    assert found.delivered_earliest == found.delivered_latest == found.delivered_at
    assert codes(found.gaps) == ["no_document"]


def test_a_local_time_without_offset_gets_no_utc_and_says_so(make_shipment: Callable[..., Shipment]) -> None:
    answer = payload("normal_delivered")
    answer["events"][-1]["place"] = {"city": "Springfield", "country_code": "US"}

    found = learnt(make_shipment("YT2229521272164446", carrier="YunExpress"), "normal", answer)

    assert (found.status, found.time_basis, found.delivered_at) == ("delivered", "assumed", None)
    assert found.delivered_local == "2026-11-12T14:05:00"
    assert found.delivered_earliest is not None
    assert found.delivered_latest is not None
    assert found.delivered_earliest.isoformat() == "2026-11-12T00:05:00+00:00"
    assert found.delivered_latest.isoformat() == "2026-11-13T02:05:00+00:00"
    assert found.first_scan["at"] == "2026-11-02T02:02:00Z"
    assert found.first_scan["local"] == "2026-11-02T10:02:00+08:00"
    assert found.first_scan["time_basis"] == "carrier_offset"
    assert found.signature == {"required": True, "obtained": True}
    assert found.address_match == {
        "line1": "not_stated",
        "city": "match",
        "region": "not_stated",
        "postal_code": "not_stated",
        "country_code": "match",
    }
    assert codes(found.gaps) == ["delivery_time_uncertain", "no_document"]


def test_a_delivery_in_another_postcode_is_a_contradiction_of_this_parcel(
    make_shipment: Callable[..., Shipment],
) -> None:
    tracker = payload("easypost_delivered")
    tracker["tracking_details"][3]["tracking_location"] = {"city": "CHICAGO", "state": "IL", "zip": "60610"}
    found = learnt(make_shipment(), "easypost", tracker)

    assert found.status == "delivered"
    assert codes(found.conflicts) == ["delivered_elsewhere", "delivered_off_route"]
    assert found.conflicts[0]["fields"] == {
        "delivered": {"postal_code": "60610", "city": "CHICAGO"},
        "ship_to": {"postal_code": "62704", "city": "Springfield"},
    }
    assert found.address_match["postal_code"] == "mismatch"


@pytest.mark.parametrize(
    ("text", "status", "spot"),
    [
        ("Delivered, Front Door/Porch", "delivered", "front door"),
        ("Delivered, In/At Mailbox", "delivered", "mailbox"),
        ("Delivered, Left with Individual", "delivered", None),
        ("Delivered, Front Desk/Reception/Mail Room", "delivered_to_third_party", "reception"),
        ("Delivered, Neighbor as Requested", "delivered_to_third_party", "neighbour"),
        ("Delivered to Agent for Final Delivery", "delivered_to_third_party", None),
        ("Delivered to a different person present", "delivered_to_third_party", None),
        ("Delivered, Parcel Locker", "delivered_to_pickup_point", "parcel locker"),
        ("Delivered to UPS Access Point", "delivered_to_pickup_point", "pick-up point"),
        ("Delivered, To Original Sender", "returned_to_sender", None),
        ("Package delivered to shipper", "returned_to_sender", None),
    ],
)
def test_the_words_of_a_delivery_say_to_whom(
    make_shipment: Callable[..., Shipment], text: str, status: str, spot: str | None
) -> None:
    tracker = payload("easypost_delivered")
    tracker["tracking_details"][3]["message"] = text
    found = learnt(make_shipment(), "easypost", tracker)

    assert found.status == status
    assert found.place.get("spot") == spot


@pytest.mark.parametrize(
    ("raw", "kind", "obtained"),
    [
        ("Signature not required", "not_required", False),
        ("DRIVER RELEASE", "not_required", False),
        ("00:00", "placeholder", None),
        ("21.20", "placeholder", None),
        ("null", "placeholder", None),
        ("960528602", "code", None),
        ("12", "code", None),
        ("R4 7", "code", None),
        ("J G", "initials", None),
        ("JG", "initials", None),
        ("J Garcia", "person_name", True),
        ("王小明", "person_name", True),
    ],
)
def test_what_stands_in_the_signers_field_is_classed_and_never_believed(
    make_shipment: Callable[..., Shipment], raw: str, kind: str, obtained: bool | None
) -> None:
    found = learnt(make_shipment(), "easypost", {**payload("easypost_delivered"), "signed_by": raw})

    assert found.received_by == {"raw": raw, "kind": kind}
    assert found.signature == {"required": None, "obtained": obtained}
    weak = kind in {"placeholder", "code", "initials"}
    expected = {"J Garcia": ["recorded_name_differs"]}.get(raw, ["pseudo_signature"] if weak else [])
    assert codes(found.conflicts) == expected


@pytest.mark.parametrize(
    ("raw", "status", "kind"),
    [
        ("Nachbar Schmidt", "delivered_to_third_party", "placeholder"),
        ("RECEPTION", "delivered_to_third_party", "placeholder"),
        ("Parcel locker 12", "delivered_to_pickup_point", "placeholder"),
        ("Back door", "delivered", "placeholder"),
    ],
)
def test_a_third_party_in_place_of_a_name_took_the_parcel(
    make_shipment: Callable[..., Shipment], raw: str, status: str, kind: str
) -> None:
    found = learnt(make_shipment(), "easypost", {**payload("easypost_delivered"), "signed_by": raw})

    assert (found.status, found.received_by) == (status, {"raw": raw, "kind": kind})
    assert found.name_match == {"result": "cannot_tell", "how": "no_person_named"}


def test_a_buyer_whose_name_means_neighbour_is_himself(make_shipment: Callable[..., Shipment]) -> None:
    shipment = make_shipment(ship_to={**BRAUNTON, "name": "Jean Voisin"})
    found = learnt(shipment, "easypost", {**payload("easypost_delivered"), "signed_by": "J. Voisin"})

    assert (found.status, found.received_by["kind"]) == ("delivered", "person_name")
    assert found.name_match == {"result": "match", "how": "name_and_initial"}


@pytest.mark.parametrize(("hours", "told"), [(-1, True), (0, False), (1, False)])
def test_a_first_scan_after_the_ship_by_moment_is_said_with_both(
    make_shipment: Callable[..., Shipment], hours: int, told: bool
) -> None:
    scanned = datetime(2026, 11, 2, 17, 30, tzinfo=UTC)
    shipment = make_shipment(ship_by=scanned + timedelta(hours=hours))
    found = learnt(shipment, "easypost", payload("easypost_delivered"))

    rows = [row["fields"] for row in found.conflicts if row["code"] == "first_scan_after_ship_by"]
    expected = {
        "first_scan": "2026-11-02T17:30:00Z",
        "time_basis": "carrier_utc",
        "ship_by": "2026-11-02T16:30:00Z",
        "ship_by_source": "seller",
    }
    assert rows == ([expected] if told else [])


def test_a_scan_whose_zone_is_unknown_contradicts_no_ship_by_within_a_day(
    make_shipment: Callable[..., Shipment],
) -> None:
    scan = {"status": "in_transit", "text": "Picked up", "local_time": "2026-11-02T20:00:00"}
    shipment = make_shipment(ship_by=datetime(2026, 11, 2, 12, tzinfo=UTC))
    found = learnt(shipment, "normal", {"events": [scan]})

    assert codes(found.conflicts) == []
    assert (found.first_scan["earliest"], found.first_scan["latest"]) == (
        "2026-11-02T06:00:00Z",
        "2026-11-03T08:00:00Z",
    )


def test_a_waived_signature_contradicts_one_that_was_paid_for(make_shipment: Callable[..., Shipment]) -> None:
    shipment = make_shipment(signature_required=True)
    found = learnt(
        shipment, "easypost", {**payload("easypost_delivered"), "signed_by": "Signature not required"}
    )

    assert found.signature == {"required": True, "obtained": False}
    assert codes(found.conflicts) == ["pseudo_signature"]


def test_a_name_before_the_delivery_is_no_proof(make_shipment: Callable[..., Shipment]) -> None:
    answer = payload("easypost_in_transit")
    answer["result"]["signed_by"] = "Jane Doe"
    found = learnt(make_shipment(), "easypost", answer)

    assert found.status == "in_transit"
    assert found.received_by == {"raw": "", "kind": "none"}
    assert codes(found.conflicts) == ["proof_before_delivery"]


def test_a_word_that_no_table_has_stays_unknown_and_is_shown(make_shipment: Callable[..., Shipment]) -> None:
    answer = payload("easypost_in_transit")
    detail = answer["result"]["tracking_details"][1]
    answer["result"]["tracking_details"].append(
        {**detail, "status": "teleported", "message": "Beamed up", "datetime": "2026-11-03T08:00:00Z"}
    )
    found = learnt(make_shipment(), "easypost", answer)

    event = TrackingEvent.objects.get(provider_status="teleported")
    assert (event.status, event.text) == ("unknown", "Beamed up")
    assert {"code": "unread_status", "detail": "Beamed up"} in found.gaps
    assert found.status == "in_transit"


def test_a_scan_after_the_delivery_is_a_contradiction_and_takes_nothing_back(
    make_shipment: Callable[..., Shipment],
) -> None:
    tracker = payload("easypost_delivered")
    late = {
        **tracker["tracking_details"][1],
        "datetime": "2026-11-08T10:00:00Z",
        "message": "Arrived at Facility",
    }
    tracker["tracking_details"].append(late)
    found = learnt(make_shipment(), "easypost", tracker)

    assert found.status == "delivered"
    assert codes(found.conflicts) == ["scanned_after_delivery"]
    assert found.conflicts[0]["fields"]["scanned_at"] == "2026-11-08T10:00:00Z"


def test_delivered_by_the_summary_alone_is_said_to_lack_its_event(
    make_shipment: Callable[..., Shipment],
) -> None:
    answer = payload("easypost_in_transit")
    answer["result"]["status"] = "delivered"
    found = learnt(make_shipment(), "easypost", answer)

    assert (found.status, found.delivered_at) == ("delivered", None)
    assert codes(found.conflicts) == ["delivered_without_event"]


def test_a_return_label_is_never_a_delivery_to_the_buyer(make_shipment: Callable[..., Shipment]) -> None:
    found = learnt(make_shipment(), "easypost", {**payload("easypost_delivered"), "is_return": True})

    assert (found.status, found.leg, found.delivered_at) == ("returned_to_sender", "return", None)
    assert found.first_scan_at is None


def test_one_number_on_two_shipments_is_told_apart_by_the_ship_date(
    make_shipment: Callable[..., Shipment],
) -> None:
    from_last_year = make_shipment(order_id="405-0000000-0000001", shipped_at=NOW.replace(year=2025, month=6))
    from_now = make_shipment()
    too_late = make_shipment(order_id="405-0000000-0000002", shipped_at=NOW.replace(day=19))
    for shipment in (from_last_year, from_now, too_late):
        learnt(shipment, "easypost", payload("easypost_delivered"))

    assert [s.snapshots.get().status for s in (from_last_year, from_now, too_late)] == [
        "other_parcel",
        "read",
        "other_parcel",
    ]
    assert [s.status for s in (from_last_year, from_now, too_late)] == ["unknown", "delivered", "unknown"]
    assert "more than 30 days after" in from_last_year.snapshots.get().reason
    assert "more than a day before" in too_late.snapshots.get().reason


def test_the_address_is_compared_with_what_the_seller_gave(make_shipment: Callable[..., Shipment]) -> None:
    found = learnt(make_shipment(ship_to={}), "easypost", payload("easypost_delivered"))
    assert set(found.address_match.values()) == {"not_stated"}
    assert "no_ship_to" in codes(found.gaps)
