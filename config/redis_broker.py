"""Celery's way to Redis, so that a worker outlives its Redis.

kombu 5.7 may ask a channel for its server after the connection was taken from it: while a lost connection is being
closed unacknowledged messages are given back, and a task that ends then is acknowledged. It stumbles over the missing
connection with an AttributeError, which nobody expects, and the worker ends. Told as what it is, a lost connection,
it is expected everywhere, and the worker connects anew. Named by the setting CELERY_BROKER_TRANSPORT.
"""

from typing import Any

from kombu.transport import redis
from redis.exceptions import ConnectionError as ConnectionLost


class Channel(redis.Channel):
    """Says that its connection is lost instead of failing in any other way."""

    def _connparams(self, *args: Any, **kwargs: Any) -> Any:
        if self.connection is None or self.connection.client is None:
            raise ConnectionLost("The connection to Redis is closed.")
        return super()._connparams(*args, **kwargs)  # type: ignore[misc]  # the stubs leave it out


class Transport(redis.Transport):
    """kombu's, with the channel above."""

    Channel = Channel
