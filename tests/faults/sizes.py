"""How much is due, and by which settings, in the whole table and in the short form that belongs to the suite."""

from dataclasses import dataclass, field

import pytest


@dataclass(frozen=True)
class Size:
    """`count` warnings become due within `over_seconds`; the fault comes when `at` of them have arrived."""

    count: int
    over_seconds: float
    at: int
    settings: dict[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return str(self.count)


FULL = Size(2000, 12, 300)
SHORT = Size(200, 3, 40, {"SWEEP_SECONDS": "1", "DELIVERY_LEASE_SECONDS": "5"})

full = pytest.param(FULL, marks=pytest.mark.faults, id="full")
short = pytest.param(SHORT, marks=pytest.mark.slow, id="short")
