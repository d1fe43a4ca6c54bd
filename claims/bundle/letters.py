"""Reading a saved mail so that a page can show it: who wrote when to whom, and what.

Leaves to others: notices by mail (`claims.intake`); the original stays in the archive as it is.
"""

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.errors import HeaderParseError, MessageError
from email.message import EmailMessage
from email.policy import default
from html.parser import HTMLParser
from typing import cast

_SHOWN = ("From", "To", "Cc", "Date", "Subject")
_BLOCKS = frozenset(["p", "div", "br", "tr", "li", "h1", "h2", "h3", "h4", "table", "blockquote", "hr"])
_SILENT = frozenset(["script", "style", "head", "title", "template"])


class LetterUnreadable(Exception):
    """Why a mail cannot be shown, as the end of a sentence."""


def letter_text(content: bytes) -> str:
    """Headers that matter, a blank line, the body as plain text, the names of attachments."""
    try:
        message = cast(EmailMessage, message_from_bytes(content, policy=default))
        headers = [f"{name}: {value}" for name in _SHOWN for value in message.get_all(name, [])]
        body = _body(message)
        attached = [f"[Attachment: {part.get_filename() or part.get_content_type()}]" for part in _attached(message)]
    except (MessageError, HeaderParseError, LookupError, ValueError, TypeError, AttributeError) as error:
        raise LetterUnreadable("the mail is not formed as a mail should be") from error
    return "\n".join([*headers, "", body.strip(), *attached]).strip()


def _body(message: EmailMessage) -> str:
    part = message.get_body(preferencelist=("plain", "html"))
    if part is None:
        return ""
    text = str(part.get_content())
    return _text_of_html(text) if part.get_content_subtype() == "html" else text


def _attached(message: EmailMessage) -> Iterator[EmailMessage]:
    return cast(Iterator[EmailMessage], message.iter_attachments()) if message.is_multipart() else iter(())


class _TextOnly(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SILENT:
            self.silent += 1
        if tag in _BLOCKS:
            self.pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT and self.silent:
            self.silent -= 1

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.pieces.append(re.sub(r"\s+", " ", data))


def _text_of_html(markup: str) -> str:
    reader = _TextOnly()
    reader.feed(markup)
    reader.close()
    lines = (line.strip() for line in "".join(reader.pieces).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines))
