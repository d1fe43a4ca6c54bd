"""Posting to programs, signed after Standard Webhooks, over connections that stay open.

`webhook-id` is the message's own id and the same at every attempt; the timestamp and with it the signature are
those of the attempt. The rules: https://www.standardwebhooks.com
"""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Final

from urllib3 import BaseHTTPResponse, PoolManager
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    NameResolutionError,
    NewConnectionError,
    ProtocolError,
    ReadTimeoutError,
    SSLError,
)
from urllib3.util import parse_url

from accounts.channels.addresses import TargetRefused
from accounts.signatures import ID_HEADER, SIGNATURE_HEADER, TIMESTAMP_HEADER, signature_of
from claims.channels.sending import Outcome, Outgoing, Permanent, Retry, in_turn, judged_status

#: An answer's body says nothing to us; this much is read so that its connection can be used again.
ANSWER_BYTES: Final = 16_384
USER_AGENT: Final = "atoz-claims/1"


#: The first that fits; urllib3 counts a refused connection among those that took too long.
_TROUBLES: Final[tuple[tuple[type[HTTPError], str], ...]] = (
    (NameResolutionError, "The name {who} does not resolve."),
    (NewConnectionError, "No connection to {who}."),
    (ConnectTimeoutError, "No connection to {who} in time."),
    (ReadTimeoutError, "{who} did not answer in time."),
    (SSLError, "No safe connection to {who}: its certificate does not hold."),
    (ProtocolError, "{who} closed the connection before it answered."),
)


@dataclass(frozen=True)
class WebhookSender:
    """Posts to one address. No new post begins after `budget`, so that a batch ends within its lease."""

    url: str = field(repr=False)
    secret: str = field(repr=False)
    pools: PoolManager = field(repr=False)
    budget: timedelta = timedelta(seconds=15)

    def send(self, messages: Sequence[Outgoing], *, now: datetime) -> list[Outcome]:
        """One post a message."""
        return in_turn(messages, partial(self._post, now=now), budget=self.budget)

    def _post(self, message: Outgoing, *, now: datetime) -> Outcome:
        body = body_of(message)
        headers = signed_headers(message.id, body, secret=self.secret, now=now)
        who = parse_url(self.url).host or "The target"
        try:
            answer = self.pools.urlopen(
                "POST", self.url, body=body, headers=headers, redirect=False, preload_content=False
            )
        except TargetRefused as refused:
            return Permanent(str(refused))
        except HTTPError as error:
            return Retry(_trouble(error, who), is_down=True)
        status, pause = answer.status, answer.headers.get("Retry-After", "")
        _finish(answer)
        return judged_status(status, who=who, retry_after=pause, now=now)


def body_of(message: Outgoing) -> bytes:
    """`{type, timestamp, data}`; the timestamp is when it happened, not when it was sent."""
    data = {**message.facts, "subject": message.subject, "text": message.body, "url": message.url}
    at = message.occurred_at.astimezone(UTC).isoformat().replace("+00:00", "Z")
    whole = {"type": message.type, "timestamp": at, "data": data}
    return json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode()


def signed_headers(message_id: str, body: bytes, *, secret: str, now: datetime) -> Mapping[str, str]:
    timestamp = str(int(now.timestamp()))
    signature = signature_of(secret=secret, message_id=message_id, timestamp=timestamp, body=body)
    return {
        "Content-Type": "application/json",
        "User-Agent": USER_AGENT,
        ID_HEADER: message_id,
        TIMESTAMP_HEADER: timestamp,
        SIGNATURE_HEADER: f"v1,{base64.b64encode(signature).decode()}",
    }


def _finish(answer: BaseHTTPResponse) -> None:
    """Read a little, so that the connection can be kept; close it where there is more, or it takes too long."""
    try:
        rest: Any = answer.read(ANSWER_BYTES + 1, decode_content=False)
    except (HTTPError, OSError):
        answer.close()
        return
    if len(rest) > ANSWER_BYTES:
        answer.close()
    else:
        answer.release_conn()


def _trouble(error: HTTPError, who: str) -> str:
    """In words of our own: the library's repeat the whole address, which may be a secret."""
    for kinds, said in _TROUBLES:
        if isinstance(error, kinds):
            return said.format(who=who)
    return f"No connection to {who}."
