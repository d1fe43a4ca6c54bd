"""The collector of what only a person or an integration can hand in."""

from dataclasses import dataclass

from claims.evidence.case import FOUND, Case, Found, absent
from claims.models import EvidenceItem
from claims.words import EvidenceKind


@dataclass(frozen=True)
class HandedInCollector:
    """What only a person or an integration can hand in: the newest item of the kind stands for it."""

    kind: EvidenceKind
    name: str = "handed_in"

    def collect(self, case: Case) -> Found:
        items = [item for item in case.evidence if item.kind == self.kind]
        if not items:
            return absent(self.kind, "Nothing handed in yet.")
        return Found(
            self.kind,
            FOUND,
            tuple(f"{item.name}, handed in by {item.source}{_observed_text(item, case)}." for item in items),
            {"items": [item.pk for item in items]},
            source=items[-1].source,
            observed_at=items[-1].observed_at,
            sha256=items[-1].sha256,
        )


def _observed_text(item: EvidenceItem, case: Case) -> str:
    return f", observed {case.when(item.observed_at)}" if item.observed_at else ""
