"""Which network addresses may be called on a seller's behalf: public ones.

A seller names where warnings go, the installation makes the call from inside its own network. So whatever is
not an address of the public internet is refused, in every way of writing it. Names are resolved once, every
address of the answer is judged, and the caller connects to those very addresses.

Special ranges: https://www.iana.org/assignments/iana-ipv4-special-registry and its sister for IPv6.
"""

import ipaddress
import socket
from collections.abc import Callable
from typing import Any, Final

Resolve = Callable[..., list[Any]]
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_SPECIAL_V4: Final = tuple(
    ipaddress.IPv4Network(text)
    for text in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
#: All that is routed lies here; what is not in it (loopback, link-local, unique local, mapped) is refused.
_GLOBAL_V6: Final = ipaddress.IPv6Network("2000::/3")
_SPECIAL_V6: Final = tuple(
    ipaddress.IPv6Network(text) for text in ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")
)
#: Networks without IPv4 write an IPv4 address so; the one inside decides.
_NAT64: Final = ipaddress.IPv6Network("64:ff9b::/96")
_LOCAL_NAMES: Final = ("localhost", "localdomain", "local", "internal", "home.arpa")


class TargetRefused(Exception):
    """The message says why; it holds no secret and may be shown."""


def is_public(address: str) -> bool:
    """Whether an address, as the resolver writes it, belongs to the public internet."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        if found in _NAT64:
            return is_public(str(ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)))
        return found in _GLOBAL_V6 and not any(found in network for network in _SPECIAL_V6)
    return not any(found in network for network in _SPECIAL_V4)


def literal_address(host: str) -> str | None:
    """The address that a host spells out, also as `127.1`, `0x7f000001`, `017700000001` or `2130706433`."""
    bare = host.strip("[]")
    try:
        return str(ipaddress.ip_address(bare))
    except ValueError:
        pass
    try:
        return socket.inet_ntoa(socket.inet_aton(bare))
    except (OSError, UnicodeError):
        return None


def refuse_local_host(host: str) -> None:
    """What can be said of a host without asking the resolver. Raises TargetRefused."""
    name = host.rstrip(".").lower()
    address = literal_address(name)
    local = any(name == ending or name.endswith(f".{ending}") for ending in _LOCAL_NAMES)
    if local or (address is not None and not is_public(address)):
        raise TargetRefused("This address is inside a private network; only public ones are called.")


def checked_addresses(
    host: str, port: int, *, allow_private: bool, resolve: Resolve = socket.getaddrinfo
) -> list[tuple[int, Any]]:
    """(family, socket address) of a host, resolved now, once. Connect to these and to nothing else.

    Raises TargetRefused where any one of them is not public, OSError (gaierror) where there are none.
    """
    found = resolve(host.strip("[]"), port, 0, socket.SOCK_STREAM)
    places = [(family, address) for family, _, _, _, address in found]
    if not places:
        raise socket.gaierror(socket.EAI_NONAME, "no address")
    if not allow_private and not all(is_public(str(address[0])) for _, address in places):
        raise TargetRefused(f"{host} leads into a private network; only public addresses are called.")
    return places
