"""pytest plug-in: starts the embedded PostgreSQL before Django reads its settings, and stops it at the end.

Loaded by `-p` in pyproject.toml. Honours DATABASE_URL: then nothing is started. Several pytest runs may go on
beside each other: they share one server in a fixed folder (so that a killed run leaves nothing that the next
does not take over) and each takes a database name of its own. The name carries a digest of the migrations, so
a reused database never has an old schema.
"""

import atexit
import base64
import fcntl
import hashlib
import os
import tempfile
from pathlib import Path
from typing import IO

from config import env, places, postgres

ROOT = Path(__file__).resolve().parent.parent
SLOTS = 16
APPS = ("accounts", "shipping", "claims")


def tests_data_dir() -> Path:
    """A fixed folder per checkout and user, outside the checkout because root's may be unreachable."""
    owner = f"{os.geteuid()}-{places.digest(ROOT)}"
    return Path(tempfile.gettempdir()) / f"atoz-claims-tests-{owner}"


def migrations_digest() -> str:
    """Changes with every migration that is added, changed or removed."""
    found = hashlib.sha256()
    for app in APPS:
        for file in sorted((ROOT / app / "migrations").glob("*.py")):
            found.update(file.name.encode() + b"\0" + file.read_bytes())
    return found.hexdigest()[:8]


def lock(path: Path, how: int) -> IO[str] | None:
    """The locked file, or None when another process holds it."""
    file = path.open("w")
    try:
        fcntl.flock(file, how)
    except BlockingIOError:
        file.close()
        return None
    return file


def start() -> None:
    """Give the run a data folder, a database server and a database name by environment variables."""
    data_dir = tests_data_dir()
    data_dir.mkdir(mode=0o755, exist_ok=True)
    # DATA_DIR of the person running the tests is left alone: nothing a test does may touch it.
    os.environ["DATA_DIR"] = str(data_dir)
    slot = next(
        taken
        for number in range(SLOTS)
        if (taken := lock(data_dir / f"slot-{number}", fcntl.LOCK_EX | fcntl.LOCK_NB))
    )
    number = Path(slot.name).name.removeprefix("slot-")
    os.environ["TEST_DATABASE_NAME"] = f"test_claims_{number}_{migrations_digest()}"
    atexit.register(slot.close)
    if env.text("DATABASE_URL") or env.text("DATABASE_URL_FILE"):
        # An outside database brings no secrets; the tests' own protect nothing.
        os.environ.setdefault("SECRET_KEY", "tests")
        os.environ.setdefault("ENCRYPTION_KEYS", base64.urlsafe_b64encode(bytes(32)).decode("ascii"))
        return
    server = postgres.Embedded(data_dir, durable=False)
    door = lock(data_dir / "door", fcntl.LOCK_EX)
    users = lock(data_dir / "users", fcntl.LOCK_SH)
    assert door is not None
    assert users is not None
    server.start()
    door.close()
    atexit.register(finish, server, users)


def finish(server: postgres.Embedded, users: IO[str]) -> None:
    """Stop the server unless another run still uses it."""
    door = lock(server.data_dir / "door", fcntl.LOCK_EX)
    users.close()
    if (alone := lock(server.data_dir / "users", fcntl.LOCK_EX | fcntl.LOCK_NB)) is not None:
        server.stop()
        alone.close()
    if door is not None:
        door.close()


if "PYTEST_XDIST_WORKER" not in os.environ and "TEST_DATABASE_NAME" not in os.environ:
    start()
