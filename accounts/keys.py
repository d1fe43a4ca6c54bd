"""The shape of an API key. Pure: making, splitting, hashing and comparing; storing is for the services.

A key reads `<prefix>.<secret>`. The secret has 256 bits of randomness, so a plain SHA-256 is enough:
slow hashes protect what people can remember.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass

PREFIX_BYTES = 5
SECRET_BYTES = 32
LONGEST_KEY = 200


@dataclass(frozen=True, slots=True)
class ClearKey:
    """A freshly made key; `text` is shown once and never stored."""

    prefix: str
    text: str

    @property
    def key_hash(self) -> str:
        return hash_of(self.text)


def new_key() -> ClearKey:
    prefix = secrets.token_hex(PREFIX_BYTES)
    return ClearKey(prefix=prefix, text=f"{prefix}.{secrets.token_urlsafe(SECRET_BYTES)}")


def hash_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def prefix_of(text: str) -> str | None:
    """The part before the dot, or None where the text cannot be a key."""
    prefix, dot, secret = text.partition(".")
    is_plain = len(text) <= LONGEST_KEY and text.isascii() and text.isprintable()
    return prefix if prefix and dot and secret and is_plain else None


def matches(text: str, stored_hash: str) -> bool:
    """Compares in constant time."""
    return hmac.compare_digest(hash_of(text), stored_hash)
