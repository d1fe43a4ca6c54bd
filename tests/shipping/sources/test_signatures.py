"""Signatures of webhooks: the published vector, and one byte changed anywhere."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256

from shipping.sources.signatures import is_signed, is_signed_by_key, key_of

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
BODY = (
    '{"description": "tracker.updated", "result": {"tracking_code": "EZ4000000004", "city": "Köln"}}'.encode()
)


def signed(source: str, secret: str, body: bytes) -> dict[str, str]:
    """The headers by which each source signs, worked out here from its own page."""
    mac = hmac.new(secret.encode(), body, hashlib.sha256)
    return {
        "easypost": {"x-hmac-signature": f"hmac-sha256-hex={mac.hexdigest()}"},
        "aftership": {"aftership-hmac-sha256": base64.b64encode(mac.digest()).decode()},
        "seventeentrack": {"sign": hashlib.sha256(body + b"/" + secret.encode()).hexdigest()},
    }[source]


@pytest.mark.needs_samples
def test_the_published_vector_verifies_and_no_other_byte_does(samples: Path) -> None:
    folder = samples / "carriers" / "easypost"
    vector = json.loads((folder / "hmac_vector.json").read_text())
    body = (folder / vector["body_file"]).read_bytes()
    headers = {"x-hmac-signature": vector["X-Hmac-Signature"]}
    secret = vector["webhook_secret"]
    assert is_signed("easypost", secret=secret, headers=headers, body=body)
    for place in range(0, len(body), 97):
        other = bytearray(body)
        other[place] ^= 1
        assert not is_signed("easypost", secret=secret, headers=headers, body=bytes(other))
    assert not is_signed("easypost", secret=secret, headers=headers, body=body + b"\n")
    assert not is_signed("easypost", secret=secret + "x", headers=headers, body=body)


def test_easypost_s_secret_is_normalised_before_it_signs() -> None:
    decomposed = "secre\u0301t"
    headers = signed("easypost", decomposed, BODY)
    assert is_signed("easypost", secret="secr\u00e9t", headers=headers, body=BODY)
    assert is_signed("easypost", secret=decomposed, headers=headers, body=BODY)


@pytest.mark.parametrize("source", ["easypost", "aftership", "seventeentrack"])
def test_one_byte_changed_or_another_secret_is_refused(source: str) -> None:
    headers = signed(source, "s3cret", BODY)
    assert is_signed(source, secret="s3cret", headers=headers, body=BODY)
    for place in range(len(BODY)):
        other = bytearray(BODY)
        other[place] ^= 1
        assert not is_signed(source, secret="s3cret", headers=headers, body=bytes(other))
    assert not is_signed(source, secret="other", headers=headers, body=BODY)
    assert not is_signed(source, secret="", headers=signed(source, "", BODY), body=BODY)
    assert not is_signed(source, secret="s3cret", headers={}, body=BODY)
    assert not is_signed(source, secret="s3cret", headers=dict.fromkeys(headers, "ümläut"), body=BODY)


def test_aftership_s_newer_header_counts_too() -> None:
    value = signed("aftership", "s3cret", BODY)["aftership-hmac-sha256"]
    assert is_signed("aftership", secret="s3cret", headers={"as-signature-hmac-sha256": value}, body=BODY)


def key_set(key: RSAPrivateKey, key_id: str = "k1") -> dict[str, object]:
    numbers = key.public_key().public_numbers()

    def text(number: int) -> str:
        return (
            base64.urlsafe_b64encode(number.to_bytes((number.bit_length() + 7) // 8, "big"))
            .rstrip(b"=")
            .decode()
        )

    return {
        "keys": [{"kid": key_id, "kty": "RSA", "n": text(numbers.n), "e": text(numbers.e), "alg": "RS256"}]
    }


def shipengine_headers(key: RSAPrivateKey, body: bytes, sent_at: datetime) -> dict[str, str]:
    stamp = sent_at.isoformat().replace("+00:00", "Z")
    signature = key.sign(f"{stamp}.".encode() + body, PKCS1v15(), SHA256())
    return {
        "x-shipengine-rsa-sha256-key-id": "k1",
        "x-shipengine-rsa-sha256-signature": base64.b64encode(signature).decode(),
        "x-shipengine-timestamp": stamp,
    }


def test_shipengine_signs_with_a_key_of_its_published_set() -> None:
    private = generate_private_key(public_exponent=65537, key_size=2048)
    key = key_of(key_set(private), "k1")
    assert key is not None
    headers = shipengine_headers(private, BODY, NOW)
    assert is_signed_by_key(key, headers=headers, body=BODY, now=NOW)
    for place in range(0, len(BODY), 7):
        other = bytearray(BODY)
        other[place] ^= 1
        assert not is_signed_by_key(key, headers=headers, body=bytes(other), now=NOW)
    assert not is_signed_by_key(key, headers=headers, body=BODY, now=NOW + timedelta(days=4))
    moved = {**headers, "x-shipengine-timestamp": "2026-11-20T10:00:01Z"}
    assert not is_signed_by_key(key, headers=moved, body=BODY, now=NOW)
    for broken in (
        {},
        {**headers, "x-shipengine-timestamp": "soon"},
        {**headers, "x-shipengine-rsa-sha256-signature": "??"},
    ):
        assert not is_signed_by_key(key, headers=broken, body=BODY, now=NOW)


@pytest.mark.parametrize(
    "found",
    [None, [], {}, {"keys": None}, {"keys": ["x"]}, {"keys": [{"kid": "k1", "kty": "EC"}]},
     {"keys": [{"kid": "k1", "kty": "RSA", "n": "AQAB"}]}, {"keys": [{"kid": "k1", "kty": "RSA", "n": 5, "e": "AQAB"}]},
     {"keys": [{"kid": "k1", "kty": "RSA", "n": "AQAB", "e": "AQAB"}]}],
)  # fmt: skip
def test_a_key_set_without_a_sound_key_of_that_name_gives_none(found: object) -> None:
    assert key_of(found, "k1") is None
