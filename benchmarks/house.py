"""A PostgreSQL, and where asked for a Redis, of a measurement's own: in a temporary folder, taken away again.

PostgreSQL is the product's embedded one. Durable, it runs with fsync, full_page_writes and synchronous_commit on.
"""

import base64
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config import places
from config.postgres import Embedded

ROOT = Path(__file__).resolve().parent.parent
NOT_INHERITED = ("DATABASE_URL", "DATABASE_URL_FILE", "REDIS_URL", "REDIS_URL_FILE", "TEST_DATABASE_NAME")
REDIS_SECONDS = 10


@contextmanager
def house(
    name: str, *, durable: bool, redis: bool = False, settings: dict[str, str] | None = None
) -> Iterator[dict[str, str]]:
    """The environment for `manage.py` and the measuring; an embedded database inside is empty."""
    folder = Path(tempfile.mkdtemp(prefix=f"{name}-"))
    folder.chmod(0o755)  # the embedded server of a root runs as another user
    environment = {key: value for key, value in os.environ.items() if key not in NOT_INHERITED}
    environment |= {"DATA_DIR": str(folder / "var"), "LOG_LEVEL": "ERROR"}
    server = Embedded(folder / "var", durable=durable, settings=settings or {})
    broker = None
    signal.signal(
        signal.SIGTERM, lambda number, frame: sys.exit(128 + number)
    )  # so that `finally` is reached
    try:
        if redis:
            port = free_port()
            broker = _redis(folder, port)
            environment["REDIS_URL"] = f"redis://127.0.0.1:{port}/0"
        environment["ENCRYPTION_KEYS"] = base64.urlsafe_b64encode(os.urandom(32)).decode()
        environment |= {"SECRET_KEY": os.urandom(32).hex(), "OPERATOR_EMAIL": "operator@example.com"}
        server.start()
        yield environment
    finally:
        server.stop()
        if broker is not None:
            broker.terminate()
            broker.wait(REDIS_SECONDS)
        shutil.rmtree(folder, ignore_errors=True)


def database_url(environment: dict[str, str], name: str) -> str:
    """Another database on the embedded server, for DATABASE_URL."""
    return f"postgresql://postgres@/{name}?host={places.socket_dir(Path(environment['DATA_DIR']))}"


def free_port() -> int:
    """A port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _redis(folder: Path, port: int) -> "subprocess.Popen[bytes]":
    """Without files: what is queued is only a nudge."""
    options = ["--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    broker = subprocess.Popen(["redis-server", *options], stdout=subprocess.DEVNULL)
    ends_at = time.monotonic() + REDIS_SECONDS
    while time.monotonic() < ends_at:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return broker
        time.sleep(0.05)
    broker.kill()
    raise SystemExit("redis-server does not answer.")
