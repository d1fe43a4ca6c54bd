"""The scratch database: made beside the real one on the configured server, migrated, and dropped at the end."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection

PREFIX = "simulation_"


@contextmanager
def scratch_database() -> Iterator[str]:
    """While it lasts every connection of this process goes there. Raises CommandError where it cannot be made."""
    real = connection.settings_dict["NAME"]
    name = f"{PREFIX}{os.getpid()}_{secrets.token_hex(4)}"
    if real.startswith(PREFIX):
        raise CommandError(f"The configured database is called {real}; a simulation never touches that.")
    connection.close()
    _on_the_server(f'CREATE DATABASE "{name}"', "make")
    try:
        # what a power failure would lose is not what is simulated, and here every commit is one of a clock's
        _on_the_server(f'ALTER DATABASE "{name}" SET synchronous_commit = off', "set up")
        _use(name)
        call_command("migrate", verbosity=0)
        yield name
    finally:
        _use(real)
        _on_the_server(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)', "drop")


def _on_the_server(sql: str, what: str) -> None:
    try:
        with connection._nodb_cursor() as cursor:
            cursor.execute(sql)
    except DatabaseError as error:
        raise CommandError(
            f"Cannot {what} a scratch database on the configured server, so nothing is simulated. The database's "
            f"user needs the right CREATEDB. ({str(error).splitlines()[0]})"
        ) from error


def _use(name: str) -> None:
    connection.close()
    connection.settings_dict["NAME"] = name
    settings.DATABASES["default"]["NAME"] = name
