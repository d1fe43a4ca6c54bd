"""What is known of order and label, who says so, and what happens where they disagree."""

import copy
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shipping.models import Shipment
from shipping.selectors import known_about
from shipping.services import record_tracking
from tests.shipping.conftest import AMZ, NOW, SPRINGFIELD, payload

LABEL, ORDER, ORDER_V0 = "amazon_mfn_shipment", "amazon_order_2026_01_01", "amazon_order_v0"
EXCLUDED = {
    "IncludedBenefits": ["FBM_SHIP_PLUS"],
    "ExcludedBenefits": [{"Benefit": "CLAIMS_PROTECTED", "ReasonCodes": ["LATE_DELIVERY_RISK"]}],
}


def learnt(shipment: Shipment, *answers: tuple[str, Any]) -> Shipment:
    for age, (provider, answer) in enumerate(answers):
        record_tracking(
            shipment=shipment, provider=provider, payload=answer, actor=AMZ, now=NOW, channel="api",
            fetched_at=NOW - timedelta(hours=5 - age),
        )  # fmt: skip
    shipment.refresh_from_db()
    return shipment


def label(**changes: Any) -> dict[str, Any]:
    found = copy.deepcopy(payload("amazon_label"))
    found["payload"]["ShippingService"].update(changes)
    return found


def codes(rows: list[dict[str, Any]]) -> list[str]:
    return [row["code"] for row in rows]


def test_a_label_says_what_was_bought_and_nothing_of_the_parcel(
    make_shipment: Callable[..., Shipment],
) -> None:
    found = learnt(make_shipment(carrier="USPS"), (LABEL, payload("amazon_label")))

    assert (found.status, found.leg, found.delivered_at, found.first_scan_at) == (
        "unknown",
        "unknown",
        None,
        None,
    )
    assert found.events.count() == 0
    assert found.claims_protected is None, "what the seller stated stays what he stated"
    known = known_about(found)
    assert (known["claims_protected"].value, known["claims_protected"].source) == (True, LABEL)
    assert known["claims_protected"].snapshot == found.snapshots.get().sha256
    assert known["bought_through_buy_shipping"].value is True
    assert known["signature_required"].value is True
    assert known["amazon_shipment_id"].value == "5fd3b2a0-1c11-4f0e-9a55-0c2b7c1f7a10"
    assert known["label_status"].value == "Purchased"
    assert known["label_ship_date"].value == datetime(2026, 11, 2, 20, 0, tzinfo=UTC)
    assert known["estimated_by"].value == datetime(2026, 11, 6, 3, 0, tzinfo=UTC)
    assert (known["service"].value, known["carrier"].value) == ("USPS Ground Advantage", "USPS")
    assert known["carrier"].source == "seller"
    assert found.signature == {"required": True, "obtained": None}
    assert codes(found.conflicts) == []
    assert "no_answer" in codes(found.gaps), "no carrier has answered yet"


def test_a_protection_among_the_excluded_benefits_is_none_whatever_the_seller_says(
    make_shipment: Callable[..., Shipment],
) -> None:
    shipment = make_shipment(carrier="USPS", claims_protected=True)
    found = learnt(shipment, (LABEL, label(Benefits=EXCLUDED)))

    known = known_about(found)["claims_protected"]
    assert (known.value, known.source, known.reasons) == (False, LABEL, ("LATE_DELIVERY_RISK",))
    assert (known.stated, found.claims_protected) == (True, True)
    assert found.conflicts == [
        {
            "code": "claims_protected_disagrees",
            "detail": "Not everybody says the same of whether the label is Claims Protected;"
            " what Amazon says is used.",
            "fields": {
                "name": "claims_protected",
                "value": False,
                "source": LABEL,
                "others": [{"value": True, "source": "seller"}],
            },
        }
    ]


@pytest.mark.parametrize(
    "benefits",
    [
        None, {}, [], {"IncludedBenefits": None, "ExcludedBenefits": None}, {"IncludedBenefits": ["OTHER"]},
        {"IncludedBenefits": ["CLAIMS_PROTECTED"], "ExcludedBenefits": [{"Benefit": "CLAIMS_PROTECTED"}]},
    ],
)  # fmt: skip
def test_a_label_whose_benefits_do_not_say_leaves_the_protection_unknown(
    make_shipment: Callable[..., Shipment], benefits: Any
) -> None:
    found = learnt(make_shipment(), (LABEL, label(Benefits=benefits)))
    assert known_about(found)["claims_protected"].value is None
    assert known_about(found)["claims_protected"].source == ""


def test_an_order_says_what_was_promised_for_the_package_that_this_parcel_is(
    make_shipment: Callable[..., Shipment],
) -> None:
    shipment = make_shipment(carrier="USPS", shipped_at=None, ship_to={})
    found = learnt(shipment, (ORDER, payload("amazon_order")))

    known = known_about(found)
    assert known["ship_by"].value == datetime(2026, 11, 3, 7, 59, 59, tzinfo=UTC)
    assert known["deliver_by"].value == datetime(2026, 11, 7, 7, 59, 59, tzinfo=UTC)
    assert known["shipped_at"].value == datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
    assert known["signature_required"].value is True
    assert known["package_status"].value == "DELIVERED / DELIVERED"
    assert known["ship_to"].value == {**SPRINGFIELD, "line2": "Unit 3"}
    assert {fact.source for fact in known.values() if fact.value is not None} == {ORDER, "seller"}
    assert (found.shipped_at, found.ship_to, found.ship_by) == (None, {}, None)
    assert (found.status, found.delivered_at) == ("unknown", None), "packageStatus is no carrier's scan"
    assert "no_ship_to" not in codes(found.gaps)


def test_the_other_package_of_the_order_needs_no_signature(make_shipment: Callable[..., Shipment]) -> None:
    found = learnt(make_shipment("1Z5R89390357567127"), (ORDER, payload("amazon_order")))
    assert known_about(found)["signature_required"].value is None
    assert known_about(found)["package_status"].value == "IN_TRANSIT"


def test_an_order_that_does_not_know_the_number_or_another_order_is_not_used(
    make_shipment: Callable[..., Shipment],
) -> None:
    strange = make_shipment("EZ1000000001")
    learnt(strange, (ORDER, payload("amazon_order")))
    assert (strange.snapshots.get().status, strange.order_facts) == ("other_parcel", {})

    order = {"payload": {"AmazonOrderId": "405-7654321-7654321", "OrderStatus": "Shipped",
                         "LatestShipDate": "2026-11-03T07:59:59Z"}}  # fmt: skip
    other = learnt(make_shipment("X2"), (ORDER_V0, order))
    assert (other.snapshots.get().status, other.order_facts) == ("other_parcel", {})


def test_a_number_used_again_for_another_order_gives_no_fact_but_a_contradiction(
    make_shipment: Callable[..., Shipment],
) -> None:
    found = learnt(make_shipment(order_id="405-7654321-7654321"), (LABEL, payload("amazon_label")))
    assert found.snapshots.get().status == "read"
    assert found.order_facts == {}
    assert [(row["code"], row["fields"]) for row in found.conflicts] == [
        ("names_another_order", {"named": "405-1234567-1234567"})
    ]


def test_amazons_word_wins_over_the_sellers_and_both_are_named(
    make_shipment: Callable[..., Shipment],
) -> None:
    shipment = make_shipment(
        ship_by=datetime(2026, 11, 5, 8, 0, tzinfo=UTC),
        deliver_by=datetime(2026, 11, 7, 8, 0, tzinfo=UTC),
        ship_to={**SPRINGFIELD, "postal_code": "60610"},
    )
    found = learnt(shipment, (ORDER, payload("amazon_order")))

    known = known_about(found)
    assert known["ship_by"].value == datetime(2026, 11, 3, 7, 59, 59, tzinfo=UTC)
    assert known["ship_by"].stated == datetime(2026, 11, 5, 8, 0, tzinfo=UTC)
    assert codes(found.conflicts) == ["ship_by_disagrees", "ship_to_disagrees"], "a second is no difference"
    assert found.conflicts[0]["fields"]["others"] == [{"value": "2026-11-05T08:00:00Z", "source": "seller"}]
    assert known["ship_to"].value["postal_code"] == "62704"
    assert found.address_match == dict.fromkeys(
        ("line1", "city", "region", "postal_code", "country_code"), "not_stated"
    )


def test_the_dispatch_is_the_sellers_to_say_and_a_day_apart_is_a_contradiction(
    make_shipment: Callable[..., Shipment],
) -> None:
    early = learnt(
        make_shipment(shipped_at=datetime(2026, 11, 1, 9, 0, tzinfo=UTC)), (ORDER, payload("amazon_order"))
    )
    known = known_about(early)["shipped_at"]
    assert (known.value, known.source) == (datetime(2026, 11, 1, 9, 0, tzinfo=UTC), "seller")
    assert codes(early.conflicts) == ["shipped_at_disagrees"]


def test_label_and_order_disagree_about_the_signature_and_the_order_counts(
    make_shipment: Callable[..., Shipment],
) -> None:
    without = label(ShippingServiceOptions={"DeliveryExperience": "DeliveryConfirmationWithoutSignature"})
    for answers in ([(LABEL, without), (ORDER, payload("amazon_order"))],
                    [(ORDER, payload("amazon_order")), (LABEL, without)]):  # fmt: skip
        found = learnt(make_shipment(order_id="405-1234567-1234567"), *answers)
        known = known_about(found)["signature_required"]
        assert (known.value, known.source) == (True, ORDER)
        assert codes(found.conflicts) == ["signature_required_disagrees"]
        assert found.conflicts[0]["fields"]["others"] == [{"value": False, "source": LABEL}]
        found.events.all().delete()
        found.snapshots.all().delete()


def test_the_newer_label_counts_and_an_emptied_address_gives_way(
    make_shipment: Callable[..., Shipment],
) -> None:
    emptied = copy.deepcopy(payload("amazon_order"))
    emptied["order"]["recipient"]["deliveryAddress"] = {"city": "Springfield", "countryCode": "US"}
    found = learnt(
        make_shipment(ship_to={}),
        (LABEL, payload("amazon_label")), (LABEL, label(Benefits=EXCLUDED)),
        (ORDER, payload("amazon_order")), (ORDER, emptied),
    )  # fmt: skip
    assert known_about(found)["claims_protected"].value is False
    assert known_about(found)["ship_to"].value["line1"] == "12 Elm Street"
    assert codes(found.conflicts) == []


@pytest.mark.parametrize("provider", [LABEL, ORDER, ORDER_V0])
@pytest.mark.parametrize("http_status", [200, 404])
def test_a_label_or_order_that_is_not_found_says_nothing_of_the_parcel(
    make_shipment: Callable[..., Shipment], provider: str, http_status: int
) -> None:
    shipment = make_shipment()
    record_tracking(
        shipment=shipment, provider=provider, actor=AMZ, now=NOW, channel="poll", http_status=http_status,
        payload={"errors": [{"code": "NotFound", "message": "No such thing."}]},
    )  # fmt: skip
    shipment.refresh_from_db()
    assert (shipment.snapshots.get().status, shipment.status) == ("error_answer", "unknown")
