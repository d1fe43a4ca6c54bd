"""The embedded PostgreSQL: only the install of a Python wheel, driven by initdb and pg_ctl.

Everything is a pure function of DATA_DIR (places.py). Whether the server runs is decided by connecting to it.
As root, PostgreSQL runs as a user of its own which owns its folder and nothing else. Leaves to supervisor.py
when to start and stop.
"""

import contextlib
import pwd
import shutil
import stat
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from config import places
from config.database import EMBEDDED_NAME, EMBEDDED_USER
from config.oscommands import (
    MAJOR,
    PostgresError,
    is_postgres_in,
    own,
    reachable_install,
    run,
    run_on,
    server_user,
)

START_SECONDS = 60
LAUNCHES = 3


@dataclass(frozen=True)
class Embedded:
    """One embedded server. `durable=False` (tests only) turns fsync off."""

    data_dir: Path
    durable: bool = True
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def home(self) -> Path:
        """The only folder that belongs to the server's user."""
        return places.postgres_dir(self.data_dir)

    @property
    def cluster(self) -> Path:
        """PostgreSQL's own data folder."""
        return self.home / "data"

    @property
    def log(self) -> Path:
        """The server's log."""
        return self.home / "server.log"

    @property
    def command_log(self) -> Path:
        """What initdb and pg_ctl said."""
        return self.home / "commands.log"

    @property
    def socket_dir(self) -> Path:
        """Where the server listens; it has no network port."""
        return places.socket_dir(self.data_dir)

    def start(self) -> None:
        """Start the server, or do nothing when it answers already; make data and database when missing."""
        if self.answers():
            self._make_database()
            return
        user = server_user()
        install = reachable_install(user)
        self._make_folders(user)
        if not (self.cluster / "PG_VERSION").exists():
            self._make_cluster(install, user)
        self._refuse_other_major()
        self._write_configuration(user)
        self._launch(install, user)
        self._make_database()

    def stop(self, timeout_seconds: int = 20) -> None:
        """Stop the server at once but cleanly (open sessions are ended); nothing to do when it is not up."""
        if not (self.cluster / "postmaster.pid").exists():
            return
        user = server_user()
        command = ["pg_ctl", "-D", str(self.cluster), "-m", "fast", "-w", "-t", str(timeout_seconds), "stop"]
        run(reachable_install(user), command, user, log=self.command_log)

    def answers(self) -> bool:
        """Whether a server of ours answers at the socket."""
        try:
            with self._connect("postgres") as connection:
                row = connection.execute("SHOW data_directory").fetchone()
        except psycopg.OperationalError:
            return False
        return row is not None and Path(row[0]).resolve() == self.cluster.resolve()

    def _connect(self, database: str) -> psycopg.Connection[tuple[Any, ...]]:
        return psycopg.connect(
            host=str(self.socket_dir), user=EMBEDDED_USER, dbname=database, autocommit=True, connect_timeout=5
        )

    def _make_database(self) -> None:
        with self._connect("postgres") as connection:
            known = connection.execute(
                "SELECT 1 FROM pg_database WHERE datname = %s", [EMBEDDED_NAME]
            ).fetchone()
            if known is None:
                with contextlib.suppress(psycopg.errors.DuplicateDatabase):
                    connection.execute(f'CREATE DATABASE "{EMBEDDED_NAME}"')

    def _make_folders(self, user: pwd.struct_passwd | None) -> None:
        self.data_dir.mkdir(parents=True, exist_ok=True)
        if user is not None and not places.reachable_by_others(self.data_dir):
            self._let_through(user)
        for folder in (self.home, self.socket_dir):
            folder.mkdir(mode=0o700, exist_ok=True)
            own(folder, user)
            folder.chmod(0o700)

    def _let_through(self, user: pwd.struct_passwd) -> None:
        """DATA_DIR is the product's own and may be opened for passing; the folders above it are not."""
        if not places.reachable_by_others(self.data_dir.parent):
            raise PostgresError(
                f"DATA_DIR={self.data_dir} cannot be reached by the user {user.pw_name!r} that runs PostgreSQL "
                f"for root. Give a folder that others may enter, for example DATA_DIR={places.STATE_ROOT}, "
                "or leave DATA_DIR unset."
            )
        self.data_dir.chmod(self.data_dir.stat().st_mode | stat.S_IXGRP | stat.S_IXOTH)

    def _make_cluster(self, install: Path, user: pwd.struct_passwd | None) -> None:
        """Build under another name and publish by one rename, so that a killed initdb leaves no half cluster."""
        draft = self.home / "data.new"
        shutil.rmtree(draft, ignore_errors=True)
        options = ["--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-instructions", "--no-sync"]
        command = ["initdb", "-D", str(draft), "-U", EMBEDDED_USER, *options]
        if run(install, command, user, log=self.command_log) != 0:
            raise PostgresError(f"The database could not be made.\n{tail(self.command_log)}")
        draft.rename(self.cluster)

    def _refuse_other_major(self) -> None:
        found = (self.cluster / "PG_VERSION").read_text(encoding="ascii").strip()
        if found != MAJOR:
            raise PostgresError(
                f"{self.cluster} was written by PostgreSQL {found}; this version brings PostgreSQL {MAJOR}. "
                f"Dump it with the old version and restore it, or start with another DATA_DIR."
            )

    def _drop_stale_locks(self) -> None:
        """Lock files whose process is no postgres of this cluster (any more) would make the start fail."""
        for file in (self.cluster / "postmaster.pid", self.socket_dir / ".s.PGSQL.5432.lock"):
            try:
                pid = int(file.read_text(encoding="utf-8").splitlines()[0])
            except (FileNotFoundError, ValueError, IndexError):
                pid = 0
            if not is_postgres_in(pid, self.cluster):
                file.unlink(missing_ok=True)

    def _write_configuration(self, user: pwd.struct_passwd | None) -> None:
        values = {
            "listen_addresses": "",
            "unix_socket_directories": quoted_list_item(str(self.socket_dir)),
            "unix_socket_permissions": "0700",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "max_connections": "100",
            "shared_buffers": "64MB",
            **(
                {}
                if self.durable
                else {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off"}
            ),
            **self.settings,
        }
        included = self.cluster / "product.conf"
        lines = [f"{name} = '{value.replace(chr(39), chr(39) * 2)}'\n" for name, value in values.items()]
        included.write_text("".join(lines), encoding="utf-8")
        own(included, user)
        main = self.cluster / "postgresql.conf"
        include = "include = 'product.conf'\n"
        if include not in main.read_text(encoding="utf-8"):
            with main.open("a", encoding="utf-8") as file:
                file.write(include)

    def _launch(self, install: Path, user: pwd.struct_passwd | None) -> None:
        for _ in range(LAUNCHES):
            self._drop_stale_locks()
            if self._launch_once(install, user):
                return
            time.sleep(1)  # helpers of a killed server may still hold its memory
        raise PostgresError(f"PostgreSQL did not start; the end of {self.log}:\n{tail(self.log)}")

    def _launch_once(self, install: Path, user: pwd.struct_passwd | None) -> bool:
        """Start it and wait until it answers; False when it gave up."""
        pid = run_on(install, ["postgres", "-D", str(self.cluster)], user, log=self.log)
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end:
            if self.answers():
                return True
            if not is_postgres_in(pid, self.cluster) and not (self.cluster / "postmaster.pid").exists():
                return False  # it died, and nobody else is starting the same cluster
            time.sleep(0.05)
        return False


def quoted_list_item(value: str) -> str:
    """A folder name for a list setting, where blanks and commas would otherwise end it."""
    return '"' + value.replace('"', '""') + '"'


def tail(log: Path) -> str:
    """The end of a log, for an error message."""
    return log.read_text(encoding="utf-8", errors="replace")[-2000:] if log.exists() else ""
