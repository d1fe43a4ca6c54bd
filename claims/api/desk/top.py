"""What is the same on every page: who looks, in which zone, what waits, and whether the clocks are watched."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

from accounts.access import Caller, caller_of
from accounts.models import Seller
from accounts.selectors import sellers_visible_to
from claims.selectors.desk import COUNTED_AT_MOST, letters_waiting
from claims.selectors.health import engine_health

_WELL = "desk:clocks-are-watched"
_WELL_FOR_SECONDS = 5


@dataclass(frozen=True)
class Desk:
    """The person at the desk. Moments are shown in his own zone where he set one, else in the seller's."""

    caller: Caller
    now: datetime
    sellers: Mapping[str, Seller]
    waiting: str
    is_watched: bool

    @property
    def zone(self) -> str:
        """His own zone, else that of his only seller, else UTC."""
        own = self.caller.user.time_zone if self.caller.user is not None else ""
        if own:
            return own
        zones = {seller.time_zone for seller in self.sellers.values()}
        return zones.pop() if len(zones) == 1 else "UTC"

    def zone_of(self, seller: Any) -> str:
        """For what belongs to this seller (merchant token)."""
        own = self.caller.user.time_zone if self.caller.user is not None else ""
        known = self.sellers.get(str(seller))
        return own or (known.time_zone if known is not None else self.zone)

    def role_at(self, seller: Any) -> str:
        known = self.sellers.get(str(seller))
        return (self.caller.role(known.pk) or "") if known is not None else ""

    def may_write(self, seller: Any) -> bool:
        known = self.sellers.get(str(seller))
        return known is not None and self.caller.may_write(known.pk)

    def is_lead(self, seller: Any) -> bool:
        known = self.sellers.get(str(seller))
        return known is not None and self.caller.is_lead(known.pk)

    @property
    def may_write_somewhere(self) -> bool:
        return any(self.caller.may_write(seller.pk) for seller in self.sellers.values())

    @property
    def is_owner(self) -> bool:
        return any(self.caller.is_owner(seller.pk) for seller in self.sellers.values())

    @property
    def has_several(self) -> bool:
        return len(self.sellers) > 1


def desk_of(request: Any) -> Desk:
    """Three queries at most, whatever the page shows."""
    caller = caller_of(request)
    sellers = {row.merchant_token: row for row in sellers_visible_to(caller)} if caller.roles else {}
    waiting = letters_waiting(caller) if sellers else 0
    return Desk(
        caller=caller,
        now=timezone.now(),
        sellers=sellers,
        waiting=f"{waiting - 1}+" if waiting >= COUNTED_AT_MOST else str(waiting or ""),
        is_watched=_is_watched() if sellers else True,
    )


def _is_watched() -> bool:
    """As `/health/deadlines` sees it; asked at most every few seconds."""
    known: bool | None = cache.get(_WELL)
    if known is None:
        known = engine_health().is_well(sweep_every=timedelta(seconds=settings.SWEEP_SECONDS))
        cache.set(_WELL, known, _WELL_FOR_SECONDS)
    return known
