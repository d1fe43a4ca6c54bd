"""Servers for the fault tests, the choice of what runs when, and the table at the end.

The whole table is marked `faults` and runs only where that is asked for (`make faults`).
"""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from config.postgres import Embedded
from tests.faults.installation import SILENT_AT_MOST_SECONDS, Installation, environment, installed
from tests.faults.receiver import running_receiver, taking
from tests.faults.servers import Postgres, Redis, running_redis
from tests.faults.table import Row, lines, properties
from tests.running import ROOT, open_folder

TEMPLATE = "claims"
Build = Callable[..., Installation]
Record = Callable[[Row], None]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Minutes of killing are not for every run of the suite."""
    if "faults" in config.option.markexpr:
        return
    whole_table = [item for item in items if item.get_closest_marker("faults")]
    if whole_table:
        config.hook.pytest_deselected(items=whole_table)
        items[:] = [item for item in items if item not in whole_table]


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A migrated, empty cluster; each fault gets a copy of its database."""
    with open_folder() as folder:
        found = Postgres(Embedded(folder / "var"))
        found.server.start()
        try:
            values = environment(
                folder, DATABASE_URL=found.url(TEMPLATE), SECRET_KEY="faults", ENCRYPTION_KEYS="0" * 43 + "="
            )
            line = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
            ran = subprocess.run(line, env=values, cwd=ROOT, capture_output=True, text=True, check=False)
            assert ran.returncode == 0, ran.stderr
            yield found
        finally:
            found.server.stop()


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[Redis]:
    if shutil.which("redis-server") is None:
        pytest.skip("redis-server is missing")
    with running_redis(tmp_path) as server:
        yield server


@pytest.fixture
def build(postgres: Postgres, redis: Redis, tmp_path: Path) -> Iterator[Build]:
    """Makes an installation with a receiver; its settings by name."""
    with ExitStack() as stack:

        def built(**settings: str) -> Installation:
            receiver = stack.enter_context(running_receiver(taking()))
            made = installed(tmp_path, postgres, redis, receiver, template=TEMPLATE, **settings)
            return stack.enter_context(made)

        yield built


@pytest.fixture
def record(request: pytest.FixtureRequest) -> Record:
    """Demands what every fault must keep, and keeps the row for the table."""

    def recorded(row: Row) -> None:
        request.node.user_properties.append(("fault", properties(row)))
        assert (row.arrived, row.lost) == (row.due, 0)
        assert row.repeats == row.expected
        assert row.until_503 is None or row.until_503 <= SILENT_AT_MOST_SECONDS

    return recorded


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    rows = [
        value
        for reports in terminalreporter.stats.values()
        for report in reports
        if getattr(report, "when", "") == "call"
        for name, value in report.user_properties
        if name == "fault"
    ]
    if rows:
        terminalreporter.section("faults")
        for line in lines(rows):
            terminalreporter.write_line(line)
