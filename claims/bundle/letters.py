"""A saved mail as text for a page: who wrote when to whom, and what.

Leaves to others: taking a mail apart (`claims.intake.mime`); the original stays in the archive as it is.
"""

import re

from claims.intake.mime import Letter, parse_letter

_SHOWN = ("From", "To", "Cc", "Date", "Subject")
_ATTACHMENT = re.compile(rb"^content-disposition[ \t]*:[ \t]*attachment", re.IGNORECASE | re.MULTILINE)


def letter_text(content: bytes) -> str:
    """Headers that matter, a blank line, the text; then the mails attached, and a word on other files."""
    parts = [_letter(parse_letter(content))]
    if count := len(_ATTACHMENT.findall(content)):
        parts.append(f"[Attachments: {count}, only in the original]")
    return "\n\n".join(parts)


def _letter(letter: Letter) -> str:
    headers = "\n".join(f"{name}: {value}" for name in _SHOWN if (value := letter.header(name)))
    own = "\n\n".join(part for part in (headers, letter.content.text.strip()) if part)
    return "\n\n".join([own, *(f"[Attached mail]\n{_letter(attached)}" for attached in letter.attached)])
