"""What every sender takes and answers, and how the answer of an HTTP server is judged."""

import email.utils
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, Final, Protocol

LONGEST_PAUSE: Final = timedelta(minutes=10)
#: Client errors that may pass by themselves.
_PASSING: Final = frozenset(
    {
        HTTPStatus.REQUEST_TIMEOUT,
        HTTPStatus.CONFLICT,
        HTTPStatus.TOO_EARLY,
        HTTPStatus.TOO_MANY_REQUESTS,
    }
)
_WAITING: Final = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})
_MOVED: Final = frozenset({HTTPStatus.MOVED_PERMANENTLY, HTTPStatus.PERMANENT_REDIRECT})


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message. `id` is the same for every attempt, so that a receiver can drop a repeat.

    `body` is complete, with its links. `url` and `facts` are for programs; `facts` must be JSON.
    """

    id: str
    type: str
    occurred_at: datetime
    subject: str
    body: str
    url: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sent:
    """The receiver has taken it."""


@dataclass(frozen=True, slots=True)
class Retry:
    """It may work later, not before `after` where the receiver said so.

    `is_down`: the target is out of order for every message, so the next one need not be tried now. Not
    `tried`: this message's turn never came.
    """

    reason: str
    after: timedelta | None = None
    is_down: bool = False
    tried: bool = True


@dataclass(frozen=True, slots=True)
class Permanent:
    """It will never work with this target."""

    reason: str


Outcome = Sent | Retry | Permanent
NOT_TRIED: Final = Retry("An earlier message to the same target met trouble.", is_down=True, tried=False)
TIME_UP: Final = Retry("The time of this round was used up.", is_down=True, tried=False)


class Sender(Protocol):
    """Sends to one target. Gives an outcome for each message, in their order, and raises nothing of its own."""

    def send(self, messages: Sequence[Outgoing], *, now: datetime) -> list[Outcome]:
        """Tries each message at most once."""


def in_turn(
    messages: Sequence[Outgoing], attempt: Callable[[Outgoing], Outcome], *, budget: timedelta
) -> list[Outcome]:
    """One attempt a message, in their order, until the target is down or gone, or the budget is used up."""
    ends_at = time.monotonic() + budget.total_seconds()
    outcomes: list[Outcome] = []
    rest: Outcome | None = None
    for message in messages:
        if rest is None and time.monotonic() > ends_at:
            rest = TIME_UP
        if rest is not None:
            outcomes.append(rest)
            continue
        outcome = attempt(message)
        outcomes.append(outcome)
        if isinstance(outcome, Permanent):
            rest = outcome
        elif isinstance(outcome, Retry) and outcome.is_down:
            rest = NOT_TRIED
    return outcomes


def judged_status(status: int, *, who: str, retry_after: str, now: datetime) -> Outcome:
    """What a status says; its meaning in Standard Webhooks, and passing client errors are tried again."""
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return Sent()
    said = f"{who} answered {status}{_phrase(status)}."
    if status in _MOVED:
        return Permanent(f"{said} Redirects are not followed: give the address it moved to.")
    is_client_error = HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR
    if is_client_error and status not in _PASSING:
        return Permanent(said)
    return Retry(said, after=_pause(retry_after, now), is_down=status in _WAITING)


def _phrase(status: int) -> str:
    try:
        return f" {HTTPStatus(status).phrase}"
    except ValueError:
        return ""


def _pause(text: str, now: datetime) -> timedelta | None:
    """`Retry-After`, in seconds or as a date; longer than ten minutes counts as ten."""
    bare = text.strip()
    if bare.isascii() and bare.isdigit():
        seconds = float(bare[:9])
    else:
        try:
            seconds = (email.utils.parsedate_to_datetime(bare) - now).total_seconds()
        except (TypeError, ValueError):
            return None
    return min(max(timedelta(seconds=seconds), timedelta(0)), LONGEST_PAUSE)
