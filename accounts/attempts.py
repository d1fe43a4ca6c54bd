"""Counting failures, so that guessing passwords or keys becomes slow. Kept in Django's cache, no rows.

With the default per-process cache each web process counts on its own; a shared cache makes it one count.
"""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class FailureLimit:
    """At most `most` failures per `within`, counted per name and subject."""

    name: str
    most: int
    within: timedelta

    def _slot(self, subject: str) -> str:
        return f"failures:{self.name}:{hashlib.sha256(subject.encode()).hexdigest()}"

    def is_reached(self, subject: str) -> bool:
        count = cache.get(self._slot(subject), 0)
        return bool(count >= self.most)

    def count_failure(self, subject: str) -> None:
        slot = self._slot(subject)
        if cache.add(slot, 1, timeout=self.within.total_seconds()):
            return
        try:
            cache.incr(slot)
        except ValueError:
            # It ran out between the two calls: this is the first failure of a new span.
            cache.add(slot, 1, timeout=self.within.total_seconds())

    def forget(self, subject: str) -> None:
        cache.delete(self._slot(subject))


def address_of(request: HttpRequest) -> str:
    """Where the request comes from: what the installation's own proxy says last, else the connection."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.BEHIND_PROXY else ""
    return forwarded.rpartition(",")[2].strip() or str(request.META.get("REMOTE_ADDR", ""))


SIGN_IN = FailureLimit(name="sign-in", most=10, within=timedelta(minutes=5))
BAD_KEY = FailureLimit(name="bad-key", most=60, within=timedelta(minutes=1))
