"""A shared cache that is away is an empty one: pages and health checks go on."""

import pytest
from django.core.cache import caches
from django.test import Client

from accounts.attempts import SIGN_IN
from config.cache import PatientRedisCache
from tests.running import free_port


@pytest.fixture
def away(monkeypatch: pytest.MonkeyPatch) -> PatientRedisCache:
    """In the place of the tests' cache."""
    address = f"redis://127.0.0.1:{free_port()}/0"
    cache = PatientRedisCache(address, {"OPTIONS": {"socket_connect_timeout": 1, "socket_timeout": 1}})
    caches["default"]
    monkeypatch.setattr(caches._connections, "default", cache)  # type: ignore[attr-defined]
    return cache


def test_nothing_is_found_nothing_is_kept_and_nothing_raises(away: PatientRedisCache) -> None:
    away.set("name", 1, 60)
    assert away.get("name", "none") == "none"
    assert away.add("name", 1) is False
    assert away.delete("name") is False
    with pytest.raises(ValueError, match="not found"):
        away.incr("name")


def test_failures_are_then_not_counted_and_nobody_is_locked_out(away: PatientRedisCache) -> None:
    for _ in range(20):
        SIGN_IN.count_failure("alice")
    assert SIGN_IN.is_reached("alice") is False


@pytest.mark.django_db
def test_the_web_says_that_it_lives(away: PatientRedisCache, client: Client) -> None:
    assert client.get("/health/live").status_code == 200
    assert client.get("/accounts/login/").status_code == 200
