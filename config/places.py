"""Where the embedded installation keeps its things: pure functions of DATA_DIR, the user and the machine.

Creates and changes nothing, so settings may call it; starting PostgreSQL there is postgres.py's part.
"""

import hashlib
import os
import stat
import tempfile
from pathlib import Path

SOCKET_DIR_MAX_BYTES = 83  # "/.s.PGSQL.5432" and a temporary suffix must still fit a socket's 103..107 bytes
STATE_ROOT = Path("/var/lib/atoz-claims")


def is_root() -> bool:
    """PostgreSQL refuses to run as root, so root needs folders another user can reach."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def reachable_by_others(path: Path) -> bool:
    """Whether every existing folder down to `path` lets any user through."""
    for folder in [*reversed(path.parents), path]:
        try:
            mode = folder.stat().st_mode
        except FileNotFoundError:
            return True
        if not mode & stat.S_IXOTH:
            return False
    return True


def digest(path: Path) -> str:
    """A short stable name for a path."""
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


def default_data_dir(checkout: Path) -> Path:
    """`var` in the checkout; for a root whose checkout other users cannot reach, a state folder of its own."""
    if is_root() and not reachable_by_others(checkout):
        return STATE_ROOT / digest(checkout)
    return checkout / "var"


def postgres_dir(data_dir: Path) -> Path:
    """The only folder handed to the user that runs PostgreSQL: data, log and configuration."""
    return data_dir / "postgres"


def socket_dir(data_dir: Path) -> Path:
    """The folder of the server's socket: in DATA_DIR, or in the temporary folder when that path is too long."""
    near = postgres_dir(data_dir) / "socket"
    if len(os.fsencode(near)) <= SOCKET_DIR_MAX_BYTES:
        return near
    owner = os.geteuid() if hasattr(os, "geteuid") else 0
    return Path(tempfile.gettempdir()) / f"atoz-claims-{owner}-{digest(data_dir)}"
