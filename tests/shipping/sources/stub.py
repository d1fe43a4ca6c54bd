"""A carrier on this machine: answers byte for byte what it is told to, and remembers what it was asked."""

import json
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

NUMBER = "9400111206206407628746"
TOKENS = ("/oauth/token", "/security/v1/oauth/token", "/oauth2/v3/token", "/auth/o2/token")
GRANT = json.dumps({"access_token": "the-token", "token_type": "bearer", "expires_in": 3600}).encode()


class Clock:
    """Minutes pass whenever somebody looks: no test waits for a bucket to fill."""

    def __init__(
        self,
        start: datetime = datetime(2026, 11, 20, 10, 0, tzinfo=UTC),
        step: timedelta = timedelta(minutes=2),
    ) -> None:
        self.moment, self.step = start, step

    def __call__(self) -> datetime:
        self.moment += self.step
        return self.moment


@dataclass
class Reply:
    """One scripted answer; `slow` seconds pass between the two halves of its body."""

    body: bytes = b"{}"
    status: int = 200
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)
    slow: float = 0.0


class Stub:
    """Replies in order, the last one again and again; tokens are granted unless `grant` says otherwise."""

    def __init__(self, server: HTTPServer) -> None:
        self.server = server
        self.replies: list[Reply] = [Reply()]
        self.grant = Reply(GRANT)
        self.asked: list[Request] = []
        self.tokens: list[Request] = []
        server.expect_request(re.compile(".*")).respond_with_handler(self._answer)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.port}"

    def says(self, *replies: Reply) -> None:
        self.replies = list(replies)

    def _answer(self, request: Request) -> Response:
        request.get_data()
        if request.path in TOKENS:
            self.tokens.append(request)
            return _response(self.grant)
        self.asked.append(request)
        reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        return _response(reply)


def _response(reply: Reply) -> Response:
    body: Any = _slowly(reply) if reply.slow else reply.body
    response = Response(body, status=reply.status, content_type=reply.content_type)
    if not reply.content_type:
        del response.headers["Content-Type"]
    response.headers.update(reply.headers)
    return response


def _slowly(reply: Reply) -> Iterator[bytes]:
    half = len(reply.body) // 2
    yield reply.body[:half]
    time.sleep(reply.slow)
    yield reply.body[half:]
