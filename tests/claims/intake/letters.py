"""Mails for these tests: the files beside this one, changed, forwarded and broken on purpose."""

import base64
import html
import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from claims.intake import ReadMail, read_mail
from claims.intake.markup import read_markup

MAILS = Path(__file__).parent / "mails"


def raw(name: str) -> bytes:
    return (MAILS / f"{name}.eml").read_bytes()


def read(name: str) -> ReadMail:
    return read_mail(raw(name))


def changed(name: str, *changes: tuple[str, str]) -> ReadMail:
    """The mail of this name with each text replaced; a text that is not there fails the test."""
    source = raw(name).decode()
    for old, new in changes:
        assert old in source, old
        source = source.replace(old, new)
    return read_mail(source.encode())


def without_header(source: bytes, *names: str) -> bytes:
    for name in names:
        source, count = re.subn(rb"(?mi)^" + name.encode() + rb":.*\n(?:[ \t].*\n)*", b"", source, count=1)
        assert count == 1, name
    return source


def page_of(name: str) -> str:
    """The HTML of a mail."""
    message = message_from_bytes(raw(name), policy=policy.default)
    part = message.get_body(("html",))
    assert part is not None
    return str(part.get_content())


def plain_of(name: str) -> str:
    """The text of a mail as a program shows it that puts addresses behind words in brackets."""
    page = re.sub(r'<a href="([^"]+)">\s*([^<]+?)\s*</a>', r"\2 &lt;\1&gt;", page_of(name))
    return read_markup(page).text


def forward(
    *,
    subject: str,
    plain: str | None = None,
    page: str | None = None,
    date: str | None = "Thu, 03 Sep 2026 08:00:00 +0200",
) -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Marta <marta@caffedelporto.example>"
    message["To"] = "claims@acme.example"
    message["Subject"] = subject
    if date:
        message["Date"] = date
    if plain is not None:
        message.set_content(plain)
    if page is not None and plain is not None:
        message.add_alternative(page, subtype="html")
    elif page is not None:
        message.set_content(page, subtype="html")
    return message


def block(*lines: str, as_html: bool = False) -> str:
    """A header block as programs quote it."""
    if as_html:
        return "<br>".join(html.escape(line) for line in lines) + "<br><br>"
    return "\n".join(lines) + "\n\n"


def attached(name: str, *, encoded: bool = False, as_file: bool = False) -> bytes:
    """The mail of this name forwarded as an attachment."""
    message = forward(subject="I: reclamo", plain="Da guardare oggi, grazie. Marta")
    if as_file:
        message.add_attachment(
            raw(name), maintype="application", subtype="octet-stream", filename="Richiesta.eml"
        )
        return message.as_bytes()
    message.add_attachment(message_from_bytes(raw(name), policy=policy.default))
    if not encoded:
        return message.as_bytes()
    boundary = message.get_boundary()
    body = base64.encodebytes(raw(name)).decode()
    return (
        f"From: Marta <marta@caffedelporto.example>\nDate: Thu, 03 Sep 2026 08:00:00 +0200\nSubject: I: reclamo\n"
        f'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="{boundary}"\n\n--{boundary}\n'
        f"Content-Type: text/plain\n\nDa guardare\n--{boundary}\nContent-Type: message/rfc822\n"
        f"Content-Transfer-Encoding: base64\n\n{body}\n--{boundary}--\n"
    ).encode()
