"""Sending by a seller's channels, keeping what became of it, and telling owners when one has ended.

Deliveries and their retries belong to `deliveries.py`; this is the one door through which a channel is used.
Nothing here runs in a transaction: it talks to other people's servers.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend

from accounts.channels.words import ChannelKind
from accounts.models import Role, WarningChannel
from accounts.secrets import UnreadableSecret, decrypted
from accounts.selectors import active_members
from accounts.services.channels import (
    note_owners_told,
    note_permanent_failure,
    note_result,
    take_disabled_to_tell,
)
from claims.channels.mailing import EmailSender
from claims.channels.opening import sender_of
from claims.channels.sending import Outcome, Outgoing, Permanent, Retry, Sent
from claims.services.recipients import operator

UNREADABLE = Retry("The target can no longer be read: a key was taken out of ENCRYPTION_KEYS.", is_down=True)


def send_by_channel(
    *, channel: WarningChannel, messages: Sequence[Outgoing], mail: BaseEmailBackend, now: datetime
) -> list[Outcome]:
    """An outcome for each message, in their order; each is tried at most once. The result is noted."""
    outcomes = outcomes_of(channel=channel, messages=messages, mail=mail, now=now)
    note_outcomes(channel=channel, outcomes=outcomes, now=now)
    return outcomes


def note_outcomes(*, channel: WarningChannel, outcomes: Sequence[Outcome], now: datetime) -> None:
    """Keeps the result at the channel. A permanent failure ends it, and its owners will be told."""
    ended = next((each for each in outcomes if isinstance(each, Permanent)), None)
    if ended is not None:
        note_permanent_failure(channel=channel, reason=ended.reason, now=now)
        return
    tried = [each for each in outcomes if not isinstance(each, Retry) or each.tried]
    if tried:
        note_result(channel=channel, error=_reason(tried[-1]), now=now)


def send_test(*, channel: WarningChannel, asked_by: str, now: datetime) -> Outcome:
    """Sends a message now that says it is a test. A failure is kept as the last error and ends nothing."""
    url = f"{settings.BASE_URL.rstrip('/')}/api/v1/channels/{channel.pk}/"
    message = Outgoing(
        id=f"channel-test-{channel.pk}-{uuid.uuid4().hex}",
        type="channel.test",
        occurred_at=now,
        subject=f"Test of the channel «{channel.label}»",
        body=(
            f"This is a test, asked for by {asked_by}. Warnings of A-to-z claims of {channel.seller.name} "
            f"will come here.\n\nThe channel: {url}\n"
        ),
        url=url,
        facts={"channel": channel.pk, "seller": channel.seller.merchant_token},
    )
    mail = get_connection()
    try:
        outcome = outcomes_of(channel=channel, messages=[message], mail=mail, now=now)[0]
    finally:
        mail.close()
    note_result(channel=channel, error=_reason(outcome), now=now)
    return outcome


def tell_owners_of_ended_channels(*, mail: BaseEmailBackend, now: datetime) -> int:
    """Writes to the owners, and to whose channel it was, that a channel has ended. Says how many were told of.

    At least once: a worker that dies in between leaves it to the next, under the same Message-ID.
    """
    told = 0
    for channel in take_disabled_to_tell(now=now):
        message = _ending_of(channel, now=now)
        outcomes = [
            EmailSender(to=address, connection=mail).send([message], now=now)[0]
            for address in _who_must_know(channel)
        ]
        if any(isinstance(outcome, Sent) for outcome in outcomes):
            note_owners_told(channel=channel)
            told += 1
    return told


def outcomes_of(
    *, channel: WarningChannel, messages: Sequence[Outgoing], mail: BaseEmailBackend, now: datetime
) -> list[Outcome]:
    """Sends and keeps nothing, so that it can be done beside the thread that has the database."""
    try:
        sender = sender_of(channel, mail=mail)
    except UnreadableSecret:
        return [UNREADABLE] * len(messages)
    return sender.send(messages, now=now)


def _reason(outcome: Outcome) -> str:
    return "" if isinstance(outcome, Sent) else outcome.reason


def _who_must_know(channel: WarningChannel) -> list[str]:
    """By another way than the one that ended; where there is none, the operator."""
    members = active_members(channel.seller_id).exclude(user__email="")
    whose = {member.user.email for member in members if member.user_id == channel.user_id}
    owners = {member.user.email for member in members if member.role == Role.OWNER}
    return sorted((whose | owners) - _ended_mailbox(channel)) or [operator().email]


def _ended_mailbox(channel: WarningChannel) -> set[str]:
    if channel.kind != ChannelKind.EMAIL:
        return set()
    try:
        return {decrypted(channel.target_encrypted)}
    except UnreadableSecret:
        return set()


def _ending_of(channel: WarningChannel, *, now: datetime) -> Outgoing:
    at = channel.disabled_at or now
    url = f"{settings.BASE_URL.rstrip('/')}/api/v1/channels/{channel.pk}/"
    whose = f"of {channel.user.get_username()}" if channel.user else f"of {channel.seller.name}"
    return Outgoing(
        id=f"channel-ended-{channel.pk}-{int(at.timestamp())}",
        type="channel.ended",
        occurred_at=at,
        subject=f"Warnings no longer reach the channel «{channel.label}»",
        body=(
            f"The channel «{channel.label}» {whose} ({channel.kind}, {channel.target_hint}) was switched off "
            f"at {at:%Y-%m-%d %H:%M} UTC, because it refused a message for good:\n\n"
            f"    {channel.disabled_reason}\n\n"
            f"Give it a new target, or switch it on again, and test it: {url}\n"
        ),
        url=url,
    )
