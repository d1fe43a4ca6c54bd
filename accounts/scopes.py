"""What a key may be allowed to do. Pure: the list, and reading it from a command line."""

from collections.abc import Iterable
from typing import Final

SCOPES: Final[tuple[str, ...]] = (
    "notices:write",
    "tracking:write",
    "shipments:write",
    "evidence:write",
    "replies:write",
    "claims:write",
    "claims:read",
    "warnings:read",
    "webhooks:write",
)


def unknown_scopes(names: Iterable[str]) -> list[str]:
    """Those names that are no scope, in the order given."""
    return [name for name in names if name not in SCOPES]


def expanded_scopes(names: Iterable[str]) -> list[str]:
    """The scopes meant, each once and in the order of `SCOPES`; `all` stands for every one."""
    wanted = set(names)
    return [scope for scope in SCOPES if "all" in wanted or scope in wanted]
