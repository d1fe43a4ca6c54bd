"""The door to the commands says what to do when nobody is home."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.running import ROOT

pytestmark = pytest.mark.slow


def test_a_command_without_its_database_says_how_to_start_it_and_prints_nothing_else(tmp_path: Path) -> None:
    environment = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "TEST_DATABASE_NAME")}
    done = subprocess.run(
        [sys.executable, "manage.py", "create_api_key", "--seller", "A1ACME", "--scopes", "all"],
        cwd=ROOT,
        env={**environment, "DATA_DIR": str(tmp_path / "var")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert "does not answer. Start it with `make run`" in done.stderr
    assert "Traceback" not in done.stderr
