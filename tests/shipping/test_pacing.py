"""One pace for any number of workers, and the breaker of an account."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.db import connections

from accounts.models import Seller
from shipping.models import SourceAccount, SourcePace
from shipping.outward.exchange import (
    CredentialsRefused,
    NoConnection,
    NotYet,
    SourceBusy,
    SourceDown,
    TooSlow,
)
from shipping.services.pacing import (
    REFUSED_PAUSE,
    note_answered,
    note_failed,
    pause_after,
    take_turn,
    turn_taker,
)
from shipping.services.sources import create_source
from shipping.sources.shape import Pace
from tests.shipping.conftest import AMZ, NOW

SLOW = Pace(per_second=0.5, burst=3)
DAILY = Pace(per_second=100, burst=100, per_day=5, kept_back=2)


@pytest.fixture
def account(acme: Seller) -> SourceAccount:
    return create_source(
        seller=acme, source="dhl_unified", secrets={"api_key": "k"}, base_url="", actor=AMZ, now=NOW
    )


def seconds(number: float) -> timedelta:
    return timedelta(seconds=number)


def test_a_bucket_gives_its_burst_and_then_what_drips_into_it(account: SourceAccount) -> None:
    def turn(after: float) -> datetime | None:
        return take_turn(
            account_id=account.pk, operation="track", pace=SLOW, is_urgent=False, now=NOW + seconds(after)
        )

    assert [turn(0), turn(0), turn(0)] == [None, None, None]
    assert turn(0) == NOW + seconds(2)
    assert turn(1) == NOW + seconds(2)
    assert turn(2) is None
    assert turn(2) == NOW + seconds(4)
    assert [turn(1000), turn(1000), turn(1000)] == [None, None, None]
    assert turn(1000) == NOW + seconds(1002)


def test_a_clock_that_runs_behind_gains_nothing(account: SourceAccount) -> None:
    def turn(after: float) -> datetime | None:
        return take_turn(
            account_id=account.pk, operation="track", pace=SLOW, is_urgent=False, now=NOW + seconds(after)
        )

    assert [turn(0), turn(-50), turn(-50)] == [None, None, None]
    assert turn(-50) is not None


def test_of_a_daily_quota_some_is_kept_back_for_parcels_that_somebody_waits_for(
    account: SourceAccount,
) -> None:
    def turn(*, is_urgent: bool, day: int = 0) -> datetime | None:
        moment = NOW + timedelta(days=day)
        return take_turn(
            account_id=account.pk, operation="track", pace=DAILY, is_urgent=is_urgent, now=moment
        )

    tomorrow = datetime(2026, 11, 21, tzinfo=NOW.tzinfo)
    assert [turn(is_urgent=False) for _ in range(3)] == [None] * 3
    assert turn(is_urgent=False) == tomorrow
    assert [turn(is_urgent=True) for _ in range(2)] == [None] * 2
    assert turn(is_urgent=True) == tomorrow
    assert turn(is_urgent=False, day=1) is None
    assert SourcePace.objects.get().used == 1


@pytest.mark.django_db(transaction=True)
def test_many_workers_together_keep_one_pace(account: SourceAccount) -> None:
    pace = Pace(per_second=0.001, burst=10)

    def worker(_: int) -> int:
        try:
            return sum(
                take_turn(account_id=account.pk, operation="track", pace=pace, is_urgent=False, now=NOW)
                is None
                for _ in range(10)
            )
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(worker, range(6))) == 10


def test_a_short_wait_is_waited_out_and_a_long_one_is_told(account: SourceAccount) -> None:
    moment = [NOW]
    waited: list[float] = []

    def pause(wait: float) -> None:
        waited.append(wait)
        moment[0] += seconds(wait)

    take = turn_taker(account_id=account.pk, is_urgent=False, now=lambda: moment[0], pause=pause)
    for _ in range(4):
        take("track", Pace(per_second=1, burst=2))
    assert waited == [1.0, 1.0]
    for _ in range(3):
        take("other", Pace(per_second=0.01, burst=3))
    with pytest.raises(NotYet) as told:
        take("other", Pace(per_second=0.01, burst=3))
    assert told.value.until == moment[0] + seconds(100)


def test_five_failures_open_the_breaker_each_further_one_doubles_the_rest_and_an_answer_closes_it(
    account: SourceAccount,
) -> None:
    rests = [note_failed(account=account, failure=NoConnection("gone"), now=NOW) for _ in range(7)]
    assert rests[:4] == [None] * 4
    assert rests[4:] == [NOW + timedelta(minutes=minutes) for minutes in (1, 2, 4)]
    account.refresh_from_db()
    assert (account.failures, account.last_error, account.paused_until) == (
        7,
        "gone",
        NOW + timedelta(minutes=4),
    )
    take = turn_taker(account_id=account.pk, is_urgent=True, now=lambda: NOW)
    with pytest.raises(NotYet) as told:
        take("track", SLOW)
    assert told.value.until == NOW + timedelta(minutes=4)
    note_answered(account=account, now=NOW)
    take("track", SLOW)
    account.refresh_from_db()
    assert (account.failures, account.last_error, account.paused_until, account.last_ok_at) == (
        0,
        "",
        None,
        NOW,
    )


@pytest.mark.parametrize(
    ("failure", "failures", "rest"),
    [
        (CredentialsRefused("no"), 1, REFUSED_PAUSE),
        (SourceBusy("429"), 1, timedelta(seconds=30)),
        (SourceBusy("429"), 3, timedelta(minutes=2)),
        (SourceBusy("429"), 40, timedelta(minutes=30)),
        (SourceBusy("429", timedelta(seconds=7)), 9, timedelta(seconds=7)),
        (SourceDown("503", timedelta(minutes=10)), 1, timedelta(minutes=10)),
        (SourceDown("503"), 4, None),
        (TooSlow("slow"), 5, timedelta(minutes=1)),
        (TooSlow("slow"), 500, timedelta(minutes=30)),
    ],
)
def test_how_long_an_account_rests(failure: Exception, failures: int, rest: timedelta | None) -> None:
    assert pause_after(failure, failures) == rest  # type: ignore[arg-type]


def test_new_credentials_are_not_blamed_for_the_old_ones(
    account: SourceAccount, make_shipment: Callable[..., object]
) -> None:
    SourceAccount.objects.filter(pk=account.pk).update(secrets_encrypted="replaced meanwhile")
    assert note_failed(account=account, failure=CredentialsRefused("401"), now=NOW) is not None
    account.refresh_from_db()
    assert (account.last_error, account.paused_until) == ("", None)
