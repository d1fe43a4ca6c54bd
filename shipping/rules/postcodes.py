"""Postal codes as the marketplaces' countries write them. Pure; says how each answer came about.

Sources: the Universal Postal Union's addressing sheets of each country
(https://www.upu.int/en/postal-solutions/programmes-services/addressing-solutions).
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import Final

from shipping.rules.parts import MATCH, MISMATCH, NOT_STATED, Compared

_DIGITS: Final[Mapping[str, int]] = {
    "US": 5, "MX": 5, "DE": 5, "FR": 5, "IT": 5, "ES": 5, "SE": 5, "PL": 5, "TR": 5, "SA": 5, "EG": 5,
    "BE": 4, "AU": 4, "ZA": 4, "AT": 4, "CH": 4, "LU": 4, "DK": 4, "NO": 4,
    "IN": 6, "SG": 6, "CN": 6, "BR": 8, "JP": 7,
}  # fmt: skip
"""How many digits a code of the country has (without an extension such as ZIP+4)."""
_EXTENDED: Final[Mapping[str, int]] = {"US": 9, "SA": 9}
"""With its extension: the delivery block behind the code proper."""
_AREA: Final[Mapping[str, re.Pattern[str]]] = {
    "GB": re.compile(r"([A-Z]{1,2}\d[A-Z\d]?)(\d[A-Z]{2})?"),
    "IE": re.compile(r"([A-Z]\d[\dW])([A-Z\d]{4})?"),
    "CA": re.compile(r"([A-Z]\d[A-Z])(\d[A-Z]\d)?"),
    "NL": re.compile(r"(\d{4})([A-Z]{2})?"),
}
"""An area, and what makes it a whole code."""
_DUBLIN: Final = re.compile(r"(?:DUBLIN|D)(\d{1,2}|6W)")
_NO_CODES: Final = frozenset({"AE", "HK"})
_NOTHING: Final = re.compile(r"0+|9{5,}|N?A|NONE|NULL|UNKNOWN|X+")


def compare_postal_codes(left: str, right: str, country: str) -> Compared:
    """`left` and `right` as written; `country` is ISO 3166 of the address (empty: not known)."""
    if country in _NO_CODES:
        return Compared(NOT_STATED, "country_without_postal_codes")
    one, two = _bare(left, country), _bare(right, country)
    if _NOTHING.fullmatch(one) or _NOTHING.fullmatch(two) or not one or not two:
        return Compared(NOT_STATED, "placeholder")
    if one == two:
        return Compared(MATCH, "same_code")
    if country in _DIGITS and one.isdigit() and two.isdigit():
        return _compare_digits(one, two, country)
    if country in _AREA:
        return _compare_areas(one, two, _AREA[country])
    return _coarse(one, two)


def _bare(text: str, country: str) -> str:
    """Capitals and digits alone; a country's letters or a state in front of digits are taken away."""
    plain = re.sub(r"[^0-9A-Z]", "", unicodedata.normalize("NFKC", _western(text)).upper())
    if country == "IE" and (found := _DUBLIN.fullmatch(plain)):
        return "D" + found[1].zfill(2)
    if country in _AREA:
        return plain.removeprefix("NL") if country == "NL" else plain
    fronted = re.fullmatch(r"[A-Z]{1,3}(\d{4,9})", plain)  # "D-80331", "SE-111 22", "IL 60654"
    return fronted[1] if fronted else plain


def _western(text: str) -> str:
    """Arabic, Devanagari and full-width digits as 0 to 9; "ZIP", "PIN" and "CEP" in front left out."""
    digits = "".join(
        str(unicodedata.decimal(letter)) if letter.isdecimal() else letter for letter in text.upper()
    )
    return re.sub(r"\b(?:ZIP|PIN|CEP|CAP|PLZ|CP|CODE|POSTAL|POST)\b[\s:.]*", "", digits)


def _compare_digits(one: str, two: str, country: str) -> Compared:
    proper, extended = _DIGITS[country], _EXTENDED.get(country, 0)
    if extended and {len(one), len(two)} <= {proper, extended}:
        if one[:proper] != two[:proper]:
            return Compared(MISMATCH, "other_code")
        return Compared(MATCH, "without_extension")  # "62704-1234" beside "62704": one block of the same code
    short, long = sorted((one, two), key=len)
    if len(short) < proper == len(long):
        if long.startswith("0") and short.zfill(proper) == long:
            return Compared(MATCH, "leading_zeros_lost")  # as spreadsheets do
        return _coarse(short, long)
    return Compared(MISMATCH, "other_code")


def _compare_areas(one: str, two: str, pattern: re.Pattern[str]) -> Compared:
    found = [pattern.fullmatch(code) for code in (one, two)]
    if None in found:
        return _coarse(one, two)
    first, second = (each for each in found if each is not None)
    if first[1] != second[1]:
        return Compared(MISMATCH, "other_code")
    is_whole = first[2] is not None and second[2] is not None
    return Compared(MISMATCH, "other_code") if is_whole else Compared(NOT_STATED, "area_only")


def _coarse(one: str, two: str) -> Compared:
    """The beginning of a code is too coarse to tell; two others differ."""
    short, long = sorted((one, two), key=len)
    if len(short) >= 2 and long.startswith(short):
        return Compared(NOT_STATED, "area_only")
    return Compared(MISMATCH, "other_code")
