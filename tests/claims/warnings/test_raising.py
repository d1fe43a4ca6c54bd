"""Which warnings a clock raises, from its start to its end, and what is never raised."""

from datetime import datetime

import pytest

from accounts.actors import Actor
from accounts.models import Seller
from claims.deadlines import Stated, Window
from claims.intake.fields import DecisionFields
from claims.models import Claim, Deadline, Event, LadderStep
from claims.services.claims import acknowledge_claim
from claims.services.clocks import cancel_deadline, move_deadline
from claims.services.mails import receive_mail
from claims.services.submissions import retract_submission
from tests.claims.stories import AMZ, MONDAY, approved, claim_of, confirmed, granted, hours, letter
from tests.claims.warnings.conftest import People, delivered, names, stages, swept, warned
from tests.smtp_sink import Sink

CHINESE_MAIL = """\
From: =?utf-8?b?5Lqa6ams6YCK?= <donotreply@amazon.cn>
Subject: =?utf-8?b?5Lqa6ams6YCK5ZWG5Z+O5Lqk5piT5L+d6Zqc57Si6LWU?= A-to-z
Date: Mon, 16 Nov 2026 09:00:00 +0000
Message-ID: <1@amazon.cn>
Content-Type: text/plain; charset=utf-8

您收到一项亚马逊商城交易保障索赔 (A-to-z Guarantee claim)。请尽快回复。
"""


def request(seller: Seller, *, at: datetime = MONDAY, now: datetime | None = None) -> Claim:
    return claim_of(letter(seller, at=at, now=now))


def clock_of(claim: Claim) -> Deadline:
    return Deadline.objects.get(claim=claim)


def test_every_stage_of_a_response_clock_goes_out_once_at_its_moment(
    acme: Seller, people: People, sink: Sink
) -> None:
    claim = request(acme)
    moments = [0.02, 23.9, 24, 30, 36, 43.9, 44, 44.1, 47, 47.1, 48, 48.1]
    seen = []
    for moment in moments:
        swept(MONDAY + hours(moment))
        seen.append(len(stages(claim)))
        swept(MONDAY + hours(moment))
    assert [stage for stage, _ in stages(claim)] == ["at_once", "24h", "12h", "4h", "1h", "missed"]
    assert seen == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6]


def test_a_window_that_is_nearly_over_sends_one_mail_the_most_urgent(
    acme: Seller, people: People, sink: Sink
) -> None:
    now = MONDAY + hours(47.5)
    claim = request(acme, now=now)
    warned(now)
    assert stages(claim) == [
        ("at_once", "superseded"),
        ("24h", "superseded"),
        ("12h", "superseded"),
        ("4h", "superseded"),
        ("1h", "sent"),
    ]
    assert names(sink.to()) == ["alice", "lea", "olga"]
    assert {mail.subject for mail in sink.mails} == {
        "30 min left: answer Amazon's request, order 402-3427577-1965903"
    }
    warned(now + hours(0.1))
    assert len(sink.mails) == 3


def test_heard_of_after_its_window_a_request_is_missed_and_says_so(
    acme: Seller, people: People, sink: Sink
) -> None:
    now = MONDAY + hours(50)
    claim = request(acme, now=now)
    warned(now)
    assert stages(claim)[-1] == ("missed", "sent")
    assert [status for _, status in stages(claim)[:-1]] == ["superseded"] * 5
    assert clock_of(claim).status == "missed"
    assert Event.objects.filter(claim=claim, verb="deadline_missed").count() == 1
    assert sink.mails[0].subject == "MISSED: answer Amazon's request, order 402-3427577-1965903"


def test_an_answered_claim_is_never_warned_of_again(acme: Seller, people: People, sink: Sink) -> None:
    claim = request(acme)
    warned(MONDAY + hours(0.1))
    confirmed(approved(claim, now=MONDAY + hours(1)), now=MONDAY + hours(1))
    sink.mails.clear()
    for moment in (24, 36, 44, 47, 48, 72):
        warned(MONDAY + hours(moment))
    assert sink.mails == []
    assert stages(claim) == [("at_once", "sent")]


def test_answered_between_raising_and_sending_nothing_goes_out(
    acme: Seller, people: People, sink: Sink
) -> None:
    claim = request(acme)
    swept(MONDAY + hours(44))
    confirmed(approved(claim, now=MONDAY + hours(44)), now=MONDAY + hours(44))
    done = delivered(MONDAY + hours(44))
    assert (sink.mails, done.sent) == ([], 0)
    assert stages(claim)[-1] == ("4h", "void")


def test_a_later_stage_overtakes_an_earlier_one_that_never_got_out(
    acme: Seller, people: People, sink: Sink
) -> None:
    claim = request(acme)
    swept(MONDAY + hours(36))
    swept(MONDAY + hours(44))
    assert stages(claim)[-2:] == [("12h", "superseded"), ("4h", "pending")]
    delivered(MONDAY + hours(44))
    assert names(sink.to()) == ["alice", "lea"]
    assert all(mail.subject.startswith("4 h 0 min left") for mail in sink.mails)


def test_a_moved_clock_warns_once_with_old_and_new_time(acme: Seller, people: People, sink: Sink) -> None:
    claim = request(acme)
    warned(MONDAY + hours(25))
    sink.mails.clear()
    now = MONDAY + hours(26)
    clock = move_deadline(
        deadline_id=clock_of(claim).pk, due_at=MONDAY + hours(29), reason="as shown", actor=AMZ, now=now
    )
    warned(now)
    warned(now + hours(0.2))
    assert clock.version == 2
    assert names(sink.to()) == ["alice", "lea"]
    first = sink.mails[0]
    assert first.subject == "3 h 0 min left: answer Amazon's request, order 402-3427577-1965903"
    assert "Due:      Tue 17 Nov 2026 15:00 Europe/Berlin (2026-11-17 14:00 UTC)" in first.text
    assert "Moved:    it was Wed 18 Nov 2026 10:00 Europe/Berlin (2026-11-18 09:00 UTC)" in first.text
    assert stages(claim)[2:] == [
        ("at_once", "superseded"),
        ("24h", "superseded"),
        ("12h", "superseded"),
        ("4h", "sent"),
    ]


def test_a_clock_that_moves_away_warns_of_its_new_time_at_once_and_later_anew(
    acme: Seller, people: People, sink: Sink
) -> None:
    claim = request(acme)
    swept(MONDAY + hours(44))
    now = MONDAY + hours(44.1)
    move_deadline(deadline_id=clock_of(claim).pk, due_at=MONDAY + hours(200), reason="r", actor=AMZ, now=now)
    delivered(now)
    assert (sink.mails, stages(claim)[-1]) == ([], ("4h", "void"))  # of the old version
    warned(now)
    # due in days, but the target stays 48 hours after the letter
    assert stages(claim)[-1] == ("4h", "sent")
    assert "Aim at:   Wed 18 Nov 2026 10:00 Europe/Berlin" in sink.mails[0].text
    assert "Due:      Tue 24 Nov 2026 18:00 Europe/Berlin" in sink.mails[0].text


def test_a_cancelled_clock_is_quiet(acme: Seller, people: People, sink: Sink) -> None:
    claim = request(acme)
    swept(MONDAY + hours(24))
    cancel_deadline(deadline_id=clock_of(claim).pk, reason="r", actor=AMZ, now=MONDAY + hours(24))
    warned(MONDAY + hours(48))
    assert (sink.mails, stages(claim)[-1]) == ([], ("24h", "void"))


def test_of_two_clocks_the_answered_one_is_quiet_and_the_other_goes_on(
    acme: Seller, people: People, sink: Sink
) -> None:
    claim = request(acme)
    first = clock_of(claim)
    confirmed(approved(claim, now=MONDAY + hours(1)), now=MONDAY + hours(1))
    letter(acme, at=MONDAY + hours(20))
    second = Deadline.objects.filter(claim=claim).latest("id")
    warned(MONDAY + hours(47))  # an hour before the first, 21 before the second
    assert stages(first) == []
    assert stages(second) == [("at_once", "superseded"), ("24h", "sent")]
    warned(MONDAY + hours(68))
    assert stages(second)[-1] == ("missed", "sent")


def test_a_retracted_answer_runs_the_clock_and_its_warnings_again(
    acme: Seller, people: People, sink: Sink
) -> None:
    claim = request(acme)
    swept(MONDAY + hours(24))
    reply = confirmed(approved(claim, now=MONDAY + hours(25)), now=MONDAY + hours(25))
    now = MONDAY + hours(37)
    retract_submission(reply_id=reply.pk, revision=None, reason="not sent", actor=AMZ, now=now)
    warned(now)
    assert stages(claim)[-1] == ("12h", "sent")
    assert names(sink.to()) == ["alice", "lea"]
    assert "Moved" not in sink.mails[0].text


def test_preparation_is_warned_of_at_once_and_a_day_before_and_never_missed(
    acme: Seller, people: People, sink: Sink
) -> None:
    claim = claim_of(letter(acme, "claim_received"))
    for moment in (0.1, 24, 44, 47, 48, 60, 200):
        warned(MONDAY + hours(moment))
    assert stages(claim) == [("at_once", "sent"), ("24h", "sent")]
    clock = clock_of(claim)
    assert (clock.kind, clock.status, clock.next_warn_at) == ("preparation", "open", None)


def test_an_appeal_clock_is_warned_of_by_its_own_ladder(acme: Seller, people: People, sink: Sink) -> None:
    claim = claim_of(letter(acme, "claim_decided", decision=granted()))
    clock = clock_of(claim)
    assert clock.kind == "appeal"
    for days in (0.01, 10, 17, 24, 28, 29.5, 30.1):
        swept(MONDAY + hours(24 * days))
    found = [stage for stage, _ in stages(clock)]
    assert found == ["at_once", "14d", "7d", "3d", "24h", "missed"]


def test_a_claim_heard_of_when_decided_tells_the_leads_at_once(
    acme: Seller, people: People, sink: Sink
) -> None:
    claim = claim_of(letter(acme, "claim_decided", decision=DecisionFields("denied")))
    delivered(MONDAY + hours(0.1))
    assert stages(claim) == [("unheard", "sent")]
    assert names(sink.to()) == ["lea"]
    assert sink.mails[0].subject == ("A-to-z claim decided before we heard of it, order 402-3427577-1965903")


def test_a_letter_nobody_could_read_warns_everyone_on_call_until_someone_settles_it(
    acme: Seller, people: People, sink: Sink
) -> None:
    received = receive_mail(
        seller=acme, source="mailbox:1", raw=CHINESE_MAIL.encode(), actor=AMZ, now=MONDAY + hours(1)
    )
    assert received.notice.status == "needs_person"
    clock = Deadline.objects.get(notice=received.notice)
    warned(MONDAY + hours(1))
    assert names(sink.to()) == ["alice"]
    assert sink.mails[0].subject.startswith("47 h 0 min left: read a letter that may be an A-to-z claim")
    assert f"https://claims.example.com/api/v1/notices/{received.notice.pk}/" in sink.mails[0].text
    warned(MONDAY + hours(48))
    assert [stage for stage, _ in stages(clock)][-1] == "missed"
    assert names(sink.to()[1:]) == ["alice", "lea", "olga"]


def test_acknowledging_never_silences_a_later_stage(acme: Seller, people: People, sink: Sink) -> None:
    agent = Actor(user_id=people.alice.pk, integration_id=None, label="alice")
    claim = request(acme)
    warned(MONDAY + hours(44))
    acknowledge_claim(claim_id=claim.pk, actor=agent, now=MONDAY + hours(44.1))
    sink.mails.clear()
    warned(MONDAY + hours(44.5))
    assert sink.mails == []
    warned(MONDAY + hours(47))
    assert names(sink.to()) == ["alice", "lea", "olga"]


def test_between_target_and_due_the_last_stage_goes_out_and_says_so(
    acme: Seller, people: People, sink: Sink
) -> None:
    now = MONDAY + hours(50)
    claim = claim_of(letter(acme, stated=Stated(window=Window(hours=72)), now=now))
    warned(now)
    assert stages(claim)[-1] == ("1h", "sent")
    assert sink.mails[0].subject == (
        "22 h 0 min left, past the target: answer Amazon's request, order 402-3427577-1965903"
    )
    assert clock_of(claim).status == "open"
    swept(MONDAY + hours(72))
    assert clock_of(claim).status == "missed"


def test_a_sellers_own_ladder_is_used_whatever_the_order_of_its_rows(acme: Seller, people: People) -> None:
    own = [("1h", hours(1), ["owners"]), ("missed", None, ["owners"]), ("6h", hours(6), ["leads"])]
    for position, (stage, before, audience) in enumerate(own):
        LadderStep.objects.create(
            seller=acme, kind="response", position=position, stage=stage, before=before, audience=audience
        )
    claim = request(acme)
    swept(MONDAY + hours(1))
    assert stages(claim) == []
    swept(MONDAY + hours(42))
    swept(MONDAY + hours(47))
    swept(MONDAY + hours(48))
    assert [stage for stage, _ in stages(claim)] == ["6h", "1h", "missed"]


def test_a_ladder_without_a_last_rung_still_marks_the_clock_missed(acme: Seller, people: People) -> None:
    LadderStep.objects.create(
        seller=acme, kind="response", position=0, stage="at_once", before=None, audience=["owners"]
    )
    claim = request(acme)
    swept(MONDAY + hours(1))
    swept(MONDAY + hours(48))
    assert clock_of(claim).status == "missed"
    assert stages(claim) == [("at_once", "pending")]


@pytest.mark.parametrize("late", [0, 30])
def test_two_sweeps_of_one_moment_raise_nothing_twice(acme: Seller, people: People, late: int) -> None:
    claim = request(acme, now=MONDAY + hours(late + 0.1))
    first = swept(MONDAY + hours(late + 1)).raised
    second = swept(MONDAY + hours(late + 1)).raised
    assert (first.warnings, second.warnings, second.superseded) == (1, 0, 0)
    assert len(set(stages(claim))) == len(stages(claim))
