"""Which claim a letter belongs to, which letters are one, and what order of arrival does not change."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from accounts.models import Seller
from claims.deadlines import Stated, Window
from claims.errors import NoticeConflict
from claims.models import Claim, Deadline, Event, Notice, NoticeAttempt
from claims.services.engine import sweep
from claims.words import NoticeStatus
from tests.claims.situations import Picture, picture
from tests.claims.stories import MONDAY, approved, claim_of, clocks, confirmed, granted, hours, letter

DOOR_A, DOOR_B = "integration:1", "mailbox:1"


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def test_amazons_claim_id_on_both_finds_the_claim(acme: Seller) -> None:
    first = claim_of(letter(acme, amazon_claim_id="AZ1"))
    assert claim_of(letter(acme, at=MONDAY + hours(3), amazon_claim_id="AZ1")) == first
    assert clocks(first) == [("response", "open"), ("response", "open")]


def test_a_letter_without_amazons_id_finds_the_orders_claim(acme: Seller) -> None:
    first = claim_of(letter(acme, amazon_claim_id="AZ1"))
    assert claim_of(letter(acme, at=MONDAY + hours(3))) == first


def test_a_claim_without_amazons_id_takes_over_the_letters(acme: Seller) -> None:
    first = claim_of(letter(acme, "claim_received"))
    assert claim_of(letter(acme, at=MONDAY + hours(3), amazon_claim_id="AZ1")) == first
    first.refresh_from_db()
    assert first.amazon_claim_id == "AZ1"


def test_two_ids_that_differ_are_two_claims(acme: Seller) -> None:
    first = claim_of(letter(acme, amazon_claim_id="AZ1"))
    second = claim_of(letter(acme, at=MONDAY + hours(3), amazon_claim_id="AZ2"))
    assert first != second
    assert (clocks(first), clocks(second)) == ([("response", "open")], [("response", "open")])


def test_a_closed_claim_is_found_as_well(acme: Seller) -> None:
    first = claim_of(letter(acme, "claim_withdrawn"))
    assert claim_of(letter(acme, at=MONDAY + hours(3))) == first
    assert picture(first) == Picture(
        "action_required", ("response open",), ("withdrawn past",), ("reopened",)
    )


@pytest.mark.parametrize("other", [{"marketplace_id": "ATVPDKIKX0DER"}, {"order_id": "402-0000000-0000000"}])
def test_another_store_or_order_is_another_claim(acme: Seller, other: dict[str, Any]) -> None:
    first = claim_of(letter(acme))
    assert claim_of(letter(acme, at=MONDAY + hours(3), **other)) != first


def test_another_sellers_claim_is_never_found(acme: Seller, bolt: Seller) -> None:
    first = claim_of(letter(acme, amazon_claim_id="AZ1"))
    other = claim_of(letter(bolt, amazon_claim_id="AZ1"))
    assert (first.seller, other.seller) == (acme, bolt)


def test_a_letter_that_fits_two_claims_waits_for_a_person(acme: Seller) -> None:
    letter(acme, amazon_claim_id="AZ1")
    letter(acme, at=MONDAY + hours(1), amazon_claim_id="AZ2")
    notice = letter(acme, at=MONDAY + hours(2)).notice
    assert (notice.status, notice.claim) == ("needs_person", None)
    assert notice.why == "Several claims on this order could be meant: say which one."
    clock = Deadline.objects.get(notice=notice)
    assert (clock.kind, clock.status, clock.claim, clock.due_at) == (
        "triage",
        "open",
        None,
        MONDAY + hours(50),
    )
    assert Claim.objects.count() == 2


def test_a_second_request_is_a_second_clock_on_the_same_claim(acme: Seller) -> None:
    claim = claim_of(letter(acme))
    assert claim_of(letter(acme, at=MONDAY + hours(5))) == claim
    claim.refresh_from_db()
    assert clocks(claim) == [("response", "open"), ("response", "open")]
    assert (claim.respond_by, claim.target_by) == (MONDAY + hours(48), MONDAY + hours(48))


@pytest.mark.parametrize(
    ("source", "apart", "count"),
    [
        (DOOR_B, minutes(0), 1),
        (DOOR_B, minutes(60), 1),
        (DOOR_B, minutes(-60), 1),
        (DOOR_B, minutes(61), 2),
        (DOOR_B, minutes(-61), 2),
        (DOOR_A, minutes(10), 2),
    ],
)
def test_one_letter_through_two_doors_is_one_clock(
    acme: Seller, source: str, apart: timedelta, count: int
) -> None:
    first = letter(acme, source=DOOR_A)
    second = letter(acme, at=MONDAY + apart, now=MONDAY + hours(2), source=source)
    claim = claim_of(first)
    assert claim_of(second) == claim
    assert clocks(claim) == [("response", "open")] * count
    assert second.notice.same_letter_as == (first.notice if count == 1 else None)
    assert (second.created, second.notice.status) == (True, "processed")


def test_the_earlier_due_time_of_one_letter_wins_as_a_new_version(acme: Seller) -> None:
    claim = claim_of(letter(acme, source=DOOR_A))
    letter(acme, at=MONDAY + minutes(5), source=DOOR_B, stated=Stated(window=Window(hours=24)))
    clock = Deadline.objects.get(claim=claim)
    assert (clock.due_at, clock.version, clock.basis) == (MONDAY + hours(24) + minutes(5), 2, "stated_window")
    assert clock.previous_due_at == MONDAY + hours(48)
    claim.refresh_from_db()
    assert (claim.respond_by, claim.target_by) == (clock.due_at, clock.due_at)


def test_a_later_due_time_of_one_letter_changes_nothing(acme: Seller) -> None:
    claim = claim_of(letter(acme, source=DOOR_A))
    letter(acme, at=MONDAY + minutes(5), source=DOOR_B, stated=Stated(window=Window(hours=72)))
    clock = Deadline.objects.get(claim=claim)
    assert (clock.due_at, clock.version) == (MONDAY + hours(48), 1)


def test_a_copy_of_an_answered_letter_opens_nothing(acme: Seller) -> None:
    claim = claim_of(letter(acme, source=DOOR_A))
    confirmed(approved(claim, now=MONDAY + minutes(20)), now=MONDAY + minutes(20))
    letter(acme, at=MONDAY + minutes(5), now=MONDAY + hours(1), source=DOOR_B)
    assert picture(claim).state == "under_review"
    assert clocks(claim) == [("response", "met")]


def test_a_copy_fills_only_what_the_first_letter_left_blank(acme: Seller) -> None:
    claim = claim_of(
        letter(acme, source=DOOR_A, requested=("signature",), request_text="Send the signature.")
    )
    letter(acme, at=MONDAY + minutes(5), source=DOOR_B, request_text="send it", reason="late")
    claim.refresh_from_db()
    assert (claim.requested, claim.request_text, claim.reason) == (
        ["signature"],
        "Send the signature.",
        "late",
    )


def test_an_older_request_does_not_take_the_newest_ones_place(acme: Seller) -> None:
    claim = claim_of(
        letter(acme, at=MONDAY + hours(5), requested=("signature",), request_text="Second letter.")
    )
    letter(acme, at=MONDAY, now=MONDAY + hours(6), requested=("dispatch",), request_text="First letter.")
    claim.refresh_from_db()
    assert (claim.requested, claim.request_text) == (["signature"], "Second letter.")
    assert claim.opened_at == MONDAY
    letter(acme, at=MONDAY + hours(7), request_text="Third letter.")
    claim.refresh_from_db()
    assert (claim.requested, claim.request_text) == ([], "Third letter.")


@pytest.mark.parametrize(
    "other",
    [
        granted(funded_by="amazon"),
        granted(counts_in_odr="no"),
        replace(granted(), decision="denied"),
    ],
    ids=["who pays", "what counts", "what was decided"],
)
def test_two_decisions_that_differ_are_not_one_letter(acme: Seller, other: object) -> None:
    claim = claim_of(letter(acme, "claim_decided", source=DOOR_A, decision=granted()))
    second = letter(acme, "claim_decided", at=MONDAY + minutes(5), source=DOOR_B, decision=other)  # type: ignore[arg-type]
    assert second.notice.same_letter_as is None
    assert claim.decisions.count() == 2
    assert claim.decisions.get(current=True).notice == second.notice


def test_the_second_door_says_who_pays_and_ends_the_appeal_clock(acme: Seller) -> None:
    vague = granted(funded_by="unknown", counts_in_odr="unknown")
    claim = claim_of(letter(acme, "claim_decided", source=DOOR_A, decision=vague))
    assert clocks(claim) == [("appeal", "open")]
    said = granted(funded_by="amazon", counts_in_odr="no", decision_text="Amazon covered the cost.")
    letter(acme, "claim_decided", at=MONDAY + minutes(5), source=DOOR_B, decision=said)
    claim.refresh_from_db()
    assert clocks(claim) == [("appeal", "cancelled")]
    assert Deadline.objects.get(claim=claim).closed_reason == "funded_by_amazon"
    row = claim.decisions.get()
    assert (row.funded_by, row.counts_in_odr, row.decision_text) == (
        "amazon",
        "no",
        "Amazon covered the cost.",
    )
    assert (claim.funded_by, claim.counts_in_odr, claim.respond_by) == ("amazon", "no", None)


def test_a_decision_that_comes_before_its_request_leaves_one_claim_and_no_false_clock(acme: Seller) -> None:
    now = MONDAY + hours(12)
    claim = claim_of(letter(acme, "claim_decided", at=MONDAY + hours(10), now=now, decision=granted()))
    letter(acme, at=MONDAY, now=now)
    letter(acme, "claim_received", at=MONDAY - hours(20), now=now)
    assert Claim.objects.count() == 1
    assert picture(claim) == Picture(
        "decided", ("appeal open", "response cancelled"), ("granted current",), ("unheard",)
    )
    assert claim.opened_at == MONDAY - hours(20)
    sweep(now=MONDAY + hours(60))
    assert clocks(claim) == [("appeal", "open"), ("response", "cancelled")]


def test_facts_that_differ_are_written_down_and_not_taken_over(acme: Seller) -> None:
    claim = claim_of(letter(acme, reason="late"))
    letter(acme, at=MONDAY + hours(3), reason="not_received")
    claim.refresh_from_db()
    assert claim.reason == "late"
    event = Event.objects.get(claim=claim, verb="notice_differs")
    assert event.facts == {"reason": "not_received"}


def test_the_same_id_with_the_same_content_is_the_first_answer(acme: Seller) -> None:
    first = letter(acme, notice_id="n1")
    events = Event.objects.count()
    again = letter(acme, notice_id="n1", now=MONDAY + hours(3))
    assert (again.created, again.notice) == (False, first.notice)
    assert (Notice.objects.count(), Event.objects.count()) == (1, events)


def test_the_same_id_with_other_content_is_kept_once_beside_the_first(acme: Seller) -> None:
    first = letter(acme, notice_id="n1")
    kept = []
    for _ in range(2):
        with pytest.raises(NoticeConflict) as refused:
            letter(acme, notice_id="n1", reason="late")
        assert refused.value.extra["conflicts_with"] == first.notice.pk
        kept.append(refused.value.extra["notice"])
    assert kept[0] == kept[1]
    conflict = Notice.objects.get(pk=kept[0])
    assert (conflict.status, conflict.conflicts_with, conflict.claim) == (
        NoticeStatus.CONFLICT,
        first.notice,
        None,
    )
    assert clocks(claim_of(first)) == [("response", "open")]
    assert claim_of(first).reason == ""


def test_one_id_from_two_doors_or_for_two_sellers_is_not_one_letter(acme: Seller, bolt: Seller) -> None:
    letters = [
        letter(acme, notice_id="n1"),
        letter(acme, notice_id="n1", at=MONDAY + hours(3), source=DOOR_B),
        letter(bolt, notice_id="n1"),
    ]
    assert [one.created for one in letters] == [True, True, True]


def test_when_reading_fails_the_bytes_are_kept_alone(acme: Seller, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ValueError("impossible parcel")

    with monkeypatch.context() as patch:
        patch.setattr("claims.services.letters.add_facts", broken)
        with pytest.raises(ValueError, match="impossible parcel"):
            letter(acme, notice_id="n1")
    assert (Notice.objects.count(), Claim.objects.count(), Event.objects.count()) == (0, 0, 0)
    attempt = NoticeAttempt.objects.get()
    assert (bytes(attempt.raw), attempt.errors[0]["code"]) == (b"{}", "reading_failed")
    assert letter(acme, notice_id="n1").created is True
