"""Is the recorded name the buyer's? Word by word, never by likeness, and never as "signed by the buyer".

Order of the words, titles and case do not count. A single word, initials, a company and another script leave
the question open.
"""

from dataclasses import dataclass
from typing import Final

from shipping.rules.scripts import differ_in_script, scripts_of, spellings
from shipping.vocabulary import SignerKind

MATCH: Final = "match"
PARTIAL: Final = "partial"
MISMATCH: Final = "mismatch"
CANNOT_TELL: Final = "cannot_tell"

_TITLE_WORDS: Final = (
    "mr mrs ms miss mx ra ssa sir madam dr prof herr frau fr hr m mme mlle monsieur madame sig sigra signor signora"
    " dott dottssa ing sr sra srta senor senora don dona dhr mevr mw heer mevrouw pan pani herrn fru bay bayan"
    " sri smt shri kumari mag dipl jr ii iii esq sayin"
)
_TITLES: Final = frozenset(_TITLE_WORDS.split())
_HONORIFICS: Final = ("様", "さん", "殿", "先生")
_COMPANY_WORDS: Final = (
    "gmbh ag kg ohg ug ev ltd limited llc inc corp corporation co company plc llp srl spa sas sarl sa sl slu bv nv"
    " ab oy aps as zoo spzoo ltda me eireli pvt pty anonim sti tic san kk gk university universitat hotel school"
    " office firma store shop clinic hospital"
)
_COMPANY: Final = frozenset(_COMPANY_WORDS.split())
_COMPANY_HAN: Final = ("株式会社", "有限会社", "合同会社")


@dataclass(frozen=True, slots=True)
class NameMatch:
    """`result` is match, partial, mismatch or cannot_tell; `how` names what was compared."""

    result: str
    how: str

    def to_json(self) -> dict[str, str]:
        return {"result": self.result, "how": self.how}


def name_match(recorded: str, kind: str, meant: str) -> NameMatch:
    """`recorded` with its class of `signers`, held against the name of the address."""
    open_because = _undecided(recorded, kind, meant)
    if open_because:
        return NameMatch(CANNOT_TELL, open_because)
    found = [_compare(one, two) for one in spellings(recorded) for two in spellings(meant)]
    ranks = (MATCH, PARTIAL, CANNOT_TELL, MISMATCH)
    return min(found, key=lambda each: ranks.index(each.result))


def _undecided(recorded: str, kind: str, meant: str) -> str:
    """Why words cannot be compared at all; empty where they can."""
    if not recorded or kind == SignerKind.NONE:
        return "no_name_recorded"
    if not meant.strip():
        return "no_name_in_address"
    if kind == SignerKind.INITIALS:
        return _initials(recorded, meant)
    if kind != SignerKind.PERSON_NAME:
        return "no_person_named"
    return "other_script" if differ_in_script(recorded, meant) else ""


def _initials(recorded: str, meant: str) -> str:
    letters = sorted(letter for letter in spellings(recorded)[0] if letter.isalpha())
    own = sorted(word[0] for word in _words(spellings(meant)[0]))
    return "initials_fit" if letters == own else "initials_do_not_fit"


def _words(spelling: str) -> list[str]:
    return [word for word in spelling.split() if word not in _TITLES]


def _compare(recorded: str, meant: str) -> NameMatch:
    if "han" in scripts_of(recorded):
        return _compare_han(recorded, meant)
    signed, own = ([word for word in _words(name) if word not in _COMPANY] for name in (recorded, meant))
    whole = {word for word in set(signed) & set(own) if len(word) > 1}
    if set(_words(meant)) & _COMPANY:
        return _compare_company(whole, set(signed), set(own))
    rest = [word for word in signed if word not in whole]
    left = [word for word in own if word not in whole]
    if rest and whole and all(_stands_for(word, left) for word in rest):
        return NameMatch(MATCH, "name_and_initial")
    if rest or not whole:  # with a word in common: the same family name, another given name
        return (
            NameMatch(PARTIAL, "another_word_beside") if whole else NameMatch(MISMATCH, "no_word_in_common")
        )
    if left and len(whole) == 1:
        return NameMatch(PARTIAL, "one_word_only")
    return NameMatch(MATCH, "words_left_out" if left else "every_word")


def _compare_company(whole: set[str], signed: set[str], own: set[str]) -> NameMatch:
    """Who signs for a company need not be in its name."""
    if not whole:
        return NameMatch(CANNOT_TELL, "company")
    return NameMatch(MATCH, "company_name") if signed == own else NameMatch(PARTIAL, "part_of_company_name")


def _stands_for(word: str, others: list[str]) -> bool:
    return len(word) == 1 and any(other.startswith(word) for other in others)


def _compare_han(recorded: str, meant: str) -> NameMatch:
    one, two = (_bare_han(name) for name in (recorded, meant))
    if one == two:
        return NameMatch(MATCH, "every_word")
    if any(mark in meant for mark in _COMPANY_HAN):
        return NameMatch(CANNOT_TELL, "company")
    if two.startswith(one) or one.startswith(two):
        return NameMatch(PARTIAL, "one_word_only")  # the family name stands in front
    return NameMatch(MISMATCH, "no_word_in_common")


def _bare_han(name: str) -> str:
    bare = name.replace(" ", "")
    for honorific in _HONORIFICS:
        bare = bare.removesuffix(honorific)
    return bare
