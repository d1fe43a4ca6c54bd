"""A letter that asks for an answer is never filed as one that asks for nothing, however it is worded."""

from email.message import EmailMessage

import pytest

from claims.intake.demands import demands_answer
from claims.intake.reader import read_mail
from claims.intake.reading import Reading
from claims.intake.signs import CLOSE, NOTIFY
from claims.intake.text import sentences
from claims.words import NoticeKind

ORDER = "403-1112223-4445556"

DEMANDS = [
    "You must reply within 48 hours with proof of delivery.",
    "Please upload the tracking number.",
    "Respond to Amazon by November 26.",
    "To represent this claim, go to Seller Central.",
    "If you do not respond within 72 hours, we may grant the claim.",
    "Devi rispondere entro 48 ore.",
    "Ti chiediamo di fornire la prova di consegna.",
    "Se non rispondi, il reclamo sarà accolto.",
    "Responde en un plazo de 48 horas.",
    "Por favor, envíe el comprobante de entrega.",
    "Veuillez nous fournir la preuve de livraison.",
    "Sans réponse de votre part, nous accepterons la réclamation.",
    "Bitte antworten Sie innerhalb von 48 Stunden.",
    "Senden Sie uns den Zustellnachweis.",
    "Wenn wir von Ihnen keine Antwort erhalten, geben wir dem Antrag statt.",
]
DEMANDS_NOTHING = [
    "We will contact you if we need more information.",
    "If we need information we will contact you and you will have 72 hours to respond.",
    "If we need more information, we will write to you. You must reply within 3 days.",
    "Please visit Seller Central to learn more.",
    "You can appeal within 30 days. Please provide new information.",
    "Se dovessimo ritenere necessarie altre informazioni, la contatteremo. Deve rispondere entro 3 giorni.",
    "In caso di domande, si prega di visitare: Seller Central",
    "Si necesitamos más información, te escribiremos. Debes responder en un plazo de 48 horas.",
    "Nous vous contacterons si nous avons besoin d'informations.",
    "Falls wir weitere Informationen benötigen, melden wir uns. Bitte antworten Sie dann innerhalb von 48 Stunden.",
]


def letter(text: str, *, subject: str = ORDER, notification_type: str = NOTIFY) -> bytes:
    mail = EmailMessage()
    mail["From"] = "Amazon <atoz-guarantee-no-reply@amazon.it>"
    mail["Subject"] = subject
    mail["Date"] = "Thu, 03 Sep 2026 08:00:00 +0000"
    mail["X-Marketplace-ID"] = "APJ6JRA9NG5V4"
    if notification_type:
        mail["X-Space-Notification-Type"] = notification_type
    mail.set_content(text)
    return mail.as_bytes()


@pytest.mark.parametrize("text", DEMANDS)
def test_a_demand_is_seen(text: str) -> None:
    assert demands_answer(sentences(f"A claim was received. {text}"))


@pytest.mark.parametrize("text", DEMANDS_NOTHING)
def test_what_amazon_may_ask_later_demands_nothing_now(text: str) -> None:
    assert not demands_answer(sentences(f"A claim was received. {text}"))


RECEIVED = {
    "it": (
        "Abbiamo ricevuto un reclamo dalla A alla Z di 49,90 € per l’ordine {order}.",
        "Al momento non è necessario intraprendere alcuna azione.",
        "Non è necessario intraprendere alcuna azione se hai già rimborsato.",
        "Devi rispondere entro 48 ore.",
    ),
    "es": (
        "Hemos recibido una reclamación de la Garantía de la A a la Z por el pedido {order}.",
        "No es necesario realizar ninguna acción.",
        "No es necesario realizar ninguna acción si ya has reembolsado.",
        "Responde en un plazo de 48 horas.",
    ),
    "fr": (
        "Nous avons reçu une réclamation Garantie A à Z pour la commande {order}.",
        "Aucune action n’est requise.",
        "Aucune action n’est requise si vous avez remboursé.",
        "Veuillez nous fournir la preuve de livraison.",
    ),
    "de": (
        "Wir haben einen A-bis-Z-Garantieantrag zur Bestellung {order} erhalten.",
        "Sie müssen nichts unternehmen.",
        "Sie müssen nichts unternehmen, wenn Sie den Antrag annehmen.",
        "Bitte antworten Sie innerhalb von 48 Stunden.",
    ),
}


@pytest.mark.parametrize("language", RECEIVED)
def test_received_needs_a_plain_no_action_and_no_demand_beside_it(language: str) -> None:
    opening, quiet, quiet_perhaps, demand = RECEIVED[language]
    opening = opening.format(order=ORDER)
    plain = read_mail(letter(f"{opening} {quiet}"))
    assert (plain.reading, plain.kind) == (Reading.CLAIM, NoticeKind.CLAIM_RECEIVED)
    for said in (f"{opening} {quiet_perhaps}", f"{opening} {demand}", f"{opening} {quiet} {demand}"):
        read = read_mail(letter(said))
        assert (read.reading, read.kind, read.order_id) == (Reading.NEEDS_PERSON, None, ORDER), said


@pytest.mark.parametrize(
    "said",
    [
        "To decide this claim in your favor, provide proof of delivery.",
        "Help us resolve the claim in your favor: please send the tracking number.",
        "We have denied the A-to-z Guarantee claim. The buyer asks again. Please reply within 48 hours.",
        "We have denied the A-to-z Guarantee claim. The buyer appealed; please provide more details.",
    ],
)
@pytest.mark.parametrize("subject", [f"Claim received on order {ORDER}", f"Claim decision on order {ORDER}"])
def test_a_hope_of_winning_or_a_further_question_is_no_decision(said: str, subject: str) -> None:
    text = f"We received an A-to-z Guarantee claim of $34.90 on the order {ORDER}. {said}"
    read = read_mail(letter(text, subject=subject, notification_type=""))
    assert (read.reading, read.kind, read.order_id, read.decision) == (
        Reading.NEEDS_PERSON,
        None,
        ORDER,
        None,
    )


def test_a_decision_that_explains_the_appeal_or_comes_by_its_type_stays_one() -> None:
    granted = f"We have granted an A-to-z Guarantee claim of $34.90 on the order {ORDER}."
    appeal = "You can appeal this decision within 30 days. Please provide new information."
    for text, kind in ((f"{granted} {appeal}", ""), (f"{granted} Please send us your feedback.", CLOSE)):
        read = read_mail(letter(text, subject=f"Claim decision on order {ORDER}", notification_type=kind))
        assert (read.reading, read.kind) == (Reading.CLAIM, NoticeKind.CLAIM_DECIDED)
