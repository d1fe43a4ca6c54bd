"""What every test gets: a clean cache, no way out of this machine, and the samples where they are."""

import os
import socket
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from django.core.cache import cache
from pytest_httpserver import HTTPServer

from claims.models import PolicyWindow
from claims.policy_rows import rows
from tests.running import open_folder

ALLOWED_SKIPS = ("SAMPLES_DIR", "only root's")
LOOPBACK = {"127.0.0.1", "::1", "localhost", "0.0.0.0", ""}


@pytest.fixture(autouse=True)
def _clean_cache() -> None:
    cache.clear()


@pytest.fixture(autouse=True)
def _own_files(settings: Any, tmp_path: Path) -> None:
    """Files that a test stores go with the test."""
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture(autouse=True)
def _no_outward_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that reaches for the internet fails and says where it wanted to go."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in {socket.AF_INET, socket.AF_INET6} and address[0] not in LOOPBACK:
            raise AssertionError(f"A test tried to connect to {address}.")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(autouse=True)
def _shipped_rows(request: pytest.FixtureRequest, _django_db_helper: None) -> None:
    """The rows that migrations ship, also after a test with real transactions, which ends by emptying all tables."""
    uses_database = request.node.get_closest_marker("django_db") or {"db", "transactional_db"} & set(
        request.fixturenames
    )
    if uses_database and not PolicyWindow.objects.exists():
        PolicyWindow.objects.bulk_create(PolicyWindow(**row) for row in rows())


@pytest.fixture
def samples() -> Path:
    """The folder of real samples; the test is skipped, visibly, where SAMPLES_DIR is unset."""
    if configured.SAMPLES_DIR is None:
        pytest.skip("SAMPLES_DIR is unset")
    folder: Path = configured.SAMPLES_DIR
    return folder


@pytest.fixture
def open_path() -> Iterator[Path]:
    """Like `tmp_path`, but a folder that root's PostgreSQL can reach."""
    with open_folder() as folder:
        yield folder


@pytest.fixture(scope="session")
def make_httpserver() -> Iterator[HTTPServer]:
    """The stub of a carrier. Threads: a slow answer must not hold up the next test."""
    with HTTPServer(threaded=True) as server:
        yield server


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """With REQUIRE_ALL set a test may be skipped for missing samples only, never for a missing program."""
    report = yield
    if report.skipped and os.environ.get("REQUIRE_ALL") and call.excinfo is not None:
        reason = str(call.excinfo.value)
        if not reason.startswith(ALLOWED_SKIPS):
            report.outcome = "failed"
            report.longrepr = f"REQUIRE_ALL is set, but this test was skipped: {reason}"
    return report
