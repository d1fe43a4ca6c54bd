"""The plan of asking, from facts and the moment alone."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shipping.rules.polling import (
    LONGEST_RETRY,
    Asking,
    Plan,
    Situation,
    backoff,
    plan,
    wants_proof,
)
from shipping.vocabulary import Leg, ParcelStatus

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
ASKING = Asking(memory=timedelta(days=90), least_between=timedelta(hours=1))
PROVING = replace(ASKING, has_proof=True)


def hours(number: float) -> timedelta:
    return timedelta(hours=number)


def parcel(status: str = "in_transit", **given: object) -> Situation:
    options: dict[str, object] = {
        "leg": "forward", "began_at": NOW - timedelta(days=3), "last_asked_at": NOW - hours(0), **given,
    }  # fmt: skip
    return Situation(status=status, **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("status", "facts", "after"),
    [
        ("label_created", {}, 12),
        ("in_transit", {}, 6),
        ("in_transit", {"deliver_by": NOW + hours(10)}, 2),
        ("in_transit", {"deliver_by": NOW - hours(10)}, 2),
        ("in_transit", {"deliver_by": NOW + timedelta(days=4)}, 6),
        ("out_for_delivery", {}, 1),
        ("delivery_attempted", {}, 3),
        ("exception", {}, 4),
        ("in_transit", {"watched_until": NOW + hours(40)}, 1),
        ("in_transit", {"watched_until": NOW - hours(1)}, 6),
        ("not_found", {}, 6),
        ("not_found", {"began_at": NOW - timedelta(days=12)}, 24),
        ("returning", {}, 12),
    ],
)
def test_it_asks_more_often_near_delivery_and_while_somebody_waits(
    status: str, facts: dict[str, object], after: float
) -> None:
    assert plan(parcel(status, **facts), ASKING, now=NOW).at == NOW + hours(after)


def test_what_was_never_asked_is_asked_now_and_what_is_overdue_is_due_now() -> None:
    assert plan(parcel(last_asked_at=None), ASKING, now=NOW) == Plan(NOW, "Never asked.")
    assert plan(parcel(last_asked_at=NOW - hours(100)), ASKING, now=NOW).at == NOW


def test_a_short_quota_stretches_the_pauses() -> None:
    short = replace(ASKING, least_between=hours(6))
    assert plan(parcel("out_for_delivery"), short, now=NOW).at == NOW + hours(6)
    assert plan(parcel(watched_until=NOW + hours(40)), short, now=NOW).at == NOW + hours(6)


def test_nothing_is_asked_that_the_source_has_forgotten() -> None:
    assert plan(parcel(began_at=NOW - timedelta(days=91)), ASKING, now=NOW) == Plan(
        None, "The source keeps nothing longer than 90 days."
    )


def test_the_proof_is_fetched_some_hours_after_delivery_then_daily_and_again_while_somebody_waits() -> None:
    delivered = NOW - hours(1)
    fresh = parcel("delivered", delivered_at=delivered)
    assert plan(fresh, PROVING, now=NOW) == Plan(
        delivered + hours(3), "The proof of delivery is to be fetched.", is_urgent=True
    )
    assert not wants_proof(fresh, PROVING, now=NOW)
    later = delivered + hours(4)
    assert wants_proof(replace(fresh, last_asked_at=later), PROVING, now=later)
    got = replace(fresh, last_asked_at=later, proof_asked_at=later)
    assert plan(got, PROVING, now=later).at == later + hours(24)
    old = later + timedelta(days=8)
    settled = replace(got, proof_asked_at=old, last_asked_at=old)
    assert plan(settled, PROVING, now=old).at is None
    waited = replace(settled, watched_until=old + hours(48))
    assert plan(waited, PROVING, now=old).at == old + hours(24)
    renewed = replace(waited, proof_asked_at=None)
    assert wants_proof(renewed, PROVING, now=old)
    assert plan(renewed, PROVING, now=old) == Plan(
        old, "The proof of delivery is to be fetched.", is_urgent=True
    )


@pytest.mark.parametrize("facts", [{"leg": Leg.RETURN.value}, {"status": "returned_to_sender"}])
def test_no_proof_of_delivery_is_asked_for_what_came_back(facts: dict[str, str]) -> None:
    back = replace(parcel("delivered", delivered_at=NOW - hours(9)), **facts)  # type: ignore[arg-type]
    assert not wants_proof(back, PROVING, now=NOW)


def test_a_delivered_parcel_is_looked_at_twice_more_and_then_left_alone() -> None:
    delivered = NOW - hours(1)
    first = parcel("delivered", delivered_at=delivered)
    assert plan(first, ASKING, now=NOW).at == delivered + hours(3)
    second = replace(first, last_asked_at=delivered + hours(3))
    assert plan(second, ASKING, now=NOW).at == delivered + hours(72)
    third = replace(first, last_asked_at=delivered + hours(72))
    assert plan(third, ASKING, now=NOW) == Plan(None, "Nothing more is to come.")


def test_a_failure_backs_off_and_never_beyond_six_hours() -> None:
    assert [backoff(n) / timedelta(minutes=1) for n in (1, 2, 3, 4)] == [5, 10, 20, 40]
    assert backoff(50) == LONGEST_RETRY
    assert backoff(1, spread=1.0) == timedelta(minutes=7.5)
    failed = parcel(failures=2, last_asked_at=NOW)
    assert plan(failed, ASKING, now=NOW).at == NOW + timedelta(minutes=10)


situations = st.builds(
    Situation,
    status=st.sampled_from(ParcelStatus.values),
    leg=st.sampled_from(Leg.values),
    began_at=st.integers(-120, 0).map(lambda days: NOW + timedelta(days=days)),
    deliver_by=st.none() | st.integers(-200, 200).map(lambda n: NOW + hours(n)),
    delivered_at=st.none() | st.integers(-2000, 0).map(lambda n: NOW + hours(n)),
    watched_until=st.none() | st.integers(-200, 200).map(lambda n: NOW + hours(n)),
    last_asked_at=st.none() | st.integers(-2000, 0).map(lambda n: NOW + hours(n)),
    failures=st.integers(0, 60),
    proof_asked_at=st.none() | st.integers(-2000, 0).map(lambda n: NOW + hours(n)),
    spread=st.floats(0, 1),
)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(situations, st.booleans())
def test_a_plan_has_a_reason_and_a_watched_parcel_is_never_dropped_while_the_source_remembers(
    found: Situation, has_proof: bool
) -> None:
    asking = replace(ASKING, has_proof=has_proof)
    made = plan(found, asking, now=NOW)
    assert made.reason
    watched = found.watched_until is not None and found.watched_until > NOW
    if watched and found.began_at >= NOW - asking.memory:
        assert made.at is not None
        assert made.at <= NOW + hours(30)
