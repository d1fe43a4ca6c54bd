"""Ladders changed beside each other, beside sweeps and beside services that lock clocks: whole, and once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections

from accounts.models import Seller, User
from claims.deadlines import DeadlineKind
from claims.ladder import DEFAULT, Audience, Rung
from claims.ladder_rules import before_of
from claims.models import Claim, Deadline, Event, Warning
from claims.selectors.ladders import ladder_of
from claims.services.claims import concede_claim
from claims.services.engine import sweep
from claims.services.ladders import reset_ladder, set_ladder
from tests.claims.stories import AMZ, MONDAY, claim_of, hours, letter

pytestmark = pytest.mark.django_db(transaction=True)
RESPONSE = DeadlineKind.RESPONSE


def ladder(*stages: str) -> tuple[Rung, ...]:
    return tuple(Rung(stage, before_of(stage), (Audience.ASSIGNEE,)) for stage in stages)


EARLY = ladder("at_once", "30h", "20h", "4h", "missed")
LATE = ladder("at_once", "10h", "3h", "missed")


def at_once(*works: Callable[[], object]) -> None:
    """Each in a thread and a connection of its own; whatever one raises is raised."""

    def run(work: Callable[[], object]) -> None:
        try:
            work()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(works)) as pool:
        for done in [pool.submit(run, work) for work in works]:
            done.result()


def test_two_owners_at_once_leave_one_whole_ladder(acme: Seller, alice: User) -> None:
    def setting(rungs: tuple[Rung, ...]) -> Callable[[], object]:
        return lambda: set_ladder(seller=acme, kind=RESPONSE, rungs=rungs, actor=AMZ, now=MONDAY)

    at_once(setting(EARLY), setting(LATE), setting(EARLY), setting(LATE))
    found = ladder_of(acme.pk, RESPONSE)
    assert found is not None
    assert found.own
    assert found.rungs in (EARLY, LATE)
    assert Event.objects.filter(verb="ladder_set").count() >= 2


def test_changing_ladders_beside_sweeps_and_services_repeats_nothing(acme: Seller, alice: User) -> None:
    """Two clocks a claim, so that services lock several at a time."""
    claims: list[Claim] = []
    for number in range(8):
        order = f"402-3427577-{1000000 + number}"
        claims.append(claim_of(letter(acme, order_id=order)))
        letter(acme, order_id=order, at=MONDAY + hours(2))
    start = MONDAY + hours(37)

    def sweeping() -> None:
        for minute in range(20):
            sweep(now=start + timedelta(minutes=minute))

    def changing() -> None:
        for minute in range(10):
            now = start + timedelta(minutes=2 * minute)
            set_ladder(seller=acme, kind=RESPONSE, rungs=(EARLY, LATE)[minute % 2], actor=AMZ, now=now)
        reset_ladder(seller=acme, kind=RESPONSE, actor=AMZ, now=start)

    def conceding() -> None:
        for claim in claims[:4]:
            concede_claim(claim_id=claim.pk, reason="cheap", actor=AMZ, now=start)

    at_once(sweeping, sweeping, changing, conceding)
    sweep(now=start + timedelta(minutes=30))
    found = ladder_of(acme.pk, RESPONSE)
    assert found is not None
    assert (found.own, found.rungs) == (False, DEFAULT[RESPONSE])
    running = Deadline.objects.filter(settled=False)
    assert running.count() == 8
    for deadline in running:
        urgency = list(
            Warning.objects.filter(deadline=deadline, rounds=1)
            .order_by("id")
            .values_list("stage_at", flat=True)
        )
        assert urgency == sorted(set(urgency)), "each stage that was said is nearer than the one before"
        assert deadline.next_warn_at is not None
        assert deadline.next_warn_at > start
