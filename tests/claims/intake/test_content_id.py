"""The id of a letter: the same for the same letter, another for another."""

import pytest

from claims.intake import Reading, read_mail
from tests.claims.intake.letters import changed, forward, read


def test_the_same_letter_has_the_same_id_whatever_its_message_id_and_links() -> None:
    once = read("received_it")
    again = changed("received_it", ("0102-received-it@", "0999-sent-again@"), ("GEXAMPLE", "GOTHER"))
    assert once.content_id == again.content_id
    assert len(once.content_id) == 64


@pytest.mark.parametrize(
    "change",
    [
        ("22:40:05", "22:40:06"),
        ("A_Z_CLAIM_RESPONDENT_NOTIFY", "A_Z_CLAIM_RESPONDENT_CLOSE"),
        ("1.284,50", "1.284,51"),
        ("403-1112223-4445556", "403-1112223-4445557"),
    ],
)
def test_another_date_type_text_or_order_is_another_letter(change: tuple[str, str]) -> None:
    assert changed("received_it", change).content_id != read("received_it").content_id


def with_document(subject: str, content: bytes, *, message_id: str = "<1@acme.example>") -> bytes:
    message = forward(subject=subject, plain="See the attachment.")
    message["Message-ID"] = message_id
    message.add_attachment(content, maintype="application", subtype="pdf", filename="letter.pdf")
    # Boundaries differ from one sending to the next.
    message.set_boundary(f"b{message_id[1]}")
    return message.as_bytes()


def test_mails_without_an_order_differ_by_subject_and_attachment() -> None:
    first = read_mail(with_document("Fwd: letter", b"one"))
    assert (first.reading, first.order_id) == (Reading.NEEDS_PERSON, None)
    others = [with_document("Fwd: letter", b"two"), with_document("Fwd: another", b"one")]
    assert len({first.content_id, *(read_mail(each).content_id for each in others)}) == 3
    again = with_document("Fwd: letter", b"one", message_id="<2@acme.example>")
    assert again != with_document("Fwd: letter", b"one")
    assert read_mail(again).content_id == first.content_id


def test_letters_without_an_order_differ_by_subject() -> None:
    once = changed("newsletter", ("Three ways", "Three ways"))
    assert changed("newsletter", ("Three ways", "Four ways")).content_id != once.content_id
    assert changed("newsletter", ("newsletter.eml@", "again.eml@")).content_id == once.content_id
