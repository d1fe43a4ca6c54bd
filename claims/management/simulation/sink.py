"""Where the warnings of a simulation arrive: a mail server in memory that counts by id, and fails at times."""

import smtplib
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

WORKS, DOWN, REFUSES = "works", "down", "refuses"


@dataclass
class Sink:
    """`posts` are (message id, beat). What a beat posted before it died may come again: `repeatable`."""

    beat: int = 0
    mode: str = WORKS
    posts: list[tuple[str, int]] = field(default_factory=list)
    repeatable: set[str] = field(default_factory=set)
    attempts: int = 0

    def take(self, message: EmailMessage) -> None:
        self.attempts += 1
        if self.mode == REFUSES and self.attempts % 2:
            answers = dict.fromkeys(message.to, (451, b"try again later"))
            raise smtplib.SMTPRecipientsRefused(answers)
        name = str(message.extra_headers["Message-ID"])
        self.posts.append((name.strip("<>").partition("@")[0], self.beat))

    def died_after(self, begun_with: int) -> None:
        self.repeatable.update(name for name, _ in self.posts[begun_with:])


SINK = Sink()


class EmailBackend(BaseEmailBackend):
    """Django's door to the sink of this process."""

    def open(self) -> bool:
        if SINK.mode == DOWN:
            raise ConnectionRefusedError("The mail server of the simulation is down.")
        return True

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            SINK.take(message)
        return len(email_messages)
