"""What collectors look at and what they say: found, absent with the reason, or failed.

Nothing is guessed. «No signature on file» is evidence too, so what is absent is said in a sentence that can
be printed. A collector reads what shipping derived and what people handed in; it fetches nothing itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from claims.models import Claim, EvidenceItem
from claims.warning_text import absolute
from claims.words import EvidenceKind
from shipping.models import Shipment

FOUND, ABSENT, FAILED = "found", "absent", "failed"


@dataclass(frozen=True)
class Case:
    """All that a collector may look at: the claim, its parcels with events loaded, what was handed in."""

    claim: Claim
    shipments: Sequence[Shipment]
    evidence: Sequence[EvidenceItem]
    zone: str

    def when(self, moment: datetime) -> str:
        return absolute(moment, self.zone)


@dataclass(frozen=True)
class Found:
    """What one collector knows. `lines`: whole sentences for print; `facts`: the values they rest on."""

    kind: EvidenceKind
    status: str
    lines: tuple[str, ...] = ()
    facts: dict[str, Any] = field(default_factory=dict)
    reason: str = ""
    source: str = ""
    observed_at: datetime | None = None
    sha256: str = ""
    retryable: bool = False


class Collector(Protocol):
    """Looks for one kind of evidence. A new collector is a class of this shape and a line in `collectors`."""

    @property
    def name(self) -> str: ...

    @property
    def kind(self) -> EvidenceKind: ...

    def collect(self, case: Case) -> Found: ...


def absent(kind: EvidenceKind, reason: str) -> Found:
    return Found(kind, ABSENT, reason=reason)
