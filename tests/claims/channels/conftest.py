"""What the tests of senders share: a message, a sink, and pools that may go to it."""

import ssl
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from urllib3 import PoolManager

from accounts.channels.connections import new_pools
from accounts.signatures import new_signing_secret
from claims.channels.sending import Outgoing
from claims.channels.webhook import WebhookSender
from tests.claims.channels.sink import Sink, running_sink

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
SECRET = new_signing_secret()


def message(number: int = 1, **changes: Any) -> Outgoing:
    return Outgoing(
        **{
            "id": f"warning-{number}-1-abc",
            "type": "warning",
            "occurred_at": NOW,
            "subject": "4 h 0 min left: answer Amazon's request, order 303-1234567-1234567",
            "body": "Answer Amazon's request: 4 h 0 min left.\n\nOpen it: https://claims.example.com/1/\n",
            "url": "https://claims.example.com/api/v1/claims/1/",
            "facts": {"stage": "4h", "buyer": "Jürgen 李"},
            **changes,
        }
    )


def nobody_trusted() -> ssl.SSLContext:
    """For plain HTTP; reading every authority of the world takes its time."""
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


@pytest.fixture
def sink() -> Iterator[Sink]:
    with running_sink() as running:
        yield running


@pytest.fixture
def pools() -> Iterator[PoolManager]:
    made = new_pools(allow_private=True, trusted=nobody_trusted)
    yield made
    made.clear()


@pytest.fixture
def webhook(sink: Sink, pools: PoolManager) -> Callable[..., WebhookSender]:
    def make(path: str = "/hook/0123456789abcdef", **options: Any) -> WebhookSender:
        return WebhookSender(url=sink.url(path), secret=SECRET, pools=pools, **options)

    return make
