"""Signing in and out by hand: good words, safe ways on, and a pause after guessing."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.models import Seller, User
from tests.accounts.conftest import PASSWORD, new_user

LOGIN = "/accounts/login/"


@pytest.fixture
def carol(db: None) -> User:
    return new_user("carol", PASSWORD)


def attempt(client: Client, password: str, username: str = "carol", **more: str) -> Any:
    return client.post(LOGIN, {"username": username, "password": password, **more})


def test_the_page_has_a_form_and_fetches_nothing_from_elsewhere(client: Client, carol: User) -> None:
    page = client.get(LOGIN)
    text = page.content.decode()
    assert page.status_code == 200
    assert 'name="username"' in text
    assert 'name="password"' in text
    assert "/static/accounts/app.css" in text
    assert "http://" not in text
    assert "https://" not in text


def test_the_right_password_leads_home(client: Client, carol: User) -> None:
    answer = attempt(client, PASSWORD)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.session["_auth_user_id"] == str(carol.pk)


@pytest.mark.parametrize(
    ("wanted", "location"),
    [
        ("/api/v1/sellers/", "/api/v1/sellers/"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("javascript:alert(1)", "/"),
    ],
)
def test_the_way_on_stays_on_this_site(client: Client, carol: User, wanted: str, location: str) -> None:
    assert attempt(client, PASSWORD, next=wanted)["Location"] == location


def test_a_wrong_password_and_an_unknown_name_are_answered_alike(client: Client, carol: User) -> None:
    wrong, unknown = attempt(client, "x"), attempt(client, "x", username="nobody")
    assert (wrong.status_code, unknown.status_code) == (200, 200)
    words = b"User name and password do not fit"
    assert words in wrong.content
    assert words in unknown.content
    assert "_auth_user_id" not in client.session


def test_an_ended_account_does_not_come_in(client: Client, carol: User) -> None:
    User.objects.filter(pk=carol.pk).update(is_active=False)
    assert attempt(client, PASSWORD).status_code == 200
    assert "_auth_user_id" not in client.session


def test_after_ten_failures_even_the_right_password_waits(client: Client, carol: User) -> None:
    for _ in range(10):
        assert attempt(client, "wrong").status_code == 200
    answer = attempt(client, PASSWORD)
    assert (answer.status_code, answer["Retry-After"]) == (429, "300")
    assert b"Wait 5 minutes" in answer.content
    assert "_auth_user_id" not in client.session
    assert attempt(client, PASSWORD, username=" CAROL").status_code == 429
    cache.clear()
    assert attempt(client, PASSWORD).status_code == 302


def test_the_pause_of_one_name_leaves_others_alone(client: Client, carol: User) -> None:
    for _ in range(10):
        attempt(client, "wrong", username="dave")
    assert attempt(client, PASSWORD).status_code == 302


def test_a_success_forgets_the_failures_before_it(client: Client, carol: User) -> None:
    for _ in range(9):
        attempt(client, "wrong")
    assert attempt(client, PASSWORD).status_code == 302
    client.logout()
    for _ in range(9):
        attempt(client, "wrong")
    assert attempt(client, PASSWORD).status_code == 302


def test_signing_out_ends_the_session(client: Client, carol: User) -> None:
    attempt(client, PASSWORD)
    answer = client.post("/accounts/logout/")
    assert (answer.status_code, answer["Location"]) == (302, LOGIN)
    assert "_auth_user_id" not in client.session


def test_a_session_needs_the_csrf_token_to_write(carol: User, acme: Seller) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(carol)
    answer = client.patch("/api/v1/me/", {"time_zone": "Asia/Tokyo"}, content_type="application/json")
    assert answer.status_code == 403
    carol.refresh_from_db()
    assert carol.time_zone == ""


def test_changing_the_password_keeps_the_session(client: Client, carol: User) -> None:
    attempt(client, PASSWORD)
    new = "another horse 2026"
    body = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    assert client.post("/accounts/password/", body)["Location"] == "/"
    assert client.session["_auth_user_id"] == str(carol.pk)
    assert client.get("/accounts/password/").status_code == 200
    carol.refresh_from_db()
    assert carol.check_password(new)


def test_the_password_page_is_for_people_who_signed_in(client: Client, db: None) -> None:
    assert client.get("/accounts/password/")["Location"] == f"{LOGIN}?next=/accounts/password/"
