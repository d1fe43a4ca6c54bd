"""Integrations come in with `Authorization: Api-Key <prefix>.<secret>`, and may sign what they post.

Reads the key afresh for every request, so that a revoked one is refused at once. Rules of keys and
signatures are in `keys.py` and `signatures.py`. Guessing is slowed down; a right key always passes, whatever
its neighbours behind the same address send.
"""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.utils import timezone
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, Throttled
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from accounts import keys, signatures
from accounts.attempts import BAD_KEY, address_of
from accounts.errors import TooLarge
from accounts.models import ApiKey
from accounts.secrets import UnreadableSecret, decrypted
from accounts.services.keys import note_key_use

SCHEME = "Api-Key"
REALM = f'{SCHEME} realm="api"'


@dataclass(frozen=True, slots=True)
class KeyPrincipal:
    """What `request.user` is for a key: someone, but no person. Who it acts for is asked of `caller_of`."""

    pk: str
    username: str
    is_authenticated: bool = True
    is_anonymous: bool = False
    is_active: bool = True
    is_staff: bool = False
    is_superuser: bool = False

    @property
    def id(self) -> str:
        return self.pk

    def get_username(self) -> str:
        return self.username

    def __str__(self) -> str:
        return self.username


class ApiKeyAuthentication(BaseAuthentication):
    """Must be the first authenticator, so that refusals are 401 with a challenge and not 403."""

    def authenticate_header(self, request: Request) -> str:
        return REALM

    def authenticate(self, request: Request) -> tuple[KeyPrincipal, ApiKey] | None:
        words = get_authorization_header(request).split()
        if not words or words[0].lower() != SCHEME.lower().encode():
            return None
        now = timezone.now()
        key = _key_of(words[1:], request)
        _check_signature(key, request)
        if key.last_used_at is None or (now - key.last_used_at).total_seconds() >= 60:
            note_key_use(api_key_id=key.pk, now=now)
        principal = KeyPrincipal(pk=f"key-{key.pk}", username=f"{key.integration.name} (key {key.prefix})")
        return principal, key


def _key_of(words: list[bytes], request: Any) -> ApiKey:
    text = words[0].decode("latin-1") if len(words) == 1 else ""
    prefix = keys.prefix_of(text)
    if prefix is not None:
        found = ApiKey.objects.select_related("integration__seller").filter(prefix=prefix).first()
        if found is not None and keys.matches(text, found.key_hash):
            if found.revoked_at is None:
                return found
            raise AuthenticationFailed("This key has been revoked.", code="key_revoked")
    address = address_of(request)
    if BAD_KEY.is_reached(address):
        raise Throttled(wait=BAD_KEY.within.total_seconds(), detail="Too many requests with unknown keys.")
    BAD_KEY.count_failure(address)
    raise AuthenticationFailed("There is no such key.", code="key_unknown")


def _check_signature(key: ApiKey, request: Request) -> None:
    if request.method in SAFE_METHODS:
        return
    headers = {name: request.headers.get(name, "") for name in signatures.HEADERS}
    if not any(headers.values()):
        if key.require_signature:
            raise AuthenticationFailed("This key asks for signed posts.", code="signature_missing")
        return
    if not key.signing_secret_encrypted:
        raise AuthenticationFailed("This key has no signing secret to check with.", code="signature_invalid")
    try:
        signatures.check_signature(
            secret=decrypted(key.signing_secret_encrypted),
            headers=headers,
            body=_raw_body(request),
            now=timezone.now(),
        )
    except signatures.BadSignature as refused:
        raise AuthenticationFailed(str(refused), code="signature_invalid") from refused
    except UnreadableSecret as failed:
        raise AuthenticationFailed(
            "The signing secret of this key can no longer be read; make a new key.", code="signature_invalid"
        ) from failed


def _raw_body(request: Any) -> bytes:
    """The bytes as sent; Django keeps them, so the parsers read the same ones afterwards."""
    try:
        body: bytes = request._request.body
    except RequestDataTooBig as refused:
        raise TooLarge("A signed post may not be larger than DATA_UPLOAD_MAX_MEMORY_SIZE.") from refused
    return body


class ApiKeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How the schema describes keys."""

    target_class = "accounts.api.authentication.ApiKeyAuthentication"
    name = "ApiKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`Authorization: Api-Key <prefix>.<secret>`",
        }
