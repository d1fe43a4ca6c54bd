"""What stands in the field of a recipient, in the languages of the marketplaces."""

import pytest

from shipping.rules.signers import signer_kind


@pytest.mark.parametrize(
    ("kind", "texts"),
    [
        (
            "not_required",
            "Signature not required|DRIVER RELEASE|Unterschrift nicht erforderlich|Sans signature|Firma non richiesta"
            "|Sin firma|Geen handtekening|Bez podpisu|Utan underskrift|Sem assinatura|İmza gerekli değil|署名不要"
            "|DRIVER RELEASED|Left at door|REFUSED|Signature Not Req|unable to sign|authority to leave",
        ),
        (
            "placeholder",
            '00:00|21.20|null|"null"|RECEPTION|Front desk|Nachbar Müller|Empfänger|Voisin|Accueil|Portineria'
            "|Conserje|Buurman|Sąsiad|Granne|Vizinho|Komşu|Güvenlik|宅配ボックス|受付|جار|Parcel locker|Back door|dock"
            "|Safe place|Briefkasten|*****|Destinatario|OTP|Photo|Husband|Ehefrau|null null|Post office",
        ),
        ("code", "960528602|12|R4 7|A1B2"),
        ("initials", "J G|JG|J.G.|KR"),
        ("person_name", "J Garcia|Jane Doe|Martin van Buren|王小明|Ali Öz|Muller"),
        ("none", "|   "),
    ],
)
def test_only_a_persons_name_is_taken_for_one(kind: str, texts: str) -> None:
    assert {text: str(signer_kind(text)) for text in texts.split("|")} == dict.fromkeys(
        texts.split("|"), kind
    )
