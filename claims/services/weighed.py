"""A judgement as a bundle prints it. Pure: nothing in it depends on when it is made."""

from collections.abc import Iterable, Mapping
from typing import Any

from claims.bundle.content import Contradiction, Judged, Weighed
from claims.judgement.judging import Judgement
from claims.judgement.protection import Condition
from claims.judgement.strength import GRADE_WORDS
from shipping.models import Shipment


def printed_judgement(judgement: Judgement) -> Judged:
    """Everything but the advice, which is for the agent alone."""
    protection, strength = judgement.protection, judgement.strength
    coverage = protection.coverage
    return Judged(
        verdict=protection.verdict,
        conditions=tuple(_condition(row) for row in protection.conditions),
        coverage=(
            f"In this marketplace: order defect rate spared: {coverage.odr_protected}; Amazon pays: "
            f"{coverage.amazon_funds} ({coverage.source}, read {coverage.read_on:%Y-%m-%d})."
        ),
        grade=strength.grade or "",
        grade_text=GRADE_WORDS.get(strength.grade or "", ""),
        causes=tuple(Weighed(text=row.detail, fields=_fields(row.fields)) for row in strength.causes),
        risks=tuple(_condition(row) for row in protection.risks),
    )


def claim_contradictions(judgement: Judgement, shipments: Iterable[Shipment]) -> tuple[Contradiction, ...]:
    """Those that are not a parcel's own; a parcel's stay with it."""
    own = {(shipment.pk, row["code"]) for shipment in shipments for row in shipment.conflicts}
    return tuple(
        Contradiction(text=row.detail, code=row.code, fields=tuple(sorted(row.values)))
        for row in judgement.contradictions
        if (row.shipment, row.code) not in own
    )


def _condition(row: Condition) -> Weighed:
    return Weighed(text=row.detail, state=row.state, source=row.source, fields=_fields(row.fields))


def _fields(values: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(f"{name.replace('_', ' ')}: {_text(value)}" for name, value in sorted(values.items()))


def _text(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(
            f"{name} {_text(each)}" for name, each in sorted(value.items()) if each not in (None, "")
        )
    if isinstance(value, list | tuple):
        return ", ".join(_text(each) for each in value)
    return {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)
