"""No call goes into a private network, however its address is written or its name resolves."""

import ipaddress
import socket
import ssl
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from accounts.channels.addresses import is_public
from accounts.channels.connections import new_pools, trusted_certificates
from claims.channels.sending import Outcome, Permanent, Retry, Sent
from claims.channels.webhook import WebhookSender
from tests.claims.channels.conftest import NOW, SECRET, message, nobody_trusted
from tests.claims.channels.sink import Sink, running_sink

PRIVATE = [
    "0.0.0.0",
    "10.1.2.3",
    "100.64.0.1",
    "127.0.0.1",
    "127.255.255.254",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.192",
    "192.168.1.1",
    "198.18.0.1",
    "224.0.0.1",
    "239.255.255.255",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "64:ff9b::a00:1",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "not an address",
]
PUBLIC = ["1.1.1.1", "8.8.8.8", "100.128.0.1", "172.32.0.1", "2606:4700::1111", "64:ff9b::808:808"]


@pytest.mark.parametrize("address", PRIVATE)
def test_a_private_address_is_not_public(address: str) -> None:
    assert is_public(address) is False


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_is(address: str) -> None:
    assert is_public(address) is True


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1",
        "localhost",
        "0.0.0.0",
        "0",
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "0177.0.0.1",
        "017700000001",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::]",
    ],
)
def test_no_way_of_writing_this_machine_connects_to_it(sink: Sink, host: str) -> None:
    sender = WebhookSender(
        url=f"http://{host}:{sink.port}/hook",
        secret=SECRET,
        pools=new_pools(allow_private=False, trusted=nobody_trusted),
    )
    (outcome,) = sender.send([message()], now=NOW)
    assert isinstance(outcome, Permanent)
    assert outcome.reason.endswith("leads into a private network; only public addresses are called.")
    assert (sink.connections, sink.posts) == (0, [])


def _answering(*addresses: str) -> Callable[..., list[Any]]:
    def resolve(host: str, port: int, *args: Any) -> list[Any]:
        return [
            (
                socket.AF_INET6 if ":" in address else socket.AF_INET,
                socket.SOCK_STREAM,
                6,
                "",
                (address, port, 0, 0) if ":" in address else (address, port),
            )
            for address in addresses
        ]

    return resolve


def _post_to(name: str, port: int, resolve: Callable[..., list[Any]]) -> Outcome:
    pools = new_pools(allow_private=False, resolve=resolve, trusted=nobody_trusted)
    return WebhookSender(url=f"http://{name}:{port}/", secret=SECRET, pools=pools).send([message()], now=NOW)[
        0
    ]


@pytest.mark.parametrize(
    "addresses", [("127.0.0.1",), ("8.8.8.8", "127.0.0.1"), ("::1",), ("169.254.169.254",)]
)
def test_a_name_with_any_private_address_is_refused(sink: Sink, addresses: tuple[str, ...]) -> None:
    outcome = _post_to("hooks.example.com", sink.port, _answering(*addresses))
    assert outcome == Permanent(
        "hooks.example.com leads into a private network; only public addresses are called."
    )
    assert sink.connections == 0


def test_a_name_that_turns_private_after_it_was_judged_is_not_asked_again(
    sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    reached: list[Any] = []

    def resolve(host: str, port: int, *args: Any) -> list[Any]:
        asked.append(host)
        return _answering("8.8.8.8" if len(asked) == 1 else "127.0.0.1")(host, port)

    def connect(self: socket.socket, address: Any) -> None:
        reached.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket.socket, "connect", connect)
    outcome = _post_to("hooks.example.com", sink.port, resolve)
    assert outcome == Retry("No connection to hooks.example.com.", is_down=True)
    assert (asked, reached) == (["hooks.example.com"], [("8.8.8.8", sink.port)])


def test_a_name_that_does_not_resolve_is_tried_again() -> None:
    def resolve(host: str, *args: Any) -> list[Any]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    assert _post_to("gone.example.com", 443, resolve) == Retry(
        "The name gone.example.com does not resolve.", is_down=True
    )


def _certificate(folder: Path, name: str) -> tuple[Path, Path]:
    """A certificate for `name`, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate, private = folder / f"{name}.pem", folder / f"{name}.key"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return certificate, private


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    return _certificate(tmp_path, "sink.test")


@pytest.fixture
def safe_sink(certificate: tuple[Path, Path]) -> Iterator[Sink]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    with running_sink(context) as running:
        yield running


def _post_safely(sink: Sink, name: str, certificate: Path | None) -> list[Outcome]:
    def trusted() -> ssl.SSLContext:
        context = trusted_certificates()
        if certificate is not None:
            context.load_verify_locations(certificate)
        return context

    pools = new_pools(allow_private=True, resolve=_answering("127.0.0.1"), trusted=trusted)
    sender = WebhookSender(url=f"https://{name}:{sink.port}/hook", secret=SECRET, pools=pools)
    return sender.send([message(n) for n in range(3)], now=NOW)


def test_tls_is_checked_against_the_name_though_the_address_is_connected(
    safe_sink: Sink, certificate: tuple[Path, Path]
) -> None:
    assert _post_safely(safe_sink, "sink.test", certificate[0]) == [Sent()] * 3
    assert safe_sink.connections == 1
    assert safe_sink.posts[0].headers["host"] == f"sink.test:{safe_sink.port}"


def test_a_certificate_for_another_name_or_of_nobody_known_is_refused(
    safe_sink: Sink, certificate: tuple[Path, Path]
) -> None:
    for name, trusted in (("other.test", certificate[0]), ("sink.test", None)):
        outcome = _post_safely(safe_sink, name, trusted)[0]
        said = f"No safe connection to {name}: its certificate does not hold."
        assert outcome == Retry(said, is_down=True)
    assert safe_sink.posts == []


def test_the_table_of_private_addresses_covers_what_python_calls_private() -> None:
    for text in PUBLIC:
        assert ipaddress.ip_address(text).is_global
