"""Does the place of a delivery agree with the address it was meant for? Part by part, never as one verdict.

A part that either side leaves out, or gives too coarsely to tell, is `not_stated`.
"""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any, Final

MATCH: Final = "match"
MISMATCH: Final = "mismatch"
NOT_STATED: Final = "not_stated"
PARTS: Final = ("line1", "city", "region", "postal_code", "country_code")


def _table(pairs: str) -> dict[str, str]:
    return dict(pair.split(":") for pair in pairs.split("|"))


_COUNTRIES: Final = _table(
    "UK:GB|USA:US|UNITED STATES:US|UNITED STATES OF AMERICA:US|UNITED KINGDOM:GB|GREAT BRITAIN:GB|GERMANY:DE"
    "|DEUTSCHLAND:DE|FRANCE:FR|ITALY:IT|ITALIA:IT|SPAIN:ES|ESPANA:ES|NETHERLANDS:NL|BELGIUM:BE|SWEDEN:SE"
    "|POLAND:PL|CANADA:CA|MEXICO:MX|BRAZIL:BR|BRASIL:BR|JAPAN:JP|AUSTRALIA:AU|INDIA:IN|IRELAND:IE|TURKEY:TR"
    "|SINGAPORE:SG|CHINA:CN"
)
_REGIONS: Final = _table(
    "alabama:AL|alaska:AK|arizona:AZ|arkansas:AR|california:CA|colorado:CO|connecticut:CT|delaware:DE"
    "|district of columbia:DC|florida:FL|georgia:GA|hawaii:HI|idaho:ID|illinois:IL|indiana:IN|iowa:IA"
    "|kansas:KS|kentucky:KY|louisiana:LA|maine:ME|maryland:MD|massachusetts:MA|michigan:MI|minnesota:MN"
    "|mississippi:MS|missouri:MO|montana:MT|nebraska:NE|nevada:NV|new hampshire:NH|new jersey:NJ"
    "|new mexico:NM|new york:NY|north carolina:NC|north dakota:ND|ohio:OH|oklahoma:OK|oregon:OR"
    "|pennsylvania:PA|rhode island:RI|south carolina:SC|south dakota:SD|tennessee:TN|texas:TX|utah:UT"
    "|vermont:VT|virginia:VA|washington:WA|west virginia:WV|wisconsin:WI|wyoming:WY|puerto rico:PR"
    "|alberta:AB|british columbia:BC|manitoba:MB|new brunswick:NB|newfoundland and labrador:NL"
    "|nova scotia:NS|ontario:ON|prince edward island:PE|quebec:QC|saskatchewan:SK"
)
_SHORT_WORDS: Final = _table(
    "saint:st|sainte:ste|mount:mt|fort:ft|north:n|south:s|east:e|west:w|street:st|avenue:ave|av:ave|road:rd"
    "|boulevard:blvd|drive:dr|lane:ln|court:ct|place:pl|apartment:apt|suite:ste|highway:hwy|strasse:str"
)
_UMLAUTS: Final = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "æ": "ae"})
_COARSE_AT_LEAST: Final = 2


def address_match(delivered: Mapping[str, Any], meant: Mapping[str, Any]) -> dict[str, str]:
    """Compare a carrier's place with an address; both hold some of `PARTS`."""
    country = _country(str(meant.get("country_code") or delivered.get("country_code") or ""))
    return {
        name: _compare(name, str(delivered.get(name) or ""), str(meant.get(name) or ""), country)
        for name in PARTS
    }


def _compare(name: str, left: str, right: str, country: str) -> str:
    if not left.strip() or not right.strip():
        return NOT_STATED
    if name == "postal_code":
        return _compare_postal(_postal(left, country), _postal(right, country))
    if name == "country_code":
        return _compare_codes(_country(left), _country(right))
    if name == "region":
        return _compare_codes(_region(left), _region(right))
    return MATCH if _forms(left) & _forms(right) else MISMATCH


def _compare_codes(left: str, right: str) -> str:
    if left == right:
        return MATCH
    are_alike = (len(left) <= 3) == (len(right) <= 3)
    return MISMATCH if are_alike else NOT_STATED  # "BY" beside "Bayern": no table says


def _compare_postal(left: str, right: str) -> str:
    if left == right:
        return MATCH
    short, long = sorted((left, right), key=len)
    if len(short) >= _COARSE_AT_LEAST and long.startswith(short):
        return NOT_STATED  # an outward code such as "EX33": too coarse to tell
    return MISMATCH


def _postal(text: str, country: str) -> str:
    plain = re.sub(r"[^0-9A-Z]", "", unicodedata.normalize("NFKC", text).upper())
    if country == "US" and plain.isdigit() and len(plain) in (5, 9):
        return plain[:5]
    without_prefix = re.fullmatch(r"[A-Z]{1,3}(\d{4,6})", plain)  # "D-80331", "SE-111 22"
    return without_prefix[1] if without_prefix else plain


def _country(text: str) -> str:
    plain = _plain(text).upper()
    return _COUNTRIES.get(plain, plain)


def _region(text: str) -> str:
    plain = _plain(text)
    return _REGIONS.get(plain, plain.upper())


def _plain(text: str) -> str:
    """Case, accents, punctuation and doubled blanks taken away."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return " ".join(re.sub(r"[\W_]+", " ", bare).split())


def _forms(text: str) -> frozenset[str]:
    """The ways in which one name is written: accents dropped, or spelt out ("München", "Muenchen")."""
    folded = unicodedata.normalize("NFC", text.casefold())
    spellings = (_plain(folded), _plain(folded.translate(_UMLAUTS)))
    return frozenset(
        " ".join(_SHORT_WORDS.get(word, word) for word in spelling.split()) for spelling in spellings
    )
