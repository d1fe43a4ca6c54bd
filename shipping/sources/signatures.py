"""Proving that a delivery by webhook comes from its source. Over the raw bytes, in constant time. Pure.

EasyPost: https://docs.easypost.com/guides/webhooks-guide · AfterShip:
https://www.aftership.com/docs/tracking/webhook/webhook-signature · ShipEngine:
https://docs.shipstation.com/apis/docs/guides/webhooks-validation · 17TRACK: https://api.17track.net/en/doc
"""

import base64
import binascii
import hashlib
import hmac
import unicodedata
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, RSAPublicNumbers
from cryptography.hazmat.primitives.hashes import SHA256

from shipping.sources.words import SendingSource

KEY_ID: Final = "x-shipengine-rsa-sha256-key-id"
_SIGNATURE: Final = "x-shipengine-rsa-sha256-signature"
_TIMESTAMP: Final = "x-shipengine-timestamp"
#: A replay is harmless here; the span only keeps what was recorded long ago from coming back.
SHIPENGINE_SPAN: Final = timedelta(days=3)
_LEAST_KEY_BITS: Final = 2048

Headers = Mapping[str, str]


def is_signed(source: str, *, secret: str, headers: Headers, body: bytes) -> bool:
    """Whether the signature of a source with a shared secret fits. Header names in lower case."""
    if not secret:
        return False
    match source:
        case SendingSource.EASYPOST:
            key = unicodedata.normalize("NFKD", secret).encode()
            expected = f"hmac-sha256-hex={hmac.new(key, body, hashlib.sha256).hexdigest()}"
            return _same(expected, headers.get("x-hmac-signature", ""))
        case SendingSource.AFTERSHIP:
            expected = base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()
            return any(
                _same(expected, headers.get(name, ""))
                for name in ("aftership-hmac-sha256", "as-signature-hmac-sha256")
            )
        case SendingSource.SEVENTEENTRACK:
            expected = hashlib.sha256(body + b"/" + secret.encode()).hexdigest()
            return _same(expected, headers.get("sign", "").lower())
    return False


def is_signed_by_key(key: RSAPublicKey, *, headers: Headers, body: bytes, now: datetime) -> bool:
    """ShipEngine: RSA over time, point and body, with a key of its published set."""
    stamp = headers.get(_TIMESTAMP, "")
    try:
        sent_at = datetime.fromisoformat(stamp)
        signature = base64.b64decode(headers.get(_SIGNATURE, ""), validate=True)
        signed = stamp.encode("ascii") + b"." + body
    except (ValueError, binascii.Error):
        return False
    if sent_at.tzinfo is None or abs(now - sent_at) > SHIPENGINE_SPAN:
        return False
    try:
        key.verify(signature, signed, PKCS1v15(), SHA256())
    except InvalidSignature:
        return False
    return True


def key_of(key_set: Any, key_id: str) -> RSAPublicKey | None:
    """The RSA key of this id in a JSON Web Key Set (RFC 7517), where there is a sound one."""
    keys = key_set.get("keys") if isinstance(key_set, dict) else None
    for row in keys if isinstance(keys, list) else ():
        if not isinstance(row, dict) or row.get("kid") != key_id or row.get("kty") != "RSA":
            continue
        try:
            key = RSAPublicNumbers(_number(row["e"]), _number(row["n"])).public_key()
        except (KeyError, TypeError, ValueError):
            return None
        return key if key.key_size >= _LEAST_KEY_BITS else None
    return None


def _number(text: str) -> int:
    return int.from_bytes(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), "big")


def _same(expected: str, given: str) -> bool:
    return hmac.compare_digest(expected.encode(), given.strip().encode())
