"""Sending by mail, over a connection that the caller keeps open for a whole round of deliveries."""

import smtplib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from claims.channels.sending import Outcome, Outgoing, Permanent, Retry, Sent, in_turn

LONGEST_SUBJECT: Final = 200
#: What a mail server, or the way to it, can answer with. A ValueError is an address or header that cannot be.
MAIL_TROUBLE: Final = (smtplib.SMTPException, OSError, ValueError)


@dataclass(frozen=True)
class EmailSender:
    """Mails to one address. `connection` is shared: one for every recipient of a round."""

    to: str
    connection: BaseEmailBackend = field(repr=False)
    budget: timedelta = timedelta(seconds=15)

    def send(self, messages: Sequence[Outgoing], *, now: datetime) -> list[Outcome]:
        """One mail a message, under a Message-ID made of its id."""
        return in_turn(messages, partial(self._mail, now=now), budget=self.budget)

    def _mail(self, message: Outgoing, *, now: datetime) -> Outcome:
        host = urlsplit(settings.BASE_URL).hostname or "localhost"
        try:
            EmailMessage(
                subject=" ".join(message.subject.split())[:LONGEST_SUBJECT],
                body=message.body,
                from_email=settings.DEFAULT_FROM_EMAIL,
                to=[self.to],
                headers={"Message-ID": f"<{message.id}@{host}>", "Auto-Submitted": "auto-generated"},
                connection=self.connection,
            ).send()
        except MAIL_TROUBLE as error:
            self.connection.close()
            return judged_mail_error(error)
        return Sent()


def judged_mail_error(error: Exception) -> Outcome:
    """A recipient refused for good is the only end; everything else is the server's own trouble."""
    said = f"{type(error).__name__}: {error}"[:500]
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        for_good = all(500 <= code < 600 for code, _ in error.recipients.values())
        return Permanent(said) if for_good else Retry(said)
    return Permanent(said) if isinstance(error, ValueError) else Retry(said, is_down=True)
