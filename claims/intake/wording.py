"""What a letter about a claim says: received, asking, decided, withdrawn; read from known wording only.

Known: the US letters, the Italian "received" letter, the Spanish "granted" letter. Elsewhere "received" is
taken only together with the plain statement that no action is needed now, and nowhere beside a demand. A letter
that says two things at once, or nothing known, is left to a person: a request read as "received" would start
no clock.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from claims.intake.demands import demands_answer, is_conditional
from claims.intake.forwards import bare_subject
from claims.intake.signs import CLOSE, NOTIFY, sentence_names_guarantee
from claims.intake.text import Sentence
from claims.words import NoticeKind

RECEIVED_SUBJECT = re.compile(
    r"claim received on (?:your )?order\b|richiesta di rimborso ricevuta per l'ordine|"
    r"a-to-z guarantee claim received"
)
_DECISION_SUBJECT = re.compile(r"claim decision on (?:your )?order\b")
_REQUEST_SUBJECT = re.compile(
    r"action required|response required|azione (?:richiesta|necessaria)|intervento richiesto|"
    r"accion (?:requerida|necesaria)|action requise|(?:massnahme|aktion) erforderlich|handlungsbedarf"
)
_APPEAL = re.compile(
    r"\bappeal|\bricorso\b|\bapelaci|\brecurso\b|\ben appel\b|einspruch|widerspruch|申诉|異議"
)
_ABOUT_YOUR_APPEAL = re.compile(
    r"(?:review|receiv|consider|decision|decid|grant|den(?:y|ied)|accept|reject|"
    r"information)\w*\b.{0,60}\byour appeal\b|"
    r"\byour appeal\b.{0,60}(?:review|receiv|decided|granted|denied|accepted|rejected|information)"
)
_RECEIVED_EN = re.compile(r"\bwe(?:'ve| have)? received an? (?:amazon )?a-to-z (?:guarantee )?claim\b")
_RECEIVED_ELSEWHERE = re.compile(
    r"\babbiamo ricevuto un reclamo dalla a alla z\b|"
    r"\b(?:hemos|ha) recibido una reclamacion (?:bajo|de|en virtud de) la garantia de la a a la z\b|"
    r"\bnous avons recu une reclamation (?:au titre de |dans le cadre de |"
    r"concernant )?(?:la )?garantie (?:de )?a a z\b|"
    r"\bwir haben einen? (?:antrag auf )?a-bis-z-garantie\w*\b.{0,160}\berhalten\b|"
    r"\bein a-bis-z-garantieantrag\b.{0,160}\b(?:eingegangen|gestellt)\b"
)
_NO_ACTION = re.compile(
    r"\bno (?:further )?action is (?:needed|required|necessary)|\b(?:do not|"
    r"don't) need to (?:take any action|do anything)|"
    r"\bnon e necessari[oa] (?:intraprendere )?alcun[ao']* ?azione|\bnon e richiesta alcuna azione|"
    r"\bno (?:es necesario|tiene|tienes|hace falta) (?:que )?(?:realic|realiz|tom|llev|"
    r"hac)\w+ ninguna (?:accion|medida)|"
    r"\bno (?:es necesaria|se requiere) ninguna (?:accion|medida)|"
    r"\baucune (?:action|mesure) n'est (?:requise|necessaire)|"
    r"\b(?:(?:mussen|brauchen) sie|sie (?:mussen|brauchen)) (?:derzeit |im moment |momentan )?"
    r"(?:nichts|keine massnahmen)|"
    r"\bkeine (?:massnahme\w*|aktion\w*|handlung\w*) (?:erforderlich|notwendig|ihrerseits)"
)
_REQUEST = re.compile(
    r"\bwe (?:still )?(?:need|require) (?:more|additional|further|some|the following|"
    r"your) (?:\w+ ){0,2}information|"
    r"\bplease (?:provide|send|submit|share|give) (?:us )?.{0,80}(?:information|details|proof|"
    r"evidence|tracking)|"
    r"\b(?:requires|needs) your (?:response|attention|action|reply)|"
    r"\b(?:additional|more|further) information is (?:needed|required)|\bplease respond to (?:this|"
    r"the) claim\b"
)
_CONDITIONAL = re.compile(
    r"\b(?:if|should we|when|whenever|once|unless|in case|in the event|in future|in the future)\b"
)
_GRANTED = re.compile(
    r"\bwe(?:'ve| have)? granted (?:an?|the|this|your (?:buyer|"
    r"customer)'s) (?:amazon )?(?:a-to-z )?(?:guarantee )?claim\b|"
    r"\bclaim (?:was|has been) granted\b|\bhemos concedido (?:una|la) reclamacion\b"
)
_DENIED = re.compile(
    r"\bwe(?:'ve| have)? (?:denied|rejected) (?:an?|the|this|your (?:buyer|"
    r"customer)'s) (?:amazon )?(?:a-to-z )?"
    r"(?:guarantee )?claim\b|\bclaim (?:was|has been) denied\b|"
    r"(?<!not )(?:decided|decision|closed|resolved|ruled|found|claim)\b.{0,60}\bin your favou?r\b"
)
_NOT_DENIED = re.compile(
    r"\b(?:not|n't|cannot|unable|to|help|may|might|can|could|will|would|should)\b.{0,40}\bin your favou?r\b"
)
_WITHDRAWN = re.compile(
    r"\b(?:buyer|customer) (?:has )?(?:withdrew|withdrawn|cancell?ed) (?:the|this|their|his|her) (?:a-to-z )?"
    r"(?:guarantee )?claim\b|\bclaim (?:was|has been) withdrawn\b"
)


@dataclass(frozen=True)
class Said:
    """What the wording amounts to: a kind that is sure, or none and why; `outcome` where it was decided."""

    kind: NoticeKind | None
    why: str
    outcome: str | None = None


class _Letter:
    """The letter's sentences, asked by pattern; conditional ones state nothing."""

    def __init__(self, letter: Sequence[Sentence]) -> None:
        self.all = [sentence.folded for sentence in letter]
        self.plain = [folded for folded in self.all if not _CONDITIONAL.search(folded)]
        self.sentences = letter

    def states(self, pattern: re.Pattern[str]) -> bool:
        return any(pattern.search(folded) for folded in self.plain)

    def has(self, pattern: re.Pattern[str]) -> bool:
        return any(pattern.search(folded) for folded in self.all)

    def is_quiet(self) -> bool:
        """It says under no condition that nothing is to be done now."""
        return any(_NO_ACTION.search(s.folded) and not is_conditional(s) for s in self.sentences)


def is_claim_subject(heading: str) -> bool:
    """Whether a folded subject is that of a letter about a claim."""
    return bool(RECEIVED_SUBJECT.search(heading) or _DECISION_SUBJECT.search(heading))


def asks_by_subject(subject: str) -> bool:
    """Whether a subject, or the name of a file, asks for action."""
    return _REQUEST_SUBJECT.search(bare_subject(subject)) is not None


def names_claim(sentence: Sentence) -> bool:
    """Whether the sentence speaks of the claim itself: by the guarantee's name or as received or granted."""
    folded = sentence.folded
    return sentence_names_guarantee(folded) or any(
        pattern.search(folded) for pattern in (_RECEIVED_EN, _RECEIVED_ELSEWHERE, _GRANTED)
    )


def what_is_said(subject: str, letter: Sequence[Sentence], notification_type: str | None) -> Said:
    """The kind of notice by subject and sentences, as far as it is sure."""
    heading = bare_subject(subject)
    words = _Letter(letter)
    if _APPEAL.search(heading) or words.states(_ABOUT_YOUR_APPEAL):
        return Said(None, "It seems to be about an appeal, whose wording is not known.")
    outcome, contradictory = _outcome(words)
    if contradictory:
        return Said(None, "It names two outcomes of the claim at once.")
    if notification_type == CLOSE or _DECISION_SUBJECT.search(heading) or outcome:
        return _decided(outcome, heading, words, notification_type)
    return _open(heading, words)


def _outcome(words: _Letter) -> tuple[str | None, bool]:
    granted = words.states(_GRANTED)
    withdrawn = words.states(_WITHDRAWN)
    denied = any(_DENIED.search(folded) and not _NOT_DENIED.search(folded) for folded in words.plain)
    named = [
        name for name, said in (("granted", granted), ("denied", denied), ("withdrawn", withdrawn)) if said
    ]
    return (named[0], False) if len(named) == 1 else (None, len(named) > 1)


def _decided(outcome: str | None, heading: str, words: _Letter, notification_type: str | None) -> Said:
    if notification_type == NOTIFY and not _DECISION_SUBJECT.search(heading):
        return Said(None, "Amazon's type says that the claim is open, the text that it was decided.")
    if _REQUEST_SUBJECT.search(heading):
        return Said(None, "Its subject asks for action while its text speaks of a decision.")
    if outcome is None:
        return Said(None, "A claim was decided, but the decision is not worded in a known way.")
    if notification_type != CLOSE and demands_answer(words.sentences):
        return Said(None, "It tells a decision, and asks for an answer as well.")
    if outcome == "withdrawn":
        return Said(NoticeKind.CLAIM_WITHDRAWN, "The buyer withdrew the claim.", outcome)
    return Said(NoticeKind.CLAIM_DECIDED, f"The claim was {outcome}.", outcome)


def _open(heading: str, words: _Letter) -> Said:
    quiet, asked = words.is_quiet(), words.states(_REQUEST)
    if _REQUEST_SUBJECT.search(heading):
        if quiet:
            return Said(None, "Its subject asks for action while its text says that none is needed.")
        return Said(NoticeKind.INFORMATION_REQUESTED, "Amazon asks for information.")
    received_subject = RECEIVED_SUBJECT.search(heading) is not None
    received = received_subject or words.has(_RECEIVED_EN) or words.has(_RECEIVED_ELSEWHERE)
    if asked and not quiet and not received_subject:
        return Said(NoticeKind.INFORMATION_REQUESTED, "Amazon asks for information.")
    if asked or (received and demands_answer(words.sentences)):
        return Said(None, "It says that a claim was received, and asks for something as well.")
    if received and (quiet or _is_us_letter(heading, words)):
        return Said(NoticeKind.CLAIM_RECEIVED, "A claim was received; Amazon asks for nothing yet.")
    return Said(None, "It is about an A-to-z claim, but not worded in a known way: it may ask for an answer.")


def _is_us_letter(heading: str, words: _Letter) -> bool:
    """The US subject is known to differ between "received" and "action required"; others are not."""
    return re.match(r"claim received on (?:your )?order\b", heading) is not None and words.has(_RECEIVED_EN)
