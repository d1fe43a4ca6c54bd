"""The receiver of the warnings: it notes the id of every post it takes, and misbehaves on command."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.claims.channels.sink import Sink, hang_up, running_sink, status

#: Whether a post is taken, and what is answered to it.
Behaviour = tuple[bool, Callable[[Any], None]]


@dataclass
class Receiver:
    """`taken`: the id of every post that was taken, in their order. `seen`: of every post, with its moment."""

    sink: Sink
    behaviour: Behaviour
    taken: list[str] = field(default_factory=list)
    seen: list[tuple[str, str, float]] = field(default_factory=list)

    def answer(self, handler: Any) -> None:
        """Taken is what it decided to take, whether or not the answer still finds its sender."""
        takes, reply = self.behaviour
        number = str(handler.headers["webhook-id"])
        self.seen.append((handler.path, number, time.monotonic()))
        if takes:
            self.taken.append(number)
        try:
            reply(handler)
        except OSError:
            handler.close_connection = True

    def repeats(self) -> int:
        """How often something was taken that had been taken before."""
        counted = Counter(list(self.taken))
        return counted.total() - len(counted)


def taking(pause_seconds: float = 0.0) -> Behaviour:
    """Takes everything, after a while."""

    def reply(handler: Any) -> None:
        time.sleep(pause_seconds)
        status(204)(handler)

    return True, reply


def refusing(code: int, *, retry_after_seconds: int | None = None) -> Behaviour:
    if retry_after_seconds is None:
        return False, status(code)
    return False, status(code, Retry_After=str(retry_after_seconds))


def hanging(until: threading.Event) -> Behaviour:
    """Reads the post and says nothing; in the end the connection closes."""

    def reply(handler: Any) -> None:
        until.wait(60)
        hang_up(handler)

    return False, reply


def closing() -> Behaviour:
    return False, hang_up


@contextmanager
def running_receiver(behaviour: Behaviour) -> Iterator[Receiver]:
    with running_sink() as sink:
        receiver = Receiver(sink, behaviour)
        sink.answer = receiver.answer
        yield receiver
