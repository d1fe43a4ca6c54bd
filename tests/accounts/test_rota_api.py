"""`sellers/{id}/rota/`: planning shifts, handing hours over, and who sees and may change what."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import HandOver, Membership, OnCallShift, Role, Seller, User
from accounts.selectors import on_call_now
from accounts.services.rota import add_shift
from tests.accounts.conftest import new_member, pointers
from tests.openapi import CheckedClient

MONDAY = datetime(2026, 11, 16, 10, 0, tzinfo=UTC)
SINCE = date(2026, 1, 1)


def signed_in(user: User) -> CheckedClient:
    client = CheckedClient()
    client.force_login(user)
    return client


@pytest.fixture
def lea(acme: Seller) -> User:
    return new_member("lea", acme, Role.LEAD)


@pytest.fixture
def carol(acme: Seller) -> User:
    return new_member("carol", acme, Role.AGENT)


@pytest.fixture
def vera(acme: Seller) -> User:
    return new_member("vera", acme, Role.VIEWER)


def rota(seller: Seller, rest: str = "") -> str:
    return f"/api/v1/sellers/{seller.pk}/rota/{rest}"


def body(user: User, **fields: Any) -> dict[str, Any]:
    return {
        "user": user.pk,
        "weekdays": ["tue", "mon"],
        "starts": "22:00",
        "ends": "06:00",
        "time_zone": "Europe/Berlin",
        "valid_from": "2026-11-16",
        **fields,
    }


def shift_of(user: User, seller: Seller, **fields: Any) -> OnCallShift:
    values: Any = {
        "user": user,
        "weekdays": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"],
        "starts": time(0),
        "ends": time(0),
        "time_zone": "UTC",
        "valid_from": SINCE,
        **fields,
    }
    return add_shift(seller=seller, fields=values, created_by=user, now=MONDAY)


def handing(given_by: User | None, taken_by: User, **fields: Any) -> dict[str, Any]:
    now = timezone.now()
    return {
        "given_by": given_by.pk if given_by else None,
        "taken_by": taken_by.pk,
        "starts_at": (now - timedelta(hours=1)).isoformat(),
        "ends_at": (now + timedelta(hours=5)).isoformat(),
        "reason": "dentist",
        **fields,
    }


def test_a_lead_plans_a_shift_and_everyone_of_the_seller_sees_it(
    lea: User, alice: User, vera: User, acme: Seller
) -> None:
    made = signed_in(lea).post(rota(acme), body(alice))
    assert made.status_code == 201
    shown = made.json()
    assert (shown["weekdays"], shown["starts"], shown["ends"], shown["time_zone"], shown["valid_to"]) == (
        ["mon", "tue"], "22:00", "06:00", "Europe/Berlin", None,
    )  # fmt: skip
    assert shown["user"] == {"id": alice.pk, "username": "alice"}
    assert signed_in(vera).get(rota(acme)).json()["results"] == [shown]
    assert signed_in(vera).get(rota(acme, f"{shown['id']}/")).json() == shown


def test_a_shift_without_a_zone_is_in_the_sellers(lea: User, alice: User, acme: Seller) -> None:
    given = body(alice)
    del given["time_zone"]
    assert signed_in(lea).post(rota(acme), given).json()["time_zone"] == "Europe/Rome"


@pytest.mark.parametrize(
    ("fields", "faults"),
    [
        ({"weekdays": []}, [("/weekdays", "empty")]),
        ({"weekdays": ["someday"]}, [("/weekdays", "invalid_choice")]),
        ({"starts": "25:00"}, [("/starts", "invalid")]),
        ({"starts": "22:00:30"}, [("/starts", "invalid")]),
        ({"time_zone": "Europe/Nowhere"}, [("/time_zone", "unknown_zone")]),
        ({"valid_to": "2026-11-14"}, [("/valid_to", "ends_before_start")]),
        ({"valid_from": "tomorrow"}, [("/valid_from", "invalid")]),
        ({"user": 987_654_321}, [("/user", "does_not_exist")]),
        ({"user": None}, [("/user", "null")]),
        ({"colour": "red"}, [("/colour", "unknown_field")]),
    ],
)
def test_a_shift_that_cannot_be_is_refused(
    lea: User, alice: User, acme: Seller, fields: dict[str, Any], faults: list[tuple[str, str]]
) -> None:
    refused = signed_in(lea).post(rota(acme), {**body(alice), **fields})
    assert (refused.status_code, pointers(refused)) == (400, faults)
    assert OnCallShift.objects.count() == 0


def test_nobody_of_another_seller_no_viewer_and_nobody_gone_is_put_on_call(
    lea: User, alice: User, bob: User, vera: User, acme: Seller
) -> None:
    Membership.objects.filter(user=alice).update(is_active=False)
    for user in (bob, vera, alice):
        refused = signed_in(lea).post(rota(acme), body(user))
        assert pointers(refused) == [("/user", "does_not_exist")]
    html = signed_in(lea).get(rota(acme), HTTP_ACCEPT="text/html").content.decode()
    assert "bob" not in html
    assert 'name="weekdays"' in html


def test_a_shift_is_changed_ended_and_never_deleted(lea: User, alice: User, acme: Seller) -> None:
    row = shift_of(alice, acme)
    client, path = signed_in(lea), rota(acme, f"{row.pk}/")
    assert client.patch(path, {"ends": "12:30"}).json()["ends"] == "12:30"
    assert client.patch(path, {"valid_to": "2025-12-31"}).json()["valid_to"] == "2025-12-31"
    assert pointers(client.patch(path, {"valid_to": "2025-12-30"})) == [("/valid_to", "ends_before_start")]
    assert client.delete(path).status_code == 405
    row.refresh_from_db()
    assert (row.ends, row.valid_to) == (time(12, 30), date(2025, 12, 31))


def test_hours_are_handed_over_by_who_has_them_and_anybodys_by_a_lead(
    alice: User, carol: User, lea: User, acme: Seller
) -> None:
    shift_of(alice, acme)
    now = timezone.now()
    assert on_call_now([acme.pk], now) == {acme.pk: frozenset({alice.pk})}
    for given_by in (carol, None):
        refused = signed_in(alice).post(rota(acme, "hand-over/"), handing(given_by, lea))
        assert (refused.status_code, refused.json()["code"]) == (403, "role_too_low")
    assert HandOver.objects.count() == 0
    own = signed_in(alice).post(rota(acme, "hand-over/"), handing(alice, carol))
    assert (own.status_code, own.json()["given_by"]["username"], own.json()["reason"]) == (
        201, "alice", "dentist",
    )  # fmt: skip
    assert on_call_now([acme.pk], now) == {acme.pk: frozenset({carol.pk})}
    everyone = signed_in(lea).post(rota(acme, "hand-over/"), handing(None, lea))
    assert (everyone.status_code, everyone.json()["given_by"]) == (201, None)
    assert on_call_now([acme.pk], now) == {acme.pk: frozenset({lea.pk})}
    listed = signed_in(carol).get(rota(acme, "hand-over/")).json()["results"]
    assert listed == [own.json(), everyone.json()]


@pytest.mark.parametrize(
    ("fields", "faults"),
    [
        ({"ends_at": "2026-01-01T10:00:00Z", "starts_at": "2026-01-01T11:00:00Z"}, [("/ends_at", "ends_before_start")]),
        ({"ends_at": "2026-01-01T12:00:00Z", "starts_at": "2026-01-01T11:00:00Z"}, [("/ends_at", "past")]),
        ({"ends_at": "2099-01-01T12:00:00"}, [("/ends_at", "offset_missing")]),
        ({"taken_by": 987_654_321}, [("/taken_by", "does_not_exist")]),
        ({"reason": ""}, [("/reason", "blank")]),
    ],
)  # fmt: skip
def test_a_hand_over_that_cannot_be_is_refused(
    alice: User, carol: User, acme: Seller, fields: dict[str, Any], faults: list[tuple[str, str]]
) -> None:
    refused = signed_in(alice).post(rota(acme, "hand-over/"), {**handing(alice, carol), **fields})
    assert (refused.status_code, pointers(refused)) == (400, faults)
    same = signed_in(alice).post(rota(acme, "hand-over/"), handing(alice, alice))
    assert pointers(same) == [("/taken_by", "same_person")]
    assert HandOver.objects.count() == 0


def test_a_hand_over_ends_early_and_what_is_over_stays(
    alice: User, carol: User, lea: User, acme: Seller
) -> None:
    shift_of(alice, acme)
    made = signed_in(alice).post(rota(acme, "hand-over/"), handing(alice, carol)).json()
    path = rota(acme, f"hand-over/{made['id']}/")
    assert signed_in(carol).patch(path, {}).status_code == 403
    past = signed_in(alice).patch(path, {"ends_at": "2026-01-01T10:00:00Z"})
    assert pointers(past) == [("/ends_at", "ends_before_start")]
    ended = signed_in(alice).patch(path, {})
    assert ended.status_code == 200
    assert signed_in(vera_of(acme)).get(path).json() == ended.json()
    assert on_call_now([acme.pk], timezone.now()) == {acme.pk: frozenset({alice.pk})}
    again = signed_in(lea).patch(path, {"ends_at": "2099-01-01T10:00:00Z"})
    assert (again.status_code, again.json()["code"]) == (409, "hand_over_ended")
    assert signed_in(lea).delete(path).status_code == 405


def vera_of(seller: Seller) -> User:
    return new_member("vera", seller, Role.VIEWER)


def test_one_that_has_not_begun_is_taken_back_whole(alice: User, carol: User, acme: Seller) -> None:
    shift_of(alice, acme)
    later = handing(alice, carol, starts_at="2099-01-01T10:00:00Z", ends_at="2099-01-02T10:00:00Z")
    made = signed_in(alice).post(rota(acme, "hand-over/"), later).json()
    ended = signed_in(alice).patch(rota(acme, f"hand-over/{made['id']}/"), {}).json()
    assert (ended["starts_at"], ended["ends_at"]) == ("2099-01-01T10:00:00Z", "2099-01-01T10:00:00Z")
    on_call = signed_in(alice).get(rota(acme, "on-call/?at=2099-01-01T11:00:00Z")).json()
    assert on_call["people"] == [{"id": alice.pk, "username": "alice"}]


def test_who_is_on_call_is_told_with_the_reason(
    alice: User, carol: User, lea: User, vera: User, owner: User, acme: Seller
) -> None:
    client, path = signed_in(vera), rota(acme, "on-call/")
    assert client.get(path).json()["by"] == "everyone"
    assert {person["username"] for person in client.get(path).json()["people"]} == {"alice", "carol", "lea"}
    Membership.objects.filter(user=carol).update(on_call=True)
    marked = client.get(path).json()
    assert (marked["by"], [person["username"] for person in marked["people"]]) == ("mark", ["carol"])
    shift_of(alice, acme, starts=time(8), ends=time(20))
    day = client.get(f"{path}?at=2026-11-16T09:00:00%2B01:00").json()
    assert (day["at"], day["by"]) == ("2026-11-16T08:00:00Z", "rota")
    assert [person["username"] for person in day["people"]] == ["alice"]
    night = client.get(f"{path}?at=2099-11-16T23:00:00Z").json()
    assert (night["by"], [person["username"] for person in night["people"]]) == ("mark", ["carol"])
    assert pointers(client.get(f"{path}?at=tomorrow")) == [("/at", "invalid")]


def test_a_gap_in_the_rota_falls_to_the_marked_and_whoever_left_counts_no_more(
    alice: User, carol: User, acme: Seller, bolt: Seller
) -> None:
    shift_of(alice, acme, starts=time(8), ends=time(20))
    shift_of(carol, acme, starts=time(8), ends=time(20))
    Membership.objects.filter(user=carol).update(on_call=True)
    ids = [acme.pk, bolt.pk]
    night = MONDAY.replace(hour=23)
    assert on_call_now(ids, MONDAY) == {acme.pk: frozenset({alice.pk, carol.pk}), bolt.pk: frozenset()}
    assert on_call_now(ids, night) == {acme.pk: frozenset({carol.pk}), bolt.pk: frozenset()}
    Membership.objects.filter(user=carol).update(is_active=False)
    assert on_call_now(ids, MONDAY) == {acme.pk: frozenset({alice.pk}), bolt.pk: frozenset()}
    assert on_call_now(ids, night) == {acme.pk: frozenset(), bolt.pk: frozenset()}
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert on_call_now(ids, MONDAY)[acme.pk] == frozenset()


def test_a_night_shift_of_its_last_day_still_counts_the_morning_after(alice: User, acme: Seller) -> None:
    """In Honolulu (UTC-10) the night of the 14th ends when it is the 15th at 16:00 UTC."""
    shift_of(
        alice, acme, starts=time(22), ends=time(6), time_zone="Pacific/Honolulu", valid_to=date(2026, 11, 14)
    )
    assert on_call_now([acme.pk], datetime(2026, 11, 15, 15, 59, tzinfo=UTC))[acme.pk] == {alice.pk}
    assert on_call_now([acme.pk], datetime(2026, 11, 15, 16, 0, tzinfo=UTC))[acme.pk] == frozenset()


def test_however_many_sellers_and_shifts_the_queries_are_three(
    alice: User, carol: User, acme: Seller
) -> None:
    sellers = [acme, *(Seller.objects.create(merchant_token=f"S{n}", name="S") for n in range(20))]
    for seller in sellers[1:]:
        Membership.objects.create(user=alice, seller=seller, role=Role.AGENT)
    for seller in sellers:
        for _ in range(5):
            shift_of(alice, seller)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        found = on_call_now([seller.pk for seller in sellers], MONDAY)
    assert len(queries) == 3
    assert found == {seller.pk: frozenset({alice.pk}) for seller in sellers}


READS = ["", "{shift}/", "hand-over/", "hand-over/{handed}/", "on-call/"]
WRITES: list[tuple[str, str, str]] = [
    ("post", "", "lead"),
    ("patch", "{shift}/", "lead"),
    ("post", "hand-over/", "agent"),
    ("patch", "hand-over/{handed}/", "lead"),
]


@pytest.fixture
def rows(alice: User, carol: User, acme: Seller) -> dict[str, int]:
    shift = shift_of(carol, acme)
    handed = HandOver.objects.create(
        seller=acme, given_by=carol, taken_by=alice, starts_at=MONDAY, ends_at=MONDAY.replace(year=2099),
        reason="holiday", created_at=MONDAY, created_by=carol,
    )  # fmt: skip
    return {"shift": shift.pk, "handed": handed.pk}


@pytest.mark.parametrize("template", READS)
def test_another_sellers_rota_is_not_there(
    bob: User, alice: User, acme: Seller, bolt: Seller, rows: dict[str, int], amz: Any, template: str
) -> None:
    path = rota(acme, template.format(**rows))
    refused = signed_in(bob).get(path)
    assert (refused.status_code, refused.json()["code"]) == (404, "not_found")
    assert signed_in(bob).get(path, HTTP_ACCEPT="text/html").status_code == 404
    assert signed_in(alice).get(path).status_code == 200
    assert signed_in(alice).get(path, HTTP_ACCEPT="text/html").status_code == 200
    assert CheckedClient().get(path).status_code == 401
    key = CheckedClient()
    key.credentials(HTTP_AUTHORIZATION=f"Api-Key {amz.clear_key}")
    assert key.get(path).status_code == 200
    if "{" in template:
        own = rota(bolt, template.format(**rows))
        assert signed_in(bob).get(own).status_code == 404


@pytest.mark.parametrize(("method", "template", "role"), WRITES)
def test_changing_needs_the_seller_the_role_and_a_person(
    bob: User, bolt_owner: User, vera: User, alice: User, acme: Seller, rows: dict[str, int], amz: Any,
    method: str, template: str, role: str,
) -> None:  # fmt: skip
    path = rota(acme, template.format(**rows))
    before = (OnCallShift.objects.values().get(), HandOver.objects.values().get())
    for stranger in (bob, bolt_owner):
        assert getattr(signed_in(stranger), method)(path, {}).status_code == 404
    low = getattr(signed_in(vera), method)(path, {})
    assert (low.status_code, low.json()["code"]) == (403, "role_too_low")
    if role == "lead":
        low = getattr(signed_in(alice), method)(path, {})
        assert (low.status_code, low.json()["code"]) == (403, "role_too_low")
    key = CheckedClient()
    key.credentials(HTTP_AUTHORIZATION=f"Api-Key {amz.clear_key}")
    refused = getattr(key, method)(path, {})
    assert (refused.status_code, refused.json()["code"]) == (403, "people_only")
    assert (OnCallShift.objects.values().get(), HandOver.objects.values().get()) == before
