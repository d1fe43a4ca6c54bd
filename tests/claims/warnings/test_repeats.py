"""Saying it again every quarter of an hour, at most eight times, until somebody acknowledges it."""

import pytest

from accounts.actors import Actor
from accounts.models import Seller
from claims.models import Claim, Delivery, Warning
from claims.services.claims import acknowledge_claim
from tests.claims.stories import MONDAY, approved, claim_of, confirmed, hours, letter
from tests.claims.warnings.conftest import People, delivered, names, stages, swept, warned
from tests.smtp_sink import Sink


@pytest.fixture
def claim(acme: Seller, people: People) -> Claim:
    return claim_of(letter(acme))


@pytest.fixture
def alice_acts(people: People) -> Actor:
    return Actor(user_id=people.alice.pk, integration_id=None, label="alice")


def test_an_unacknowledged_stage_is_said_again_eight_times_and_no_more(claim: Claim, sink: Sink) -> None:
    Warning.objects.all().delete()
    start = MONDAY + hours(48)
    for quarter in range(40):
        warned(start + hours(quarter / 4))
    to_alice = [mail for mail in sink.mails if mail.to == "alice@example.com"]
    assert len(to_alice) == 9
    assert [mail.subject.rpartition(" (")[2] for mail in to_alice[1:]] == [
        f"reminder {n})" for n in range(1, 9)
    ]
    assert len({mail.id for mail in sink.mails}) == len(sink.mails) == 27
    last = Warning.objects.get(claim=claim, stage="missed")
    assert (last.rounds, last.next_round_at, last.status) == (9, None, "sent")


def test_a_repeat_is_a_new_round_of_the_same_warning(claim: Claim, sink: Sink) -> None:
    warned(MONDAY + hours(44))
    warned(MONDAY + hours(44.2))
    assert len(sink.mails) == 2
    warned(MONDAY + hours(44.25))
    assert names(sink.to()) == ["alice", "alice", "lea", "lea"]
    warning = Warning.objects.get(claim=claim, stage="4h")
    assert warning.rounds == 2
    assert sorted(warning.deliveries.filter(channel="email").values_list("round", "recipient")) == [
        (1, "alice@example.com"),
        (1, "lea@example.com"),
        (2, "alice@example.com"),
        (2, "lea@example.com"),
    ]


def test_early_stages_are_said_once(claim: Claim, sink: Sink) -> None:
    for moment in (24, 24.3, 25, 30, 36, 36.3, 40):
        warned(MONDAY + hours(moment))
    assert names(sink.to()) == ["alice", "alice", "lea"]


def test_acknowledging_ends_the_repeats_of_what_was_sent_and_says_who(
    claim: Claim, sink: Sink, alice_acts: Actor
) -> None:
    warned(MONDAY + hours(44))
    acknowledge_claim(claim_id=claim.pk, actor=alice_acts, now=MONDAY + hours(44.1))
    for moment in (44.25, 44.5, 46.9):
        warned(MONDAY + hours(moment))
    assert len(sink.mails) == 2
    sent = Warning.objects.get(claim=claim, stage="4h")
    assert (sent.acknowledged_by_id, sent.acknowledged_at) == (alice_acts.user_id, MONDAY + hours(44.1))
    warned(MONDAY + hours(47))
    warned(MONDAY + hours(47.25))
    assert names(sink.to()[2:]) == ["alice", "alice", "lea", "lea", "olga", "olga"]


def test_a_round_raised_before_the_acknowledgement_is_not_sent_after_it(
    claim: Claim, sink: Sink, alice_acts: Actor
) -> None:
    warned(MONDAY + hours(44))
    swept(MONDAY + hours(44.25))
    acknowledge_claim(claim_id=claim.pk, actor=alice_acts, now=MONDAY + hours(44.25))
    assert delivered(MONDAY + hours(44.26)).void == 2
    assert len(sink.mails) == 2


def test_a_stage_that_was_not_sent_yet_is_not_acknowledged(
    claim: Claim, sink: Sink, alice_acts: Actor
) -> None:
    swept(MONDAY + hours(44))
    acknowledge_claim(claim_id=claim.pk, actor=alice_acts, now=MONDAY + hours(44.1))
    delivered(MONDAY + hours(44.2))
    warned(MONDAY + hours(44.25))
    assert names(sink.to()) == ["alice", "alice", "lea", "lea"]


def test_an_answer_ends_the_repeats(claim: Claim, sink: Sink) -> None:
    warned(MONDAY + hours(44))
    confirmed(approved(claim, now=MONDAY + hours(44.1)), now=MONDAY + hours(44.1))
    warned(MONDAY + hours(44.3))
    assert len(sink.mails) == 2
    assert stages(claim)[-1] == ("4h", "sent")


def test_the_next_stage_ends_the_repeats_of_the_one_before(claim: Claim, sink: Sink) -> None:
    warned(MONDAY + hours(46.9))
    warned(MONDAY + hours(47))
    warned(MONDAY + hours(47.2))
    assert Warning.objects.get(claim=claim, stage="4h").rounds == 1


def test_a_round_that_is_still_on_its_way_is_not_repeated(claim: Claim, sink: Sink) -> None:
    """After an outage one mail a stage goes out, not one for every quarter of an hour."""
    sink.stop()
    for quarter in range(8):
        warned(MONDAY + hours(44 + quarter / 4))
    sink.start()
    warned(MONDAY + hours(46.1))
    warned(MONDAY + hours(46.2))
    assert names(sink.to()) == ["alice", "lea"]
    assert Warning.objects.get(claim=claim, stage="4h").rounds == 1


def test_one_person_who_cannot_be_reached_does_not_stop_the_repeats_for_the_others(
    claim: Claim, sink: Sink
) -> None:
    sink.refusals["alice@example.com"] = "452 mailbox full"
    for quarter in range(3):
        warned(MONDAY + hours(44 + quarter / 4))
    assert sink.to() == ["lea@example.com"] * 3
    pending = Delivery.objects.filter(recipient="alice@example.com", channel="email", status="pending")
    assert [d.round for d in pending] == [3]
    del sink.refusals["alice@example.com"]
    delivered(MONDAY + hours(44.7))
    assert sink.to()[3:] == ["alice@example.com"]
