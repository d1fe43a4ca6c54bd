"""Telling plain text and mails from markup, scripts and programs that also happen to be text.

Leaves to others: reading what a text says.
"""

import re

# What the WHATWG "MIME Sniffing" standard calls HTML, plus SVG and processing instructions.
_MARKUP = re.compile(
    r"<(?:!doctype|!--|\?|(?:html|head|body|script|svg|math|iframe|embed|object|style|title|form|link|meta|"
    r"table|div|font|img|h1|br|p|a|b)[\s>/])",
    re.IGNORECASE,
)
_MARKUP_ANYWHERE = re.compile(r"<(?:!doctype\s+html|html[\s>]|svg[\s>]|script[\s>])", re.IGNORECASE)
_PROGRAM = re.compile(r"#!|%!PS|\{\\rtf", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_HEADER = re.compile(rb"([!-9;-~]+)[ \t]*:[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*\r?\n")
_MAIL_HEADERS = frozenset(
    [b"date", b"subject", b"to", b"message-id", b"received", b"return-path", b"mime-version", b"content-type"]
)
_LOOK_WITHIN = 4_096


class WritingRefused(Exception):
    """Why a text cannot be taken, as the end of a sentence."""


def is_mail(content: bytes) -> bool:
    """A header block with From and two more of the usual names (RFC 5322), and no NUL anywhere."""
    if b"\x00" in content:
        return False
    names = set()
    position = 0
    while field := _HEADER.match(content, position):
        names.add(field.group(1).lower())
        position = field.end()
    ended = position == len(content) or content[position : position + 2].startswith((b"\n", b"\r\n"))
    return ended and b"from" in names and len(names & _MAIL_HEADERS) >= 2


def check_text(content: bytes) -> None:
    """Raises WritingRefused unless this is UTF-8 text that no program would run or render."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise WritingRefused("it is none of these, and no UTF-8 text either") from error
    start = text.lstrip()
    if _MARKUP.match(start) or _MARKUP_ANYWHERE.search(start[:_LOOK_WITHIN]):
        raise WritingRefused("it is HTML, SVG or XML; save the page as PDF or as plain text")
    if _PROGRAM.match(start):
        raise WritingRefused("it is a script or a formatted document; save it as PDF or as plain text")
    if _CONTROL.search(text):
        raise WritingRefused("it is none of these: it holds control characters")
    if not start:
        raise WritingRefused("it holds only blanks")
