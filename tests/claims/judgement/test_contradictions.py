"""What does not fit: a parcel's own rows as shipping names them, and those that need the claim."""

from datetime import timedelta

import pytest

from claims.judgement.contradictions import contradictions_of
from claims.judgement.judging import judge
from tests.claims.judgement.grounds import DELIVERED_AT, OPENED, file, grounds, parcel


def test_a_parcels_rows_are_told_once_with_their_fields() -> None:
    row = {"code": "pseudo_signature", "detail": "No name.", "fields": {"received_by": "12"}}
    found = contradictions_of(grounds(parcel(conflicts=[row])))
    assert [(each.code, each.detail, each.values) for each in found] == [
        ("pseudo_signature", "No name.", {"received_by": "12"})
    ]


def test_a_delivery_after_the_claim_names_both_moments() -> None:
    late = OPENED + timedelta(hours=3)
    found = contradictions_of(
        grounds(parcel(delivered_at=late, delivered_earliest=late, delivered_latest=late))
    )
    assert [(each.code, each.values) for each in found] == [
        (
            "delivered_after_claim",
            {
                "delivered": "2026-11-12T12:00:00Z",
                "time_basis": "carrier_utc",
                "claim_opened_at": "2026-11-12T09:00:00Z",
            },
        )
    ]


@pytest.mark.parametrize(
    "change",
    [
        {"delivered_earliest": OPENED - timedelta(hours=1), "delivered_latest": OPENED + timedelta(hours=1)},
        {"delivered_earliest": None, "delivered_latest": None},
        {"delivered_earliest": DELIVERED_AT, "delivered_latest": DELIVERED_AT},
    ],
)
def test_what_cannot_be_told_is_no_contradiction(change: dict[str, object]) -> None:
    assert contradictions_of(grounds(parcel(**change))) == ()


def test_a_refund_is_one_for_claims_of_parcels_that_did_not_arrive() -> None:
    codes = [row.code for row in contradictions_of(grounds(parcel(), handed_in=[file("refund")]))]
    assert codes == ["refund_already_issued"]
    decided = contradictions_of(grounds(parcel(), decision="refunded_by_seller"))
    assert [row.values for row in decided] == [{"decision": "refunded_by_seller"}]
    other = grounds(parcel(), reason="not_as_described", handed_in=[file("refund")])
    assert contradictions_of(other) == ()


@pytest.mark.parametrize(
    ("status", "fits", "misfits"),
    [
        ("in_transit", False, ("USPS 9400111206206407628746",)),
        ("in_transit", None, ()),
        ("in_transit", True, ()),
        ("delivered", False, ()),
        ("returning", False, ()),
    ],
)
def test_a_number_can_be_repaired_only_before_delivery(
    status: str, fits: bool | None, misfits: tuple[str, ...]
) -> None:
    assert judge(grounds(parcel(status=status, number_check={"fits": fits}))).misfits == misfits
