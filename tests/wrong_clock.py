"""A clock that is wrong, for whatever program a test starts with it.

libfaketime stands between the program and its clock; what it reads from a file is added. The monotonic clock goes
on, as it does when a machine's time is set.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.running import ROOT, open_folder

#: libfaketime 0.9.10 fails the call that Python's own sleep makes (clock_nanosleep until a monotonic moment).
OTHER_SLEEP = """
import select, time
time.sleep = lambda seconds: select.select([], [], [], seconds) and None
"""
LIBRARIES = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))


@dataclass(frozen=True)
class Wrist:
    """A clock that tells the time a little off, for whatever program is started with `environment`."""

    file: Path

    @property
    def environment(self) -> dict[str, str]:
        return {
            "LD_PRELOAD": str(LIBRARIES[0]),
            "FAKETIME_TIMESTAMP_FILE": str(self.file),
            "FAKETIME_CACHE_DURATION": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }

    @property
    def python_environment(self) -> dict[str, str]:
        return {**self.environment, "PYTHONPATH": f"{self.file.parent}:{ROOT}"}

    def set(self, off: str) -> None:
        """As libfaketime reads it: `+1h`, `-1h`, `+0`."""
        draft = self.file.with_suffix(".draft")
        draft.write_text(off)
        draft.chmod(0o644)
        draft.rename(self.file)


@contextmanager
def running_wrist() -> Iterator[Wrist]:
    """Right at first. Skips the test where libfaketime is missing."""
    if not LIBRARIES:
        pytest.skip("faketime is missing")
    with open_folder() as folder:
        (folder / "sitecustomize.py").write_text(OTHER_SLEEP)
        found = Wrist(folder / "off")
        found.set("+0")
        yield found
