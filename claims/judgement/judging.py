"""`judge`: everything that a claim's facts amount to, in one value."""

from collections.abc import Sequence
from dataclasses import dataclass

from claims.judgement.advice import advice_for, misfits_of
from claims.judgement.contradictions import Contradiction, contradictions_of
from claims.judgement.grounds import Grounds
from claims.judgement.protection import Protection, protection_of
from claims.judgement.strength import Strength, strength_of


@dataclass(frozen=True)
class Judgement:
    """`advice` is for the agent and never part of a text for Amazon; `misfits` are numbers to be repaired."""

    protection: Protection
    contradictions: Sequence[Contradiction]
    strength: Strength
    advice: str
    misfits: Sequence[str]


def judge(grounds: Grounds) -> Judgement:
    """The same facts give the same judgement, whenever it is made."""
    protection = protection_of(grounds)
    strength = strength_of(grounds, protection)
    return Judgement(
        protection=protection,
        contradictions=contradictions_of(grounds),
        strength=strength,
        advice=advice_for(strength.grade),
        misfits=misfits_of(grounds.shipments),
    )
