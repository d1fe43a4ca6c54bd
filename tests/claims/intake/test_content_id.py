"""The id of a letter: the same for the same letter, another for another."""

import pytest

from tests.claims.intake.letters import changed, read


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
