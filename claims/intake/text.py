"""Text made safe and comparable: control characters, whitespace, folding, sentences.

Folding is for comparing only (case, accents, dashes, apostrophes, digits of any script); what a person reads
stays as it was written. It leaves to others what the words mean.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

TEXT_LIMIT = 200_000  # characters of a letter that are read; no known notice has a tenth of it
SENTENCE_LIMIT = 2_000

_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u034f\u061c]")
_LINE_ENDS = re.compile("\r\n?|[\u0085\u2028\u2029\x0b\x0c]")
_BLANKS = re.compile(r"[^\S\n]+")
_EMPTY_LINES = re.compile(r"\n{3,}")
_COMBINING = re.compile("[\u0300-\u036f]")
_DASHES = re.compile("[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
_APOSTROPHES = re.compile("[\u2018\u2019\u201b\u02bc\u00b4`\uff07]")
_ARABIC_SIGNS = str.maketrans({"\u066b": ".", "\u066c": ","})
_QUOTE_MARKS = re.compile(r"^(?:[ \t]{0,4}>)+[ \t]?", re.MULTILINE)
_PARAGRAPH = re.compile(r"\n[ \t]*\n")
# "bis zum 1. September" does not end at the day.
_SENTENCE_END = re.compile(r"(?<=[.!?])(?<!\s\d\.)(?<!\s\d\d\.)\s+|(?<=[。！？])")
_LINK = re.compile(r"<?\bhttps?://[^\s<>\"']{1,4000}>?", re.IGNORECASE)


@dataclass(frozen=True)
class Sentence:
    """One sentence as written, and folded for comparing."""

    text: str
    folded: str


def clean(text: str) -> str:
    """Without control characters, lone surrogates and soft hyphens, which no store or page can hold."""
    return _CONTROL.sub("", _LINE_ENDS.sub("\n", text)).replace("\u00ad", "")


def tidy(text: str) -> str:
    """Cleaned, single blanks, lines stripped, at most one empty line in a row."""
    lines = (_BLANKS.sub(" ", line).strip() for line in clean(text).split("\n"))
    return _EMPTY_LINES.sub("\n\n", "\n".join(lines)).strip()


def one_line(text: str, limit: int = 1_000) -> str:
    """Cleaned and on one line, cut at `limit` characters."""
    return " ".join(clean(text).split())[:limit]


def _plain_digits(text: str) -> str:
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in text)


def plain_signs(text: str) -> str:
    """Dashes, apostrophes, blanks and digits in their ASCII form, letters untouched."""
    if text.isascii():
        return text
    text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text))
    text = text.translate(_ARABIC_SIGNS)
    return _plain_digits(_APOSTROPHES.sub("'", _DASHES.sub("-", text)))


def fold(text: str) -> str:
    """For comparing: one line, lower case, no accents on Latin letters, plain signs."""
    folded = plain_signs(text).casefold()
    if not folded.isascii():
        folded = unicodedata.normalize("NFC", _COMBINING.sub("", unicodedata.normalize("NFKD", folded)))
    return " ".join(folded.split())


def without_quote_marks(text: str) -> str:
    """Without the `>` that mail programs put before quoted lines."""
    return _QUOTE_MARKS.sub("", text)


def without_links(text: str) -> str:
    """Without web addresses, which differ from one delivery to the next."""
    return _LINK.sub(" ", text)


def sentences(text: str) -> tuple[Sentence, ...]:
    """The sentences of a letter; lines of one paragraph are joined, since plain text is often wrapped."""
    found = []
    for paragraph in _PARAGRAPH.split(text):
        for piece in _SENTENCE_END.split(" ".join(paragraph.split())):
            written = piece.strip()[:SENTENCE_LIMIT]
            if written:
                found.append(Sentence(written, fold(written)))
    return tuple(found)
