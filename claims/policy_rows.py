"""The policy rows that ship: how long Amazon gives, where that was read, and when.

Facts of the day they were read, never constants of the code: a row counts while it is active, an owner may
switch another one on for his seller. `ANY` stands for a marketplace that is not in the table.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from claims.deadlines import DeadlineKind
from claims.marketplaces import MARKETPLACES

ANY = "*"
_READ_ON = date(2026, 11, 22)
_FROM = date(2000, 1, 1)
_ASKED = (DeadlineKind.RESPONSE, DeadlineKind.APPEAL_INFORMATION)
_HELP = "Seller Central help, answering A-to-z claims: answer within 48 hours"
_APPEAL = "Seller Central help, appealing A-to-z claims: 30 calendar days from the decision"
_ITALY = "APJ6JRA9NG5V4"
_US = "ATVPDKIKX0DER"


def rows() -> Iterator[dict[str, Any]]:
    """Every row as the values of a `PolicyWindow`."""
    for marketplace_id in MARKETPLACES:
        for kind in _ASKED:
            yield _row(marketplace_id, kind, hours=48, source=_HELP)
        yield _row(marketplace_id, DeadlineKind.APPEAL, calendar_days=30, source=_APPEAL)
    yield _row(ANY, DeadlineKind.APPEAL, calendar_days=30, source=_APPEAL)
    for kind in _ASKED:
        yield _row(
            _US, kind, hours=72, active=False, source="Newer US help pages: answer within 72 hours (sighting)"
        )
        yield _row(
            _ITALY,
            kind,
            calendar_days=3,
            active=False,
            source="Notice mail of amazon.it, 29 August 2026: «3 giorni di calendario» (sighting)",
        )


def _row(
    marketplace_id: str, kind: DeadlineKind, *, source: str, active: bool = True, **window: int
) -> dict[str, Any]:
    return {
        "seller": None,
        "marketplace_id": marketplace_id,
        "kind": kind.value,
        "effective_from": _FROM,
        "source": source,
        "source_date": date(2026, 8, 29) if "29 August 2026" in source else _READ_ON,
        "active": active,
        **window,
    }
