"""What may not stand in a text for Amazon is found in any text, however long or odd, and at once."""

import time

import pytest

from claims.reply.lint import faults


@pytest.mark.parametrize("part", ["x", "1", "a.", "1-", "www.", "x.x@", "a@b.co ", "a.b/ ", "+12345678 "])
def test_a_text_of_the_longest_length_is_read_in_seconds(part: str) -> None:
    text = part * (200_000 // len(part))
    began = time.process_time()
    faults(text, max_length=1_000_000)
    assert time.process_time() - began < 10  # where every start is tried it takes many minutes


def test_what_is_no_address_is_a_link_all_the_same() -> None:
    assert [fault.code for fault in faults("see http://[foo for more", max_length=100)] == ["link"]


def test_links_mails_and_phones_are_found_in_their_sentence() -> None:
    text = "Hello. See ..shop.example/x now. Write to a.b@shop.example! Call +39 06 1234567 today."
    assert [(fault.code, fault.sentence) for fault in faults(text, max_length=1_000)] == [
        ("mail_address", "Write to a.b@shop.example!"),
        ("link", "See ..shop.example/x now."),
        ("phone", "Call +39 06 1234567 today."),
    ]


def test_a_carriers_own_page_may_stand() -> None:
    assert faults("https://www.ups.com/track?x=1 and ups.com/x", max_length=100) == []
