"""User text made fit for a page: which forms of Han characters, which direction, where it may break.

Leaves to others: fonts and shaping (`template.typ`, typst). Everything here is data to typst, never markup.
"""

import re
import unicodedata

Words = str | dict[str, str]

_HAN = re.compile(r"[\u2e80-\u2fdf\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_KANA = re.compile(r"[\u3040-\u30ff\u31f0-\u31ff\uff66-\uff9d]")
_HANGUL = re.compile(r"[\u1100-\u11ff\u3130-\u318f\uac00-\ud7af]")
# Direction overrides and isolates: they can make a page say what its text does not.
_UNSEEN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]"
)
_UNPAIRED = re.compile(r"[\ud800-\udfff]")
_LINE_ENDS = re.compile(r"\r\n?|\u2028|\u2029|\x85")
_BREAK = "\u200b"
# What one line of the narrowest column holds, and what a full line holds.
NARROW = 14
WIDE = 60
_BY_COUNTRY = {"JP": "jp", "CN": "sc", "SG": "sc", "TW": "tc", "HK": "hk", "MO": "hk", "KR": "kr"}
_ENCODINGS = {"sc": "gb2312", "tc": "big5", "hk": "big5hkscs", "jp": "shift_jis", "kr": "euc_kr"}


def words(text: str, *, home: str = "", room: int = WIDE) -> Words:
    """`text` for the template: plain, or with the forms (`f`) and direction (`d`) it needs.

    `home` is the country whose forms decide where the text alone does not; `room` is how many
    characters may stand without a chance to break.
    """
    text = _LINE_ENDS.sub("\n", text)
    clean = _breakable(_UNPAIRED.sub("\ufffd", _UNSEEN.sub("", text)), room)
    marks = {}
    if forms := _forms(clean, home):
        marks["f"] = forms
    if _is_right_to_left(clean):
        marks["d"] = "rtl"
    return {"t": clean, **marks} if marks else clean


def _forms(text: str, home: str) -> str:
    if _KANA.search(text):
        return "jp"
    if _HANGUL.search(text):
        return "kr"
    han = "".join(_HAN.findall(text))
    if not han:
        return ""
    at_home = _BY_COUNTRY.get(home, "")
    if at_home and _fits(han, _ENCODINGS[at_home]):
        return at_home
    # The old national encodings hold exactly the characters of each form.
    return next((forms for forms in ("sc", "tc", "jp") if _fits(han, _ENCODINGS[forms])), "sc")


def _fits(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _is_right_to_left(text: str) -> bool:
    """The first strong character decides, as in the Unicode bidirectional algorithm (rules P2 and P3)."""
    for character in text:
        direction = unicodedata.bidirectional(character)
        if direction in {"L", "R", "AL"}:
            return direction != "L"
    return False


def _breakable(text: str, room: int) -> str:
    """A chance to break inside words that no line holds (links, hashes, a key held down)."""
    text = re.sub(rf"[!-~]{{{room + 1},}}", lambda found: _cut(found.group(), room), text)
    # Words of other scripts are rarely cut: it tears joined letters, so only where they surely overflow.
    return re.sub(rf"[^\s!-~{_BREAK}]{{{2 * room + 1},}}", lambda found: _cut(found.group(), room), text)


def _cut(word: str, room: int) -> str:
    parts, start = [], 0
    while start < len(word):
        end = start + room
        while end < len(word) and unicodedata.category(word[end]).startswith("M"):
            end += 1
        parts.append(word[start:end])
        start = end
    return _BREAK.join(parts)
