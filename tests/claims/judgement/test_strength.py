"""How strong the proof is: the scale, what each grade needs, and what it never says."""

from datetime import timedelta
from typing import Any

import pytest

from claims.judgement.grounds import HandedIn
from claims.judgement.judging import judge
from claims.judgement.strength import CONFLICTING
from claims.words import Reason
from shipping.models import Shipment
from tests.claims.judgement.grounds import (
    BY_THE_BUYER,
    OPENED,
    SAME_CITY,
    SAME_HOUSE,
    bought,
    file,
    grounds,
    parcel,
)

LETTER, PHOTO = [file("proof_of_delivery")], [file("delivery_photo")]
POINT = {"city": "Braunton", "postal_code": "EX33 2JL", "latitude": 51.1, "longitude": -4.16}
ELSEWHERE = {**SAME_CITY, "postal_code": "mismatch"}


@pytest.mark.parametrize(
    ("grade", "shipment", "handed_in"),
    [
        ("A", bought(), []),
        ("A", bought(status="in_transit", delivered_at=None, address_match={}), []),
        ("A", bought(status="lost", delivered_at=None, address_match={}), []),
        ("B", parcel(address_match=SAME_HOUSE, **BY_THE_BUYER), LETTER),
        ("B", parcel(address_match=SAME_HOUSE, **BY_THE_BUYER), [file("signature")]),
        ("C", parcel(), PHOTO),
        ("C", parcel(place=POINT), []),
        ("C", parcel(place=POINT, **BY_THE_BUYER), LETTER),  # the street is not stated: no full address
        ("D", parcel(), []),
        ("D", parcel(address_match=SAME_HOUSE, **BY_THE_BUYER), []),
        ("D", parcel(received_by={"raw": "J G", "kind": "initials"}), LETTER),
        ("D", parcel(address_match=SAME_HOUSE, received_by={"raw": "12", "kind": "code"}), LETTER),
        ("D", parcel(received_by={"raw": "Signature not required", "kind": "not_required"}), LETTER),
        ("E", parcel(address_match=SAME_CITY), PHOTO),
        ("E", parcel(status="delivered_to_third_party", address_match=SAME_HOUSE, **BY_THE_BUYER), LETTER),
        ("E", parcel(status="delivered_to_pickup_point"), PHOTO),
        ("F", parcel(place={}, address_match={}), LETTER),
        ("F", parcel(status="returned_to_sender", leg="return"), LETTER),
        ("F", bought(status="returning"), LETTER),
        ("F", parcel(status="delivered", leg="return"), LETTER),
        ("F", parcel(status="in_transit", delivered_at=None), []),
        ("F", parcel(status="not_found", delivered_at=None), []),
        (
            "F",
            parcel(address_match=ELSEWHERE, conflicts=[{"code": "delivered_elsewhere", "detail": "x"}]),
            LETTER,
        ),
    ],
)
@pytest.mark.parametrize("reason", ["not_received", "delivered_not_received"])
def test_what_a_grade_needs(grade: str, shipment: Shipment, handed_in: list[HandedIn], reason: str) -> None:
    found = judge(grounds(shipment, reason=reason, handed_in=handed_in))
    assert found.strength.grade == grade
    assert [
        cause.detail for cause in found.strength.causes if not cause.detail.startswith("USPS 94001")
    ] == []
    assert found.strength.causes


@pytest.mark.parametrize(
    "reason", [r for r in [*Reason.values, ""] if r not in {"not_received", "delivered_not_received"}]
)
@pytest.mark.parametrize("shipment", [bought(), parcel(), parcel(status="returning")])
def test_other_reasons_have_no_grade_and_no_advice(reason: str, shipment: Shipment) -> None:
    found = judge(grounds(shipment, reason=reason))
    assert (found.strength.grade, found.strength.causes, found.advice) == (None, (), "")


@pytest.mark.parametrize("code", sorted(CONFLICTING))
def test_whatever_speaks_against_the_delivery_itself_makes_it_worthless(code: str) -> None:
    conflict = {"code": code, "detail": "Something does not fit.", "fields": {"a": 1}}
    found = judge(grounds(parcel(conflicts=[conflict]), handed_in=PHOTO)).strength
    assert (found.grade, found.causes[0].fields) == ("F", {"a": 1})


@pytest.mark.parametrize("code", ["pseudo_signature", "recorded_name_differs", "number_fits_another_carrier"])
def test_a_weak_name_or_number_does_not_undo_a_delivery(code: str) -> None:
    conflict = {"code": code, "detail": "Something does not fit.", "fields": {}}
    assert judge(grounds(parcel(conflicts=[conflict]))).strength.grade == "D"


@pytest.mark.parametrize(
    ("earliest", "latest", "grade"),
    [(1, 2, "F"), (-2, -1, "D"), (-1, 1, "D")],
)
def test_a_delivery_is_too_late_only_where_all_of_its_uncertainty_is(
    earliest: int, latest: int, grade: str
) -> None:
    shipment = parcel(
        delivered_earliest=OPENED + timedelta(hours=earliest),
        delivered_latest=OPENED + timedelta(hours=latest),
    )
    assert judge(grounds(shipment)).strength.grade == grade


def test_the_weakest_of_two_parcels_counts() -> None:
    assert judge(grounds(parcel(), parcel(address_match=SAME_CITY))).strength.grade == "E"


def test_without_a_parcel_the_proof_is_unknown() -> None:
    found = judge(grounds()).strength
    assert (found.grade, [cause.detail for cause in found.causes]) == (
        "F",
        ["No shipment is known for this order."],
    )


@pytest.mark.parametrize(
    ("shipment", "advises"),
    [
        (bought(), False),
        (parcel(), False),
        (parcel(address_match=SAME_CITY), True),
        (parcel(status="lost"), True),
    ],
)
def test_below_d_a_refund_or_a_trace_is_advised_and_never_a_win_promised(
    shipment: Shipment, advises: bool
) -> None:
    advice = judge(grounds(shipment)).advice
    assert ("refund the buyer or ask the carrier for a trace rather than argue" in advice) is advises
    assert "win" not in advice


@pytest.mark.parametrize(
    ("recorded", "said"),
    [
        (
            {"received_by": {"raw": "J G", "kind": "initials"}},
            "the carrier records 'J G', which is no person's full name",
        ),
        ({"received_by": {"raw": "", "kind": "none"}}, "no signature is on file"),
        (
            {
                "received_by": {"raw": "Ann Lee", "kind": "person_name"},
                "name_match": {"result": "mismatch", "how": "no_word_in_common"},
            },
            "the carrier records the name 'Ann Lee', which is not shown to be the buyer's",
        ),
    ],
)
def test_nothing_is_ever_called_signed_by_the_buyer(recorded: dict[str, Any], said: str) -> None:
    causes = [cause.detail for cause in judge(grounds(parcel(**recorded))).strength.causes]
    assert causes[-1] == f"USPS 9400111206206407628746: {said}."
    assert not any("signed by" in cause for cause in causes)
