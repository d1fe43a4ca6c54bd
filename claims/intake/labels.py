"""What stands behind a label or in the greeting: the seller's name, the reason, the buyer's comment."""

from __future__ import annotations

import re

from claims.intake.text import fold, one_line

_GREETING = re.compile(
    r"^(?:gentile|egregi[oa]|spett(?:abile|\.le)|salve|ciao|dear|hello|hi|greetings|hola|"
    r"estimad[oa](?:\(a\))?|"
    r"bonjour|chere?(?:\(e\))?|guten tag|hallo|sehr geehrte[rs]?|liebe[rs]?|beste|geachte|hej|witaj|witamy|"
    r"szanown[yai]|ola|prezad[oa]|merhaba|sayin),? (?P<name>.{1,120})$"
)
_GREETING_END = ",:，：、!"
_NOBODY = re.compile(
    r"(?:amazon )?(?:seller|selling partner|merchant|venditore|partner|vendedor(?:/a|a)?|vendeur|"
    r"verkaufer(?:in)?|"
    r"handler|verkoper|customer|sir|madam|saljare|sprzedawco)\b.{0,30}|from amazon\b.*|there|all|team"
)
_AFTER_NAME = re.compile(r"^(?P<name>.{1,60}?) ?(?:様|御中|先生|女士)[、,]?$")
_BEFORE_NAME = re.compile(r"^(?:尊敬的|亲爱的) ?(?P<name>.{1,60}?)[:：,，]?$")
_REASON = re.compile(
    r"(?:claim |return )?reason(?: for (?:the )?claim)?|motivo(?: del reclamo| de la reclamacion)?|"
    r"motif(?: de la reclamation)?|grund(?: des antrags| fur den antrag)?|reden|powod"
)
_COMMENT = re.compile(
    r"(?:buyer|customer)(?:'s|s)? comments?|comment[oi] (?:del(?:l'acquirente|l cliente| cliente))|"
    r"comentarios? del (?:comprador|cliente)|commentaires? (?:de l'acheteur|du client)|"
    r"kommentare? des (?:kaufers|kunden)|opmerkingen? van de (?:koper|klant)"
)
_LINES_READ = 400


def seller_name_of(text: str) -> str | None:
    """The name in the greeting; None where it greets nobody by name."""
    for line in text.split("\n")[:_LINES_READ]:
        if not 3 <= len(line) <= 140:
            continue
        name = _greeted(line.strip(" \t>*"))
        if name:
            return name
    return None


def _greeted(line: str) -> str | None:
    for pattern in (_AFTER_NAME, _BEFORE_NAME):
        other = pattern.match(line)
        if other:
            return one_line(other["name"], 120) or None
    if not line.endswith(tuple(_GREETING_END)):
        return None
    bare = line.rstrip(_GREETING_END + " ")
    greeting = _GREETING.match(fold(bare))
    if not greeting or _NOBODY.fullmatch(greeting["name"]):
        return None
    # Folding may change the length: count the greeting's words and take the rest as written.
    words_of_greeting = len(fold(bare)[: greeting.start("name")].split())
    return " ".join(bare.split()[words_of_greeting:])[:120] or None


def _labelled(text: str, label: re.Pattern[str]) -> str | None:
    lines = text.split("\n")[:_LINES_READ]
    for number, line in enumerate(lines):
        head, colon, value = line.strip(" \t>*-").partition(":")
        if not colon:
            head, colon, value = line.strip(" \t>*-").partition("：")
        if colon and len(head) <= 60 and label.fullmatch(fold(head.strip(" *"))):
            following = next((row for row in lines[number + 1 : number + 3] if row.strip(" >*")), "")
            found = one_line(value.strip(' *"“”') or following.strip(' >*"“”'), 4_000)
            return found or None
    return None


def reason_label_of(text: str) -> str | None:
    """Amazon's own words for the reason of the claim, where the letter labels them."""
    return _labelled(text, _REASON)


def buyer_comment_of(text: str) -> str | None:
    """The buyer's words, where the letter labels them."""
    return _labelled(text, _COMMENT)
