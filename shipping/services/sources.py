"""A seller's accounts with sources: made, given other credentials, tried, switched off. Secrets go in, never out."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.db import IntegrityError, transaction

from accounts.actors import Actor
from accounts.channels.addresses import TargetRefused, refuse_local_host
from accounts.errors import Conflict, FieldError, InvalidInput
from accounts.models import Seller
from accounts.secrets import encrypted
from shipping.models import SourceAccount, SourceChange, TrackingEndpoint
from shipping.outward.exchange import CredentialsRefused, NotYet, Unanswered
from shipping.services.asking import STUMBLES, open_line
from shipping.services.pacing import note_answered, note_failed
from shipping.services.plans import drop_plans, plan_seller_anew
from shipping.sources.registry import SOURCES
from shipping.sources.words import SECRET_FIELDS, SourceName

NEW_PLACE: Final = "Another address needs the credentials anew: stored ones go nowhere else."
ONE_ONLY: Final = "There is an account with this source already: give it other credentials instead."


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of a test call: `ok`, `refused` (the credentials) or `failed` (may work later)."""

    status: str
    detail: str


def note_source_change(
    *,
    seller_id: int,
    kind: str,
    actor: Actor,
    now: datetime,
    account: SourceAccount | None = None,
    endpoint: TrackingEndpoint | None = None,
    details: Mapping[str, object] | None = None,
) -> None:
    """Inside the caller's transaction, beside the change itself. `details` hold no secret."""
    SourceChange.objects.create(
        seller_id=seller_id,
        account=account,
        endpoint=endpoint,
        kind=kind,
        actor_kind=actor.kind,
        actor_user_id=actor.user_id,
        actor_integration_id=actor.integration_id,
        actor_label=actor.label,
        at=now,
        details=dict(details or {}),
    )


def create_source(
    *, seller: Seller, source: str, secrets: Mapping[str, str], base_url: str, actor: Actor, now: datetime
) -> SourceAccount:
    """An account, active at once: the seller's parcels are planned for it.

    Raises InvalidInput at the fields of the secrets or at `/base_url`, Conflict `source_exists`.
    """
    checked, url = _checked_secrets(source, secrets), _checked_url(source, base_url)
    try:
        with transaction.atomic():
            account = SourceAccount.objects.create(
                seller=seller, source=source, base_url=url, secrets_encrypted=checked, created_at=now
            )
            note_source_change(
                seller_id=seller.pk,
                kind="created",
                actor=actor,
                now=now,
                account=account,
                details={"source": source, "base_url": url},
            )
            plan_seller_anew(account, now=now)
    except IntegrityError:
        raise Conflict(ONE_ONLY, code="source_exists") from None
    return account


def change_source(
    *,
    account_id: int,
    secrets: Mapping[str, str],
    base_url: str | None,
    is_active: bool | None,
    actor: Actor,
    now: datetime,
) -> SourceAccount:
    """Change what is given. Secrets are replaced as a whole; they, another address, and switching on end a pause.

    Raises as `create_source`; another address without credentials is refused, so that nobody can have stored ones
    sent to himself.
    """
    try:
        with transaction.atomic():
            account = (
                SourceAccount.objects.select_for_update(of=("self",))
                .select_related("seller")
                .get(pk=account_id)
            )
            changed: dict[str, object] = {}
            if secrets:
                account.secrets_encrypted = _checked_secrets(account.source, secrets)
                changed["credentials"] = "replaced"
            if base_url and (url := _checked_url(account.source, base_url)) != account.base_url:
                if not secrets:
                    raise InvalidInput.at("/base_url", NEW_PLACE, code="credentials_needed")
                changed["base_url"] = {"from": account.base_url, "to": url}
                account.base_url = url
            if is_active is not None and is_active != account.is_active:
                account.is_active = is_active
                changed["is_active"] = is_active
            if not changed:
                return account
            if account.is_active:
                account.paused_until, account.failures = None, 0
                account.last_error, account.last_error_at = "", None
            account.save()
            note_source_change(
                seller_id=account.seller_id,
                kind=_kind_of(changed),
                actor=actor,
                now=now,
                account=account,
                details=changed,
            )
            if account.is_active:
                plan_seller_anew(account, now=now)
            else:
                drop_plans(account)
    except IntegrityError:
        raise Conflict(ONE_ONLY, code="source_exists") from None
    return account


def _kind_of(changed: Mapping[str, object]) -> str:
    if "is_active" not in changed:
        return "changed"
    return "switched_on" if changed["is_active"] else "switched_off"


def try_source(*, account: SourceAccount, actor: Actor, now: Callable[[], datetime]) -> Tried:
    """A real call with the account's credentials. What came of it is kept, a good one ends a pause."""
    source = SOURCES[account.source]
    rows = SourceAccount.objects.filter(pk=account.pk, secrets_encrypted=account.secrets_encrypted)
    rows.update(paused_until=None)  # whoever tries an account means now
    tried = Tried("ok", "The source answered; the credentials work.")
    try:
        source.check(open_line(account, is_urgent=True, now=now))
    except NotYet as waits:
        tried = Tried("failed", f"{waits} Try again after {waits.until:%H:%M:%S} UTC.")
    except Unanswered as failed:
        note_failed(account=account, failure=failed, now=now())
        tried = Tried("refused" if isinstance(failed, CredentialsRefused) else "failed", str(failed))
    except STUMBLES as stumbled:
        tried = Tried("failed", f"The answer has another shape than expected ({type(stumbled).__name__}).")
    else:
        note_answered(account=account, now=now())
    with transaction.atomic():
        note_source_change(
            seller_id=account.seller_id, kind="tested", actor=actor, now=now(), account=account,
            details={"status": tried.status, "detail": tried.detail},
        )  # fmt: skip
    return tried


def _checked_secrets(source: str, secrets: Mapping[str, str]) -> str:
    terms = SOURCES[source].terms
    known = (*terms.needs, *terms.takes)
    faults = [
        FieldError(f"/{name}", "required", f"{SourceName(source).label} needs it.")
        for name in terms.needs
        if not secrets.get(name)
    ]
    faults += [
        FieldError(f"/{name}", "not_used", f"{SourceName(source).label} has no such credential.")
        for name in SECRET_FIELDS
        if secrets.get(name) and name not in known
    ]
    if faults:
        raise InvalidInput(errors=faults)
    return encrypted(json.dumps({name: secrets[name] for name in known if secrets.get(name)}))


def _checked_url(source: str, given: str) -> str:
    """The address to call: the one given, else the installation's, else the vendor's own."""
    own: str = settings.SOURCE_BASE_URLS.get(source) or SOURCES[source].terms.base_url
    url = given.strip().rstrip("/") or own.rstrip("/")
    try:
        parts = urlsplit(url)
        host, has_user = parts.hostname or "", parts.username is not None or parts.password is not None
    except ValueError:
        raise InvalidInput.at("/base_url", "This is not an address.", code="invalid") from None
    allow_private: bool = settings.OUTGOING_ALLOW_PRIVATE
    if not host or has_user or parts.query or parts.fragment:
        raise InvalidInput.at("/base_url", "Give scheme, host and path alone.", code="invalid")
    if parts.scheme != "https" and not (allow_private and parts.scheme == "http"):
        raise InvalidInput.at("/base_url", "Only https addresses are called.", code="not_https")
    if not allow_private:
        try:
            refuse_local_host(host)
        except TargetRefused as refused:
            raise InvalidInput.at("/base_url", str(refused), code="private_address") from None
    return url
