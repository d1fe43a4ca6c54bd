"""Kept-open HTTP connections that only go where they may, and never wait longer than they should.

One pool of them a process. Three places of urllib3 are extended, as its own SOCKS support does: the classes of
pools and connections, and `_new_conn`, which opens the socket. It resolves the name itself, judges every
address and connects to what it judged, so that a name cannot lead elsewhere a moment later; TLS goes on
checking the certificate against the name.

The limit for an answer counts from the request to its last byte: a server that sends a byte now and then cannot
hold a worker.
"""

import os
import socket
import ssl
import sys
import time
from collections.abc import Callable
from functools import cache
from typing import Any, ClassVar, Final

import certifi
from urllib3 import PoolManager, Timeout
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError

from accounts.channels.addresses import Resolve, checked_addresses

CONNECT_SECONDS: Final = 3.0
ANSWER_SECONDS: Final = 10.0
HOSTS_KEPT: Final = 200
CONNECTIONS_A_HOST: Final = 4


class _TimedSocket(socket.socket):
    """A socket whose reads all together end at `until` (of the monotonic clock)."""

    until: float | None = None

    def recv_into(self, *args: Any, **kwargs: Any) -> int:
        _shorten(self)
        return super().recv_into(*args, **kwargs)


class _TimedTLSSocket(ssl.SSLSocket):
    """The same within TLS."""

    until: float | None = None

    def recv_into(self, *args: Any, **kwargs: Any) -> int:
        _shorten(self)
        return super().recv_into(*args, **kwargs)


def _shorten(sock: Any) -> None:
    if sock.until is not None:
        left = sock.until - time.monotonic()
        if left <= 0:
            raise TimeoutError("the answer took too long")
        sock.settimeout(left)


class _Guarded:
    """What the two kinds of connection share."""

    allow_private: ClassVar[bool] = False
    answer_seconds: ClassVar[float | None] = None
    resolve: ClassVar[Resolve] = staticmethod(socket.getaddrinfo)

    def _new_conn(self: Any) -> socket.socket:
        """Raises TargetRefused besides urllib3's own errors."""
        try:
            places = checked_addresses(
                self._dns_host, self.port, allow_private=self.allow_private, resolve=self.resolve
            )
        except OSError as error:
            raise NameResolutionError(self.host, self, _as_gaierror(error)) from error
        ends_at = time.monotonic() + float(self.timeout)
        failed: OSError = TimeoutError()
        for family, address in places:
            sock = _TimedSocket(family, socket.SOCK_STREAM)
            try:
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                sock.settimeout(max(ends_at - time.monotonic(), 0.01))
                sock.connect(address)
            except OSError as error:
                sock.close()
                failed = error
            else:
                sys.audit("http.client.connect", self, self.host, self.port)
                return sock
        if isinstance(failed, TimeoutError):
            raise ConnectTimeoutError(self, "timed out") from failed
        raise NewConnectionError(self, "failed") from failed

    def getresponse(self: Any) -> Any:
        self.sock.until = time.monotonic() + (self.answer_seconds or ANSWER_SECONDS)
        return super().getresponse()  # type: ignore[misc]


def _as_gaierror(error: OSError) -> socket.gaierror:
    return error if isinstance(error, socket.gaierror) else socket.gaierror(str(error))


def trusted_certificates() -> ssl.SSLContext:
    """The machine's authorities, and Mozilla's where it has none."""
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    return context


def new_pools(
    *,
    allow_private: bool,
    answer_seconds: float | None = None,
    resolve: Resolve = socket.getaddrinfo,
    trusted: Callable[[], ssl.SSLContext] = trusted_certificates,
) -> PoolManager:
    """A set of pools of their own; `shared_pools` for everyday use."""
    rules = {
        "allow_private": allow_private,
        "answer_seconds": answer_seconds,
        "resolve": staticmethod(resolve),
    }
    plain = type("GuardedConnection", (_Guarded, HTTPConnection), dict(rules))
    secure = type("GuardedTLSConnection", (_Guarded, HTTPSConnection), dict(rules))
    context = trusted()
    context.sslsocket_class = _TimedTLSSocket
    manager = PoolManager(
        num_pools=HOSTS_KEPT,
        maxsize=CONNECTIONS_A_HOST,
        retries=False,
        timeout=Timeout(connect=CONNECT_SECONDS, read=answer_seconds or ANSWER_SECONDS),
        ssl_context=context,
    )
    manager.pool_classes_by_scheme = {
        "http": type("GuardedPool", (HTTPConnectionPool,), {"ConnectionCls": plain}),
        "https": type("GuardedTLSPool", (HTTPSConnectionPool,), {"ConnectionCls": secure}),
    }
    return manager


def shared_pools(*, allow_private: bool, answer_seconds: float | None = None) -> PoolManager:
    """The pools of this process; a fork makes its own, since two must not write into one socket."""
    return _pools_of(os.getpid(), allow_private, answer_seconds)


@cache
def _pools_of(process: int, allow_private: bool, answer_seconds: float | None) -> PoolManager:
    return new_pools(allow_private=allow_private, answer_seconds=answer_seconds)
