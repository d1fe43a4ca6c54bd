"""Where the words of a delivery text put the parcel: to the door, to someone else, into a locker, or back.

Phrases as carriers print them in the languages of the marketplaces. A text without one of them keeps the status
that the provider gave; a text never makes a stronger delivery of a weaker one.
"""

import re
from dataclasses import dataclass
from typing import Final

from shipping.rules.scripts import spellings
from shipping.vocabulary import DELIVERED, ParcelStatus

_BACK: Final = re.compile(
    r"\b(?:to|by) (?:the )?(?:original )?(?:sender|shipper|seller|merchant|vendor)\b"
    r"|\breturned to (?:sender|shipper|client|merchant|seller)\b|\brto\b|\breturn(?:ed)? (?:to origin|delivered)\b"
    r"|\bback to origin\b|\brucksendung zugestellt\b|\bdem absender\b|\bretour livre\b"
    r"|\ban (?:den )?absender\b|\ba l expediteur\b|\bal mittente\b|\bal remitente\b|\baan (?:de )?afzender\b"
    r"|\bdo nadawcy\b|\btill avsandaren?\b|\bao remetente\b|\bgondericiye\b|差出人(?:へ|に)|返送|الي المرسل"
)
THIRD, POINT, SPOT = "third", "point", "spot"
_PLACES: Final[tuple[tuple[str, str, re.Pattern[str]], ...]] = tuple(
    (name, kind, re.compile(pattern))
    for name, kind, pattern in (
        ("neighbour", THIRD,
         r"\bneighbou?r|\bnachbar|\bvoisin|\b(?:al|dal|del) vicino\b(?! (?:a|al|alla)\b)|\bvicin[oa] di casa\b"
         r"|\bvecin[oa]s?\b|\b(?:bij|aan) (?:de )?buren\b|\bbuur(?:man|vrouw)\b|\bsasiad|\bgrann(?:e|en|ar)\b"
         r"|\bvizinh[oa]|\bkomsu"
         r"|隣人|お隣|隣(?:の方|家)|الجار\b|\bجار\b"),
        ("reception", THIRD,
         r"\breception|\bfront desk\b|\bconcierge\b|\bdoorman\b|\b(?:am|beim) empfang\b|\brezeption|\bpfortner"
         r"|\bpforte\b|\baccueil\b|\bgardien|\bportiere\b|\bportineria\b|\bconserje\b|\bporteri?[oa]\b|\brecepcion"
         r"|\breceptie\b|\bportier\b|\brecepcj|\bochron[aiy]\b|\bportaria\b|\bporteiro\b|\bzelador"
         r"|\bresepsiyon|\bguvenlik|\bapartman gorevlisi\b|\bkapici|受付|管理人|フロント|استقبال|حارس"),
        ("mail room", THIRD, r"\bmail ?room\b|\bposteingang\b|\bpoststelle\b|\bservice courrier\b|\bpostkamer\b"),
        ("third party", THIRD,
         r"\bto (?:an )?agent\b|\bnext door\b|\bhausmeister|\banwesende person\b"
         r"|\bthird party\b|\b(?:different|another|other) person\b|\b(?:leasing"
         r"|management) office\b"
         r"|\bsecurity\b|\bandere[nrm]? person\b|\bersatzempfanger|\btiers\b|\bautre personne\b|\baltra persona\b"
         r"|\botra persona\b|\bandere persoon\b|\binna osob|\bannan person\b|\boutra pessoa\b|\bterceir[oa]s?\b"
         r"|\bbaska (?:bir )?kisi|代理人|شخص اخر"),
        ("parcel locker", POINT,
         r"\blockers?\b|\bpackstation\b|\bpaketbox\b|\bconsigne\b|\barmadiett|\btaquilla|\bpaczkomat|\bpaketskap"
         r"|\bpakketautomaat\b|\bkargomat|宅配ボックス|ロッカー|خزانه"),
        ("pick-up point", POINT,
         r"\bpicked up (?:at|by)\b|\bto store\b|\bhub counter\b"
         r"|\bpick ?up (?:point|location|station)\b|\b(?:access|collection|collect) point\b|\bparcel ?shop\b"
         r"|\bservice ?point\b|\bretail (?:point|outlet)\b|\bpaketshop\b|\bpostfiliale\b|\bfiliale\b|\bpoint (?:de )?"
         r"(?:relais|retrait)\b|\brelais colis\b|\bbureau de poste\b|\bpunto di (?:ritiro|consegna)\b"
         r"|\bufficio postale\b"
         r"|\bpunto de (?:recogida|entrega)\b|\boficina de correos\b|\bpakketpunt\b|\bafhaalpunt\b|\bpostkantoor\b"
         r"|\bpunk(?:t|cie) odbioru\b|\burzad pocztowy\b|\bombud\b|\bponto de (?:retirada|coleta)\b"
         r"|\bagencia dos correios\b"
         r"|\bteslim noktasi\b|\bsubeden\b|コンビニ|営業所(?:受取|止)|郵便局留|نقطه (?:استلام|الاستلام)"),
        ("front door", SPOT,
         r"\bfront door\b|\bporch\b|\bdoorstep\b|\bhaustur\b|\bdevant la porte\b|\bdavanti alla porta\b"
         r"|\ben la puerta\b|\bvoordeur\b|\bpod drzwi|\bvid dorren\b|\bna porta\b|\bkapiya birak|玄関|置き配"),
        ("back door", SPOT,
         r"\b(?:back|rear) door\b|\bhintertur\b|\bporte arriere\b|\bporta sul retro\b|\bpuerta trasera\b"
         r"|\bachterdeur\b|\btylne drzwi\b|\bbakdorr|\bporta dos fundos\b|\barka kapi|勝手口|裏口"),
        ("garage", SPOT, r"\bgarage\b|\bgaraje\b|\bgaraz\b|ガレージ|車庫"),
        ("mailbox", SPOT,
         r"\bmail ?box\b|\bletter ?box\b|\bbriefkasten\b|\bboite aux lettres\b|\bcassetta (?:postale|delle lettere)\b"
         r"|\bbuzon\b|\bbrievenbus\b|\bskrzynk|\bbrevlad|\bcaixa de correio|\bposta kutusu|郵便受け|ポスト投函"),
        ("PO box", SPOT, r"\bp ?o ?box\b|\bpostfach\b|\bboite postale\b|\bcasella postale\b|私書箱"),
        ("dock", SPOT, r"\b(?:loading )?dock\b|\brampe\b|\bwareneingang\b|\bquai de chargement\b"),
        ("shed", SPOT, r"\bshed\b|\bgartenhaus\b|\bschuppen\b|\bschuur\b|物置"),
        ("safe place", SPOT,
         r"\bsafe ?place\b|\bablageort\b|\bwunschort\b|\babstellort\b|\blieu sur\b|\bluogo sicuro\b|\blugar seguro\b"
         r"|\bveilige plek\b|\bbezpieczn\w+ miejsc|\bsaker plats\b|\blocal seguro\b|\bguvenli yer|指定場所|مكان امن"),
    )
)  # fmt: skip
_STATUS: Final = {
    POINT: ParcelStatus.DELIVERED_TO_PICKUP_POINT,
    THIRD: ParcelStatus.DELIVERED_TO_THIRD_PARTY,
}


@dataclass(frozen=True, slots=True)
class Handover:
    """What became of a delivery: the status it deserves and the spot it names (empty: none)."""

    status: ParcelStatus
    spot: str = ""


def handover(status: ParcelStatus, text: str) -> Handover:
    """Read a text beside the status that its provider gave. Never turns something else into a delivery."""
    plain = " | ".join(spellings(text))
    if status == ParcelStatus.RETURNING and plain.startswith("delivered"):
        return Handover(ParcelStatus.RETURNED_TO_SENDER)
    if status not in DELIVERED:
        return Handover(status)
    if _BACK.search(plain):
        return Handover(ParcelStatus.RETURNED_TO_SENDER)
    found = [(name, kind) for name, kind, pattern in _PLACES if pattern.search(plain)]
    kinds = {kind for _, kind in found}
    weakest = next((_STATUS[kind] for kind in (POINT, THIRD) if kind in kinds), status)
    spot = next((name for name, _ in found if name != "third party"), "")
    return Handover(weakest, spot)
