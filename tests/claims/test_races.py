"""Everything runs beside itself: real threads on the real database, each with a connection of its own."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from accounts.errors import Conflict, DomainError, StaleRevision
from accounts.models import Seller
from claims.errors import NoticeConflict
from claims.intake.fields import NoticeFields
from claims.models import Claim, Deadline, Delivery, Event, Notice, Warning
from claims.services.engine import sweep
from claims.services.mails import receive_mail
from claims.services.notices import Received
from claims.services.replies import approve_reply, draft_reply, edit_reply
from claims.services.triage import resolve_notice
from tests.claims.conftest import member
from tests.claims.intake.letters import raw
from tests.claims.situations import picture
from tests.claims.stories import (
    AMZ,
    ITALY,
    MONDAY,
    ORDER,
    approved,
    claim_of,
    clocks,
    confirmed,
    granted,
    hours,
    letter,
)

pytestmark = pytest.mark.django_db(transaction=True)

THREADS = 8


@pytest.fixture(autouse=True)
def _no_bundle(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("claims.services.replies.assemble", lambda **_: None)


@pytest.fixture
def seller() -> Seller:
    return Seller.objects.create(merchant_token="A1ACME", name="ACME")


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Run all acts as nearly at one moment as threads allow; a refusal is its answer, anything else fails."""
    barrier = Barrier(min(len(acts), THREADS))

    def run(place: int, act: Callable[[], Any]) -> Any:
        try:
            if place < barrier.parties:
                barrier.wait(timeout=20)
            return act()
        except DomainError as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=THREADS) as pool:
        return list(pool.map(run, range(len(acts)), acts))


def test_the_same_letter_a_hundred_times_at_once_is_one_letter(seller: Seller) -> None:
    answers: list[Received] = at_once(*[lambda: letter(seller, notice_id="n1")] * 100)
    assert Counter(answer.created for answer in answers) == {True: 1, False: 99}
    assert {(a.notice.pk, a.notice.claim_id) for a in answers} == {
        (Notice.objects.get().pk, Claim.objects.get().pk)
    }
    assert (Deadline.objects.count(), Event.objects.filter(verb="claim_opened").count()) == (1, 1)


def test_the_same_mail_at_once_is_one_letter(seller: Seller) -> None:
    mail = raw("received_it")
    answers: list[Received] = at_once(
        *[lambda: receive_mail(seller=seller, source="integration:1", raw=mail, actor=AMZ, now=MONDAY)] * 16
    )
    assert Counter(answer.created for answer in answers) == {True: 1, False: 15}
    assert (Notice.objects.count(), Claim.objects.count(), Deadline.objects.count()) == (1, 1, 1)


def test_one_id_with_two_contents_at_once_keeps_both_once(seller: Seller) -> None:
    def post(comment: str) -> Callable[[], Received]:
        return lambda: letter(seller, notice_id="n1", buyer_comment=comment)

    answers = at_once(*[post("one"), post("other")] * 10)
    refused = [a for a in answers if isinstance(a, NoticeConflict)]
    taken = [a for a in answers if isinstance(a, Received)]
    assert (len(taken), len(refused)) == (10, 10)
    assert Counter(a.created for a in taken) == {True: 1, False: 9}
    assert Counter(Notice.objects.values_list("status", flat=True)) == {"processed": 1, "conflict": 1}
    assert Deadline.objects.count() == 1


def test_different_letters_of_one_new_order_at_once_make_one_claim(seller: Seller) -> None:
    for number in range(5):
        order = f"402-000000{number}-1965903"
        acts: list[Callable[[], Any]] = [
            partial(letter, seller, order_id=order, source=f"mailbox:{door}") for door in range(4)
        ]
        acts += [partial(letter, seller, order_id=order, at=MONDAY + hours(late)) for late in (3, 6)]
        acts.append(partial(letter, seller, "claim_received", order_id=order, at=MONDAY - hours(1)))
        answers = at_once(*acts)
        assert all(isinstance(a, Received) for a in answers)
        claim = Claim.objects.get(order_id=order)
        open_clocks = Counter(kind for kind, status in clocks(claim) if status == "open")
        assert open_clocks == {"response": 3}
        assert picture(claim).state == "action_required"


def test_a_decision_and_a_request_at_once_end_in_one_of_the_two_orders(seller: Seller) -> None:
    for number in range(5):
        order = f"402-100000{number}-1965903"
        claim = claim_of(letter(seller, order_id=order))
        at_once(
            partial(letter, seller, order_id=order, at=MONDAY + hours(2)),
            partial(
                letter, seller, "claim_decided", order_id=order, at=MONDAY + hours(3), decision=granted()
            ),
        )
        shown = picture(claim)
        assert (shown.state, shown.decisions) == ("decided", ("granted current",))
        assert sorted(shown.clocks) == ["appeal open", "response cancelled", "response cancelled"]


def test_of_two_agents_who_confirm_at_once_one_wins(seller: Seller) -> None:
    for number in range(5):
        claim = claim_of(letter(seller, order_id=f"402-200000{number}-1965903"))
        reply = approved(claim, now=MONDAY + hours(1))
        answers = at_once(*[partial(confirmed, reply, now=MONDAY + hours(2))] * 4)
        refused = [a for a in answers if isinstance(a, Conflict)]
        assert [type(a) for a in refused] == [StaleRevision] * 3
        assert picture(claim).state == "under_review"
        assert clocks(claim) == [("response", "met")]
        assert Event.objects.filter(claim=claim, verb="confirm_submission").count() == 1


def test_an_edit_and_an_approval_at_once_never_approve_an_unseen_text(seller: Seller) -> None:
    for number in range(10):
        claim = claim_of(letter(seller, order_id=f"402-30000{number:02}-1965903"))
        reply, _ = draft_reply(claim_id=claim.pk, kind=None, language="en", actor=AMZ, now=MONDAY + hours(1))
        seen = reply.text
        answers = at_once(
            partial(
                edit_reply,
                reply_id=reply.pk,
                revision=1,
                text="Edited.",
                language=None,
                actor=AMZ,
                now=MONDAY + hours(2),
            ),
            partial(approve_reply, reply_id=reply.pk, revision=1, actor=AMZ, now=MONDAY + hours(2)),
        )
        assert Counter(isinstance(a, StaleRevision) for a in answers) == {True: 1, False: 1}
        reply.refresh_from_db()
        assert (reply.status, reply.text, reply.revision) in [("approved", seen, 2), ("draft", "Edited.", 2)]


def test_drafting_at_once_makes_one_draft(seller: Seller) -> None:
    claim = claim_of(letter(seller))
    answers = at_once(
        *[lambda: draft_reply(claim_id=claim.pk, kind=None, language="en", actor=AMZ, now=MONDAY + hours(1))]
        * 6
    )
    assert Counter(new for _, new in answers) == {True: 1, False: 5}
    assert {reply.pk for reply, _ in answers} == {claim.replies.get().pk}


def test_the_sweep_beside_confirming_neither_waits_for_ever_nor_warns_of_the_answered(seller: Seller) -> None:
    for number in range(8):
        claim = claim_of(letter(seller, order_id=f"402-40000{number:02}-1965903"))
        reply = approved(claim, now=MONDAY + hours(1))
        now = MONDAY + hours(44.5)
        at_once(partial(sweep, now=now), partial(confirmed, reply, now=now), partial(sweep, now=now))
        clock = Deadline.objects.get(claim=claim)
        assert (clock.status, clock.settled, clock.next_warn_at) == ("met", True, None)
        assert set(Warning.objects.filter(deadline=clock).values_list("status", flat=True)) <= {
            "void", "superseded",
        }  # fmt: skip
        assert not Delivery.objects.filter(warning__deadline=clock, status="pending").exists()


def test_letters_beside_sweeps_leave_every_clock_right(seller: Seller) -> None:
    claim = claim_of(letter(seller))
    now = MONDAY + hours(47.5)
    acts: list[Callable[[], Any]] = []
    for number in range(6):
        acts.append(partial(sweep, now=now))
        acts.append(partial(letter, seller, at=MONDAY + hours(2 + 2 * number), now=now))
    at_once(*acts)
    assert clocks(claim) == [("response", "open")] * 7
    sweep(now=now)
    assert Warning.objects.exclude(status="superseded").count() == 7


def test_three_sweeps_at_once_raise_each_warning_once(seller: Seller) -> None:
    member("alice", seller)
    claims = [claim_of(letter(seller, order_id=f"402-50000{n:02}-1965903")) for n in range(30)]
    rounds = at_once(*[lambda: sweep(now=MONDAY + hours(1))] * 3)
    assert sum(done.raised.warnings for done in rounds) == 30
    assert Counter(Warning.objects.values_list("claim", "stage", "status")) == {
        (claim.pk, "at_once", "pending"): 1 for claim in claims
    }
    assert Delivery.objects.filter(channel="email").count() == 30


def test_three_sweeps_at_once_close_a_lapsed_claim_once(seller: Seller) -> None:
    claim = claim_of(letter(seller, "claim_decided", decision=granted()))
    rounds = at_once(*[lambda: sweep(now=MONDAY + hours(24 * 60))] * 3)
    assert sum(done.closed for done in rounds) == 1
    assert Event.objects.filter(claim=claim, verb="closed_after_appeal").count() == 1


def test_two_who_place_a_letter_at_once_place_it_once_beside_new_letters(seller: Seller) -> None:
    first = claim_of(letter(seller, "claim_received", amazon_claim_id="AZ1"))
    letter(seller, "claim_received", amazon_claim_id="AZ2")
    notice = letter(seller, at=MONDAY + hours(2)).notice
    fields = NoticeFields(notice.notice_id, ITALY, ORDER, MONDAY + hours(2), amazon_claim_id="AZ1")
    now = MONDAY + hours(3)
    answers = at_once(
        lambda: resolve_notice(notice_id=notice.pk, claim_id=first.pk, actor=AMZ, now=now),
        lambda: letter(seller, at=MONDAY + hours(2.5), now=now, amazon_claim_id="AZ1"),
        lambda: resolve_notice(notice_id=notice.pk, fields=fields, actor=AMZ, now=now),
        lambda: letter(seller, at=MONDAY + hours(2.7), now=now, amazon_claim_id="AZ1"),
    )
    assert sum(isinstance(a, Conflict) for a in answers) == 1
    assert Counter(clocks(first)) == {("preparation", "cancelled"): 1, ("response", "open"): 3}
