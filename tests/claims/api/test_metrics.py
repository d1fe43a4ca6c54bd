"""`/metrics`: the same numbers for Prometheus, open, without names, and no part of the API's schema."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from accounts.clock import database_now
from accounts.models import Seller
from claims.models import Delivery, Warning
from claims.services.engine import sweep
from tests.claims.stories import hours, letter

LINE = re.compile(r'[a-z_]+(\{[a-z]+="[a-z]+"\})? -?[0-9.e+-]+')


def gauges() -> dict[str, float]:
    answer = Client().get("/metrics")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    lines = [line for line in answer.content.decode().splitlines() if not line.startswith("#")]
    assert all(LINE.fullmatch(line) for line in lines)
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}


@pytest.mark.django_db
def test_before_the_first_round_it_is_not_well_and_has_no_age() -> None:
    found = gauges()
    assert found["atoz_healthy"] == 0
    assert "atoz_sweep_age_seconds" not in found


def test_it_counts_what_waits_and_what_failed(acme: Seller) -> None:
    now = database_now()
    letter(acme, at=now - hours(1), now=now - timedelta(minutes=2))
    sweep(now=now)
    found = gauges()
    assert found["atoz_healthy"] == 0  # two minutes late
    assert 0 <= found["atoz_sweep_age_seconds"] < 60
    assert 119 < found["atoz_unsent_late_seconds"] < 240
    assert (found['atoz_warnings{status="pending"}'], found['atoz_warnings{status="failed"}']) == (1, 0)
    assert (found["atoz_deliveries_waiting"], found["atoz_deliveries_failed"]) == (1, 0)
    assert found["atoz_sellers_without_recipient"] == 1
    Warning.objects.update(status="failed")
    Delivery.objects.update(status="failed", next_attempt_at=None)
    found = gauges()
    assert (found['atoz_warnings{status="pending"}'], found['atoz_warnings{status="failed"}']) == (0, 1)
    assert (found["atoz_deliveries_waiting"], found["atoz_deliveries_failed"]) == (0, 1)


@pytest.mark.django_db
def test_it_tells_no_name_and_is_not_written_to(acme: Seller) -> None:
    assert "ACME" not in Client().get("/metrics").content.decode()
    assert Client().post("/metrics").status_code == 405
