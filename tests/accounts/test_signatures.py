"""Signed posts: checked over the raw bytes, required where the key says so."""

import base64
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.conf import LazySettings
from standardwebhooks.webhooks import Webhook

from accounts.models import ApiKey
from accounts.secrets import UnreadableSecret, decrypted, encrypted
from accounts.services.keys import CreatedKey
from accounts.signatures import BadSignature, check_signature, new_signing_secret, signature_of
from tests.accounts.conftest import NOW, with_key

BODY = b'{"name": "caf\xc3\xa9"}'
PATH = "/api/v1/me/"


def signed(secret: str, body: bytes, moment: datetime, message_id: str = "msg_1") -> dict[str, str]:
    """As the reference library signs."""
    signature = Webhook(secret).sign(msg_id=message_id, timestamp=moment, data=body.decode())
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": signature,
    }


def test_a_signature_of_the_reference_library_is_good() -> None:
    secret = new_signing_secret()
    check_signature(secret=secret, headers=signed(secret, BODY, NOW), body=BODY, now=NOW)


def test_one_of_several_signatures_is_enough() -> None:
    secret, old = new_signing_secret(), new_signing_secret()
    headers = signed(secret, BODY, NOW)
    first = signed(old, BODY, NOW)["webhook-signature"]
    headers["webhook-signature"] = f"v1a,zzz {first} v1,not-base64! {headers['webhook-signature']}"
    check_signature(secret=secret, headers=headers, body=BODY, now=NOW)


@pytest.mark.parametrize(
    "changed",
    [
        {"webhook-id": "msg_2"},
        {"webhook-id": ""},
        {"webhook-timestamp": str(int(NOW.timestamp()) + 1)},
        {"webhook-timestamp": "soon"},
        {"webhook-timestamp": "9" * 30},
        {"webhook-timestamp": "-1"},
        {"webhook-timestamp": ""},
        {"webhook-signature": "v1,AAAA"},
        {"webhook-signature": "nonsense"},
        {"webhook-signature": ","},
        {"webhook-signature": ""},
    ],
)
def test_a_changed_header_is_refused(changed: dict[str, str]) -> None:
    secret = new_signing_secret()
    with pytest.raises(BadSignature):
        check_signature(secret=secret, headers=signed(secret, BODY, NOW) | changed, body=BODY, now=NOW)


def test_every_changed_byte_is_noticed() -> None:
    secret = new_signing_secret()
    headers = signed(secret, BODY, NOW)
    for place in range(len(BODY)):
        changed = BODY[:place] + bytes([BODY[place] ^ 1]) + BODY[place + 1 :]
        with pytest.raises(BadSignature):
            check_signature(secret=secret, headers=headers, body=changed, now=NOW)


@pytest.mark.parametrize(
    ("seconds", "is_good"), [(0, True), (300, True), (301, False), (-300, True), (-301, False)]
)
def test_a_signature_is_good_for_five_minutes_either_way(seconds: int, is_good: bool) -> None:
    secret = new_signing_secret()
    headers = signed(secret, BODY, NOW)
    now = NOW + timedelta(seconds=seconds)
    if is_good:
        check_signature(secret=secret, headers=headers, body=BODY, now=now)
    else:
        with pytest.raises(BadSignature, match="five minutes"):
            check_signature(secret=secret, headers=headers, body=BODY, now=now)


def test_the_signing_secret_is_encrypted_at_rest(make_key: Callable[..., CreatedKey]) -> None:
    created = make_key(signing=True)
    stored = ApiKey.objects.get(pk=created.api_key.pk).signing_secret_encrypted
    assert created.signing_secret is not None
    assert created.signing_secret.startswith("whsec_")
    assert len(base64.b64decode(created.signing_secret[6:])) == 32
    assert created.signing_secret not in stored
    assert decrypted(stored) == created.signing_secret


def test_secrets_outlive_a_new_encryption_key_but_not_the_loss_of_the_old(settings: LazySettings) -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    settings.ENCRYPTION_KEYS = [old]
    stored = encrypted("whsec_x")
    settings.ENCRYPTION_KEYS = [new, old]
    assert decrypted(stored) == "whsec_x"
    settings.ENCRYPTION_KEYS = [new]
    with pytest.raises(UnreadableSecret):
        decrypted(stored)


def send(key: CreatedKey, body: bytes, headers: dict[str, str]) -> Any:
    """A post that a good signature lets through to the permission check, which answers 403."""
    return with_key(key.clear_key).patch(PATH, data=body, content_type="application/json", headers=headers)


def test_a_signed_post_gets_past_authentication(make_key: Callable[..., CreatedKey]) -> None:
    key = make_key(require_signature=True)
    assert key.signing_secret is not None
    answer = send(key, BODY, signed(key.signing_secret, BODY, datetime.now(tz=UTC)))
    assert (answer.status_code, answer.json()["code"]) == (403, "people_only")


def test_one_changed_byte_is_401(make_key: Callable[..., CreatedKey]) -> None:
    key = make_key(signing=True)
    assert key.signing_secret is not None
    headers = signed(key.signing_secret, BODY, datetime.now(tz=UTC))
    answer = send(key, BODY.replace(b"caf", b"cab"), headers)
    assert (answer.status_code, answer.json()["code"]) == (401, "signature_invalid")
    assert answer["WWW-Authenticate"] == 'Api-Key realm="api"'


def test_an_old_post_sent_again_is_401(make_key: Callable[..., CreatedKey]) -> None:
    key = make_key(signing=True)
    assert key.signing_secret is not None
    headers = signed(key.signing_secret, BODY, datetime.now(tz=UTC) - timedelta(minutes=6))
    assert send(key, BODY, headers).status_code == 401


def test_a_required_signature_that_is_missing_is_401(make_key: Callable[..., CreatedKey]) -> None:
    answer = send(make_key(require_signature=True), BODY, {})
    assert (answer.status_code, answer.json()["code"]) == (401, "signature_missing")


def test_reading_needs_no_signature(make_key: Callable[..., CreatedKey]) -> None:
    assert with_key(make_key(require_signature=True).clear_key).get(PATH).status_code == 200


def test_an_unasked_signature_may_be_left_out(make_key: Callable[..., CreatedKey]) -> None:
    assert send(make_key(signing=True), BODY, {}).status_code == 403


def test_a_signature_that_cannot_be_checked_is_not_believed(amz: CreatedKey) -> None:
    headers = signed(new_signing_secret(), BODY, datetime.now(tz=UTC))
    assert send(amz, BODY, headers).status_code == 401


def test_bytes_that_are_no_text_can_be_signed(make_key: Callable[..., CreatedKey]) -> None:
    key = make_key(require_signature=True)
    assert key.signing_secret is not None
    picture = b"\xff\xd8\xff\xe0" + bytes(range(256))
    timestamp = str(int(datetime.now(tz=UTC).timestamp()))
    digest = signature_of(secret=key.signing_secret, message_id="m", timestamp=timestamp, body=picture)
    headers = {
        "webhook-id": "m",
        "webhook-timestamp": timestamp,
        "webhook-signature": "v1," + base64.b64encode(digest).decode(),
    }
    assert send(key, picture, headers).status_code == 403
