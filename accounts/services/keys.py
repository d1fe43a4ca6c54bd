"""Making and ending API keys, and noting their use."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from accounts.errors import FieldError, InvalidInput
from accounts.keys import new_key
from accounts.models import ApiKey, Integration, Seller
from accounts.scopes import SCOPES, expanded_scopes, unknown_scopes
from accounts.secrets import encrypted
from accounts.signatures import new_signing_secret

USE_NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class CreatedKey:
    """A new key with its two secrets in clear: the only time that they are to be seen."""

    api_key: ApiKey
    clear_key: str = field(repr=False)
    signing_secret: str | None = field(repr=False)


def checked_scopes(names: Sequence[str]) -> list[str]:
    """Raises InvalidInput at `/scopes` naming what is unknown and what there is."""
    unknown = unknown_scopes([name for name in names if name != "all"])
    if unknown or not names:
        said = f"Unknown scope: {', '.join(unknown)}." if unknown else "Name at least one scope."
        raise InvalidInput(
            errors=[FieldError("/scopes", "unknown_scope", f"{said} Scopes: all, {', '.join(SCOPES)}.")]
        )
    return expanded_scopes(names)


@transaction.atomic
def create_api_key(
    *,
    seller: Seller,
    integration_name: str,
    scopes: Sequence[str],
    now: datetime,
    signing: bool = False,
    require_signature: bool = False,
) -> CreatedKey:
    """A new key of the seller's integration of that name, which is made where there is none.

    `require_signature` implies `signing`. Raises InvalidInput for unknown scopes.
    """
    wanted = checked_scopes(scopes)
    integration, _ = Integration.objects.get_or_create(
        seller=seller, name=integration_name, defaults={"created_at": now}
    )
    clear = new_key()
    secret = new_signing_secret() if signing or require_signature else None
    api_key = ApiKey.objects.create(
        integration=integration,
        prefix=clear.prefix,
        key_hash=clear.key_hash,
        scopes=wanted,
        created_at=now,
        signing_secret_encrypted=encrypted(secret) if secret else "",
        require_signature=require_signature,
    )
    return CreatedKey(api_key=api_key, clear_key=clear.text, signing_secret=secret)


def revoke_key(*, api_key_id: int, now: datetime) -> ApiKey:
    """Ends a key for good, from its next request on. Repeating it changes nothing."""
    ApiKey.objects.filter(pk=api_key_id, revoked_at__isnull=True).update(revoked_at=now)
    return ApiKey.objects.select_related("integration__seller").get(pk=api_key_id)


def note_key_use(*, api_key_id: int, now: datetime) -> None:
    """Writes `last_used_at` at most once a minute, however many requests ask at once."""
    stale = Q(last_used_at__isnull=True) | Q(last_used_at__lte=now - USE_NOTED_EVERY)
    ApiKey.objects.filter(stale, pk=api_key_id).update(last_used_at=now)
