"""What stands in a carrier's "received by" field. Often no person, and never proof that the buyer signed.

Source of the cases: answers recorded from carriers, where clock times, codes and "null" stand for names.
"""

import re
from typing import Final

from shipping.rules.handovers import Handover, handover
from shipping.rules.scripts import spellings
from shipping.vocabulary import ParcelStatus, SignerKind

_NOT_REQUIRED: Final = re.compile(
    r"\bnot (?:required|needed|necessary|requested)\b|\bno sig(?:nature)?\b|\bwithout (?:a )?signature\b"
    r"|\bwaive[dr]?\b|\b(?:driver|shipper|signature) release\b|\brelease(?:d)? signature\b|\bcontact ?(?:less|free)\b"
    r"|\bcovid\b|\bc19\b|\bunterschrift nicht|\bohne unterschrift\b|\bkontaktlos|\babstellgenehmigung\b"
    r"|\bsans signature\b|\bsignature non (?:requise|obligatoire)\b|\bsans contact\b|\bfirma non (?:richiesta"
    r"|necessaria)\b"
    r"|\bsenza firma\b|\bfirma no (?:requerida|necesaria)\b|\bsin firma\b|\bgeen handtekening\b"
    r"|\bzonder handtekening\b|\bhandtekening niet\b|\bbez podpisu\b|\bpodpis nie ?wymagany\b"
    r"|\bunderskrift krav(?:s|des) ej\b"
    r"|\butan underskrift\b|\bassinatura nao\b|\bsem assinatura\b|\bimza gerekli degil\b|\bimzasiz\b"
    r"|\bsignature not req\b|\bdriver released?\b|\bunable to sign\b|\brefused\b|\bauthority to leave\b"
    r"|\bleft at\b|署名不要|サイン不要|受領印不要|非対面|بدون توقيع",
)
_CLOCK: Final = re.compile(r"\d{1,2}[:.]\d{2}(?:[:.]\d{2})?")
_PLACEHOLDER_TEXTS: Final = (
    "null|none|nil|na|n a|unknown|undefined|false|true|test|not available|xx|xxx|tbd"
    "|customer|resident|recipient|consignee|addressee|occupant|receiver|agent|person|man|woman|adult|other"
    "|signature|signed|signature on file|on file|see signature|met customer|met custom man|met custom woman"
    "|house|home|door|porch|office|desk|driver|courier|self|family|guard|warehouse"
    "|otp|photo|illegible|husband|wife|employee|building manager|post office|side door|return dept"
    "|receiver name not available|null null|undefined undefined|signed by|ehefrau|ehemann"
    "|empfanger|kunde|bewohner|hausbewohner|personlich|unterschrift|fahrer|bekannt|unbekannt"
    "|destinataire|client|resident present|signature client|inconnu|destinatario|cliente|firma|persona|sconosciuto"
    "|cliente final|desconocido|titular|ontvanger|klant|bewoner|handtekening|onbekend|odbiorca|klient|podpis"
    "|mottagare|kund|underskrift|destinatario final|assinatura|proprio|o proprio|alici|musteri|imza|kendisi"
    "|本人|ご本人|受取人|お客様|サイン|家族|المستلم|العميل|توقيع"
)
_PLACEHOLDERS: Final = frozenset(_PLACEHOLDER_TEXTS.split("|"))
_TO_SOMEBODY: Final = Handover(ParcelStatus.DELIVERED)
_INITIALS_AT_MOST: Final = 4
_VOWELS: Final = re.compile(r"[aeiouyäöüåæøéèáàíóúœ]")


def signer_kind(raw: str | None) -> SignerKind:
    """Class of a recorded recipient. In doubt the weaker class: two Latin letters count as initials."""
    text = " ".join((raw or "").split()).strip("\"'")
    if not text:
        return SignerKind.NONE
    plain = spellings(text)
    if any(_NOT_REQUIRED.search(spelling) for spelling in plain):
        return SignerKind.NOT_REQUIRED
    if _stands_for_a_name(text, plain):
        return SignerKind.PLACEHOLDER
    if any(letter.isdigit() for letter in text):
        return SignerKind.CODE
    words = re.findall(r"[^\W\d_]+", text)
    return SignerKind.INITIALS if _are_initials(words) else SignerKind.PERSON_NAME


def _stands_for_a_name(text: str, plain: tuple[str, ...]) -> bool:
    """A clock time, "null", a place or a third party where a name should be; also a name made unreadable."""
    if _CLOCK.fullmatch(text) or "*" in text or any(not spelling for spelling in plain):
        return True
    is_place = handover(ParcelStatus.DELIVERED, text) != _TO_SOMEBODY
    return is_place or any(spelling in _PLACEHOLDERS for spelling in plain)


def _are_initials(words: list[str]) -> bool:
    if any(ord(letter) > 0x2E7F for word in words for letter in word):
        return False  # one Han character may be a whole family name
    if all(len(word) == 1 for word in words):
        return len(words) <= _INITIALS_AT_MOST
    if len(words) > 1:
        return False
    word = words[0]
    return len(word) <= 2 or (len(word) <= 3 and word.isupper() and not _VOWELS.search(word.casefold()))
