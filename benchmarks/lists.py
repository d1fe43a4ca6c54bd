"""How the lists grow: every list with 1,000 and with 100,000 claims of one seller, side by side in one run.

    python -m benchmarks.lists [--runs 60] [--few 1000] [--many 100000] [--only TEXT] [--explain]

Gives the measuring (`measuring.py`) an embedded PostgreSQL in a temporary folder, and takes both away again.
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


def measured(module: str, prefix: str) -> int:
    """Run a module of measuring on a database of its own and return its exit code: 0 when it kept its bound."""
    folder = Path(tempfile.mkdtemp(prefix=prefix))
    folder.chmod(0o755)  # the embedded server of a root runs as another user
    kept = {name: value for name, value in os.environ.items() if name not in NOT_INHERITED}
    environment = {**kept, "DATA_DIR": str(folder / "var"), "LOG_LEVEL": "ERROR"}
    server = Embedded(folder / "var", durable=False)
    signal.signal(
        signal.SIGTERM, lambda number, frame: sys.exit(128 + number)
    )  # so that `finally` is reached
    try:
        server.start()
        line = [sys.executable, "-m", module, *sys.argv[1:]]
        return subprocess.run(line, cwd=ROOT, env=environment, check=False).returncode
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(measured("benchmarks.measuring", "bench-lists-"))
