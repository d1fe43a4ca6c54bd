"""The shared cache, which nothing may depend on: while Redis is away, nothing is found and nothing is kept."""

import logging
from collections.abc import Callable
from typing import Any, TypeVar

from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import ConnectionError as RedisIsAway
from redis.exceptions import TimeoutError as RedisIsSlow

logger = logging.getLogger(__name__)
T = TypeVar("T")


class PatientRedisCache(RedisCache):
    """What the product uses of a cache, answered as an empty one while Redis is away."""

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return _or(default, lambda: super(PatientRedisCache, self).get(key, default, version))

    def set(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        _or(None, lambda: super(PatientRedisCache, self).set(key, value, timeout, version))

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return _or(False, lambda: super(PatientRedisCache, self).add(key, value, timeout, version))

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        """Raises ValueError where there is no such key, as ever."""
        found = _or(None, lambda: super(PatientRedisCache, self).incr(key, delta, version))
        if found is None:
            raise ValueError(f"Key {key!r} not found")
        return found

    def delete(self, key: Any, version: int | None = None) -> bool:
        return _or(False, lambda: super(PatientRedisCache, self).delete(key, version))


def _or(otherwise: T, ask: Callable[[], T]) -> T:
    try:
        return ask()
    except (RedisIsAway, RedisIsSlow) as error:
        logger.warning("The cache is away: %s", error)
        return otherwise
