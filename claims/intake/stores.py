"""Which store a letter is about, and on what ground; never from its language.

The header names it. Sender and links are hints: the language and the host follow the seller's account, so two
hints that disagree are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from claims.intake.reading import MarketplaceBasis
from claims.marketplaces import Marketplace, by_host, by_sender

_ID = re.compile(r"[A-Z0-9]{10,20}")
# amazon.com sends for stores all over the world: a hint only where nothing speaks against it.
_SHARED_DOMAIN = "amazon.com"

Hint = tuple[str | None, MarketplaceBasis | None]


def store_of_header(value: str) -> str | None:
    """The id in a marketplace header, known or not."""
    found = _ID.fullmatch(value.strip().upper())
    return found.group() if found else None


def _fits(store: Marketplace, currencies: Iterable[tuple[str, ...]]) -> bool:
    return all(store.currency in meant for meant in currencies)


def store_of(
    named: str | None, sender: str, hosts: Iterable[str], currencies: Iterable[tuple[str, ...]]
) -> Hint:
    """The store by its header, else by the one store that sender and links agree on.

    `currencies` are what the letter's amounts may be in; they decide against amazon.com, never for a store.
    """
    if named:
        return named, "header"
    of_sender = by_sender(sender)
    of_links = {store.id: store for store in map(by_host, hosts) if store is not None}
    hints = dict(of_links)
    if of_sender:
        hints[of_sender.id] = of_sender
    own = [store for store in hints.values() if store.domain != _SHARED_DOMAIN]
    if len(own) > 1:
        return None, None
    shared = [store for store in hints.values() if store.domain == _SHARED_DOMAIN]
    chosen = own[0] if own else next((store for store in shared if _fits(store, currencies)), None)
    if chosen is None:
        return None, None
    return chosen.id, "sender" if of_sender and of_sender.id == chosen.id else "link"
