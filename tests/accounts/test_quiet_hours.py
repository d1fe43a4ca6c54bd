"""Quiet hours of a member: set by himself or an owner, shown to colleagues, in a zone that is never unclear."""

from datetime import time
from typing import Any

import pytest

from accounts.models import Membership, Role, Seller, User
from tests.accounts.conftest import new_member, pointers
from tests.openapi import CheckedClient

NIGHT = {"starts": "22:00", "ends": "07:00"}


def signed_in(user: User) -> CheckedClient:
    client = CheckedClient()
    client.force_login(user)
    return client


def path_of(member: Membership) -> str:
    return f"/api/v1/sellers/{member.seller_id}/members/{member.pk}/quiet-hours/"


@pytest.fixture
def member(alice: User) -> Membership:
    return Membership.objects.get(user=alice)


def test_a_person_finds_and_sets_his_own(alice: User, member: Membership) -> None:
    client = signed_in(alice)
    url = client.get("/api/v1/me/").json()["sellers"][0]["quiet_hours_url"]
    assert url == f"http://testserver{path_of(member)}"
    assert client.get(url.removeprefix("http://testserver")).json() == {
        "starts": None, "ends": None, "time_zone": "",
    }  # fmt: skip
    set_to = client.patch(path_of(member), {**NIGHT, "time_zone": "Asia/Tokyo"})
    assert (set_to.status_code, set_to.json()) == (200, {**NIGHT, "time_zone": "Asia/Tokyo"})
    member.refresh_from_db()
    assert (member.quiet_from, member.quiet_until) == (time(22), time(7))
    shown = client.get(f"/api/v1/sellers/{member.seller_id}/members/{member.pk}/").json()
    assert shown["quiet_hours"] == {**NIGHT, "time_zone": "Asia/Tokyo"}
    never = client.patch(path_of(member), {"starts": None, "ends": None})
    assert never.json() == {"starts": None, "ends": None, "time_zone": ""}
    assert (
        client.get(f"/api/v1/sellers/{member.seller_id}/members/").json()["results"][0]["quiet_hours"] is None
    )


def test_without_a_zone_the_persons_counts_else_the_sellers(alice: User, member: Membership) -> None:
    client = signed_in(alice)
    assert client.patch(path_of(member), NIGHT).json()["time_zone"] == "Europe/Rome"
    client.patch("/api/v1/me/", {"time_zone": "America/New_York"})
    assert client.get(path_of(member)).json()["time_zone"] == "America/New_York"


@pytest.mark.parametrize(
    ("body", "faults"),
    [
        ({"starts": "22:00", "ends": None}, [("/ends", "required")]),
        ({"starts": None, "ends": "07:00"}, [("/starts", "required")]),
        ({"starts": "07:00", "ends": "07:00"}, [("/ends", "same_time")]),
        ({"starts": "7 pm", "ends": "07:00"}, [("/starts", "invalid")]),
        ({**NIGHT, "time_zone": "Mars/Base"}, [("/time_zone", "unknown_zone")]),
        ({"starts": "22:00"}, [("/ends", "required")]),
    ],
)
def test_what_is_no_stretch_of_a_day_is_refused(
    alice: User, member: Membership, body: dict[str, Any], faults: list[tuple[str, str]]
) -> None:
    refused = signed_in(alice).patch(path_of(member), body)
    assert (refused.status_code, pointers(refused)) == (400, faults)
    member.refresh_from_db()
    assert (member.quiet_from, member.quiet_until) == (None, None)


def test_an_owner_sets_anybodys_a_colleague_nobodys_and_another_seller_sees_nothing(
    owner: User, alice: User, acme: Seller, bob: User, bolt_owner: User, amz: Any, member: Membership
) -> None:
    lea = new_member("lea", acme, Role.LEAD)
    low = signed_in(lea).patch(path_of(member), NIGHT)
    assert (low.status_code, low.json()["code"]) == (403, "role_too_low")
    for stranger in (bob, bolt_owner):
        assert signed_in(stranger).patch(path_of(member), NIGHT).status_code == 404
        assert signed_in(stranger).get(path_of(member)).status_code == 404
    key = CheckedClient()
    key.credentials(HTTP_AUTHORIZATION=f"Api-Key {amz.clear_key}")
    assert key.patch(path_of(member), NIGHT).status_code == 403
    member.refresh_from_db()
    assert member.quiet_from is None
    assert signed_in(owner).patch(path_of(member), NIGHT).status_code == 200
    assert signed_in(lea).get(path_of(member)).json()["starts"] == "22:00"


def test_the_page_has_the_form(alice: User, member: Membership) -> None:
    html = signed_in(alice).get(path_of(member), HTTP_ACCEPT="text/html").content.decode()
    assert 'name="starts"' in html
    assert 'name="time_zone"' in html
