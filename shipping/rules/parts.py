"""What comparing one part of an address or of a name says, and how it came to that. Pure words."""

from dataclasses import dataclass
from typing import Final

MATCH: Final = "match"
MISMATCH: Final = "mismatch"
NOT_STATED: Final = "not_stated"


@dataclass(frozen=True, slots=True)
class Compared:
    """`result` is match, mismatch or not_stated; `how` names the rule that decided, for whoever checks it."""

    result: str
    how: str
