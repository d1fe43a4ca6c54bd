"""The structure of a raw mail: headers, the part to read, mails forwarded as attachments.

Whatever the bytes are, a `Letter` comes out, an empty one at worst. It leaves to others what a letter says.
"""

from __future__ import annotations

import binascii
import hashlib
import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import Message
from email.utils import parseaddr
from typing import TypeAlias

from claims.intake.charsets import decode_bytes, decode_header, header_bytes_to_text
from claims.intake.markup import MARKUP_LIMIT, Content, read_markup, read_plain
from claims.intake.text import TEXT_LIMIT, one_line

RAW_LIMIT = 8_000_000  # bytes parsed; what follows can only be attachments of a mail that long
BLANK_BYTES = b"\r\n \t\xef\xbb\xbf\x00"
PART_LIMIT = 200
DEPTH_LIMIT = 12
BOUNDARY_LIMIT = 60  # the parser tests each line against every open boundary

# What the standard library's mail parser is known to raise on letters made by hand or by fault.
MAIL_FAULTS = (
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    AssertionError,
    ArithmeticError,
    RecursionError,
    MessageError,
)

_MailMessage: TypeAlias = "Message[str, str]"
_MAIL_FILE_TYPES = frozenset({"application/octet-stream", "application/eml", "application/x-eml"})
# Parts that are neither read nor missed: signatures, keys, calendar entries.
_NOT_MISSED = frozenset(
    {"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"}
    | {"application/pgp-encrypted", "application/pgp-keys", "application/ics"}
)
_MEDIA = ("image/", "audio/", "video/")
_MAIL_HEADERS = frozenset(
    {"from", "sender", "to", "cc", "subject", "date", "message-id", "received", "return-path", "reply-to"}
    | {"delivered-to", "mime-version", "content-type", "x-space-notification-type"}
)
# PDF, gzip, zip, Outlook's .msg, TNEF: bytes that would only make noise as text.
_NO_TEXT = (b"%PDF", b"\x1f\x8b", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x78\x9f\x3e\x22")
_BOUNDARY = re.compile(rb"boundary\s{0,5}\*?\d?\*?=", re.IGNORECASE)
_HEADER_END = re.compile(rb"\r?\n\r?\n")


@dataclass(frozen=True)
class UnreadPart:
    """An attached part that nobody here can read; `name` is its file name, else its type."""

    name: str
    is_media: bool
    digest: str


@dataclass(frozen=True)
class Letter:
    """One mail: its headers as written, its readable content, the mails attached to it, what stayed unread."""

    headers: tuple[tuple[str, str], ...]
    content: Content
    attached: tuple[Letter, ...] = ()
    unread: tuple[UnreadPart, ...] = ()

    @property
    def is_mail(self) -> bool:
        """Whether it has any header of a mail; other bytes have none."""
        return any(key.lower() in _MAIL_HEADERS for key, _ in self.headers)

    def header(self, name: str) -> str:
        """The first header of this name, decoded, on one line; empty when there is none."""
        wanted = name.lower()
        for key, value in self.headers:
            if key.lower() == wanted:
                return one_line(decode_header(value), 2_000)
        return ""

    @property
    def subject(self) -> str:
        return self.header("Subject")

    @property
    def sender(self) -> tuple[str, str]:
        """Display name and address; both empty when there is none."""
        for key, value in self.headers:
            if key.lower() == "from":
                return split_address(header_bytes_to_text(value)[:2_000])
        return "", ""


def split_address(value: str) -> tuple[str, str]:
    """A From value as (display name, address in lower case)."""
    try:
        name, address = parseaddr(" ".join(value.split()))
    except MAIL_FAULTS:
        name, address = "", ""
    if "@" not in address:
        found = re.search(r"[\w.+-]{1,64}@[\w.-]{1,255}", value)
        address = found.group() if found else ""
    return one_line(decode_header(name), 300), one_line(address, 320).lower()


class _Walk:
    """One pass over a parsed mail; counts parts so that a bomb of parts ends."""

    def __init__(self, depth: int) -> None:
        self.depth = depth
        self.parts = 0
        self.attached: list[Letter] = []
        self.unread: list[UnreadPart] = []

    def content(self, part: _MailMessage, level: int = 0) -> Content:
        self.parts += 1
        if self.parts > PART_LIMIT or level > DEPTH_LIMIT:
            return Content("")
        media_type = part.get_content_type()
        if media_type in ("message/rfc822", "message/global") or _is_mail_file(part, media_type):
            self._attach(part)
            return Content("")
        if part.is_multipart():
            contents = [self.content(child, level + 1) for child in _children(part)]
            return _best(contents) if media_type == "multipart/alternative" else _joined(contents)
        if media_type.startswith(("text/", "multipart/")):
            return _read_part(part, media_type)
        self._miss(part, media_type)
        return _read_part(part, media_type) if level == 0 else Content("")

    def _miss(self, part: _MailMessage, media_type: str) -> None:
        """Note a part that is not read; pictures of the page itself, as logos are, are no loss."""
        is_media = media_type.startswith(_MEDIA)
        if media_type in _NOT_MISSED or (is_media and part.get_content_disposition() != "attachment"):
            return
        name = one_line(decode_header(str(part.get_filename("") or "")), 300)
        digest = hashlib.sha256(_payload_bytes(part)).hexdigest()
        self.unread.append(UnreadPart(name or media_type, is_media, digest))

    def _attach(self, part: _MailMessage) -> None:
        if self.depth >= DEPTH_LIMIT:
            return
        letter = self._attached_letter(part)
        if letter is None or not letter.is_mail:
            self._miss(part, part.get_content_type())
        if letter is not None:
            self.attached.append(letter)

    def _attached_letter(self, part: _MailMessage) -> Letter | None:
        inner = next(iter(_children(part)), None)
        encoding = str(part.get("Content-Transfer-Encoding", "")).strip().lower()
        if inner is not None and not (encoding == "base64" and not inner.keys()):
            return _letter(inner, self.depth + 1)
        # Some programs encode the attached mail, which RFC 2046 forbids and the parser does not undo.
        raw = _from_base64(_payload_bytes(inner)) if inner is not None else _payload_bytes(part)
        return parse_letter(raw, depth=self.depth + 1) if raw else None


def _children(part: _MailMessage) -> list[_MailMessage]:
    # Only a part with children may be asked so: of another the answer is decoded by its charset, and may raise.
    payload = part.get_payload() if part.is_multipart() else []
    return [child for child in payload if isinstance(child, Message)] if isinstance(payload, list) else []


def _from_base64(source: bytes) -> bytes:
    try:
        return binascii.a2b_base64(source)
    except binascii.Error:
        return b""


def _payload_bytes(part: _MailMessage) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _is_mail_file(part: _MailMessage, media_type: str) -> bool:
    if media_type not in _MAIL_FILE_TYPES:
        return False
    return str(part.get_filename("") or "").lower().strip().endswith(".eml")


def _read_part(part: _MailMessage, media_type: str) -> Content:
    raw = _payload_bytes(part)[: 4 * MARKUP_LIMIT]
    if raw.startswith(_NO_TEXT):
        return Content("")
    text = decode_bytes(raw, str(part.get_param("charset", "") or ""))[:MARKUP_LIMIT]
    if media_type == "text/html" or re.match(r"\s{0,200}<(?:!doctype html|html)\b", text, re.IGNORECASE):
        return read_markup(text)
    return read_plain(text)


def _best(contents: list[Content]) -> Content:
    """Of alternatives the richest that says no less than the others; the links of all."""
    if not contents:
        return Content("")
    longest = max(contents, key=lambda content: len(content.text))
    full = [content for content in contents if len(content.text) * 5 >= len(longest.text) * 2]
    chosen = next((content for content in reversed(full) if content.from_markup), longest)
    return Content(chosen.text, _links_of(contents), chosen.from_markup)


def _joined(contents: list[Content]) -> Content:
    text = "\n\n".join(content.text for content in contents if content.text)[:TEXT_LIMIT]
    return Content(text, _links_of(contents), any(content.from_markup for content in contents))


def _links_of(contents: list[Content]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(link for content in contents for link in content.links))


def _letter(message: _MailMessage, depth: int) -> Letter:
    walk = _Walk(depth)
    content = walk.content(message)
    headers = tuple((str(key), str(value)) for key, value in message.raw_items())
    return Letter(headers, content, tuple(walk.attached), tuple(walk.unread))


def _unparsed_letter(raw: bytes) -> Letter:
    """Headers as far as they parse, and the rest as one text: for letters too broken to take apart."""
    parts = _HEADER_END.split(raw[:MARKUP_LIMIT], maxsplit=1)
    try:
        head = message_from_bytes(parts[0][:100_000] + b"\n\n", policy=policy.compat32)
        headers = tuple((str(key), str(value)) for key, value in head.raw_items())
    except MAIL_FAULTS:
        headers = ()
    return Letter(headers, read_plain(decode_bytes(parts[-1])))


def parse_letter(raw: bytes, *, depth: int = 0) -> Letter:
    """The letter in these bytes; never raises."""
    raw = raw[:RAW_LIMIT].lstrip(BLANK_BYTES)
    if raw.startswith((b"From ", b">From ")):
        raw = raw.partition(b"\n")[2]  # the separator line of an mbox file
    if sum(1 for _ in _BOUNDARY.finditer(raw)) > BOUNDARY_LIMIT:
        return _unparsed_letter(raw)
    try:
        return _letter(message_from_bytes(raw, policy=policy.compat32), depth)
    except MAIL_FAULTS:
        return _unparsed_letter(raw)
