"""Mail as a channel, against a real SMTP server on this machine."""

import smtplib
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.core import mail
from django.core.mail import get_connection

from claims.channels.mailing import EmailSender, judged_mail_error
from claims.channels.sending import NOT_TRIED, Permanent, Retry, Sent
from tests.claims.channels.conftest import NOW, message


class Mailroom:
    """Keeps what comes; refuses the address `gone@` for good and `busy@` for now."""

    def __init__(self) -> None:
        self.mails: list[bytes] = []
        self.sessions: set[int] = set()

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if address.startswith("gone@"):
            return "550 No such user"
        if address.startswith("busy@"):
            return "451 Try later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.mails.append(envelope.content)
        self.sessions.add(id(session))
        return "250 Taken"


@pytest.fixture
def mailroom(settings: Any) -> Iterator[Mailroom]:
    room = Mailroom()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Controller(room, hostname="127.0.0.1", port=port)
    server.start()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
    yield room
    server.stop()


def test_many_mails_go_over_one_connection_each_under_its_own_id(mailroom: Mailroom) -> None:
    with get_connection() as connection:
        sender = EmailSender(to="desk@acme.example", connection=connection)
        assert sender.send([message(n) for n in range(5)], now=NOW) == [Sent()] * 5
    assert (len(mailroom.mails), len(mailroom.sessions)) == (5, 1)
    assert b"Message-ID: <warning-0-1-abc@localhost>" in mailroom.mails[0]
    assert b"Auto-Submitted: auto-generated" in mailroom.mails[0]


def test_who_is_refused_for_good_ends_the_channel_and_who_is_busy_does_not(mailroom: Mailroom) -> None:
    with get_connection() as connection:
        (gone,) = EmailSender(to="gone@acme.example", connection=connection).send([message()], now=NOW)
        (busy,) = EmailSender(to="busy@acme.example", connection=connection).send([message()], now=NOW)
        assert EmailSender(to="desk@acme.example", connection=connection).send([message()], now=NOW) == [
            Sent()
        ]
    assert isinstance(gone, Permanent)
    assert "550" in gone.reason
    assert isinstance(busy, Retry)
    assert "451" in busy.reason


def test_no_mail_server_is_tried_again_and_not_for_each_mail(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    sender = EmailSender(to="desk@acme.example", connection=get_connection())
    first, second = sender.send([message(1), message(2)], now=NOW)
    assert isinstance(first, Retry)
    assert (first.is_down, second) == (True, NOT_TRIED)


def test_a_subject_with_line_ends_stays_one_line() -> None:
    sender = EmailSender(to="desk@acme.example", connection=get_connection())
    assert sender.send([message(subject="Late\r\nBcc: x@example.com " + "y" * 300)], now=NOW) == [Sent()]
    assert mail.outbox[0].subject.startswith("Late Bcc: x@example.com yyy")
    assert len(mail.outbox[0].subject) == 200


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (smtplib.SMTPServerDisconnected("gone"), Retry),
        (smtplib.SMTPAuthenticationError(535, b"no"), Retry),
        (smtplib.SMTPRecipientsRefused({"a@b.example": (550, b"no")}), Permanent),
        (smtplib.SMTPRecipientsRefused({"a@b.example": (421, b"later")}), Retry),
        (TimeoutError(), Retry),
        (ValueError("bad header"), Permanent),
    ],
)
def test_mail_errors_are_judged(error: Exception, kind: type) -> None:
    assert isinstance(judged_mail_error(error), kind)
