"""`sellers/{id}/ladders/{kind}/`: an owner's own ladder, what it does to running clocks, and who may set it."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Seller, User
from claims.ladder import DEFAULT
from claims.models import Deadline, Event, LadderStep, Warning
from claims.selectors.ladders import ladders_of
from claims.services.engine import sweep
from tests.claims.api.conftest import API, pointers, with_key
from tests.claims.stories import letter
from tests.openapi import CheckedClient

RUNGS: list[dict[str, Any]] = [
    {"stage": "at_once", "audience": ["assignee"]},
    {"before": "PT36H", "audience": ["assignee"], "channels": ["email"]},
    {"before": 6, "audience": ["leads", "assignee"], "repeats": True},
    {"stage": "90m", "before": "PT1H30M", "audience": ["owners"]},
    {"stage": "missed", "before": None, "audience": ["owners"], "repeats": True},
]


def path_of(seller: Seller, kind: str = "response", rest: str = "") -> str:
    return f"{API}/sellers/{seller.pk}/ladders/{kind}/{rest}"


def stages(seller: Seller, kind: str = "response") -> tuple[bool, list[str]]:
    found = next(row for row in ladders_of(seller.pk) if row.kind == kind)
    return found.own, [rung.stage for rung in found.rungs]


def warnings_of(deadline: Deadline) -> list[tuple[str, str]]:
    return list(
        Warning.objects.filter(deadline=deadline).order_by("stage_at", "id").values_list("stage", "status")
    )


def test_an_owner_sets_his_own_ladder_and_goes_back(otto_client: CheckedClient, acme: Seller) -> None:
    before = otto_client.get(path_of(acme)).json()
    assert (before["own"], len(before["rungs"])) == (False, 6)
    answer = otto_client.put(path_of(acme), {"rungs": RUNGS})
    assert answer.status_code == 200
    assert answer.json() == {
        "kind": "response",
        "own": True,
        "rungs": [
            {"stage": "at_once", "before": None, "audience": ["assignee"], "channels": [], "repeats": False},
            {"stage": "36h", "before": "PT36H", "audience": ["assignee"], "channels": ["email"], "repeats": False},
            {"stage": "6h", "before": "PT6H", "audience": ["leads", "assignee"], "channels": [], "repeats": True},
            {"stage": "90m", "before": "PT90M", "audience": ["owners"], "channels": [], "repeats": False},
            {"stage": "missed", "before": None, "audience": ["owners"], "channels": [], "repeats": True},
        ],
    }  # fmt: skip
    assert otto_client.get(path_of(acme)).json() == answer.json()
    listed = otto_client.get(f"{API}/sellers/{acme.pk}/ladders/").json()
    assert [row["kind"] for row in listed if row["own"]] == ["response"]
    event = Event.objects.get(verb="ladder_set")
    assert (event.seller_id, event.claim_id, event.actor_label, event.facts["kind"]) == (
        acme.pk, None, "otto", "response",
    )  # fmt: skip
    assert event.facts["rungs"][2] == "6h: leads, assignee; repeats"
    assert event.facts["rungs_before"][0] == "at_once: assignee"

    shown = otto_client.get(path_of(acme)).json()["rungs"]
    again = otto_client.put(path_of(acme), {"rungs": shown})
    assert (again.status_code, Event.objects.filter(verb="ladder_set").count()) == (200, 1)

    reset = otto_client.post(path_of(acme, rest="reset/"), {})
    assert (reset.status_code, reset.json()) == (200, before)
    assert otto_client.post(path_of(acme, rest="reset/"), {}).json() == before
    assert Event.objects.filter(verb="ladder_reset").count() == 1
    assert LadderStep.objects.count() == 0


@pytest.mark.parametrize(
    ("change", "faults"),
    [
        ({"rungs": []}, [("/rungs", "empty")]),
        ({"rungs": RUNGS[1:]}, [("/rungs/0/stage", "out_of_order")]),
        ({"rungs": RUNGS[:-1]}, [("/rungs", "missed_required")]),
        ({"rungs": [*RUNGS[:2], RUNGS[4]]}, [("/rungs", "last_hours_required")]),
        ({"rungs": [RUNGS[0], RUNGS[3], RUNGS[2], RUNGS[4]]}, [("/rungs/2/before", "not_falling")]),
        ({"rungs": [{**RUNGS[0], "audience": ["neighbours"]}]}, [("/rungs/0/audience/0", "invalid_choice")]),
        ({"rungs": [{**RUNGS[0], "audience": []}]}, [("/rungs/0/audience", "empty")]),
        ({"rungs": [{**RUNGS[0], "channels": ["pigeon"]}]}, [("/rungs/0/channels/0", "invalid_choice")]),
        ({"rungs": [{**RUNGS[1], "before": "soon"}]}, [("/rungs/0/before", "invalid")]),
        ({"rungs": [{**RUNGS[1], "before": True}]}, [("/rungs/0/before", "invalid")]),
        ({"rungs": [{**RUNGS[1], "stage": "24h"}]}, [("/rungs/0/stage", "stage_mismatch")]),
        ({"rungs": [{**RUNGS[0], "stage": "later"}]}, [("/rungs/0/stage", "stage_unknown")]),
        ({"rungs": [{"audience": ["leads"]}]}, [("/rungs/0/stage", "required")]),
        ({"rungs": [{**RUNGS[0], "colour": "red"}]}, [("/rungs/0/colour", "unknown_field")]),
        ({"rungs": "at_once: assignee"}, [("/rungs", "not_a_list")]),
        ({}, [("/rungs", "required")]),
    ],
)
def test_a_ladder_that_could_be_silent_is_refused(
    otto_client: CheckedClient, acme: Seller, change: dict[str, Any], faults: list[tuple[str, str]]
) -> None:
    refused = otto_client.put(path_of(acme), change)
    assert (refused.status_code, pointers(refused)) == (400, faults)
    assert (LadderStep.objects.count(), Event.objects.count()) == (0, 0)


def test_a_refused_ladder_leaves_the_one_before(otto_client: CheckedClient, acme: Seller) -> None:
    otto_client.put(path_of(acme), {"rungs": RUNGS})
    assert otto_client.put(path_of(acme), {"rungs": RUNGS[:-1]}).status_code == 400
    assert stages(acme) == (True, ["at_once", "36h", "6h", "90m", "missed"])


def test_a_running_clock_goes_on_by_the_new_ladder_and_repeats_nothing(
    otto_client: CheckedClient, alice: User, acme: Seller
) -> None:
    """20 hours left: at once and 24h are behind. The new ladder's 36h lies before, its 6h still comes."""
    now = timezone.now()
    noticed = now - timedelta(hours=28)
    letter(acme, at=noticed)
    deadline = Deadline.objects.get()
    sweep(now=noticed + timedelta(minutes=2))
    sweep(now=noticed + timedelta(hours=24))
    assert warnings_of(deadline) == [("at_once", "superseded"), ("24h", "pending")]
    before = warnings_of(deadline)
    otto_client.put(path_of(acme), {"rungs": RUNGS})
    sweep(now=now + timedelta(seconds=5))
    assert sorted(warnings_of(deadline)) == sorted([*before, ("36h", "superseded")])
    target = Deadline.objects.get().target_at
    sweep(now=target - timedelta(hours=12))
    assert sorted(warnings_of(deadline)) == sorted([*before, ("36h", "superseded")])
    sweep(now=target - timedelta(hours=6))
    assert warnings_of(deadline)[-1] == ("6h", "pending")


def test_a_tighter_ladder_warns_at_once_of_the_rung_that_is_reached_already(
    otto_client: CheckedClient, alice: User, acme: Seller
) -> None:
    """10 hours left, 12h warned of. A ladder with 11h: that rung is nearer than what was said, so it is said."""
    now = timezone.now()
    noticed = now - timedelta(hours=38)
    letter(acme, at=noticed)
    deadline = Deadline.objects.get()
    sweep(now=noticed + timedelta(hours=36))
    assert warnings_of(deadline)[-1] == ("12h", "pending")
    rungs = [RUNGS[0], {"before": "PT11H", "audience": ["leads"]}, *RUNGS[2:]]
    otto_client.put(path_of(acme), {"rungs": rungs})
    sweep(now=now + timedelta(seconds=5))
    assert warnings_of(deadline)[-1] == ("11h", "pending")
    count = Warning.objects.count()
    otto_client.post(path_of(acme, rest="reset/"), {})
    sweep(now=now + timedelta(seconds=10))
    assert Warning.objects.count() == count


def test_clocks_of_other_kinds_other_sellers_and_settled_ones_are_left_alone(
    otto_client: CheckedClient, acme: Seller, bolt: Seller, now: datetime
) -> None:
    letter(bolt, at=now)
    letter(acme, "claim_received", at=now, order_id="405-7654321-7654321")
    letter(acme, at=now)
    Deadline.objects.filter(seller=acme, kind="response").update(
        settled=True, next_warn_at=None, status="met"
    )
    before = list(Deadline.objects.order_by("id").values())
    otto_client.put(path_of(acme), {"rungs": RUNGS})
    assert list(Deadline.objects.order_by("id").values()) == before
    assert stages(bolt) == (False, [rung.stage for rung in DEFAULT["response"]])  # type: ignore[index]


def test_only_an_owner_sets_ladders_everyone_of_the_seller_reads_them(
    acme: Seller, lea_client: CheckedClient, vera_client: CheckedClient, bob_client: CheckedClient,
    amz_client: CheckedClient,
) -> None:  # fmt: skip
    for low in (lea_client, vera_client):
        assert low.get(path_of(acme)).status_code == 200
        for refused in (
            low.put(path_of(acme), {"rungs": RUNGS}),
            low.post(path_of(acme, rest="reset/"), {}),
        ):
            assert (refused.status_code, refused.json()["code"]) == (403, "role_too_low")
    assert with_key(acme, ["claims:read"], "reader").get(path_of(acme)).status_code == 200
    assert with_key(acme, ["notices:write"], "writer").get(path_of(acme)).status_code == 403
    person = amz_client.put(path_of(acme), {"rungs": RUNGS})
    assert (person.status_code, person.json()["code"]) == (403, "people_only")
    unknown = bob_client.get(path_of(Seller(pk=987_654_321)))
    for foreign in (
        bob_client.get(path_of(acme)),
        bob_client.put(path_of(acme), {"rungs": RUNGS}),
        bob_client.post(path_of(acme, rest="reset/"), {}),
    ):
        assert (foreign.status_code, foreign.json()) == (404, unknown.json())
    assert vera_client.get(path_of(acme, "dinner")).status_code == 404
    assert vera_client.delete(path_of(acme)).status_code == 405
    assert LadderStep.objects.count() == 0


def test_an_owner_writes_the_ladder_into_a_form(
    otto_client: CheckedClient, client: Client, acme: Seller
) -> None:
    page = otto_client.get(path_of(acme), HTTP_ACCEPT="text/html")
    html = page.content.decode()
    assert 'name="rungs"' in html
    assert "12h: assignee, leads" in html
    text = "at_once: assignee\n8h: assignee, leads\n2h: leads, owners; repeats; by email\nmissed: owners"
    sent = otto_client.patch(path_of(acme), {"rungs": text}, format="multipart", HTTP_ACCEPT="text/html")
    assert sent.status_code in (200, 303)
    assert stages(acme) == (True, ["at_once", "8h", "2h", "missed"])
    wrong = otto_client.patch(
        path_of(acme),
        {"rungs": "at_once: assignee\nsoon: leads"},
        format="multipart",
        HTTP_ACCEPT="text/html",
    )
    assert wrong.status_code == 400
    assert "soon: leads" in wrong.content.decode()
    assert stages(acme) == (True, ["at_once", "8h", "2h", "missed"])
    assert "reset" in otto_client.get(path_of(acme, rest="reset/"), HTTP_ACCEPT="text/html").content.decode()
