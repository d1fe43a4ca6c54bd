"""`/health/deadlines`: well, nobody sweeping, a warning that did not get out, and numbers that change nothing."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from accounts.models import Role, Seller, User
from accounts.services.channels import change_channel, create_channel
from claims.models import Claim, Deadline, Delivery, EngineHeartbeat, Warning
from tests.claims.conftest import member
from tests.claims.stories import claim_of, letter


@pytest.fixture
def claim(acme: Seller, now: datetime) -> Claim:
    made = claim_of(letter(acme, at=now))
    Deadline.objects.update(next_warn_at=now + timedelta(days=1))
    return made


def swept(at: datetime) -> None:
    EngineHeartbeat.objects.update_or_create(name="sweep", defaults={"last_sweep_at": at})


def warned(claim: Claim, status: str, stage_at: datetime, stage: str = "4h") -> Warning:
    return Warning.objects.create(
        seller=claim.seller, claim=claim, deadline=claim.deadlines.get(), stage=stage, stage_at=stage_at,
        status=status, created_at=stage_at,
    )  # fmt: skip


def ask() -> tuple[int, dict[str, Any]]:
    answer = Client().get("/health/deadlines")
    return answer.status_code, answer.json()


def test_before_the_first_sweep_it_is_not_well(db: None) -> None:
    assert ask() == (
        503,
        {
            "status": "late", "last_sweep_at": None, "sweep_age_s": None, "oldest_unsent_due_at": None,
            "late_s": 0.0, "failed_deliveries": 0, "sellers_without_recipient": 0,
        },
    )  # fmt: skip


def test_after_a_sweep_it_is_well_without_a_sign_in(claim: Claim, now: datetime) -> None:
    swept(now)
    status, body = ask()
    assert (status, body["status"], body["oldest_unsent_due_at"]) == (200, "ok", None)
    assert body["last_sweep_at"] == now.isoformat().replace("+00:00", "Z")
    assert 0 <= body["sweep_age_s"] < 10


def test_four_intervals_without_a_sweep_are_too_many(claim: Claim, now: datetime, settings: Any) -> None:
    settings.SWEEP_SECONDS = 5
    swept(now - timedelta(seconds=21))
    assert ask()[0] == 503
    settings.SWEEP_SECONDS = 10
    assert ask()[0] == 200


def test_a_warning_unsent_for_more_than_a_minute_is_noticed(claim: Claim, now: datetime) -> None:
    swept(now)
    Deadline.objects.update(created_at=now - timedelta(days=1))
    warning = warned(claim, "pending", now - timedelta(seconds=30))
    assert ask()[0] == 200
    Warning.objects.filter(pk=warning.pk).update(stage_at=now - timedelta(seconds=70))
    status, body = ask()
    assert (status, body["status"]) == (503, "late")
    assert 70 <= body["late_s"] < 80


def test_a_letter_that_comes_late_does_not_make_its_warnings_late(claim: Claim, now: datetime) -> None:
    swept(now)
    Deadline.objects.update(created_at=now)
    warned(claim, "pending", now - timedelta(hours=5))
    status, body = ask()
    assert (status, body["oldest_unsent_due_at"]) == (200, now.isoformat().replace("+00:00", "Z"))


def test_a_clock_that_no_sweep_reads_is_noticed_though_its_warning_is_no_row_yet(
    claim: Claim, now: datetime
) -> None:
    swept(now)
    Deadline.objects.update(created_at=now - timedelta(days=1), next_warn_at=now - timedelta(seconds=90))
    assert ask()[0] == 503


def test_failed_deliveries_and_sellers_without_anybody_are_counted_only(
    claim: Claim, acme: Seller, bolt: Seller, now: datetime
) -> None:
    swept(now)
    sent = warned(claim, "sent", now - timedelta(hours=1))
    for number, status in enumerate(["sent", "failed", "failed"]):
        Delivery.objects.create(
            warning=sent, recipient=f"p{number}@example.com", channel="email", status=status, created_at=now,
            message_id=f"m{number}",
        )  # fmt: skip
    member("alice", acme)
    member("vera", bolt, Role.VIEWER)
    answered, body = ask()
    assert (answered, body["failed_deliveries"], body["sellers_without_recipient"]) == (200, 2, 1)
    assert "ACME" not in str(body)


def test_who_has_no_address_but_a_channel_of_his_own_can_be_reached(acme: Seller, now: datetime) -> None:
    swept(now)
    alice = member("alice", acme)
    User.objects.filter(pk=alice.pk).update(email="")
    assert ask()[1]["sellers_without_recipient"] == 1
    made = create_channel(
        seller=acme, user=alice, kind="webhook", label="Own", target="https://example.com/", now=now
    )
    assert ask()[1]["sellers_without_recipient"] == 0
    change_channel(channel_id=made.channel.pk, is_active=False)
    assert ask()[1]["sellers_without_recipient"] == 1


def test_a_warning_that_reached_nobody_is_unsent_while_its_clock_runs(claim: Claim, now: datetime) -> None:
    swept(now)
    Deadline.objects.update(created_at=now - timedelta(days=1))
    warned(claim, "failed", now - timedelta(hours=1))
    assert ask()[0] == 503
    warned(claim, "sent", now - timedelta(minutes=5), stage="1h")
    assert ask()[0] == 200
    Warning.objects.filter(stage="1h").delete()
    Deadline.objects.update(settled=True, status="met", next_warn_at=None)
    assert ask()[0] == 200
