"""Fitting the vendors' packages to the door: they build requests and read answers, the door carries them.

`python-amazon-sp-api` speaks through httpx and `easypost` through requests; each takes a transport of one's own.
What came back is kept by whoever carries, so nothing depends on how a package words its errors.
"""

from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any, Final

import httpx
import requests
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict

from shipping.outward.exchange import Answer, Call

Carry = Callable[[Call], Answer]
#: Written anew for the connection that is really used.
_OWN: Final = frozenset({"host", "connection", "content-length", "accept-encoding", "transfer-encoding"})
#: Said of bytes as they travelled; ours are unpacked.
_TRAVEL: Final = frozenset({"content-encoding", "content-length", "transfer-encoding"})


def _kept(headers: Mapping[str, Any]) -> dict[str, str]:
    return {
        name.lower(): text.decode("latin-1") if isinstance(text, bytes) else str(text)
        for name, text in headers.items()
        if name.lower() not in _OWN
    }


class HttpxThroughDoor(httpx.BaseTransport):
    """For packages built on httpx."""

    def __init__(self, carry: Carry) -> None:
        self._carry = carry

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = self._carry(
            Call(request.method, str(request.url), _kept(request.headers), request.read() or None)
        )
        headers = {name: text for name, text in answer.headers.items() if name not in _TRAVEL}
        return httpx.Response(answer.status, headers=headers, content=answer.body)


class RequestsThroughDoor(BaseAdapter):
    """For packages built on requests. A redirect is handed on as it is: nobody follows it."""

    def __init__(self, carry: Carry) -> None:
        super().__init__()
        self._carry = carry

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:
        body = request.body
        answer = self._carry(
            Call(
                request.method or "GET",
                request.url or "",
                _kept(request.headers),
                body.encode() if isinstance(body, str) else body if isinstance(body, bytes) else None,
            )
        )
        response = requests.Response()
        response.status_code = answer.status
        response.headers = CaseInsensitiveDict(
            {name: text for name, text in answer.headers.items() if name not in (*_TRAVEL, "location")}
        )
        response.raw = BytesIO(answer.body)
        response.url, response.request = request.url or "", request
        response.encoding = requests.utils.get_encoding_from_headers(response.headers)
        return response

    def close(self) -> None:
        """The door's connections are everybody's."""
