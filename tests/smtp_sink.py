"""A mail server of the tests' own on a free port: it keeps what it gets, refuses whom it is told to, and can hang."""

import asyncio
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

from tests.running import free_port

logging.getLogger("mail.log").setLevel(logging.WARNING)


@dataclass(frozen=True)
class Mail:
    """One mail as it came in, to one recipient."""

    to: str
    message: EmailMessage

    @property
    def id(self) -> str:
        return str(self.message["Message-ID"])

    @property
    def subject(self) -> str:
        return str(self.message["Subject"])

    @property
    def text(self) -> str:
        text: str = self.message.get_content()
        return text.replace("\r\n", "\n")


@dataclass
class Sink:
    """`refusals`: the answer to a RCPT by address. `holding`: take the mail, keep the answer until released."""

    port: int
    mails: list[Mail] = field(default_factory=list)
    refusals: dict[str, str] = field(default_factory=dict)
    holding: threading.Event = field(default_factory=threading.Event)
    held: threading.Event = field(default_factory=threading.Event)
    answer: str = "250 OK"
    controller: Controller | None = None

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if address in self.refusals:
            return self.refusals[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        if self.answer.startswith("2"):
            self.mails += [Mail(address, message) for address in envelope.rcpt_tos]
        if self.holding.is_set():
            self.held.set()
            while self.holding.is_set():
                await asyncio.sleep(0.05)
        return self.answer

    def start(self) -> None:
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self.controller.start()

    def stop(self) -> None:
        self.holding.clear()
        if self.controller is not None:
            self.controller.stop(no_assert=True)
            self.controller = None

    def to(self) -> list[str]:
        """Who got a mail, in the order of arrival."""
        return [mail.to for mail in self.mails]


@contextmanager
def running_sink() -> Iterator[Sink]:
    sink = Sink(free_port())
    sink.start()
    try:
        yield sink
    finally:
        sink.stop()
