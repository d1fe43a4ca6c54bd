"""`manage.py start`: database, migrations, demo data, then web, worker and beat on one terminal.

The steps and their order are here; keeping processes alive is config/supervisor.py, PostgreSQL is
config/postgres.py.
"""

import errno
import fcntl
import http.client
import os
import socket
import sys
from argparse import ArgumentParser
from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from accounts.models import Seller, User
from config import broker, leftovers, places
from config.oscommands import PostgresError
from config.postgres import Embedded
from config.supervisor import Child, Supervisor, say

QUIET_PYTHON = "ignore::UserWarning:celery.platforms"


class Command(BaseCommand):
    """Start everything; Ctrl-C stops everything."""

    help = "Runs the whole product on this terminal: database, web, worker and beat. Ctrl-C stops it."

    requires_system_checks = ["configuration"]  # all others cost a second and run in the worker

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--no-demo", action="store_true", help="leave an empty database empty")

    def handle(self, *args: Any, **options: Any) -> None:
        supervisor = Supervisor(children_of_the_house(), ["beat", "web", "worker"], child_environment())
        supervisor.watch_signals()
        lock = take_lock(settings.DATA_DIR)
        ended = leftovers.end_marked(house_mark())
        if ended:
            say(f"ended {ended} processes that a killed start had left")
        refuse_taken_port(settings.HOST, settings.PORT)
        server = Embedded(settings.DATA_DIR) if settings.DATABASE_EMBEDDED else None
        try:
            if server is not None:
                say_place()
                server.start()
            is_new = prepare_database()
            wants_demo = is_new and server is not None and not options["no_demo"]
            opening = Opening(demo() if wants_demo else None, supervisor.environment)
            try:
                code = supervisor.run(opening.take_turn)
            finally:
                opening.stop()
        except PostgresError as error:
            raise CommandError(str(error)) from error
        finally:
            if server is not None:
                server.stop()
            lock.close()
        say("stopped")
        if code:
            sys.exit(code)


def take_lock(data_dir: Path) -> IO[str]:
    """Only one start per data folder; the lock ends with the process however it ends."""
    data_dir.mkdir(parents=True, exist_ok=True)
    file = (data_dir / "start.lock").open("w")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise CommandError(f"Another start already runs on {data_dir}. Stop it, or set DATA_DIR.") from error
    return file


def refuse_taken_port(host: str, port: int) -> None:
    """Said before anything is started."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                raise CommandError(f"{host}:{port} cannot be used: {error.strerror}.") from error
            raise CommandError(f"Port {port} is taken by another program; choose one: PORT=8001.") from error


def say_place() -> None:
    """Where the data is, when it is not where one would look."""
    if not settings.DATA_DIR_GIVEN and settings.DATA_DIR != settings.BASE_DIR / "var":
        say(f"other users cannot enter {settings.BASE_DIR}, so the data is in {settings.DATA_DIR}")


def prepare_database() -> bool:
    """Apply migrations; True when nobody has put anything into the database yet."""
    call_command("migrate", verbosity=0, interactive=False)
    is_new = not (Seller.objects.exists() or User.objects.exists())
    connections.close_all()
    return is_new


def demo() -> Child:
    """Fills an empty database beside the running web; prints credentials."""
    manage = str(settings.BASE_DIR / "manage.py")
    return Child("demo", [sys.executable, manage, "load_demo", "--let-warn", str(3 * settings.SWEEP_SECONDS)])


def house_mark() -> str:
    """Tells this installation's processes from another's."""
    return places.digest(settings.DATA_DIR)


def child_environment() -> dict[str, str]:
    """The children see the same places, whatever folder they run in."""
    return {
        **os.environ,
        leftovers.MARK: house_mark(),
        "DATA_DIR": str(settings.DATA_DIR),
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "PYTHONPATH": os.pathsep.join(
            filter(None, [str(settings.BASE_DIR), os.environ.get("PYTHONPATH", "")])
        ),
        "PYTHONUNBUFFERED": "1",
        "PYTHONWARNINGS": QUIET_PYTHON,
    }


def children_of_the_house() -> list[Child]:
    """Web, worker and beat, in the order they start."""
    python = [sys.executable, "-m"]
    web = [
        *(*python, "granian", "--interface", "wsgi", "config.wsgi:application"),
        *("--host", settings.HOST, "--port", str(settings.PORT), "--no-ws"),
        *("--workers", str(settings.WEB_WORKERS), "--blocking-threads", str(settings.WEB_THREADS)),
        *("--workers-kill-timeout", "5", "--respawn-failed-workers", "--log-level", "error"),
    ]
    celery = [*python, "celery", "--app", "config", "--quiet"]
    worker = [
        *(
            *celery,
            "worker",
            "--hostname",
            "worker@atoz-claims",
            "--concurrency",
            str(settings.WORKER_CONCURRENCY),
        ),
        *("--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "WARNING"),
    ]
    beat = [*celery, "beat", "--pidfile=", "--max-interval", "1", "--loglevel", "WARNING"]
    return [
        Child("web", web, is_ready=answers),
        Child("worker", worker, before=lambda: broker.restore(settings.BROKER_DIR)),
        Child("beat", beat),
    ]


class Opening:
    """What is still to do once the children run: wait for the web, load the demo, say the address."""

    def __init__(self, demo_loader: Child | None, environment: Mapping[str, str]) -> None:
        self.demo_loader = demo_loader
        self.environment = environment
        self.is_done = False

    def take_turn(self) -> None:
        """One look, without waiting."""
        if self.is_done:
            return
        loader = self.demo_loader
        if loader is not None and loader.process is None:
            if answers():
                loader.start(self.environment)
        elif loader.has_ended() if loader is not None else answers():
            say(f"open {settings.BASE_URL}/ in a browser; Ctrl-C stops everything")
            self.is_done = True

    def stop(self) -> None:
        """End a demo that is still being loaded."""
        if self.demo_loader is not None:
            self.demo_loader.stop()


def answers() -> bool:
    """Whether the web says that it lives."""
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.HOST, settings.HOST)  # noqa: S104
    connection = http.client.HTTPConnection(host, settings.PORT, timeout=2)
    try:
        connection.request("GET", "/health/live", headers={"Host": "localhost"})
        return connection.getresponse().status == HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
