"""Buy Shipping protection: the verdict for every reason, each condition alone, and what it is worth where."""

from datetime import timedelta
from typing import Any

import pytest

from claims.judgement.coverage import COVERAGE, coverage_of
from claims.judgement.protection import protection_of
from claims.marketplaces import MARKETPLACES
from claims.words import Reason
from tests.claims.judgement.grounds import SHIP_BY, bought, file, grounds, parcel, scan, z

PROTECTED_REASONS = {"not_received", "delivered_not_received"}


@pytest.mark.parametrize("reason", [*Reason.values, ""])
@pytest.mark.parametrize(
    ("badge", "for_not_received", "for_no_reason"),
    [(True, "protected", "unknown"), (False, "not_protected", "not_protected"), (None, "unknown", "unknown")],
)
def test_every_reason_with_a_badge_without_one_and_where_nobody_knows(
    reason: str, badge: bool | None, for_not_received: str, for_no_reason: str
) -> None:
    expected = "not_protected"  # protection covers parcels that did not arrive, nothing else
    if reason in PROTECTED_REASONS:
        expected = for_not_received
    elif not reason:
        expected = for_no_reason
    assert protection_of(grounds(bought(claims_protected=badge), reason=reason)).verdict == expected


@pytest.mark.parametrize(
    ("code", "change", "state"),
    [
        ("buy_shipping_label", {"bought_through_buy_shipping": False}, "fail"),
        ("buy_shipping_label", {"bought_through_buy_shipping": None}, "unknown"),
        ("claims_protected", {"claims_protected": False}, "fail"),
        ("claims_protected", {"claims_protected": None}, "unknown"),
        ("first_scan_in_time", {"first_scan": scan(SHIP_BY)}, "pass"),
        ("first_scan_in_time", {"first_scan": scan(SHIP_BY + timedelta(seconds=1))}, "fail"),
        (
            "first_scan_in_time",
            {"first_scan": scan(SHIP_BY - timedelta(hours=5), SHIP_BY + timedelta(1))},
            "unknown",
        ),
        ("first_scan_in_time", {"first_scan": {}}, "unknown"),
        ("first_scan_in_time", {"ship_by": None}, "unknown"),
        ("not_returned", {"status": "returning"}, "fail"),
        ("not_returned", {"status": "returned_to_sender", "leg": "return"}, "fail"),
        ("not_returned", {"status": "lost"}, "pass"),
    ],
)
def test_each_condition_decides_alone(code: str, change: dict[str, Any], state: str) -> None:
    found = protection_of(grounds(bought(**change)))
    states = {row.code: row.state for row in found.conditions}
    assert states == {**dict.fromkeys(states, "pass"), code: state}
    assert found.verdict == {"pass": "protected", "fail": "not_protected", "unknown": "unknown"}[state]


def test_a_refund_by_the_seller_ends_protection_and_one_of_unknown_hand_leaves_it_open() -> None:
    by_seller = protection_of(grounds(bought(), decision="refunded_by_seller"))
    unclear = protection_of(grounds(bought(), handed_in=[file("refund")]))
    assert (by_seller.verdict, unclear.verdict) == ("not_protected", "unknown")
    assert unclear.conditions[-1].detail == (
        "A refund is on file (refund.pdf); who made it, Amazon or the seller, is not stated."
    )


def test_each_condition_names_its_source_and_its_fields() -> None:
    scanned = protection_of(grounds(bought())).conditions[2]
    assert scanned.detail == (
        "USPS 9400111206206407628746: the carrier's first scan was at or before the ship-by moment."
    )
    assert scanned.source == "stated by the seller"
    assert scanned.fields == {
        "first_scan": "2026-11-02T22:00:00Z", "time_basis": "carrier_utc", "earliest": "2026-11-02T22:00:00Z",
        "latest": "2026-11-02T22:00:00Z", "ship_by": "2026-11-03T08:00:00Z",
    }  # fmt: skip


def answer(name: str, value: Any, **more: Any) -> dict[str, Any]:
    """What Amazon's answer about the label says, as shipping keeps it."""
    row = {"value": value, "source": "amazon_mfn_shipment", "snapshot": "a" * 64, "reasons": [], "beside": []}
    return {name: {**row, **more}}


def test_amazons_own_word_of_the_badge_goes_before_the_sellers_and_says_why() -> None:
    late = answer("claims_protected", False, reasons=["LATE_DELIVERY_RISK"])
    found = protection_of(grounds(bought(order_facts=late)))
    badge = found.conditions[1]
    assert found.verdict == "not_protected"
    assert (badge.state, badge.source) == ("fail", "amazon mfn shipment")
    assert badge.detail.endswith("the label is not marked Claims Protected (LATE_DELIVERY_RISK).")


def test_amazons_own_ship_by_decides() -> None:
    earlier = answer("ship_by", z(SHIP_BY - timedelta(days=2)), source="amazon_order_2026_01_01")
    assert protection_of(grounds(bought(order_facts=earlier))).verdict == "not_protected"


def test_two_parcels_have_one_verdict_only_where_they_agree() -> None:
    assert protection_of(grounds(bought(), bought())).verdict == "protected"
    assert protection_of(grounds(bought(), parcel(claims_protected=False))).verdict == "unknown"
    assert protection_of(grounds(parcel(claims_protected=False), parcel(claims_protected=False))).verdict == (
        "not_protected"
    )


def test_a_cancelled_label_beside_another_does_not_count() -> None:
    assert (
        protection_of(grounds(bought(), parcel(status="cancelled", claims_protected=False))).verdict
        == "protected"
    )


def test_without_a_parcel_nothing_is_known() -> None:
    assert protection_of(grounds()).verdict == "unknown"


def test_an_answer_to_the_buyer_is_a_risk_and_no_condition() -> None:
    silent, told = (
        protection_of(grounds(bought())),
        protection_of(grounds(bought(), handed_in=[file("correspondence")])),
    )
    assert silent.verdict == told.verdict == "protected"
    assert [row.detail for row in silent.risks] == [
        "Whether the buyer's message was answered within 48 hours is not known: no correspondence is on file."
    ]
    assert told.risks[0].fields == {"correspondence": "correspondence.pdf"}


def test_what_it_is_worth_is_data_with_source_and_date() -> None:
    assert set(COVERAGE) == set(MARKETPLACES)
    worth = {
        row.country: (COVERAGE[pk].odr_protected, COVERAGE[pk].amazon_funds)
        for pk, row in MARKETPLACES.items()
    }
    assert worth["US"] == ("yes", "yes")
    guides = {"CA", "GB", "DE", "FR", "IT", "ES", "IN", "MX", "NL", "JP"}
    assert {country for country, row in worth.items() if row == ("yes", "unknown")} == guides
    assert worth["BR"] == ("unknown", "unknown")
    assert all(row.source and row.read_on for row in COVERAGE.values())
    assert coverage_of("NOBODY").amazon_funds == "unknown"
