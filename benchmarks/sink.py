"""A local HTTP server that takes every post, and tells when which message came: `python -m benchmarks.sink PORT`.

`GET /posts` lists (webhook-id, seconds since 1970) of all posts and forgets them; `GET /bodies` gives the bodies,
`GET /count` how many there are.
"""

import asyncio
import json
import sys
import time

_ANSWER = b"HTTP/1.1 204 No Content\r\n\r\n"
posts: list[tuple[str, float]] = []
bodies: list[str] = []


class Sink(asyncio.Protocol):
    """One connection: whole requests are answered, the rest of a half one is waited for."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._received = b""

    def data_received(self, data: bytes) -> None:
        self._received += data
        while True:
            head, end, rest = self._received.partition(b"\r\n\r\n")
            if not end:
                return
            lines = head.decode("latin-1").split("\r\n")
            fields = {
                name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])
            }
            length = int(fields.get("content-length", "0"))
            if len(rest) < length:
                return
            self._received = rest[length:]
            self._transport.write(answered(lines[0], fields.get("webhook-id", ""), rest[:length]))


def answered(line: str, message_id: str, body: bytes) -> bytes:
    """Keep a post, or tell of those that were kept."""
    if line.startswith("POST"):
        posts.append((message_id, time.time()))
        bodies.append(body.decode())
        return _ANSWER
    what = {"/bodies": bodies, "/count": len(posts)}.get(line.split(" ")[1], posts)
    told = json.dumps(what).encode()
    if line.startswith("GET /posts"):
        posts.clear()
        bodies.clear()
    return b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(told), told)


async def serve(port: int) -> None:
    """Until the process is ended."""
    server = await asyncio.get_running_loop().create_server(Sink, "127.0.0.1", port, backlog=100)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
