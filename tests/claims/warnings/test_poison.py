"""A row that cannot be worked on is set aside and told of; all others go on."""

import pytest
from django.db import connection

from accounts.models import Seller
from claims.models import Claim, Deadline, Delivery, EngineHeartbeat, Event, LadderStep, Warning
from claims.services.engine import sweep
from tests.claims.stories import MONDAY, claim_of, hours, letter
from tests.claims.warnings.conftest import OPERATOR, People, delivered, stages, swept
from tests.smtp_sink import Sink

ORDERS = [f"402-3427577-196590{number}" for number in range(3)]


@pytest.fixture
def claims(acme: Seller, people: People) -> list[Claim]:
    return [claim_of(letter(acme, order_id=order)) for order in ORDERS]


@pytest.fixture
def poison(claims: list[Claim]) -> Deadline:
    """A clock of a kind that this version does not know."""
    Deadline.objects.filter(claim=claims[1]).update(kind="buyer_message")
    return Deadline.objects.get(claim=claims[1])


def test_the_others_are_warned_of_and_the_operator_of_the_one(
    claims: list[Claim], poison: Deadline, sink: Sink
) -> None:
    now = MONDAY + hours(0.1)
    assert swept(now).raised.pushed_back == [poison.pk]
    delivered(now)
    assert [stages(claim) for claim in claims] == [
        [("at_once", "sent")],
        [("trouble", "sent")],
        [("at_once", "sent")],
    ]
    told = next(mail for mail in sink.mails if mail.to == OPERATOR)
    assert told.subject == f"LOOK AFTER THIS BY HAND: its warnings cannot be made, order {ORDERS[1]}"
    assert "Due:      Wed 18 Nov 2026 10:00 Europe/Berlin" in told.text
    event = Event.objects.get(verb="warning_pushed_back")
    assert event.claim == claims[1]
    assert "buyer_message" in event.facts["error"]


def test_it_is_tried_again_every_five_minutes_and_told_once(
    claims: list[Claim], poison: Deadline, sink: Sink
) -> None:
    assert swept(MONDAY + hours(1)).raised.pushed_back == [poison.pk]
    assert swept(MONDAY + hours(1.05)).raised.pushed_back == []
    assert swept(MONDAY + hours(1.1)).raised.pushed_back == [poison.pk]
    assert Event.objects.filter(verb="warning_pushed_back").count() == 1
    assert Delivery.objects.filter(recipient=OPERATOR).count() == 1
    Deadline.objects.filter(pk=poison.pk).update(kind="response")
    assert swept(MONDAY + hours(1.2)).raised.warnings == 1
    assert stages(poison) == [("trouble", "superseded"), ("at_once", "pending")]


def test_a_ladder_that_overflows_the_calendar_is_poison_for_its_seller_only(
    acme: Seller, bolt: Seller, people: People
) -> None:
    LadderStep.objects.create(
        seller=bolt,
        kind="response",
        position=0,
        stage="ages",
        before=hours(24 * 3_000_000),
        audience=["leads"],
    )
    mine, theirs = claim_of(letter(acme)), claim_of(letter(bolt))
    assert len(swept(MONDAY + hours(1)).raised.pushed_back) == 1
    assert (stages(mine), stages(theirs)) == ([("at_once", "pending")], [("trouble", "pending")])


def test_a_ladder_nobody_can_read_is_replaced_by_the_installations(acme: Seller, people: People) -> None:
    LadderStep.objects.create(
        seller=acme, kind="response", position=0, stage="2h", before=hours(2), audience=["astronauts"]
    )
    claim = claim_of(letter(acme))
    assert swept(MONDAY + hours(1)).raised.pushed_back == []
    assert stages(claim) == [("at_once", "pending")]


def test_a_repeat_that_cannot_be_made_does_not_stop_the_others(claims: list[Claim], sink: Sink) -> None:
    now = MONDAY + hours(44)
    swept(now)
    delivered(now)
    Warning.objects.filter(claim=claims[0], stage="4h").update(audience=["astronauts"])
    assert swept(now + hours(0.25)).repeated == 2
    assert EngineHeartbeat.objects.get().last_sweep_at == now + hours(0.25)


def test_a_part_that_fails_is_named_and_the_sign_of_life_is_missing(claims: list[Claim]) -> None:
    swept(MONDAY + hours(1))
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE claims_ladderstep RENAME TO elsewhere")
        cursor.execute("ALTER TABLE claims_warning RENAME TO gone")
    done = sweep(now=MONDAY + hours(24))
    assert done.failed == ["repeat warnings"]
    assert EngineHeartbeat.objects.get().last_sweep_at == MONDAY + hours(1)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE gone RENAME TO claims_warning")
        cursor.execute("ALTER TABLE elsewhere RENAME TO claims_ladderstep")
    assert swept(MONDAY + hours(24.1)).raised.warnings == 3
    assert EngineHeartbeat.objects.get().last_sweep_at == MONDAY + hours(24.1)
