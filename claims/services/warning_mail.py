"""Warnings as mails over one open connection, and what the answer of a mail server means for each.

Talks to the server and to nothing else: the messages come ready, what became of them is written elsewhere.
"""

import smtplib
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from claims.channels.sending import NOT_TRIED, TIME_UP, Outcome, Outgoing, Permanent, Retry, Sent

#: What a mail server, the way to it, or the text of the mail itself can fail with.
MAIL_TROUBLE = (smtplib.SMTPException, OSError, LookupError, ValueError, TypeError, ArithmeticError)
BUDGET = timedelta(seconds=10)
_UNAVAILABLE = 421


def opened(mail: BaseEmailBackend) -> Retry | None:
    """Connects where that is not done yet; the trouble where it cannot be."""
    try:
        mail.open()
    except MAIL_TROUBLE as error:
        close(mail)
        return Retry(_said(error), is_down=True)
    return None


def close(mail: BaseEmailBackend) -> None:
    with suppress(*MAIL_TROUBLE):
        mail.close()


def send_mails(addressed: Sequence[tuple[str, Outgoing]], mail: BaseEmailBackend) -> list[Outcome]:
    """An outcome for each (address, message), in their order. Ends where the server takes no mail at all."""
    ends_at = time.monotonic() + BUDGET.total_seconds()
    outcomes: list[Outcome] = []
    rest: Outcome | None = None
    for address, message in addressed:
        if rest is None and time.monotonic() > ends_at:
            rest = TIME_UP
        if rest is not None:
            outcomes.append(rest)
            continue
        outcome = _send(address, message, mail)
        outcomes.append(outcome)
        if isinstance(outcome, Retry) and outcome.is_down:
            rest = NOT_TRIED
    return outcomes


def _send(address: str, message: Outgoing, mail: BaseEmailBackend) -> Outcome:
    try:
        mail_of(address, message, mail).send()
    except MAIL_TROUBLE as error:
        close(mail)
        return judged(error)
    return Sent()


def mail_of(address: str, message: Outgoing, connection: BaseEmailBackend) -> EmailMessage:
    """The mail under the delivery's lasting id."""
    host = urlsplit(settings.BASE_URL).hostname or "localhost"
    return EmailMessage(
        subject=message.subject,
        body=message.body,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[address],
        headers={"Message-ID": f"<{message.id}@{host}>", "Auto-Submitted": "auto-generated"},
        connection=connection,
    )


def judged(error: Exception) -> Outcome:
    """Read the error of sending one mail to one recipient over an open connection."""
    said = _said(error)
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _ in error.recipients.values()]
        return _by_code(max(codes, default=_UNAVAILABLE), said)
    if isinstance(error, smtplib.SMTPDataError):
        return _by_code(error.smtp_code, said)
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return Permanent(said)  # the address needs what the server does not speak
    return Retry(said, is_down=True) if isinstance(error, OSError) else Permanent(said)


def _by_code(code: int, said: str) -> Outcome:
    if code == _UNAVAILABLE:
        return Retry(said, is_down=True)
    return Permanent(said) if 500 <= code < 600 else Retry(said)


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:1000]
