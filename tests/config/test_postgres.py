"""The embedded PostgreSQL in the places and after the accidents where drivers like it have failed."""

import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from config import places
from config.database import EMBEDDED_NAME, EMBEDDED_USER
from config.oscommands import PostgresError, is_postgres_in, packaged_install
from config.postgres import Embedded
from tests.running import open_folder

pytestmark = pytest.mark.slow

NAMES = ["plain", "with a space", 'it\'s "quoted"; $HOME `id`', "ümläut-日本", "long-" + "x" * 150]


@pytest.fixture
def folder() -> Iterator[Path]:
    with open_folder() as made:
        yield made


def server_pid(server: Embedded) -> int:
    return int((server.cluster / "postmaster.pid").read_text().splitlines()[0])


def ask(server: Embedded, question: str) -> object:
    with psycopg.connect(
        host=str(server.socket_dir), user=EMBEDDED_USER, dbname=EMBEDDED_NAME, autocommit=True
    ) as connection:
        cursor = connection.execute(question)
        row = cursor.fetchone() if cursor.description else None
    return row[0] if row else None


@pytest.mark.parametrize("name", NAMES, ids=["plain", "space", "quotes", "letters", "long"])
def test_it_starts_and_stops_in_any_folder(folder: Path, name: str) -> None:
    server = Embedded(folder / name, durable=False)
    server.start()
    try:
        assert server.answers()
        assert ask(server, "SHOW listen_addresses") == ""
        assert ask(server, "SHOW timezone") == "UTC"
        assert ask(server, "SHOW server_encoding") == "UTF8"
        assert (server.socket_dir.stat().st_mode & 0o777, server.home.stat().st_mode & 0o777) == (
            0o700,
            0o700,
        )
    finally:
        server.stop()
    assert not server.answers()


def test_the_socket_folder_is_short_enough_and_needs_no_server(folder: Path) -> None:
    near, far = folder / "near", folder / ("x" * 120)
    assert places.socket_dir(near) == near / "postgres" / "socket"
    assert len(os.fsencode(places.socket_dir(far))) <= places.SOCKET_DIR_MAX_BYTES
    assert places.socket_dir(far) == places.socket_dir(far) != places.socket_dir(folder / ("y" * 120))


def test_two_servers_run_beside_each_other(folder: Path) -> None:
    one, two = Embedded(folder / "one", durable=False), Embedded(folder / "two", durable=False)
    one.start()
    two.start()
    try:
        ask(one, "CREATE TABLE seen ()")
        assert ask(one, "SELECT to_regclass('seen')::text") == "seen"
        assert ask(two, "SELECT to_regclass('seen')::text") is None
        one.stop()
        assert (one.answers(), two.answers()) == (False, True)
    finally:
        one.stop()
        two.stop()


def test_a_second_start_attaches_to_the_running_server(folder: Path) -> None:
    server = Embedded(folder / "var", durable=False)
    server.start()
    try:
        pid = server_pid(server)
        Embedded(folder / "var", durable=False).start()
        assert server_pid(server) == pid
    finally:
        server.stop()


def test_after_kill_9_of_the_server_what_was_committed_is_there(folder: Path) -> None:
    server = Embedded(folder / "var")
    server.start()
    try:
        ask(server, "CREATE TABLE kept (n int)")
        ask(server, "INSERT INTO kept VALUES (7)")
        os.kill(server_pid(server), signal.SIGKILL)
        server.start()
        assert ask(server, "SELECT n FROM kept") == 7
    finally:
        server.stop()


def test_a_stale_pid_file_of_another_process_does_not_stop_the_start(folder: Path) -> None:
    server = Embedded(folder / "var", durable=False)
    server.start()
    lines = (server.cluster / "postmaster.pid").read_text().splitlines()
    server.stop()
    (server.cluster / "postmaster.pid").write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
    assert not is_postgres_in(os.getpid(), server.cluster)
    server.start()
    try:
        assert server.answers()
    finally:
        server.stop()


def test_a_half_made_cluster_is_made_anew(folder: Path) -> None:
    server = Embedded(folder / "var", durable=False)
    draft = server.home / "data.new"
    draft.mkdir(parents=True)
    (draft / "PG_VERSION").write_text("18\n")
    server.start()
    try:
        assert server.answers()
        assert not draft.exists()
    finally:
        server.stop()


def test_data_of_another_major_version_is_refused_with_a_proposal(folder: Path) -> None:
    server = Embedded(folder / "var", durable=False)
    server.start()
    server.stop()
    (server.cluster / "PG_VERSION").write_text("15\n")
    with pytest.raises(
        PostgresError, match=r"written by PostgreSQL 15; this version brings PostgreSQL 18\. Dump"
    ):
        server.start()
    assert (server.cluster / "PG_VERSION").read_text() == "15\n"


def test_a_server_that_cannot_start_says_why(folder: Path) -> None:
    server = Embedded(folder / "var", durable=False)
    server.start()
    server.stop()
    broken = Embedded(folder / "var", settings={"shared_buffers": "a lot"})
    with pytest.raises(PostgresError, match="shared_buffers"):
        broken.start()
    assert not broken.answers()


@pytest.mark.skipif(not places.is_root(), reason="only root's PostgreSQL runs as another user")
def test_root_is_told_when_a_given_folder_cannot_be_reached(folder: Path) -> None:
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    with pytest.raises(
        PostgresError, match=r"cannot be reached by the user .* DATA_DIR=/var/lib/atoz-claims"
    ):
        Embedded(closed / "var").start()
    assert closed.stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(not places.is_root(), reason="only root's PostgreSQL runs as another user")
def test_a_closed_folder_given_as_data_dir_is_opened_for_passing_only(folder: Path) -> None:
    closed = folder / "var"
    closed.mkdir(mode=0o700)
    server = Embedded(closed, durable=False)
    server.start()
    try:
        assert server.answers()
        assert closed.stat().st_mode & 0o777 == 0o711
    finally:
        server.stop()


def test_a_root_checkout_in_a_closed_home_falls_back_to_the_state_folder(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "is_root", lambda: True)
    home = folder / "home"
    home.mkdir(mode=0o700)
    found = places.default_data_dir(home / "checkout")
    assert found == places.STATE_ROOT / places.digest(home / "checkout")
    home.chmod(0o711)
    assert places.default_data_dir(home / "checkout") == home / "checkout" / "var"


@pytest.mark.skipif(not places.is_root(), reason="only root's PostgreSQL runs as another user")
def test_binaries_root_alone_can_reach_are_copied_once_and_run(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reachable = places.reachable_by_others
    package = packaged_install().parent
    monkeypatch.setattr(places, "STATE_ROOT", folder / "state")
    monkeypatch.setattr(
        places, "reachable_by_others", lambda path: package not in path.parents and reachable(path)
    )
    server = Embedded(folder / "var", durable=False)
    server.start()
    try:
        assert server.answers()
        assert str(folder / "state") in Path(f"/proc/{server_pid(server)}/cmdline").read_text()
        made = sorted((folder / "state").iterdir())
        assert len(made) == 1
    finally:
        server.stop()
    server.start()
    server.stop()
    assert sorted((folder / "state").iterdir()) == made


def test_something_else_at_the_socket_is_not_taken_for_our_server(folder: Path) -> None:
    server = Embedded(folder / "var", durable=False)
    server.socket_dir.mkdir(parents=True)
    with socket.socket(socket.AF_UNIX) as other:
        other.bind(str(server.socket_dir / ".s.PGSQL.5432"))
        assert not server.answers()
