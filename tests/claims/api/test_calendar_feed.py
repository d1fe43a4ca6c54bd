"""The calendar to subscribe to: valid, steady, revocable, of what its owner may see, and without the buyer."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from icalendar import Calendar

from accounts.models import FeedToken, Membership, Role, Seller, User
from claims.models import Claim, Deadline
from claims.services.clocks import move_deadline
from tests.claims.api.conftest import API
from tests.claims.stories import AMZ, MONDAY, ORDER, claim_of, hours, letter
from tests.openapi import CheckedClient

ME = f"{API}/me/calendar/"


def address(client: CheckedClient) -> str:
    """A new address of the person's calendar, as a path."""
    made = client.post(ME, {})
    assert (made.status_code, made["Cache-Control"]) == (201, "no-store")
    url: str = made.json()["url"]
    assert url.startswith("http://testserver/calendar/")
    assert url.endswith(".ics")
    return url.removeprefix("http://testserver")


def events(path: str) -> list[Any]:
    answer = Client().get(path)
    assert answer.status_code == 200
    return list(Calendar.from_ical(answer.content).walk("VEVENT"))


@pytest.fixture
def claim(acme: Seller) -> Claim:
    found = claim_of(
        letter(
            acme, at=MONDAY, now=MONDAY, buyer_comment="My parcel, said Mario Rossi",
            ship_to={"name": "Mario Rossi", "line1": "Via Roma 1", "city": "Torino", "country_code": "IT"},
        )
    )  # fmt: skip
    assert found.buyer_comment
    return found


def test_a_clock_is_an_event_with_an_alarm_and_nothing_of_the_buyer(
    alice_client: CheckedClient, claim: Claim, settings: Any
) -> None:
    settings.BASE_URL = "https://claims.example.com"
    path = address(alice_client)
    answer = Client().get(path)
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Cache-Control"] == "private, no-cache"
    calendar = Calendar.from_ical(answer.content)
    assert (calendar["VERSION"], calendar["PRODID"]) == ("2.0", "-//A-to-z claims//Deadlines//EN")
    assert calendar.errors == []
    (event,) = calendar.walk("VEVENT")
    assert event.errors == []
    deadline = Deadline.objects.get()
    assert (event["UID"], event["SEQUENCE"]) == (f"deadline-{deadline.pk}@claims.example.com", 1)
    assert event.decoded("DTSTART") == datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
    assert "DTSTART:20261118T090000Z" in answer.content.decode()
    assert event["SUMMARY"] == f"Answer Amazon's request: order {ORDER}"
    assert event["URL"] == f"https://claims.example.com/api/v1/claims/{claim.pk}/"
    assert "Wed 18 Nov 2026 10:00 Europe/Berlin" in str(event["DESCRIPTION"])
    (alarm,) = event.walk("VALARM")
    assert (alarm["ACTION"], alarm.decoded("TRIGGER")) == ("DISPLAY", timedelta(hours=-1))
    text = answer.content.decode()
    assert all(word not in text for word in ("Rossi", "Roma", "Torino", "parcel"))
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))


def test_a_moved_clock_keeps_its_uid_and_a_settled_one_disappears(
    alice_client: CheckedClient, claim: Claim
) -> None:
    path = address(alice_client)
    (before,) = events(path)
    deadline = Deadline.objects.get()
    move_deadline(
        deadline_id=deadline.pk, due_at=MONDAY + hours(24), reason="Seller Central", actor=AMZ, now=MONDAY + hours(1)
    )  # fmt: skip
    (after,) = events(path)
    assert (after["UID"], after["SEQUENCE"], after.decoded("DTSTART")) == (
        before["UID"], 2, MONDAY + hours(24),
    )  # fmt: skip
    assert after.decoded("DTSTAMP") == MONDAY + hours(1)
    Deadline.objects.update(status="missed")
    assert events(path)[0]["SUMMARY"] == f"MISSED: Answer Amazon's request: order {ORDER}"
    Deadline.objects.update(status="cancelled", settled=True, next_warn_at=None)
    assert events(path) == []
    empty = Calendar.from_ical(Client().get(path).content)
    assert [part.name for part in empty.subcomponents] == [
        "VTIMEZONE"
    ]  # one component at least: RFC 5545, 3.6


def test_nothing_new_is_not_sent_again(alice_client: CheckedClient, claim: Claim) -> None:
    path = address(alice_client)
    first = Client().get(path)
    again = Client().get(path, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert Client().head(path)["ETag"] == first["ETag"]
    Deadline.objects.update(version=2)
    changed = Client().get(path, headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200
    assert changed["ETag"] != first["ETag"]


def test_an_address_ends_when_it_is_revoked_replaced_or_its_owner_goes(
    alice: User, alice_client: CheckedClient, claim: Claim
) -> None:
    assert alice_client.get(ME).json() == {"in_use": False, "created_at": None, "last_used_at": None}
    first = address(alice_client)
    second = address(alice_client)
    assert Client().get(first).status_code == 404
    assert Client().get(second).status_code == 200
    shown = alice_client.get(ME).json()
    assert (shown["in_use"], shown["last_used_at"] is not None) == (True, True)
    assert "url" not in shown
    revoked = alice_client.post(f"{ME}revoke/", {})
    assert (revoked.status_code, revoked.json()["in_use"]) == (200, False)
    assert alice_client.post(f"{ME}revoke/", {}).status_code == 200
    assert Client().get(second).status_code == 404
    third = address(alice_client)
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert Client().get(third).status_code == 404
    assert FeedToken.objects.count() == 3
    assert Client().get("/calendar/unknown.ics").status_code == 404
    assert Client().get("/calendar/a%00b.ics").status_code == 404
    assert Client().post(third).status_code == 405


def test_the_token_is_stored_nowhere(alice_client: CheckedClient) -> None:
    token = address(alice_client).removeprefix("/calendar/").removesuffix(".ics")
    assert len(token) == 43
    assert token not in str(FeedToken.objects.values().get())


def test_the_calendar_holds_what_its_owner_may_see_now(
    alice: User, alice_client: CheckedClient, bob_client: CheckedClient, bolt: Seller, claim: Claim
) -> None:
    alices, bobs = address(alice_client), address(bob_client)
    assert (len(events(alices)), len(events(bobs))) == (1, 0)
    Membership.objects.create(user=alice, seller=bolt, role=Role.VIEWER)
    letter(bolt, at=MONDAY, now=MONDAY)
    assert (len(events(alices)), len(events(bobs))) == (2, 1)
    Membership.objects.filter(user=alice).update(is_active=False)
    assert events(alices) == []


def test_a_letter_that_nobody_has_read_is_on_it_too(
    alice_client: CheckedClient, acme: Seller, claim: Claim
) -> None:
    deadline = Deadline.objects.get()
    Deadline.objects.update(kind="triage", claim=None)
    path = address(alice_client)
    (event,) = events(path)
    assert event["SUMMARY"] == f"Read a letter that may be an A-to-z claim: order {ORDER}"
    assert event["URL"].endswith(f"/api/v1/notices/{deadline.notice_id}/")


def test_it_is_for_people_and_has_its_forms(alice_client: CheckedClient, amz_client: CheckedClient) -> None:
    for refused in (amz_client.get(ME), amz_client.post(ME, {}), amz_client.post(f"{ME}revoke/", {})):
        assert (refused.status_code, refused.json()["code"]) == (403, "people_only")
    assert CheckedClient().post(ME, {}).status_code == 401
    assert FeedToken.objects.count() == 0
    for path in (ME, f"{ME}revoke/"):
        page = alice_client.get(path, HTTP_ACCEPT="text/html")
        assert page.status_code == 200
        assert "<form" in page.content.decode()
    made = alice_client.post(ME, {}, format="multipart", HTTP_ACCEPT="text/html")
    assert made.status_code == 201
    assert "/calendar/" in made.content.decode()


def test_the_queries_do_not_grow_with_the_clocks(
    alice_client: CheckedClient, acme: Seller, claim: Claim
) -> None:
    path = address(alice_client)
    Client().get(path)

    def queries() -> int:
        with CaptureQueriesContext(connection) as found:
            Client().get(path)
        return len(found)

    few = queries()
    for number in range(20):
        letter(acme, at=MONDAY, now=MONDAY, order_id=f"402-0000000-{number:07}")
    assert (few, queries(), len(events(path))) == (4, 4, 21)
