"""What the derivation has found so far, for those who compare it: contradictions and gaps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from shipping.reading import Place
from shipping.rules.lines import Line, Word
from shipping.rules.names import NameMatch
from shipping.rules.order_facts import Known
from shipping.vocabulary import SignerKind


@dataclass(frozen=True, slots=True)
class Findings:
    """Named as the facts are; `recorded` is the name on file even where it proves nothing.

    `words` are those of carriers and intermediaries; what answers say of the order is in `order`.
    """

    lines: Sequence[Line]
    words: Sequence[Word]
    status: str
    delivery: Line | None
    place: Place
    recorded: str
    kind: SignerKind
    first_scan: Line | None
    scan: dict[str, Any]
    match: Mapping[str, str]
    names: NameMatch
    ship_to: Mapping[str, Any]
    shipped_at: datetime | None
    required: bool | None
    number_check: Mapping[str, Any]
    carrier: str
    order: Mapping[str, Known]
    other_orders: Sequence[str]
    documents: list[dict[str, Any]]
