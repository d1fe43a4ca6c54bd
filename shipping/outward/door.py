"""Carrying one call out: where it may go, how long it may take, how much it may bring, and whether to try again.

Connections only go to addresses that were judged (`accounts.channels.connections`), no redirect is followed, and
an answer is read up to a limit whatever its headers promise. Between two tries is a pause that grows and is drawn
by lot, so that many who failed together do not come back together.
"""

import random
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from urllib3 import BaseHTTPResponse, PoolManager
from urllib3.exceptions import (
    ConnectTimeoutError,
    DecodeError,
    HTTPError,
    LocationParseError,
    ReadTimeoutError,
)

from accounts.channels.addresses import TargetRefused, refuse_local_host
from shipping.outward.exchange import Answer, Call, DoorShut, NoConnection, TooSlow, is_kind

TRIES: Final = 3
FIRST_PAUSE: Final = 0.25
LONGEST_PAUSE: Final = 3.0
_PASSING: Final = frozenset({500, 502, 503, 504})
_PIECE: Final = 64 * 1024

Turn = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Door:
    """What is fixed for an installation. `most_bytes` bounds an answer after decompression."""

    pools: PoolManager
    allow_private: bool
    most_bytes: int
    pause: Callable[[float], None] = time.sleep
    lot: Callable[[], float] = random.random

    def ask(self, call: Call, *, turn: Turn, now: Callable[[], datetime]) -> Answer:
        """Carry a repeatable call, up to three times where the failure may pass by itself.

        `turn` is called before every try and raises what it likes where it is not this caller's turn. Raises
        DoorShut, NoConnection or TooSlow; an answer with any HTTP status is returned.
        """
        for tried in range(1, TRIES + 1):
            turn()
            wait: timedelta | None = None
            try:
                answer = self.carry(call)
            except NoConnection:
                if tried == TRIES:
                    raise
            else:
                if answer.status not in _PASSING or tried == TRIES:
                    return answer
                wait = answer.retry_after(now())
                if wait is not None and wait.total_seconds() > LONGEST_PAUSE:
                    return answer
            self.pause(self._pause_after(tried, wait))
        raise AssertionError("the last try returns or raises")

    def _pause_after(self, tried: int, wait: timedelta | None) -> float:
        grown: float = min(FIRST_PAUSE * 2 ** (tried - 1), LONGEST_PAUSE)
        drawn = grown * (0.5 + self.lot())
        return max(drawn, wait.total_seconds()) if wait is not None else drawn

    def carry(self, call: Call) -> Answer:
        """One try. Raises DoorShut, NoConnection or TooSlow."""
        self._check_address(call.url)
        try:
            response = self.pools.request(
                call.method,
                call.url,
                body=call.body,
                headers={"accept-encoding": "gzip, deflate", **call.headers},
                redirect=False,
                retries=False,
                preload_content=False,
            )
        except TargetRefused as refused:
            raise DoorShut(str(refused)) from refused
        except ConnectTimeoutError as error:
            raise NoConnection("No connection in time.") from error
        except ReadTimeoutError as error:
            raise TooSlow("No answer in time.") from error
        except LocationParseError as error:
            raise DoorShut("This is not an address.") from error
        except (HTTPError, OSError) as error:
            raise _broken(error) from error
        return self._taken_in(response)

    def _check_address(self, url: str) -> None:
        try:
            parts = urlsplit(url)
            host = parts.hostname or ""
        except ValueError as error:
            raise DoorShut("This is not an address.") from error
        if parts.scheme != "https" and not (self.allow_private and parts.scheme == "http"):
            raise DoorShut("Only https addresses are called.")
        if not host or parts.username is not None or parts.password is not None:
            raise DoorShut("An address needs a host, and has no user name or password in it.")
        if not self.allow_private:
            try:
                refuse_local_host(host)
            except TargetRefused as refused:
                raise DoorShut(str(refused)) from refused

    def _taken_in(self, response: BaseHTTPResponse) -> Answer:
        headers = {name.lower(): text for name, text in response.headers.items()}
        pieces: list[bytes] = []
        size = 0
        try:
            for piece in response.stream(_PIECE, decode_content=True):
                size += len(piece)
                if size > self.most_bytes:
                    response.close()
                    raise DoorShut(f"The answer is larger than {self.most_bytes} bytes.")
                pieces.append(piece)
        except ReadTimeoutError as error:
            response.close()
            raise TooSlow("The answer did not end in time.") from error
        except DecodeError as error:
            response.close()
            raise DoorShut("The answer's compression is broken.") from error
        except (HTTPError, OSError) as error:
            response.close()
            raise _broken(error) from error
        response.release_conn()
        return Answer(response.status, headers, b"".join(pieces))


def _broken(error: Exception) -> NoConnection | TooSlow:
    cause = error.__cause__ or error.__context__
    if isinstance(error, TimeoutError) or isinstance(cause, TimeoutError):
        return TooSlow("The answer did not end in time.")
    return NoConnection(f"The connection failed: {type(error).__name__}.")


def fetch_foreign(
    door: Door, url: str, *, hosts: Collection[str], kinds: tuple[str, ...], turn: Turn
) -> Answer:
    """What an answer's link leads to: no credentials, known hosts only, one try, one of these media types.

    `hosts` are whole names, or endings that begin with a dot. Raises DoorShut for all that is not allowed.
    """
    try:
        host = (urlsplit(url).hostname or "").rstrip(".").lower()
    except ValueError as error:
        raise DoorShut("This is not an address.") from error
    if not any(host == name or (name.startswith(".") and host.endswith(name)) for name in hosts):
        raise DoorShut(f"The link leads to {host or 'no host'}, which is not on the list of this source.")
    turn()
    answer = door.carry(Call("GET", url, {"accept": ", ".join(kinds)}))
    if answer.status != 200:
        raise DoorShut(f"The link answered {answer.status}.")
    if not is_kind(answer.media_type, kinds):
        raise DoorShut(f"The link gave {answer.media_type or 'no media type'}, not {' or '.join(kinds)}.")
    return answer
