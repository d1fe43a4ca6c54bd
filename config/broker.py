"""A Celery transport without a server, for installations without Redis: one file a message under DATA_DIR.

A message is written under a hidden name and renamed, so nobody reads half of it; taken by a rename into
`taken/`, so only one taker wins; deleted when acknowledged; moved back by `restore` before a worker starts.
A lost message would cost seconds only: rows are the truth and the sweep finds what was left undone.
docs/decisions/0002-broker-without-a-server.md says why it is not one of kombu's own.
"""

import logging
import time
import uuid
from collections import deque
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.transport import base, virtual
from kombu.utils.json import dumps, loads

logger = logging.getLogger(__name__)

SUFFIX = ".msg"
FORGET_AFTER_SECONDS = 3600
LOOK_UP_SECONDS = 0.3


def restore(folder: Path) -> int:
    """Move back what a killed worker had taken, and return how many messages that were.

    Only while no worker runs on this folder. Drafts of killed senders and messages of more than an hour ago
    (of ticks nobody was there to take) are dropped.
    """
    waiting, taken = folder / "waiting", folder / "taken"
    restored = 0
    for file in sorted(taken.glob(f"*{SUFFIX}")):
        file.rename(waiting / file.name)
        restored += 1
    oldest = time.time_ns() - FORGET_AFTER_SECONDS * 1_000_000_000
    for file in waiting.glob("*"):
        stamp = file.name.partition("_")[0]
        if file.name.startswith(".") or (stamp.isdigit() and int(stamp) < oldest):
            file.unlink(missing_ok=True)
    return restored


class Channel(virtual.Channel):
    """The few verbs that kombu asks of a transport; exchanges and bindings are those of the base class."""

    supports_fanout = False
    do_restore = False  # `close` moves the files back itself

    def __init__(self, connection: Any, **kwargs: Any) -> None:
        super().__init__(connection, **kwargs)
        folder = Path(connection.client.transport_options["folder"])
        self.waiting, self.taken = folder / "waiting", folder / "taken"
        for each in (self.waiting, self.taken):
            each.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.seen: dict[str, deque[str]] = {}
        self.held: dict[str, Path] = {}
        self.unacknowledged_queues: set[str] = set()

    def _put(self, queue: str, message: dict[str, Any], **kwargs: Any) -> None:
        name = f"{time.time_ns():020d}_{uuid.uuid4().hex}.{queue}{SUFFIX}"
        draft = self.waiting / f".{name}"
        draft.write_text(dumps(message), encoding="utf-8")
        draft.rename(self.waiting / name)

    def _get(self, queue: str, timeout: float | None = None) -> dict[str, Any]:
        listed = self.seen.setdefault(queue, deque())
        if not listed:
            listed.extend(self._names(queue))
        while listed:
            name = listed.popleft()
            try:
                held = (self.waiting / name).rename(self.taken / name)
            except FileNotFoundError:  # another worker was faster
                continue
            try:
                message: dict[str, Any] = loads(held.read_text(encoding="utf-8"))
                tag = message["properties"]["delivery_tag"]
            except (ValueError, KeyError, TypeError):  # a power cut can leave an empty file
                logger.error("The message file %s cannot be read and was dropped.", name)
                held.unlink(missing_ok=True)
                continue
            if queue in self.unacknowledged_queues:
                held.unlink(missing_ok=True)
            else:
                self.held[tag] = held
            return message
        raise Empty

    def _names(self, queue: str) -> list[str]:
        """Waiting messages of the queue, oldest first."""
        ending = f".{queue}{SUFFIX}"
        names = (file.name for file in self.waiting.iterdir())
        return sorted(name for name in names if name.partition(".")[2] == ending[1:])

    def _size(self, queue: str) -> int:
        return len(self._names(queue))

    def _purge(self, queue: str) -> int:
        names = self._names(queue)
        for name in names:
            (self.waiting / name).unlink(missing_ok=True)
        return len(names)

    def basic_consume(
        self, queue: str, no_ack: bool, callback: Any, consumer_tag: str | None, **kwargs: Any
    ) -> str:
        """Remember which queues are read without acknowledging."""
        if no_ack:
            self.unacknowledged_queues.add(queue)
        return super().basic_consume(queue, no_ack, callback, consumer_tag, **kwargs)

    def basic_get(self, queue: str, no_ack: bool = False, **kwargs: Any) -> Any:
        """One message, or None."""
        message = super().basic_get(queue, no_ack, **kwargs)
        if message is not None and no_ack:
            self._forget(message.delivery_tag)
        return message

    def basic_ack(self, delivery_tag: str, multiple: bool = False) -> None:
        """The work is done: forget the message."""
        super().basic_ack(delivery_tag, multiple)
        self._forget(delivery_tag)

    def basic_reject(self, delivery_tag: str, requeue: bool = False) -> None:
        """`requeue` puts a new copy first; only then is the old one forgotten."""
        super().basic_reject(delivery_tag, requeue)
        self._forget(delivery_tag)

    def _forget(self, delivery_tag: str | None) -> None:
        held = self.held.pop(delivery_tag or "", None)
        if held is not None:
            held.unlink(missing_ok=True)

    def close(self) -> None:
        """Give back what was taken and not acknowledged."""
        for tag in list(self.held):
            held = self.held.pop(tag)
            if held.exists():
                held.rename(self.waiting / held.name)
        super().close()


class Transport(virtual.Transport):
    """Named by the setting CELERY_BROKER_TRANSPORT; option `folder` says where the messages are."""

    Channel = Channel
    driver_type = "files"
    driver_name = "files"
    default_port = 0
    global_state = virtual.BrokerState()
    implements = base.Implements(
        asynchronous=False, exchange_type=frozenset(["direct", "topic"]), heartbeats=False
    )

    def __init__(self, client: Any, **kwargs: Any) -> None:
        super().__init__(client, **kwargs)
        self.state = self.global_state

    def drain_events(self, connection: Any, timeout: float | None = None, **kwargs: Any) -> None:
        """Look up from waiting often, so that a worker told to stop does."""
        super().drain_events(connection, timeout=min(timeout or LOOK_UP_SECONDS, LOOK_UP_SECONDS))

    def driver_version(self) -> str:
        """Kombu prints it."""
        return "1"
