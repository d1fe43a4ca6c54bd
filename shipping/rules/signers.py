"""What stands in a carrier's "received by" field. Often no person, and never proof that the buyer signed.

Source of the cases: answers recorded from carriers, where clock times, codes and "null" stand for names.
"""

import re
from typing import Final

from shipping.vocabulary import SignerKind

_NOT_REQUIRED: Final = re.compile(
    r"\bnot (?:required|needed|necessary)\b|\bno sig(?:nature)?\b|\bwaive[dr]?\b|\bdriver release\b"
    r"|\bsignature release\b|\brelease signature\b|\bcontactless\b|\bcovid\b|\bc19\b"
    r"|unterschrift nicht|ohne unterschrift|sans signature|firma non richiesta|firma no requerida"
    r"|\bsin firma\b",
)
_CLOCK: Final = re.compile(r"\d{1,2}[:.]\d{2}(?:[:.]\d{2})?")
_PLACEHOLDER_TEXTS: Final = (
    "null|none|nil|na|n/a|unknown|undefined|false|true|test|not available|xx|xxx"
    "|customer|resident|recipient|consignee|addressee|occupant|receiver|agent|neighbor|neighbour"
    "|signature|signed|signature on file|on file|see signature|met customer|met custom man|met custom woman"
    "|house|home|door|porch|reception|receptionist|front desk|mailbox|mail box|mailroom|mail room|letterbox"
    "|letter box|garage|locker|dock|front door|back door|frontdoor|backdoor|safe place"
)
_PLACEHOLDERS: Final = frozenset(_PLACEHOLDER_TEXTS.split("|"))
_INITIALS_AT_MOST: Final = 4
_VOWELS: Final = re.compile(r"[aeiouyäöüåæøéèáàíóúœ]")


def signer_kind(raw: str | None) -> SignerKind:
    """Class of a recorded recipient. In doubt the weaker class: two Latin letters count as initials."""
    text = " ".join((raw or "").split()).strip("\"'")
    if not text:
        return SignerKind.NONE
    folded = text.casefold()
    if _NOT_REQUIRED.search(folded):
        return SignerKind.NOT_REQUIRED
    if folded.rstrip(".") in _PLACEHOLDERS or _CLOCK.fullmatch(folded):
        return SignerKind.PLACEHOLDER
    if any(letter.isdigit() for letter in text):
        return SignerKind.CODE
    words = re.findall(r"[^\W\d_]+", text)
    if not words or "*" in text:
        return SignerKind.PLACEHOLDER
    return SignerKind.INITIALS if _are_initials(words) else SignerKind.PERSON_NAME


def _are_initials(words: list[str]) -> bool:
    if any(ord(letter) > 0x2E7F for word in words for letter in word):
        return False  # one Han character may be a whole family name
    if all(len(word) == 1 for word in words):
        return len(words) <= _INITIALS_AT_MOST
    if len(words) > 1:
        return False
    word = words[0]
    return len(word) <= 2 or (len(word) <= 3 and word.isupper() and not _VOWELS.search(word.casefold()))
