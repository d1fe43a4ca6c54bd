"""What /health/deadlines must not be silent about: an engine that stands still, and warnings nobody got."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from accounts.clock import database_now
from accounts.models import Seller
from claims.intake.fields import DecisionFields
from claims.models import EngineHeartbeat
from claims.selectors import health
from claims.services.engine import sweep
from tests.claims.stories import approved, claim_of, confirmed, hours, letter
from tests.claims.warnings.conftest import OPERATOR, People, delivered, many_quiet_clocks
from tests.smtp_sink import Sink

MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _sweeping(settings: Any) -> None:
    settings.SWEEP_SECONDS = 5


def answer() -> int:
    return Client().get("/health/deadlines").status_code


def refused(sink: Sink, *names: str) -> None:
    sink.refusals.update({f"{name}@example.com": "550 no such user" for name in (*names, "operator")})


def test_without_a_round_for_four_intervals_it_says_so(acme: Seller) -> None:
    assert answer() == 503
    sweep(now=database_now())
    assert answer() == 200
    EngineHeartbeat.objects.update(last_sweep_at=database_now() - timedelta(seconds=21))
    assert answer() == 503


def test_a_round_that_lies_ahead_is_no_sign_of_life(acme: Seller) -> None:
    """The database's clock was put back, and nobody has swept since."""
    now = database_now()
    EngineHeartbeat.objects.create(name="sweep", last_sweep_at=now + timedelta(hours=1))
    assert answer() == 503
    EngineHeartbeat.objects.update(last_sweep_at=now + timedelta(seconds=4))
    assert answer() == 200


def test_a_warning_that_hangs_for_a_minute_is_late(acme: Seller, people: People, sink: Sink) -> None:
    now = database_now()
    sink.stop()
    letter(acme, at=now - hours(10), now=now - 2 * MINUTE)
    sweep(now=now - 2 * MINUTE)
    delivered(now - 2 * MINUTE)
    sweep(now=now)
    assert answer() == 503
    sink.start()
    delivered(now + MINUTE)
    assert answer() == 200


def test_a_clock_nobody_looked_at_is_late_though_it_has_no_warning_yet(acme: Seller) -> None:
    now = database_now()
    letter(acme, at=now - hours(10), now=now - 2 * MINUTE)
    EngineHeartbeat.objects.create(name="sweep", last_sweep_at=now)
    assert answer() == 503


def test_a_warning_that_reached_nobody_is_late_until_a_later_stage_gets_out_or_the_claim_is_answered(
    acme: Seller, people: People, sink: Sink
) -> None:
    now = database_now()
    refused(sink, "alice", "lea", "olga")
    claim = claim_of(letter(acme, at=now - hours(23.9), now=now - hours(23.9)))
    sweep(now=now - hours(23.9))
    delivered(now - hours(23.9))
    sweep(now=now)
    assert answer() == 503
    sink.refusals.clear()
    sweep(now=now + hours(0.2))
    delivered(now + hours(0.2))
    sweep(now=now)
    assert answer() == 200
    confirmed(approved(claim, now=now), now=now)
    assert answer() == 200


def test_a_claim_decided_unheard_is_late_until_somebody_hears_of_it(
    acme: Seller, people: People, sink: Sink
) -> None:
    now = database_now()
    refused(sink, "alice", "lea", "olga")
    claim = claim_of(
        letter(
            acme, "claim_decided", at=now - hours(1), now=now - 2 * MINUTE, decision=DecisionFields("denied")
        )
    )
    sweep(now=now)
    delivered(now)
    assert OPERATOR not in sink.to()
    assert answer() == 503
    claim.state = "closed"
    claim.save(update_fields=["state"])
    assert answer() == 200


def test_it_reads_partial_indexes(acme: Seller) -> None:
    """As planned for many rows, of which few are owed: in an empty table any index is as good as another."""
    many_quiet_clocks(acme, 2000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE claims_deadline, claims_warning, claims_delivery")
        cursor.execute(f"EXPLAIN {health._SQL}")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    for index in ("deadline_next_warn", "warning_unsent", "delivery_failed"):
        assert f"using {index} on" in plan, plan
    assert "Index Cond: (next_warn_at <= statement_timestamp())" in plan
