"""Reading the environment: types, files of secrets, and what is refused."""

from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured

from config import checks, database, env, keyfiles
from config.checks import check_configuration


def test_an_empty_value_counts_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THING", "  ")
    assert env.text("THING", "fallback") == "fallback"
    assert env.integer("THING", 7) == 7
    assert env.boolean("THING", True) is True
    assert env.words("THING", ("a",)) == ["a"]
    assert env.path("THING") is None


def test_a_secret_comes_from_its_file_without_the_last_newline(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "secret"
    file.write_text("s3cret\n")
    monkeypatch.setenv("THING_FILE", str(file))
    assert env.secret("THING") == "s3cret"


def test_a_secret_given_twice_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THING", "a")
    monkeypatch.setenv("THING_FILE", "/somewhere")
    with pytest.raises(ImproperlyConfigured, match="THING and THING_FILE are both set"):
        env.secret("THING")


def test_a_missing_secret_file_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THING_FILE", "/nowhere/secret")
    with pytest.raises(ImproperlyConfigured, match="THING_FILE=/nowhere/secret cannot be read"):
        env.secret("THING")


@pytest.mark.parametrize(("word", "value"), [("1", True), ("Yes", True), ("off", False), ("FALSE", False)])
def test_words_for_yes_and_no(monkeypatch: pytest.MonkeyPatch, word: str, value: bool) -> None:
    monkeypatch.setenv("THING", word)
    assert env.boolean("THING", not value) is value


@pytest.mark.parametrize("word", ["maybe", "2"])
def test_other_words_are_neither(monkeypatch: pytest.MonkeyPatch, word: str) -> None:
    monkeypatch.setenv("THING", word)
    with pytest.raises(ImproperlyConfigured, match="neither yes nor no"):
        env.boolean("THING", True)


@pytest.mark.parametrize("value", ["0", "11", "3.5", "many"])
def test_a_number_outside_its_bounds_is_refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("THING", value)
    with pytest.raises(ImproperlyConfigured, match="THING="):
        env.integer("THING", 5, least=1, most=10)


def test_a_database_url_with_escapes_and_a_socket_folder() -> None:
    over_network = database.outside(
        "postgresql://me:p%40ss@db.example:6432/claims?sslmode=require", pooled=True
    )
    assert {name: over_network[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")} == {
        "NAME": "claims", "USER": "me", "PASSWORD": "p@ss", "HOST": "db.example", "PORT": "6432",
    }  # fmt: skip
    assert over_network["OPTIONS"]["sslmode"] == "require"
    assert over_network["OPTIONS"]["pool"]["max_size"] == 12
    by_socket = database.outside("postgresql:///claims?host=/run/postgresql&user=me", pooled=False)
    assert (by_socket["HOST"], by_socket["USER"]) == ("/run/postgresql", "me")
    assert "pool" not in by_socket["OPTIONS"]


@pytest.mark.parametrize("url", ["mysql://a/b", "postgresql://host", "claims", "postgresql://h:port/x"])
def test_a_database_url_of_another_kind_is_refused(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL"):
        database.outside(url, pooled=False)


def test_a_secret_is_made_once_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    file = tmp_path / "var" / "secret_key"
    assert keyfiles.read_or_make(file, "first") == "first"
    assert keyfiles.read_or_make(file, "second") == "first"
    assert file.stat().st_mode & 0o777 == 0o600
    assert list(file.parent.iterdir()) == [file]


def ids() -> list[str | None]:
    return [message.id for message in check_configuration(None)]


def test_an_outside_database_needs_its_secrets_by_number(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DATABASE_EMBEDDED = False
    monkeypatch.setattr(checks, "has_secret_key", lambda: False)
    settings.ENCRYPTION_KEYS = []
    settings.OPERATOR_EMAIL = ""
    assert ids() == ["config.E001", "config.E002", "config.W001"]
    monkeypatch.setattr(checks, "has_secret_key", lambda: True)
    settings.ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    settings.OPERATOR_EMAIL = "ops@example.com"
    assert ids() == []


def test_a_key_of_another_form_and_another_time_zone_are_refused(settings: Any) -> None:
    settings.DATABASE_EMBEDDED = True
    settings.ENCRYPTION_KEYS = [Fernet.generate_key().decode(), "short"]
    assert ids() == ["config.E003"]
    settings.ENCRYPTION_KEYS = []
    settings.USE_TZ = False
    assert ids() == ["config.E004"]
