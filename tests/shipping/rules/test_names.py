"""Recorded names against the name in the address."""

import pytest

from shipping.rules.names import name_match
from shipping.rules.signers import signer_kind


@pytest.mark.parametrize(
    ("recorded", "meant", "result", "how"),
    [
        ("Giulia Rossi", "Giulia Rossi", "match", "every_word"),
        ("ROSSI GIULIA", "Giulia Rossi", "match", "every_word"),
        ("Rossi, Giulia", "Sig.ra Giulia Rossi", "match", "every_word"),
        ("G. Rossi", "Giulia Rossi", "match", "name_and_initial"),
        ("Mr John Smith", "John Smith Jr", "match", "every_word"),
        ("JOERG MUELLER", "Jörg Müller", "match", "every_word"),
        ("Jorg Muller", "Jörg Müller", "match", "every_word"),
        ("Anna Maria Lopez", "Ana Maria Lopez Garcia", "partial", "another_word_beside"),
        ("Maria Lopez", "Ana Maria Lopez Garcia", "match", "words_left_out"),
        ("Rossi", "Giulia Rossi", "partial", "one_word_only"),
        ("Mario Rossi", "Giulia Rossi", "partial", "another_word_beside"),
        ("Giula Rosi", "Giulia Rossi", "mismatch", "no_word_in_common"),
        ("Peter Schmidt", "Giulia Rossi", "mismatch", "no_word_in_common"),
        ("J G", "John Green", "cannot_tell", "initials_fit"),
        ("J G", "Mary Poole", "cannot_tell", "initials_do_not_fit"),
        ("Müller", "ACME GmbH", "cannot_tell", "company"),
        ("ACME", "ACME GmbH", "match", "company_name"),
        ("佐藤花子様", "佐藤 花子", "match", "every_word"),
        ("佐藤", "佐藤 花子", "partial", "one_word_only"),
        ("田中太郎", "佐藤 花子", "mismatch", "no_word_in_common"),
        ("Sato Hanako", "佐藤 花子", "cannot_tell", "other_script"),
        ("Анна Иванова", "Anna Ivanova", "cannot_tell", "other_script"),
        ("960528602", "Giulia Rossi", "cannot_tell", "no_person_named"),
        ("null", "Giulia Rossi", "cannot_tell", "no_person_named"),
        ("", "Giulia Rossi", "cannot_tell", "no_name_recorded"),
        ("Giulia Rossi", "", "cannot_tell", "no_name_in_address"),
    ],
)
def test_a_recorded_name_is_held_against_the_buyers_word_by_word(
    recorded: str, meant: str, result: str, how: str
) -> None:
    found = name_match(recorded, signer_kind(recorded), meant)
    assert (found.result, found.how) == (result, how)
