"""In which script a text is written, and its letters without case, accents and foreign digits. Pure.

A name in Latin letters beside the same in Japanese, Arabic or Cyrillic can be neither confirmed nor refuted
by its letters; nothing here transliterates.
"""

import unicodedata
from functools import lru_cache
from typing import Final

_SCRIPTS: Final = (
    ("CJK", "han"), ("HIRAGANA", "han"), ("KATAKANA", "han"), ("HANGUL", "hangul"), ("ARABIC", "arabic"),
    ("CYRILLIC", "cyrillic"), ("HEBREW", "hebrew"), ("GREEK", "greek"), ("THAI", "thai"),
    ("DEVANAGARI", "devanagari"), ("LATIN", "latin"),
)  # fmt: skip
_LATIN: Final = frozenset({"latin"})
_NO_SCRIPT: Final[frozenset[str]] = frozenset()
_STROKES: Final = str.maketrans({"ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h"})
_SPELT: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "æ": "ae", "œ": "oe"})
_BARE: Final = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe"})
_ARABIC: Final = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ة": "ه", "ى": "ي", "ـ": None})


def scripts_of(text: str) -> frozenset[str]:
    """The scripts that its letters belong to; Japanese kana count with Han."""
    if text.isascii():
        return _LATIN if any(letter.isalpha() for letter in text) else _NO_SCRIPT
    return frozenset(_script(letter) for letter in text if letter.isalpha())


@lru_cache(maxsize=4096)
def _script(letter: str) -> str:
    name = unicodedata.name(letter, "")
    return next((script for mark, script in _SCRIPTS if mark in name), "other")


def differ_in_script(left: str, right: str) -> bool:
    """Whether no letter of one is in a script of the other, so that letters decide nothing."""
    one, two = scripts_of(left), scripts_of(right)
    return bool(one) and bool(two) and not one & two


@lru_cache(maxsize=4096)
def spellings(text: str) -> tuple[str, ...]:
    """Lower case without accents and punctuation: umlauts dropped, and umlauts spelt out (München: ue, u)."""
    if text.isascii():
        return (" ".join("".join(letter if letter.isalnum() else " " for letter in text.lower()).split()),)
    folded = unicodedata.normalize("NFC", _western(unicodedata.normalize("NFKC", text)).casefold())
    folded = folded.replace("i\u0307", "i").translate(_STROKES).translate(_ARABIC)
    return tuple(dict.fromkeys(_plain(folded.translate(table)) for table in (_BARE, _SPELT)))


def _western(text: str) -> str:
    return "".join(str(unicodedata.decimal(letter)) if letter.isdecimal() else letter for letter in text)


def _plain(folded: str) -> str:
    if not scripts_of(folded) & {"han", "devanagari", "thai"}:  # there the marks are letters
        apart = unicodedata.normalize("NFKD", folded)
        folded = "".join(letter for letter in apart if not unicodedata.combining(letter))
    keep = "".join(letter if _is_part(letter) else " " for letter in folded)
    return " ".join(keep.split())


def _is_part(letter: str) -> bool:
    return letter.isalnum() or unicodedata.category(letter).startswith("M")
