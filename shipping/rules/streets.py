"""Does one line of a street name the same house as another? Pure.

House number in front or behind, words shortened or written out, glued or apart, a unit named or not: the same
house. A line without a number is too coarse to tell.
"""

import re
from dataclasses import dataclass
from typing import Final

from shipping.rules.parts import MATCH, MISMATCH, NOT_STATED, Compared
from shipping.rules.scripts import spellings
from shipping.rules.street_words import GLUED, GLUED_IN, TYPES, UNIT_WORDS, words_of

_ORDINAL: Final = re.compile(r"\d+(?:st|nd|rd|th)")
_KANJI_NUMBERS: Final = str.maketrans("一二三四五六七八九", "123456789")
_KANJI_NUMBER: Final = re.compile(r"[一二三四五六七八九](?=丁目|番|号)")
_BLOCK_WORDS: Final = re.compile(r"(?<=\d)\s*(?:丁目|番地の?|番|号室?|の(?=\s*\d))")
_DASHED: Final = re.compile(r"(?<=\d)\s*[-‐-―−ー/]\s*(?=\d)")
_DOTTED: Final = re.compile(r"\b([A-Za-z])\.(?=[a-z]{2,3}\b)")
"""The dot within "V.le" or "P.zza"."""
_KINDS: Final = TYPES | {"platz"}
_UNIT_PARTS: Final = 2  # "4b" is two


@dataclass(frozen=True, slots=True)
class Street:
    """`words` sorted, without the kind of street; `numbers` in their order; `unit` within the house."""

    words: tuple[str, ...]
    kinds: frozenset[str]
    numbers: tuple[str, ...]
    unit: tuple[str, ...]


def compare_streets(left: str, right: str, country: str) -> Compared:
    """Two lines in one script. Several spellings are tried; the one that fits best counts."""
    found = [_one(one, two) for one in _read(left, country) for two in _read(right, country)]
    ranks = (MATCH, NOT_STATED, MISMATCH)
    return min(found, key=lambda compared: ranks.index(compared.result))


def _one(left: Street, right: Street) -> Compared:
    if left.words != right.words:
        return Compared(MISMATCH, "other_street")
    if left.kinds and right.kinds and left.kinds != right.kinds:
        is_part = left.kinds < right.kinds or right.kinds < left.kinds  # "St Louis" beside "St Louis Ave"
        return Compared(NOT_STATED if is_part else MISMATCH, "other_kind_of_street")
    if not left.numbers or not right.numbers:
        is_same = left.numbers == right.numbers
        return Compared(MATCH, "same_street") if is_same else Compared(NOT_STATED, "without_house_number")
    if left.numbers != right.numbers:
        return Compared(MISMATCH, "other_house_number")
    if left.unit and right.unit and left.unit != right.unit:
        return Compared(MISMATCH, "other_unit")
    return Compared(MATCH, "same_house" if left.unit == right.unit else "without_unit")


def _read(line: str, country: str) -> list[Street]:
    numbered = _KANJI_NUMBER.sub(lambda found: found[0].translate(_KANJI_NUMBERS), line)  # 一丁目 is 1丁目
    apart = _DASHED.sub(" ", _BLOCK_WORDS.sub(" ", numbered)).replace("#", " unit ")
    whole = _DOTTED.sub(r"\1", apart)
    return [_street(spelling, country) for spelling in spellings(whole)]


def _street(spelling: str, country: str) -> Street:
    table = words_of(country)
    tokens = [table.get(token, token) for token in _tokens(spelling, country)]
    words: list[str] = []
    numbers: list[str] = []
    unit: list[str] = []
    while tokens:
        word = tokens.pop(0)
        if word in UNIT_WORDS:
            while tokens and len(unit) < _UNIT_PARTS and (tokens[0].isdigit() or len(tokens[0]) == 1):
                unit.append(tokens.pop(0))
                if tokens and tokens[0].isdigit():
                    break
        elif word.isdigit():
            numbers.append(word.lstrip("0") or "0")
        elif word != "no":
            words.extend(word.split())
    kinds = frozenset(words) & _KINDS
    rest = sorted(word for word in words if word not in _KINDS)
    return Street(tuple(rest), kinds, tuple(numbers), tuple(unit))


def _tokens(spelling: str, country: str) -> list[str]:
    """Digits apart from letters ("12a" is "12 a"), ordinals whole, endings such as "-strasse" split off."""
    found: list[str] = []
    for token in spelling.split():
        parts = [token] if _ORDINAL.fullmatch(token) else re.findall(r"\d+|\D+", token)
        for part in parts:
            found.extend(_unglued(part) if country in GLUED_IN else [part])
    return found


def _unglued(word: str) -> list[str]:
    for ending, kind in GLUED:
        stem = word.removesuffix(ending)
        if stem != word and len(stem) >= 3:
            return [stem, kind]
    return [word]
