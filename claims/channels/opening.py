"""From a channel's row to the sender that serves it."""

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend

from accounts.channels.connections import shared_pools
from accounts.channels.words import ChannelKind
from accounts.models import WarningChannel
from accounts.secrets import decrypted
from claims.channels.chat import ChatSender
from claims.channels.mailing import EmailSender
from claims.channels.sending import Sender
from claims.channels.webhook import WebhookSender


def sender_of(channel: WarningChannel, *, mail: BaseEmailBackend) -> Sender:
    """`mail` is the round's open connection. Raises UnreadableSecret."""
    target = decrypted(channel.target_encrypted)
    allow_private: bool = settings.OUTGOING_ALLOW_PRIVATE
    match ChannelKind(channel.kind):
        case ChannelKind.EMAIL:
            return EmailSender(to=target, connection=mail)
        case ChannelKind.WEBHOOK:
            return WebhookSender(
                url=target,
                secret=decrypted(channel.signing_secret_encrypted),
                pools=shared_pools(allow_private=allow_private),
            )
        case ChannelKind.APPRISE:
            return ChatSender(
                address=target, allow_private=allow_private, pools=shared_pools(allow_private=allow_private)
            )
