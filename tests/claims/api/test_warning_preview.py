"""`claims/{id}/warning-preview/`: what would go out, when and to whom; and that it is what goes out then."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.api.fields import utc_text
from accounts.models import Membership, Role, Seller, User
from accounts.services.rota import add_shift
from claims.models import Claim, Deadline, Delivery, Warning
from claims.services.engine import sweep
from claims.services.previews import preview_warnings
from tests.claims.api.conftest import API, with_key
from tests.claims.conftest import member
from tests.claims.stories import MONDAY, claim_of, hours, letter
from tests.openapi import CheckedClient


def stages(claim: Claim, now: datetime) -> list[tuple[str, str, float]]:
    """(stage, status, hours after Monday 09:00Z) of the only clock."""
    (clock,) = preview_warnings(claim=claim, now=now)
    return [(each.stage, each.status, (each.at - MONDAY) / hours(1)) for each in clock.stages]


def hearers(claim: Claim, now: datetime, stage: str, channel: str = "email") -> list[tuple[str, float, bool]]:
    """(recipient, hours after Monday 09:00Z, whether delayed) of one stage."""
    (clock,) = preview_warnings(claim=claim, now=now)
    (found,) = [each for each in clock.stages if each.stage == stage]
    return [
        (each.recipient, (each.at - MONDAY) / hours(1), each.delayed)
        for each in found.deliveries
        if each.channel == channel
    ]


@pytest.fixture
def claim(acme: Seller, alice: User, lea: User) -> Claim:
    """Asked on Monday 09:00Z, so answered until Wednesday 09:00Z; ours to aim at and Amazon's are one."""
    return claim_of(letter(acme, at=MONDAY, now=MONDAY))


def test_before_the_first_sweep_every_stage_is_planned(claim: Claim) -> None:
    assert stages(claim, MONDAY) == [
        ("at_once", "planned", 0), ("24h", "planned", 24), ("12h", "planned", 36), ("4h", "planned", 44),
        ("1h", "planned", 47), ("missed", "planned", 48),
    ]  # fmt: skip
    assert hearers(claim, MONDAY, "at_once") == [
        ("alice@example.com", 0, False),
        ("lea@example.com", 0, False),
    ]


def test_reached_stages_are_told_as_they_went_and_the_rest_is_planned(claim: Claim) -> None:
    sweep(now=MONDAY)
    Warning.objects.update(status="sent")
    assert stages(claim, MONDAY + hours(1))[:2] == [("at_once", "sent", 0), ("24h", "planned", 24)]
    sweep(now=MONDAY + hours(44.5))
    assert stages(claim, MONDAY + hours(45)) == [
        ("at_once", "sent", 0), ("24h", "superseded", 24), ("12h", "superseded", 36), ("4h", "pending", 44),
        ("1h", "planned", 47), ("missed", "planned", 48),
    ]  # fmt: skip


def test_a_late_start_plans_the_most_urgent_stage_alone(acme: Seller, alice: User) -> None:
    late = MONDAY + hours(45)
    claim = claim_of(letter(acme, at=MONDAY, now=late))
    assert stages(claim, late) == [
        ("at_once", "superseded", 45), ("24h", "superseded", 45), ("12h", "superseded", 45),
        ("4h", "planned", 45), ("1h", "planned", 47), ("missed", "planned", 48),
    ]  # fmt: skip


@pytest.mark.parametrize("after", [0, 24, 36, 44, 47, 48])
def test_what_was_planned_is_what_goes_out(claim: Claim, acme: Seller, after: int) -> None:
    member("olga", acme, Role.OWNER)
    now = MONDAY + hours(after)
    (clock,) = preview_warnings(claim=claim, now=now)
    planned = [
        (stage.stage, row.recipient, row.channel)
        for stage in clock.stages
        for row in stage.deliveries
        if stage.status == "planned" and stage.at == now
    ]
    assert planned
    sweep(now=now)
    sent = Delivery.objects.order_by("id").values_list("warning__stage", "recipient", "channel")
    assert list(sent) == planned


def test_moved_clocks_show_their_running_version_only(claim: Claim, lea_client: CheckedClient) -> None:
    sweep(now=MONDAY)
    deadline = Deadline.objects.get()
    Deadline.objects.update(version=2, started_at=MONDAY + hours(1), due_at=deadline.due_at + hours(24))
    assert stages(claim, MONDAY + hours(2))[0] == ("at_once", "planned", 2)
    assert stages(claim, MONDAY + hours(2))[-1] == ("missed", "planned", 72)


def test_each_stage_goes_to_who_is_on_call_then(claim: Claim, acme: Seller, alice: User, lea: User) -> None:
    carol = member("carol", acme)
    for user, starts, ends in ((alice, time(8), time(20)), (carol, time(20), time(8))):
        fields: Any = {
            "user": user, "weekdays": ["mon", "tue", "wed"], "starts": starts, "ends": ends,
            "time_zone": "UTC", "valid_from": date(2026, 11, 1),
        }  # fmt: skip
        add_shift(seller=acme, fields=fields, created_by=lea, now=MONDAY)
    assert hearers(claim, MONDAY, "24h") == [("alice@example.com", 24, False)]
    assert [who for who, *_ in hearers(claim, MONDAY, "12h")] == ["carol@example.com", "lea@example.com"]
    Claim.objects.filter(pk=claim.pk).update(assignee=lea)
    claim.refresh_from_db()
    assert [who for who, *_ in hearers(claim, MONDAY, "12h")] == ["lea@example.com"]


def test_quiet_hours_delay_what_can_wait_for_whom_it_is_quiet(
    claim: Claim, acme: Seller, alice: User, lea: User
) -> None:
    """12h is reached on Tuesday 21:00Z; alice is quiet until 07:30 in Berlin, before 4h is reached."""
    Membership.objects.filter(user=alice).update(quiet_from=time(22), quiet_until=time(5, 30))
    assert hearers(claim, MONDAY, "12h") == [
        ("alice@example.com", 43.5, True),
        ("lea@example.com", 36, False),
    ]
    assert hearers(claim, MONDAY, "12h", "in_app")[0] == ("alice@example.com", 36, False)
    Membership.objects.filter(user=alice).update(quiet_until=time(7))
    assert hearers(claim, MONDAY, "12h")[0] == ("alice@example.com", 36, False)
    Membership.objects.filter(user=alice).update(quiet_from=time(0), quiet_until=time(23))
    for stage, after in (("4h", 44), ("1h", 47), ("missed", 48)):
        assert hearers(claim, MONDAY, stage)[0] == ("alice@example.com", after, False)


def test_a_seller_without_people_is_the_operators(acme: Seller) -> None:
    alone = claim_of(letter(acme, at=MONDAY, now=MONDAY))
    assert hearers(alone, MONDAY, "at_once") == [("operator@localhost", 0, False)]


def test_an_answered_claim_has_nothing_to_come(claim: Claim) -> None:
    Deadline.objects.update(settled=True, status="met", next_warn_at=None)
    assert preview_warnings(claim=claim, now=MONDAY) == []


def test_the_answer_is_as_the_contract_says(vera_client: CheckedClient, acme: Seller, alice: User) -> None:
    now = timezone.now().replace(microsecond=0)
    claim = claim_of(letter(acme, at=now, now=now))
    sweep(now=now)
    answer = vera_client.get(f"{API}/claims/{claim.pk}/warning-preview/")
    assert answer.status_code == 200
    body = answer.json()
    deadline = Deadline.objects.get()
    (clock,) = body["clocks"]
    assert (body["claim"], clock["deadline"], clock["kind"], clock["version"], clock["own_ladder"]) == (
        claim.pk, deadline.pk, "response", 1, False,
    )  # fmt: skip
    assert clock["stages"][0]["status"] == "pending"
    assert [row["channel"] for row in clock["stages"][0]["deliveries"]] == ["email", "in_app"]
    assert clock["stages"][1] == {
        "stage": "24h",
        "at": utc_text(now + timedelta(hours=24)),
        "status": "planned",
        "repeats": False,
        "audience": ["assignee"],
        "channels": [],
        "deliveries": [
            {
                "recipient": "alice@example.com", "user": alice.pk, "channel": channel, "round": 1,
                "at": utc_text(now + timedelta(hours=24)), "delayed": False, "status": "planned",
            }
            for channel in ("email", "in_app")
        ],
    }  # fmt: skip
    page = vera_client.get(f"{API}/claims/{claim.pk}/warning-preview/", HTTP_ACCEPT="text/html")
    assert page.status_code == 200
    assert Warning.objects.count() == 1


def test_it_is_for_those_of_the_seller_and_keys_that_may_read_warnings(
    claim: Claim, acme: Seller, bob_client: CheckedClient
) -> None:
    path = f"{API}/claims/{claim.pk}/warning-preview/"
    foreign = bob_client.get(path)
    assert (foreign.status_code, foreign.json()) == (
        404, bob_client.get(f"{API}/claims/987654321/warning-preview/").json(),
    )  # fmt: skip
    assert CheckedClient().get(path).status_code == 401
    assert with_key(acme, ["warnings:read"], "fit").get(path).status_code == 200
    assert with_key(acme, ["claims:read"], "poor").get(path).status_code == 403
    assert with_key(acme, ["warnings:read"], "fit2").post(path, {}).status_code in (403, 405)


def test_more_clocks_stages_people_and_rounds_cost_no_more_queries(
    claim: Claim, acme: Seller, alice: User
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            preview_warnings(
                claim=Claim.objects.select_related("seller").get(pk=claim.pk), now=MONDAY + hours(45)
            )
        return len(found)

    sweep(now=MONDAY)
    few = queries()
    letter(acme, at=MONDAY + hours(2), now=MONDAY + hours(2))
    for number in range(10):
        someone = member(f"agent{number}", acme)
        Membership.objects.filter(user=someone).update(quiet_from=time(22), quiet_until=time(6))
        fields: Any = {
            "user": someone, "weekdays": ["mon"], "starts": time(0), "ends": time(0), "time_zone": "UTC",
            "valid_from": date(2026, 1, 1),
        }  # fmt: skip
        add_shift(seller=acme, fields=fields, created_by=alice, now=datetime(2026, 1, 1, tzinfo=UTC))
    sweep(now=MONDAY + hours(44))
    assert Deadline.objects.count() == 2
    assert (few, queries()) == (10, 10)
