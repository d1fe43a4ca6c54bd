"""Counting failures, so that guessing a password becomes slow. Kept in Django's cache, no rows.

With the default per-process cache each web process counts on its own; a shared cache makes it one count.
"""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from django.core.cache import cache


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


SIGN_IN = FailureLimit(name="sign-in", most=10, within=timedelta(minutes=5))
