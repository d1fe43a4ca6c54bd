"""When to ask a source about a parcel again, and why. Pure: the plan follows from facts and the moment alone.

More often near delivery and while somebody waits, less often where a quota is short, not at all once nothing new
can come. The proof is asked for some hours after delivery, when carriers have it, and again while somebody waits,
since they forget it (after 90 to 120 days).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from shipping.vocabulary import DELIVERED, Leg, ParcelStatus

PROOF_AFTER: Final = timedelta(hours=3)
PROOF_AGAIN: Final = timedelta(hours=24)
PROOF_UNTIL: Final = timedelta(days=5)
LAST_LOOK: Final = timedelta(hours=72)
NEAR: Final = timedelta(hours=36)
WATCHED: Final = timedelta(hours=1)
WATCHED_AND_SETTLED: Final = timedelta(hours=24)
UNSEEN_LONG: Final = timedelta(days=10)
FIRST_RETRY: Final = timedelta(minutes=5)
LONGEST_RETRY: Final = timedelta(hours=6)
_ORDINARY: Final = timedelta(hours=6)
EVERY: Final[Mapping[str, timedelta]] = MappingProxyType(
    {
        ParcelStatus.LABEL_CREATED: timedelta(hours=12),
        ParcelStatus.OUT_FOR_DELIVERY: timedelta(hours=1),
        ParcelStatus.DELIVERY_ATTEMPTED: timedelta(hours=3),
        ParcelStatus.AVAILABLE_FOR_PICKUP: timedelta(hours=6),
        ParcelStatus.EXCEPTION: timedelta(hours=4),
        ParcelStatus.RETURNING: timedelta(hours=12),
    }
)
"""How often while it is so; everything else on its way every six hours."""
_SETTLED: Final = frozenset(
    {ParcelStatus.RETURNED_TO_SENDER, ParcelStatus.CANCELLED, ParcelStatus.LOST, *DELIVERED}
)


@dataclass(frozen=True, slots=True)
class Situation:
    """What the plan looks at. `began_at`: shipped, else made known here. `spread` is from 0 to 1, the parcel's own.

    `last_asked_at` is empty where the parcel never had its turn, also because the account had to rest.
    """

    status: str
    leg: str
    began_at: datetime
    deliver_by: datetime | None = None
    delivered_at: datetime | None = None
    watched_until: datetime | None = None
    last_asked_at: datetime | None = None
    failures: int = 0
    proof_asked_at: datetime | None = None
    spread: float = 0.0


@dataclass(frozen=True, slots=True)
class Asking:
    """What a source allows; see `sources.shape.Terms`."""

    memory: timedelta
    least_between: timedelta
    has_proof: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """`at` is None where there is nothing more to ask; `reason` is for people."""

    at: datetime | None
    reason: str
    is_urgent: bool = False


def plan(parcel: Situation, asking: Asking, *, now: datetime) -> Plan:
    """When to ask next. Never in the past: what is due already is due now."""
    watched = is_watched(parcel, now)
    if now > parcel.began_at + asking.memory:
        return Plan(None, f"The source keeps nothing longer than {asking.memory.days} days.")
    if parcel.failures:
        pause = backoff(parcel.failures, parcel.spread)
        return Plan((parcel.last_asked_at or now) + pause, "Asking failed; tried again later.", watched)
    if parcel.last_asked_at is None:
        return Plan(now, "Never asked.", watched)
    if (proof := _proof(parcel, asking, now=now)) is not None:
        return proof
    if parcel.status in _SETTLED:
        return _settled(parcel, asking, watched=watched)
    every, why = _every(parcel, now=now)
    if watched and every > WATCHED:
        every, why = WATCHED, "Somebody waits for news."
    every = max(every, asking.least_between) * (1 + 0.1 * parcel.spread)
    return Plan(max(parcel.last_asked_at + every, now), why, watched)


def is_watched(parcel: Situation, now: datetime) -> bool:
    return parcel.watched_until is not None and parcel.watched_until > now


def backoff(failures: int, spread: float = 0.0) -> timedelta:
    """5, 10, 20 minutes … up to six hours, and up to a half more by lot."""
    grown: timedelta = min(FIRST_RETRY * 2 ** min(failures - 1, 10), LONGEST_RETRY)
    return grown * (1 + 0.5 * spread)


def wants_proof(parcel: Situation, asking: Asking, *, now: datetime) -> bool:
    """Whether the next question is also for the document."""
    due = _proof_due(parcel, asking, now=now)
    return due is not None and due <= now


def _proof_due(parcel: Situation, asking: Asking, *, now: datetime) -> datetime | None:
    """The first time some hours after delivery; daily for some days, and again as long as somebody waits."""
    at = parcel.delivered_at
    if not asking.has_proof or at is None or parcel.status not in DELIVERED or parcel.leg == Leg.RETURN:
        return None
    asked = parcel.proof_asked_at
    if asked is None or asked < at + PROOF_AFTER:
        return at + PROOF_AFTER
    if asked < at + PROOF_UNTIL - PROOF_AGAIN or is_watched(parcel, now):
        return asked + PROOF_AGAIN
    return None


def _proof(parcel: Situation, asking: Asking, *, now: datetime) -> Plan | None:
    due = _proof_due(parcel, asking, now=now)
    if due is None:
        return None
    return Plan(max(due, now), "The proof of delivery is to be fetched.", is_urgent=True)


def _settled(parcel: Situation, asking: Asking, *, watched: bool) -> Plan:
    asked = parcel.last_asked_at
    assert asked is not None
    if watched:
        return Plan(asked + max(WATCHED_AND_SETTLED, asking.least_between), "Somebody waits for news.", True)
    ended = parcel.delivered_at or asked
    if asked < ended + PROOF_AFTER:
        return Plan(ended + PROOF_AFTER, "Carriers add to a delivery for some hours.")
    if asked < ended + LAST_LOOK and parcel.delivered_at is not None:
        return Plan(ended + LAST_LOOK, "A last look after delivery.")
    return Plan(None, "Nothing more is to come.")


def _every(parcel: Situation, *, now: datetime) -> tuple[timedelta, str]:
    own = EVERY.get(parcel.status)
    if own is not None:
        return own, f"It is {ParcelStatus(parcel.status).label.lower()}."
    age = now - parcel.began_at
    if parcel.status in (ParcelStatus.NOT_FOUND, ParcelStatus.UNKNOWN) and age > UNSEEN_LONG:
        return timedelta(hours=24), "Nothing was heard of it for long."
    if parcel.deliver_by is not None and abs(parcel.deliver_by - now) < NEAR:
        return timedelta(hours=2), "Its delivery is near."
    return _ORDINARY, "On its way."
