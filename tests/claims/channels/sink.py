"""A local HTTP server on real sockets that answers as it is told, and remembers what came."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Post:
    path: str
    headers: dict[str, str]
    body: bytes


def status(code: int, body: bytes = b"", **headers: str) -> Callable[[Any], None]:
    """An answer that keeps the connection open."""

    def answer(handler: Any) -> None:
        handler.send_response(code)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        if code != 204:
            handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


@dataclass
class Sink:
    """`answer` writes the answer of one post; by default 204."""

    port: int = 0
    scheme: str = "http"
    posts: list[Post] = field(default_factory=list)
    connections: int = 0
    answer: Callable[[Any], None] = field(default_factory=lambda: status(204))

    def url(self, path: str = "/hook/0123456789abcdef", host: str = "127.0.0.1") -> str:
        return f"{self.scheme}://{host}:{self.port}{path}"


def hang_up(handler: Any) -> None:
    """The connection closes instead of an answer."""
    handler.close_connection = True
    handler.connection.shutdown(socket.SHUT_RDWR)


def dribble(handler: Any) -> None:
    """A byte now and then: each read succeeds, the answer never ends."""
    handler.close_connection = True
    try:
        for _ in range(200):
            handler.connection.sendall(b"H")
            time.sleep(0.05)
    except OSError:
        return


def endless(handler: Any) -> None:
    """A success whose body does not end."""
    handler.close_connection = True
    handler.send_response(200)
    handler.end_headers()
    try:
        while True:
            handler.wfile.write(b"x" * 65_536)
    except OSError:
        return


@contextmanager
def running_sink(context: ssl.SSLContext | None = None) -> Iterator[Sink]:
    sink = Sink()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def setup(self) -> None:
            sink.connections += 1
            super().setup()

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            sink.posts.append(Post(self.path, headers, body))
            sink.answer(self)

        def log_message(self, *args: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.handle_error = lambda *args: None  # type: ignore[method-assign]
    if context is not None:
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        sink.scheme = "https"
    sink.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield sink
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
