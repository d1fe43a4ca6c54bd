"""Whether a letter asks its reader for an answer now, in the languages whose "received" letter is read.

How Amazon words its requests is unknown, so this looks for any demand: it never says that a letter is a
request, only that it cannot be filed as one that asks for nothing. "If we need more, we will write to you. You
then have three days." demands nothing: the sentence before it is a condition.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from claims.intake.text import Sentence
from claims.intake.windows import stated_window

_UNTIL_THE_VERB = r"(?:[\w']+ ){0,4}"
_DEMAND = re.compile(
    # English
    rf"\b(?:must|need to|have to|should|required to|asked to|please|kindly) {_UNTIL_THE_VERB}"
    r"(?:respond|reply|answer|provide|submit|send|upload|represent|contest)\b|"
    r"(?:^|[,;:] )(?:respond|reply|answer|provide|submit|send|upload|represent)\b|"
    r"\bto (?:respond to|reply to|answer|represent|contest|dispute) (?:this|the|your) claim\b|"
    # Italian
    rf"\b(?:deve|devi|dovra|dovrai|(?:la|ti) preghiamo di|si prega di|(?:le|ti) chiediamo di) {_UNTIL_THE_VERB}"
    r"(?:rispond|forni|invi|presenta|carica)\w*|\brispond[ai] (?:entro|a questo|al reclamo)\b|"
    # Spanish
    rf"\b(?:debe|debes|tiene que|tienes que|rogamos|(?:le|te) pedimos|por favor,?) {_UNTIL_THE_VERB}"
    r"(?:respond|proporcion|envi|facilit|present|aport)\w*|"
    r"\b(?:responda|responde|proporcione|proporciona|facilite|envie)\b|"
    # French
    rf"\b(?:vous devez|veuillez|merci de|nous vous (?:demandons|prions) de) {_UNTIL_THE_VERB}"
    r"(?:repondre|fournir|envoyer|transmettre|presenter|communiquer)\b|\b(?:repondez|fournissez)\b|"
    # German
    rf"\b(?:bitte|mussen sie|sie mussen|sollten sie) {_UNTIL_THE_VERB}{_UNTIL_THE_VERB}"
    r"(?:antwort|beantwort|reagier|send|ubermittel|einreich|stellung)\w*|"
    r"\b(?:antworten|reagieren|senden|ubermitteln|reichen) sie\b"
)
#: What happens without an answer is a demand as well, though it is worded as a condition.
_ELSE = re.compile(
    r"\bif (?:you|we) (?:do not|don't|fail to) (?:respond|reply|answer|provide|submit|hear|receive)|"
    r"\bse non (?:rispond|riceve|riceviamo|forni)|\bsi no (?:respond|recib|proporcion|envi)|"
    r"\bsi vous ne (?:repond|fourni)|\b(?:sans|en l'absence de) (?:votre )?reponse\b|"
    r"\b(?:wenn|falls|sofern) (?:sie (?:\w+ ){0,4}nicht|wir (?:\w+ ){0,5}keine antwort)"
)
_CONDITION = re.compile(
    r"\b(?:if|should we|when|whenever|once|unless|in case|in the event|in (?:the )?future)\b|"
    r"\bse (?:dov|non|lei|av|riten|necess|accett|hai|ha gia|desid|vuol|occorr|serv|richied)|\bqualora\b|"
    r"\bsi\b|\bs'il\b|\ben caso de\b|\ben cas de\b|\b(?:wenn|falls|sofern|sollten|sollte)\b"
)
#: An appeal is the reader's own choice; what a letter asks for it is not asked now. A buyer's appeal is another's.
_APPEAL = re.compile(r"\bappeal|\bricorso|\brecurso|\bapelaci|\bappel\b|\brecours|einspruch|widerspruch")

_OF_BUYER = re.compile(
    r"\bbuyer|\bcustomer|\bcliente|\bcompra|\bacquirente|\bclient\b|\bacheteur|\bkauf|\bkunde"
)


def is_conditional(sentence: Sentence) -> bool:
    """Whether it holds only under a condition, in any of the languages."""
    return _CONDITION.search(sentence.folded) is not None


def demands_answer(letter: Sequence[Sentence]) -> bool:
    """Whether a sentence asks for an answer, or sets a time for one, under no condition of Amazon's."""
    before: Sentence | None = None
    for sentence in letter:
        excused = _is_of_appeal(sentence) or (
            before is not None and (is_conditional(before) or _is_of_appeal(before))
        )
        if not excused and (_ELSE.search(sentence.folded) or _asks_plainly(sentence)):
            return True
        before = sentence
    return False


def _is_of_appeal(sentence: Sentence) -> bool:
    return _APPEAL.search(sentence.folded) is not None and not _OF_BUYER.search(sentence.folded)


def _asks_plainly(sentence: Sentence) -> bool:
    if is_conditional(sentence):
        return False
    return _DEMAND.search(sentence.folded) is not None or stated_window((sentence,)) is not None
