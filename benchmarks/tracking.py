"""How long one parcel takes: 50 events parsed and merged, pure and with the database beside it.

    python -m benchmarks.tracking [--runs 200] [--events 50]

Starts an empty embedded PostgreSQL in a temporary folder for the second part, and takes it away again.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from config.postgres import Embedded

ROOT = Path(__file__).resolve().parent.parent
NOT_INHERITED = ("DATABASE_URL", "DATABASE_URL_FILE", "REDIS_URL", "REDIS_URL_FILE", "TEST_DATABASE_NAME")


def main() -> int:
    """Returns the measuring's exit code: 0 when every figure kept within its bound."""
    folder = Path(tempfile.mkdtemp(prefix="bench-tracking-"))
    folder.chmod(0o755)  # the embedded server of a root runs as another user
    kept = {name: value for name, value in os.environ.items() if name not in NOT_INHERITED}
    environment = {**kept, "DATA_DIR": str(folder / "var"), "LOG_LEVEL": "ERROR"}
    server = Embedded(folder / "var", durable=False)
    signal.signal(
        signal.SIGTERM, lambda number, frame: sys.exit(128 + number)
    )  # so that `finally` is reached
    try:
        server.start()
        line = [sys.executable, "-m", "benchmarks.parcels", *sys.argv[1:]]
        return subprocess.run(line, cwd=ROOT, env=environment, check=False).returncode
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
