"""Does the place of a delivery agree with the address it was meant for? Part by part, never as one verdict.

A part that either side leaves out, gives too coarsely to tell, or writes in another script is `not_stated`;
`how` names the rule, so that a person can check it. Letters are compared, never guessed: "Munich" is "München"
only because a table says so.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from shipping.rules.countries import country_code, is_country, region_code
from shipping.rules.parts import MATCH, MISMATCH, NOT_STATED, Compared
from shipping.rules.postcodes import compare_postal_codes
from shipping.rules.scripts import differ_in_script, scripts_of, spellings
from shipping.rules.street_words import EXONYMS, words_of
from shipping.rules.streets import compare_streets

PARTS: Final = ("line1", "city", "region", "postal_code", "country_code")
_ABSENT: Final = Compared(NOT_STATED, "not_stated")
_HAN_ENDINGS: Final = re.compile(r"[市区町村都府県郡]$")


def compare_address(delivered: Mapping[str, Any], meant: Mapping[str, Any]) -> dict[str, Compared]:
    """Compare a carrier's place with an address, each of `PARTS` with its rule."""
    country = country_code(str(meant.get("country_code") or delivered.get("country_code") or ""))
    return {
        name: _compare(name, str(delivered.get(name) or ""), str(meant.get(name) or ""), country)
        for name in PARTS
    }


def address_match(delivered: Mapping[str, Any], meant: Mapping[str, Any]) -> dict[str, str]:
    """The same without the rules."""
    return {name: compared.result for name, compared in compare_address(delivered, meant).items()}


def _compare(name: str, left: str, right: str, country: str) -> Compared:
    if not left.strip() or not right.strip():
        return _ABSENT
    if name == "postal_code":
        return compare_postal_codes(left, right, country)
    if name == "country_code":
        return _compare_countries(country_code(left), country_code(right))
    if differ_in_script(left, right):
        return Compared(NOT_STATED, "other_script")
    if name == "region":
        return _compare_regions(left, right, country)
    return compare_streets(left, right, country) if name == "line1" else _compare_cities(left, right, country)


def _compare_countries(left: str, right: str) -> Compared:
    if left == right:
        return Compared(MATCH, "same_country")
    if is_country(left) and is_country(right):
        return Compared(MISMATCH, "other_country")
    return Compared(NOT_STATED, "unknown_name")


def _compare_regions(left: str, right: str, country: str) -> Compared:
    """A name that no table has may be the same region in another language."""
    (one, one_known), (two, two_known) = region_code(left, country), region_code(right, country)
    if one == two:
        return Compared(MATCH, "same_region")
    are_codes = max(len(one), len(two)) <= 3
    if (one_known and two_known) or are_codes:
        return Compared(MISMATCH, "other_region")
    return Compared(NOT_STATED, "unknown_name")


def _compare_cities(left: str, right: str, country: str) -> Compared:
    one, two = _cities(left, country), _cities(right, country)
    if one & two:
        return Compared(MATCH, "same_name")
    if {EXONYMS.get(name, name) for name in one} & {EXONYMS.get(name, name) for name in two}:
        return Compared(MATCH, "name_in_another_language")
    if {_without_district(name) for name in one} & {_without_district(name) for name in two}:
        numbers = [[re.findall(r"\d+", name) for name in names] for names in (one, two)]
        if all(any(found) for found in numbers):
            return Compared(MISMATCH, "other_district")  # "Paris 15" is not "Paris 16"
        return Compared(MATCH, "without_district")
    if any(_holds(a, b) or _holds(b, a) for a in one for b in two):
        return Compared(MATCH, "one_names_more")
    return Compared(MISMATCH, "other_name")


def _cities(text: str, country: str) -> set[str]:
    words = words_of(country)
    return {" ".join(words.get(word, word) for word in spelling.split()) for spelling in spellings(text)}


def _without_district(name: str) -> str:
    """ "Paris 15e Arrondissement" and "Dublin 2" without their numbers."""
    return re.sub(r"\b(?:cedex|arrondissement)\b|\s*\b\d+(?:e|er|eme|th|st|nd|rd)?\b", "", name).strip()


def _holds(long: str, short: str) -> bool:
    """Han names with or without their ending or their prefecture: 渋谷区, 渋谷, 東京都渋谷区."""
    if "han" not in scripts_of(short) or len(short) < 2:
        return False
    bare_long, bare_short = _HAN_ENDINGS.sub("", long), _HAN_ENDINGS.sub("", short)
    return bare_long == bare_short or (
        bare_long.endswith(bare_short) and re.search(r"[都道府県]", long) is not None
    )
