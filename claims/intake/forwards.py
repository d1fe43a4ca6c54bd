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
from claims.intake.orders import order_ids
from claims.intake.signs import is_amazon_sender, names_guarantee
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
LETTERS_LIMIT = 20  # letters told apart in one text; the rest stays with the last of them
_LABEL_LENGTH = 24
_MARKS = " \t>*_|"


@dataclass(frozen=True)
class QuotedHeader:
    """Who sent the quoted letter, its date and subject as written, where its block and its text start."""

    sender_name: str
    sender: str
    date_text: str
    subject: str
    block_line: int
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
            date_text, subject = values.get("date", ""), values.get("subject", "")
            found.append(QuotedHeader(name, address, date_text, subject, block[0][0], block[-1][0] + 1))
    return found


def letters_headers(text: str) -> list[QuotedHeader]:
    """The blocks of the forwarded letters: those of Amazon's; without any, the innermost block alone."""
    blocks = quoted_headers(text)
    of_amazon = [block for block in blocks if _is_amazons(block)]
    relayed = [block for block in blocks if is_amazon_host(block.sender.rpartition("@")[2])]
    return of_amazon[:LETTERS_LIMIT] or relayed[:1] or blocks[-1:]


def _is_amazons(block: QuotedHeader) -> bool:
    """Some programs quote the sender without address: then name and subject tell."""
    if block.sender:
        return is_amazon_sender(block.sender)
    if is_forward_subject(block.subject) or is_reply_subject(block.subject):
        return False
    named = "amazon" in fold(block.sender_name) or names_guarantee(f"{block.sender_name} {block.subject}")
    return named or bool(order_ids(block.subject))


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
