"""What load balancers and monitors hear."""

from typing import Any

import pytest
from django.db import OperationalError
from django.db.migrations.executor import MigrationExecutor
from django.test import Client

from config import checks, health


@pytest.mark.django_db
def test_it_lives_and_is_ready_with_a_migrated_database(client: Client) -> None:
    live, ready = client.get("/health/live"), client.get("/health/ready")
    assert (live.status_code, live.json()) == (200, {"status": "ok"})
    assert (ready.status_code, ready.json()) == (200, {"status": "ok", "database": "ok"})


@pytest.mark.django_db
def test_it_does_not_live_before_migrations_are_applied(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(MigrationExecutor, "migration_plan", lambda *_: [("claims", "0002")])
    for path in ("/health/live", "/health/ready"):
        response = client.get(path)
        assert (response.status_code, response.json()["waiting_for"]) == (503, "migrations")


@pytest.mark.django_db
def test_once_migrated_it_lives_without_asking_again(client: Client, django_assert_num_queries: Any) -> None:
    client.get("/health/live")
    with django_assert_num_queries(0):
        assert client.get("/health/live").status_code == 200


def test_a_database_that_is_away_makes_it_unready_without_telling_why(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> bool:
        raise OperationalError("host 10.0.0.7 refused")

    monkeypatch.setattr(health, "is_migrated", away)
    response = client.get("/health/live")
    assert (response.status_code, response.json()) == (
        503,
        {"status": "unavailable", "waiting_for": "database"},
    )


@pytest.mark.django_db
def test_an_old_database_is_refused_by_number(monkeypatch: pytest.MonkeyPatch) -> None:
    assert checks.check_database(None, databases=["default"]) == []
    monkeypatch.setattr(checks, "LEAST_VERSION", 990000)
    assert [message.id for message in checks.check_database(None, databases=["default"])] == ["config.E005"]
    assert checks.check_database(None, databases=None) == []


@pytest.mark.django_db
def test_the_front_door_asks_for_a_sign_in_and_the_docs_need_no_outside(client: Client) -> None:
    assert client.get("/")["Location"] == "/accounts/login/?next=/"
    assert client.get("/admin/login/?next=/admin/")["Location"] == "/accounts/login/?next=/admin/"
    page = client.get("/api/v1/docs/").content.decode()
    assert "/static/drf_spectacular_sidecar/swagger-ui-dist/swagger-ui-bundle.js" in page
    assert "https://" not in page
