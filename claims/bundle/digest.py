"""Canonical JSON and the digests over it, so that equal content is equal bytes everywhere.

Leaves to others: what goes into a manifest (`archive`) and when to assemble again (services).
"""

import dataclasses
import hashlib
import json
from datetime import UTC, datetime
from decimal import Decimal

from claims.bundle.content import BundleContent


def sha256_hex(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def canonical_json(value: object) -> bytes:
    """UTF-8, sorted keys, no spaces, no escapes but the needed ones."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode("utf-8")


def utc_text(moment: datetime) -> str:
    """ISO 8601 with `Z`, as everywhere in the API. Raises ValueError for a time without offset."""
    if moment.utcoffset() is None:
        raise ValueError(f"a time without offset: {moment!r}")
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


def inputs_digest(content: BundleContent) -> str:
    """SHA-256 over everything the bundle says except its version: equal digest, same bundle."""
    plain = {
        field.name: _plain(getattr(content, field.name))
        for field in dataclasses.fields(content)
        if field.name != "version"
    }
    return sha256_hex(canonical_json(plain))


def _plain(value: object) -> object:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return _plain_scalar(value)


def _plain_scalar(value: object) -> object:
    plain = value
    if isinstance(value, bytes):
        plain = {"sha256": sha256_hex(value), "size": len(value)}
    elif isinstance(value, datetime):
        plain = utc_text(value)
    elif isinstance(value, Decimal):
        plain = f"{value.normalize():f}"
    elif isinstance(value, str):
        # A lone surrogate has no UTF-8; it must not stop the digest.
        plain = str(value).encode("utf-8", "backslashreplace").decode("utf-8")
    return plain
