"""The header block that mail programs write above a forwarded letter, in the languages of the stores.

"From / Sent / Subject / To" of Outlook, Gmail, Apple Mail, Thunderbird. It leaves to the reader whether a
mail is one that was forwarded at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from claims.intake.mime import split_address
from claims.intake.text import fold, one_line
from claims.marketplaces import is_amazon_host

_Field = Literal["from", "date", "subject", "to"]
_LABELS: dict[str, _Field] = {}
_WORDS: dict[_Field, str] = {
    "from": "from|da|de|von|van|od|fran|fra|kimden|mittente|expediteur|remitente|absender|afzender|nadawca|"
    "avsandare|remetente|差出人|送信者|发件人|寄件者|寄件人|من",
    "date": "date|data|fecha|datum|sent|inviato|data di invio|enviado|enviado el|enviada em|"
    "enviado em|envoye|"
    "envoye le|gesendet|gesendet am|verzonden|wyslano|skickat|gonderildi|tarih|日付|送信日時|日時|"
    "发送时间|发送日期|"
    "日期|时间|傳送日期|التاريخ",
    "subject": "subject|oggetto|asunto|assunto|objet|betreff|onderwerp|temat|amne|konu|件名|主题|"
    "主旨|الموضوع",
    "to": "to|a|para|an|aan|do|till|kime|cc|destinatario|destinataire|empfanger|pour|odpowiedz do|"
    "宛先|收件人|"
    "抄送|الى|إلى",
}
for _field, _names in _WORDS.items():
    _LABELS.update(dict.fromkeys((fold(name) for name in _names.split("|")), _field))

_FORWARD_PREFIX = re.compile(
    r"(?:fwd?|wg|tr|rv|i|doorst|enc|pd|vb|vs|ilt|转发|轉寄|転送)(?:\[\d\])? ?[:：] ?|\[fwd:"
)
_REPLY_PREFIX = re.compile(r"(?:re|aw|r|rif|antw|sv|odp|ynt|res|回复|答复|返信)(?:\[\d\])? ?[:：] ?")
_LABEL_LENGTH = 24
_MARKS = " \t>*_|"


@dataclass(frozen=True)
class QuotedHeader:
    """Who sent the quoted letter, its date and subject as written, and where its text starts."""

    sender_name: str
    sender: str
    date_text: str
    subject: str
    first_line: int


def _labelled(lines: Sequence[str]) -> Iterator[tuple[int, _Field, str]]:
    for number, line in enumerate(lines):
        head = line[: _LABEL_LENGTH + 12]
        colon = min((at for at in (head.find(":"), head.find("：")) if at > 0), default=-1)
        if colon < 0:
            continue
        field = _LABELS.get(fold(line[:colon].strip(_MARKS)))
        if field:
            yield number, field, one_line(line[colon + 1 :].strip(_MARKS), 1_000)


def quoted_headers(text: str) -> list[QuotedHeader]:
    """Every header block in the text, in order; a block has a sender and a date or a subject."""
    blocks: list[list[tuple[int, _Field, str]]] = []
    for row in _labelled(text.split("\n")):
        # One line may stand between two labels: a long recipient list or an empty line.
        if blocks and row[0] - blocks[-1][-1][0] <= 2:
            blocks[-1].append(row)
        else:
            blocks.append([row])
    found = []
    for block in blocks:
        values: dict[str, str] = {}
        for _, field, value in block:
            values.setdefault(field, value)
        if "from" in values and ("date" in values or "subject" in values):
            name, address = split_address(values["from"])
            first_line = block[-1][0] + 1
            found.append(
                QuotedHeader(name, address, values.get("date", ""), values.get("subject", ""), first_line)
            )
    return found


def letters_header(text: str) -> QuotedHeader | None:
    """The block of the forwarded letter: the first whose sender is Amazon, else the innermost."""
    blocks = quoted_headers(text)
    of_amazon = (block for block in blocks if is_amazon_host(block.sender.rpartition("@")[2]))
    return next(of_amazon, blocks[-1] if blocks else None)


def is_forward_subject(subject: str) -> bool:
    """Whether the subject starts with a mark of forwarding ("Fwd:", "WG:", "I:", "转发:")."""
    return _FORWARD_PREFIX.match(fold(subject[:200])) is not None


def is_reply_subject(subject: str) -> bool:
    """Whether the subject starts with a mark of replying ("Re:", "AW:", "R:")."""
    return _REPLY_PREFIX.match(fold(subject[:200])) is not None


def bare_subject(subject: str) -> str:
    """The subject, folded, without marks of forwarding and replying."""
    folded = fold(subject)
    for _ in range(6):
        prefix = _FORWARD_PREFIX.match(folded) or _REPLY_PREFIX.match(folded)
        if not prefix:
            break
        folded = folded[prefix.end() :].lstrip()
    return folded
