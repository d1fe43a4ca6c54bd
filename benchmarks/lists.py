"""How the lists grow: every list with 1,000 and with 100,000 claims of one seller, side by side in one run.

    python -m benchmarks.lists [--runs 60] [--few 1000] [--many 100000] [--only TEXT] [--explain]

Gives the measuring (`measuring.py`) an embedded PostgreSQL in a temporary folder, and takes both away again.
"""

import subprocess
import sys

from benchmarks.house import ROOT, house


def measured(module: str, name: str) -> int:
    """Run a module of measuring on a database of its own and return its exit code: 0 when it kept its bound."""
    with house(name, durable=False) as environment:
        line = [sys.executable, "-m", module, *sys.argv[1:]]
        return subprocess.run(line, cwd=ROOT, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(measured("benchmarks.measuring", "bench-lists"))
