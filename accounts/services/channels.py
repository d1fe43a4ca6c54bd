"""Making and changing warning channels, and keeping what became of what was sent by them.

Sending is not done here. Results are written by conditional updates, so that any number of workers may report
at once: a success at most once a minute, the end of a channel exactly once.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q, QuerySet

from accounts.channels.addresses import TargetRefused
from accounts.channels.targets import CheckedTarget, checked_target
from accounts.channels.words import AUDIENCES, ChannelKind
from accounts.errors import Conflict, InvalidInput
from accounts.models import Seller, User, WarningChannel
from accounts.secrets import encrypted
from accounts.signatures import new_signing_secret

NOTED_EVERY = timedelta(minutes=1)
TOLD_AGAIN_AFTER = timedelta(minutes=5)
LONGEST_ERROR = 500
MOST_CHANNELS = 50


@dataclass(frozen=True, slots=True)
class CreatedChannel:
    """A channel with its signing secret in clear (webhooks only): the only time that it is to be seen."""

    channel: WarningChannel
    signing_secret: str | None = field(repr=False)


@transaction.atomic
def create_channel(
    *,
    seller: Seller,
    user: User | None,
    kind: str,
    label: str,
    target: str,
    now: datetime,
    audiences: Sequence[str] = AUDIENCES,
) -> CreatedChannel:
    """A room of the seller, or (with `user`) a member's own channel.

    Raises InvalidInput at `/target`, Conflict `too_many_channels`.
    """
    checked = _checked(kind, target)
    Seller.objects.select_for_update().only("pk").get(pk=seller.pk)
    if WarningChannel.objects.filter(seller=seller, user=user).count() >= MOST_CHANNELS:
        raise Conflict(f"There are {MOST_CHANNELS} channels already.", code="too_many_channels")
    secret = new_signing_secret() if kind == ChannelKind.WEBHOOK else None
    channel = WarningChannel.objects.create(
        seller=seller,
        user=user,
        kind=kind,
        label=label,
        target_encrypted=encrypted(checked.text),
        target_hint=checked.hint,
        signing_secret_encrypted=encrypted(secret) if secret else "",
        audiences=_ordered(audiences),
        created_at=now,
    )
    return CreatedChannel(channel=channel, signing_secret=secret)


@transaction.atomic
def change_channel(
    *,
    channel_id: int,
    label: str | None = None,
    target: str | None = None,
    audiences: Sequence[str] | None = None,
    is_active: bool | None = None,
) -> WarningChannel:
    """Changes what is given. A new target, or switching it on again, gives a channel a new chance.

    Raises InvalidInput at `/target` or `/audiences`.
    """
    channel = (
        WarningChannel.objects.select_for_update(of=("self",))
        .select_related("seller", "user")
        .get(pk=channel_id)
    )
    if audiences is not None and channel.user_id is not None:
        raise InvalidInput.at("/audiences", "A member's own channel hears whatever he hears.")
    channel.label = channel.label if label is None else label
    channel.audiences = channel.audiences if audiences is None else _ordered(audiences)
    if target:
        checked = _checked(channel.kind, target)
        channel.target_encrypted, channel.target_hint = encrypted(checked.text), checked.hint
    if target or (is_active and not channel.is_active):
        channel.last_error, channel.last_error_at = "", None
        if channel.disabled_at is not None:
            channel.disabled_at, channel.disabled_reason, channel.tell_owners_at = None, "", None
            channel.is_active = True
    channel.is_active = channel.is_active if is_active is None else is_active
    channel.save()
    return channel


def renew_signing_secret(*, channel_id: int) -> CreatedChannel:
    """Replaces the secret of a webhook at once. Raises Conflict for a channel that signs nothing."""
    secret = new_signing_secret()
    changed = WarningChannel.objects.filter(pk=channel_id, kind=ChannelKind.WEBHOOK).update(
        signing_secret_encrypted=encrypted(secret)
    )
    if not changed:
        raise Conflict("Only a webhook is signed.", code="not_signed")
    channel = WarningChannel.objects.select_related("seller", "user").get(pk=channel_id)
    return CreatedChannel(channel=channel, signing_secret=secret)


def note_result(*, channel: WarningChannel, error: str, now: datetime) -> None:
    """What became of a message: an empty `error` is a success, any other a failure that may pass.

    Writes at most once a minute, and at once where it turned from one to the other.
    """
    rows = _as_it_was(channel)
    if not error:
        due = Q(last_sent_at__isnull=True) | Q(last_sent_at__lte=now - NOTED_EVERY) | ~Q(last_error="")
        rows.filter(due).update(last_sent_at=now, last_error="", last_error_at=None)
        return
    due = Q(last_error_at__isnull=True) | Q(last_error_at__lte=now - NOTED_EVERY) | Q(last_error="")
    rows.filter(due).update(last_error=error[:LONGEST_ERROR], last_error_at=now)


def note_permanent_failure(*, channel: WarningChannel, reason: str, now: datetime) -> bool:
    """Ends the channel and puts its owners on the list of those to be told; True for whoever did it first.

    `channel` as it was read before sending: one that got a new target since is left alone.
    """
    said = reason[:LONGEST_ERROR]
    ended = (
        _as_it_was(channel)
        .filter(is_active=True)
        .update(
            is_active=False,
            disabled_at=now,
            disabled_reason=said,
            last_error=said,
            last_error_at=now,
            tell_owners_at=now,
        )
    )
    return ended > 0


def take_disabled_to_tell(*, now: datetime, limit: int = 20) -> list[WarningChannel]:
    """Ended channels whose owners do not know yet. Taken for some minutes: who dies leaves them to the next."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE accounts_warningchannel SET tell_owners_at = %(again)s
             WHERE id IN (SELECT id FROM accounts_warningchannel WHERE tell_owners_at <= %(now)s
                           ORDER BY tell_owners_at LIMIT %(limit)s FOR UPDATE SKIP LOCKED)
            RETURNING id
            """,
            {"again": now + TOLD_AGAIN_AFTER, "now": now, "limit": limit},
        )
        ids = [row[0] for row in cursor.fetchall()]
    return list(WarningChannel.objects.filter(pk__in=ids).select_related("seller", "user").order_by("id"))


def note_owners_told(*, channel: WarningChannel) -> None:
    """They know of this ending; a later one is told again."""
    WarningChannel.objects.filter(pk=channel.pk, disabled_at=channel.disabled_at).update(tell_owners_at=None)


def _as_it_was(channel: WarningChannel) -> QuerySet[WarningChannel]:
    """The row, as long as it still has the target that was tried: each encryption is another text."""
    return WarningChannel.objects.filter(pk=channel.pk, target_encrypted=channel.target_encrypted)


def _checked(kind: str, target: str) -> CheckedTarget:
    try:
        return checked_target(kind, target, allow_private=settings.OUTGOING_ALLOW_PRIVATE)
    except TargetRefused as refused:
        raise InvalidInput.at("/target", str(refused), code="target_refused") from refused


def _ordered(audiences: Sequence[str]) -> list[str]:
    if not audiences:
        raise InvalidInput.at("/audiences", "Name at least one; to hear nothing, switch the channel off.")
    return [name for name in AUDIENCES if name in set(audiences)]
