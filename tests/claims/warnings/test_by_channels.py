"""Warnings by channels: who hears by which, what a failing target does to its own warnings, and to nobody else's."""

import json
import time
from collections.abc import Iterator
from datetime import time as clock
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from standardwebhooks import Webhook

from accounts.channels import connections
from accounts.clock import database_now
from accounts.models import HandOver, Membership, OnCallShift, Role, Seller, User, WarningChannel
from accounts.services.channels import CreatedChannel, change_channel, create_channel
from claims.models import Claim, Delivery, LadderStep, Warning
from claims.services.claims import assign_claim
from claims.services.deliveries import BATCH, deliver_due
from claims.services.passing_on import PATIENCE
from tests.claims.channels.sink import Post, hang_up, running_sink, status
from tests.claims.channels.sink import Sink as HttpSink
from tests.claims.conftest import member
from tests.claims.stories import AMZ, MONDAY, approved, claim_of, confirmed, hours, letter
from tests.claims.warnings.conftest import OPERATOR, People, delivered, names, stages, swept, warned
from tests.smtp_sink import Sink

SECOND = timedelta(seconds=1)
STAGE_4H = MONDAY + hours(44)


@pytest.fixture(autouse=True)
def _private_allowed(settings: Any) -> Iterator[None]:
    settings.OUTGOING_ALLOW_PRIVATE = True
    settings.SWEEP_SECONDS = 5
    yield
    connections._pools_of.cache_clear()


@pytest.fixture
def http() -> Iterator[HttpSink]:
    with running_sink() as running:
        yield running


def webhook(seller: Seller, url: str, user: User | None = None, **options: Any) -> CreatedChannel:
    return create_channel(
        seller=seller, user=user, kind="webhook", label="Desk", target=url, now=MONDAY, **options
    )


def ids(posts: list[Post]) -> list[str]:
    return [post.headers["webhook-id"] for post in posts]


def by_channel(channel: CreatedChannel) -> list[tuple[str, int]]:
    rows = Delivery.objects.filter(target=channel.channel).order_by("id")
    return list(rows.values_list("status", "attempts"))


def own_ladder(
    seller: Seller, *rungs: tuple[str, timedelta | None, list[str]], repeats: bool = False
) -> None:
    for position, (stage, before, channels) in enumerate(rungs):
        LadderStep.objects.create(
            seller=seller, kind="response", position=position, stage=stage, before=before,
            audience=["assignee"], channels=channels, repeats=repeats,
        )  # fmt: skip


def test_rooms_and_a_members_own_channel_hear_beside_the_mails_signed_and_once(
    acme: Seller, bolt: Seller, people: People, sink: Sink, http: HttpSink
) -> None:
    made = {
        "/all": webhook(acme, http.url("/all")),
        "/leads": webhook(acme, http.url("/leads"), audiences=["leads"]),
        "/alice": webhook(acme, http.url("/alice"), people.alice),
    }
    webhook(acme, http.url("/owners"), audiences=["owners"])
    webhook(acme, http.url("/anna"), people.anna)  # not on call
    webhook(bolt, http.url("/bolt"))
    now = database_now()  # who verifies a signature looks at his own clock
    claim = claim_of(letter(acme, at=now - hours(44), now=now - hours(44)))
    warned(now)
    assert names(sink.to()) == ["alice", "lea"]
    assert sorted(post.path for post in http.posts) == ["/alice", "/all", "/leads"]
    assert len(set(ids(http.posts))) == 3
    for post in http.posts:
        content = Webhook(made[post.path].signing_secret or "").verify(post.body, post.headers)
        assert content["type"] == "warning"
        row = Delivery.objects.get(message_id=post.headers["webhook-id"])
        assert (row.recipient, row.channel) == (f"channel:{made[post.path].channel.pk}", "webhook")
        said = content["data"]
        assert (said["claim"], said["stage"], said["order_id"]) == (claim.pk, "4h", claim.order_id)
        due_at = (now + hours(4)).isoformat().replace("+00:00", "Z")
        assert (said["seller"], said["due_at"], said["round"]) == ("A1ACME", due_at, 1)
        assert said["url"] == f"https://claims.example.com/api/v1/claims/{claim.pk}/"
        assert said["subject"].startswith("4 h 0 min left")
    assert delivered(now + SECOND).sent == 0


def test_a_member_without_an_address_hears_by_his_own_channel(
    acme: Seller, people: People, sink: Sink, http: HttpSink
) -> None:
    User.objects.filter(pk=people.alice.pk).update(email="")
    own = webhook(acme, http.url("/alice"), people.alice)
    claim = claim_of(letter(acme))
    warned(MONDAY + hours(0.1))
    assert (sink.to(), [post.path for post in http.posts]) == ([], ["/alice"])
    rows = Delivery.objects.order_by("id").values_list("recipient", "channel", "status", "user__username")
    assert list(rows) == [
        (f"channel:{own.channel.pk}", "webhook", "sent", "alice"),
        (f"user:{people.alice.pk}", "in_app", "sent", "alice"),
    ]
    assert Warning.objects.get(claim=claim).status == "sent"


def test_two_members_without_an_address_are_two_people_and_a_switched_off_channel_reaches_nobody(
    acme: Seller, people: People, sink: Sink, http: HttpSink
) -> None:
    User.objects.filter(pk__in=[people.alice.pk, people.anna.pk]).update(email="")
    Membership.objects.filter(user=people.anna).update(on_call=True)
    first = webhook(acme, http.url("/alice"), people.alice)
    second = webhook(acme, http.url("/anna"), people.anna)
    letter(acme)
    warned(MONDAY + hours(0.1))
    assert (sink.to(), sorted(post.path for post in http.posts)) == ([], ["/alice", "/anna"])
    for made in (first, second):
        change_channel(channel_id=made.channel.pk, is_active=False)
    warned(MONDAY + hours(24))
    assert names(sink.to()) == ["lea"]
    assert len(http.posts) == 2


def test_a_room_hears_the_audiences_it_listens_to(
    acme: Seller, people: People, sink: Sink, http: HttpSink
) -> None:
    webhook(acme, http.url("/owners"), audiences=["owners"])
    letter(acme)
    for moment in (0.1, 24, 36, 44):
        warned(MONDAY + hours(moment))
    assert http.posts == []
    warned(MONDAY + hours(47))
    assert [json.loads(post.body)["data"]["stage"] for post in http.posts] == ["1h"]


def test_a_rungs_kinds_of_channel_limit_what_goes_out_and_never_to_nothing(
    acme: Seller, people: People, sink: Sink, http: HttpSink
) -> None:
    room = webhook(acme, http.url("/all"))
    own_ladder(acme, ("at_once", None, ["webhook"]), ("4h", hours(4), ["email"]), ("1h", hours(1), []))
    letter(acme)
    found = []
    for moment in (0.1, 44, 47):
        sink.mails.clear()
        http.posts.clear()
        warned(MONDAY + hours(moment))
        found.append((names(sink.to()), len(http.posts)))
    assert found == [([], 1), (["alice"], 0), (["alice"], 1)]
    assert [w.channels for w in Warning.objects.order_by("id")] == [["webhook"], ["email"], []]
    change_channel(channel_id=room.channel.pk, is_active=False)
    letter(acme, order_id="402-3427577-1965904")
    sink.mails.clear()
    warned(MONDAY + hours(0.2))  # the only room is off: the mails go out in its place
    assert names(sink.to()) == ["alice"]


def test_one_mailbox_of_two_people_keeps_the_own_channels_of_both(
    acme: Seller, people: People, sink: Sink, http: HttpSink
) -> None:
    User.objects.filter(pk=people.lea.pk).update(email="ALICE@example.com")
    webhook(acme, http.url("/lea"), people.lea)
    letter(acme)
    warned(STAGE_4H)
    assert sink.to() == ["alice@example.com"]
    assert [post.path for post in http.posts] == ["/lea"]


def test_a_channel_of_somebody_who_left_hears_nothing(
    acme: Seller, people: People, sink: Sink, http: HttpSink
) -> None:
    webhook(acme, http.url("/alice"), people.alice)
    Membership.objects.filter(user=people.alice).update(is_active=False)
    letter(acme)
    warned(STAGE_4H)
    assert http.posts == []


def test_on_call_goes_by_the_rota_and_by_what_was_handed_over(
    acme: Seller, people: People, sink: Sink
) -> None:
    OnCallShift.objects.create(
        seller=acme, user=people.anna, weekdays=["mon", "tue", "wed"], starts=clock(0), ends=clock(0),
        time_zone="UTC", valid_from=MONDAY.date(), created_at=MONDAY,
        created_by=people.olga,
    )  # fmt: skip
    HandOver.objects.create(
        seller=acme, given_by=people.anna, taken_by=people.lea, starts_at=MONDAY + hours(20),
        ends_at=MONDAY + hours(30), created_by=people.olga, created_at=MONDAY,
    )  # fmt: skip
    letter(acme)
    found = []
    for moment in (0.1, 24, 36):
        sink.mails.clear()
        warned(MONDAY + hours(moment))
        found.append(names(sink.to()))
    assert found == [["anna"], ["lea"], ["anna", "lea"]]  # alice's mark counts where nobody is on the rota


def quiet(user: User, starts: clock, ends: clock) -> None:
    Membership.objects.filter(user=user).update(quiet_from=starts, quiet_until=ends, quiet_time_zone="UTC")


def test_quiet_hours_hold_back_what_can_wait_and_health_does_not_call_it_late(
    acme: Seller, people: People, sink: Sink
) -> None:
    now = database_now()
    now -= timedelta(microseconds=now.microsecond)
    begins, ends = now - hours(2), now + hours(3)
    quiet(people.alice, begins.time(), ends.time())
    claim = claim_of(letter(acme, at=now - timedelta(minutes=10), now=now - timedelta(minutes=10)))
    swept(now - timedelta(minutes=10))
    delivered(now - timedelta(minutes=10))
    assert sink.mails == []
    row = Delivery.objects.get(channel="email")
    assert (row.status, row.next_attempt_at) == ("pending", ends)
    assert Warning.objects.get().held_until == ends
    swept(now)
    assert Client().get("/health/deadlines").status_code == 200
    delivered(ends)
    assert sink.to() == ["alice@example.com"]
    assert stages(claim) == [("at_once", "sent")]


def test_a_held_warning_that_is_not_sent_when_quiet_ends_is_late(
    acme: Seller, people: People, sink: Sink
) -> None:
    now = database_now()
    letter(acme, at=now - hours(1), now=now - hours(1))
    swept(now - hours(1))
    Warning.objects.update(held_until=now - timedelta(minutes=2))
    swept(now)
    assert Client().get("/health/deadlines").status_code == 503


def test_the_last_two_stages_and_missed_are_never_held_back(acme: Seller, people: People, sink: Sink) -> None:
    for user in (people.alice, people.lea, people.olga):
        quiet(user, clock(0), clock(23, 59))
    letter(acme)
    swept(MONDAY + hours(0.1))
    assert delivered(MONDAY + hours(0.1)).sent == 0
    for moment in (44, 47, 48):
        warned(MONDAY + hours(moment))
    assert [mail.to for mail in sink.mails].count("alice@example.com") == 3
    assert not Warning.objects.filter(stage__in=["4h", "1h", "missed"], held_until__isnull=False).exists()


def test_who_has_no_quiet_hours_hears_at_once_beside_one_who_has(
    acme: Seller, people: People, sink: Sink, http: HttpSink
) -> None:
    quiet(people.alice, clock(0), clock(23, 59))
    webhook(acme, http.url("/alice"), people.alice)
    webhook(acme, http.url("/room"))
    claim = claim_of(letter(acme))
    warned(MONDAY + hours(0.1))
    assert (sink.to(), [post.path for post in http.posts]) == ([], ["/room"])
    assert stages(claim) == [("at_once", "sent")]
    assert Warning.objects.get().held_until is None


def test_500_then_200_is_taken_once_under_the_same_id(
    acme: Seller, people: People, sink: Sink, http: HttpSink
) -> None:
    room = webhook(acme, http.url())
    letter(acme)
    http.answer = status(500)
    warned(STAGE_4H)
    assert by_channel(room) == [("pending", 1)]
    assert delivered(STAGE_4H + 2 * SECOND).sent == 0
    http.answer = status(200)
    assert delivered(STAGE_4H + 10 * SECOND).sent == 1
    assert delivered(STAGE_4H + 60 * SECOND).sent == 0
    assert len(http.posts) == 2
    assert len(set(ids(http.posts))) == 1
    assert by_channel(room) == [("sent", 2)]


def test_a_target_that_asks_for_time_gets_it_and_so_do_all_that_wait_for_it(
    acme: Seller, people: People, sink: Sink, http: HttpSink
) -> None:
    room = webhook(acme, http.url())
    for number in range(BATCH + 5):
        letter(acme, order_id=f"402-3427577-{1000000 + number}")
    http.answer = status(429, Retry_After="120")
    warned(MONDAY + hours(0.1))
    assert len(http.posts) == 1
    assert sorted(set(by_channel(room))) == [("pending", 0), ("pending", 1)]
    http.answer = status(204)
    assert delivered(MONDAY + hours(0.1) + 119 * SECOND).sent == 0
    assert delivered(MONDAY + hours(0.1) + 121 * SECOND).sent == BATCH + 5
    assert ids(http.posts)[0] == ids(http.posts)[1]


def test_a_target_gone_for_good_ends_the_channel_its_owner_is_told_and_the_others_hear(
    acme: Seller, people: People, sink: Sink, http: HttpSink
) -> None:
    room, other = webhook(acme, http.url("/gone")), webhook(acme, http.url("/other"))
    http.answer = lambda handler: status(410 if handler.path == "/gone" else 204)(handler)
    claim = claim_of(letter(acme))
    warned(STAGE_4H)
    assert by_channel(room) == [("failed", 1)]
    assert by_channel(other) == [("sent", 1)]
    assert stages(claim)[-1] == ("4h", "sent")
    room.channel.refresh_from_db()
    assert (room.channel.is_active, room.channel.disabled_reason) == (False, "127.0.0.1 answered 410 Gone.")
    assert names(sink.to()) == ["alice", "lea", "olga"]
    told = next(mail for mail in sink.mails if mail.to == "olga@example.com")
    assert told.subject == "Warnings no longer reach the channel «Desk»"
    warned(MONDAY + hours(47))
    assert [post.path for post in http.posts].count("/gone") == 1


def test_where_the_only_channel_ends_or_is_switched_off_the_operator_hears(
    acme: Seller, people: People, sink: Sink, http: HttpSink
) -> None:
    room = webhook(acme, http.url())
    own_ladder(acme, ("at_once", None, ["webhook"]), ("1h", hours(1), []))
    http.answer = status(404)
    claim = claim_of(letter(acme))
    warned(MONDAY + hours(0.1))
    assert OPERATOR in sink.to()
    assert stages(claim) == [("at_once", "sent")]
    change_channel(channel_id=room.channel.pk, is_active=True)
    second = claim_of(letter(acme, order_id="402-3427577-1965904"))
    swept(MONDAY + hours(0.2))
    change_channel(channel_id=room.channel.pk, is_active=False)
    sink.mails.clear()
    delivered(MONDAY + hours(0.2))
    assert sink.to() == [OPERATOR]
    assert Delivery.objects.get(warning__claim=second, target=room.channel).last_error == (
        "The channel is switched off."
    )
    assert stages(second) == [("at_once", "sent")]


def test_a_channel_that_stays_down_passes_on_to_the_operator(
    acme: Seller, people: People, sink: Sink, http: HttpSink
) -> None:
    room = webhook(acme, http.url())
    own_ladder(acme, ("at_once", None, ["webhook"]), ("1h", hours(1), []))
    http.answer = hang_up
    claim = claim_of(letter(acme))
    now = MONDAY + hours(0.1)
    swept(now)
    for _ in range(PATIENCE):
        assert sink.mails == []
        delivered(now)
        now += timedelta(minutes=3)
    assert by_channel(room) == [("pending", PATIENCE)]
    assert sink.to() == [OPERATOR]
    assert stages(claim) == [("at_once", "sent")]


def test_an_answered_claim_nags_no_channel(acme: Seller, people: People, sink: Sink, http: HttpSink) -> None:
    room = webhook(acme, http.url())
    claim = claim_of(letter(acme))
    reply = approved(claim, now=STAGE_4H)
    swept(STAGE_4H)
    confirmed(reply, now=STAGE_4H)
    delivered(STAGE_4H)
    assert http.posts == []
    assert [status for status, _ in by_channel(room)] == ["void"]


def test_repeats_go_by_channels_too_under_an_id_of_their_own(
    acme: Seller, people: People, sink: Sink, http: HttpSink
) -> None:
    webhook(acme, http.url())
    letter(acme)
    warned(STAGE_4H)
    warned(STAGE_4H + hours(0.25))
    assert len(set(ids(http.posts))) == len(http.posts) == 2
    assert "reminder 1" in json.loads(http.posts[1].body)["data"]["subject"]


def test_a_hanging_target_holds_up_neither_mails_nor_other_channels(
    acme: Seller, people: People, sink: Sink, http: HttpSink
) -> None:
    def answer(handler: Any) -> None:
        if handler.path.startswith("/slow"):
            time.sleep(2)
        arrived[handler.path] = time.monotonic() - began
        status(204)(handler)

    arrived: dict[str, float] = {}
    http.answer = answer
    rooms = [webhook(acme, http.url(path)) for path in ("/slow1", "/slow2", "/quick")]
    letter(acme)
    swept(STAGE_4H)
    began = time.monotonic()
    assert deliver_due(now=lambda: STAGE_4H).sent == 5
    assert time.monotonic() - began < 4  # both slow ones at once
    assert arrived["/quick"] < 1.5
    assert [by_channel(room) for room in rooms] == [[("sent", 1)]] * 3
    sent = Delivery.objects.filter(channel="email").values_list("status", flat=True)
    assert list(sent) == ["sent", "sent"]


def test_mails_go_out_while_a_target_hangs(acme: Seller, people: People, sink: Sink, http: HttpSink) -> None:
    mails_when_it_answered: list[int] = []

    def answer(handler: Any) -> None:
        time.sleep(1.5)
        mails_when_it_answered.append(len(sink.mails))
        status(204)(handler)

    http.answer = answer
    webhook(acme, http.url())
    letter(acme)
    warned(STAGE_4H)
    assert mails_when_it_answered == [2]


def test_a_thousand_deliveries_to_one_target_take_one_connection_and_few_questions(
    acme: Seller, people: People, sink: Sink, http: HttpSink, django_assert_max_num_queries: Any
) -> None:
    room = webhook(acme, http.url())
    claim = claim_of(letter(acme))
    swept(STAGE_4H)
    delivered(STAGE_4H)
    http.posts.clear()
    warning = Warning.objects.get(claim=claim, stage="4h")
    Delivery.objects.bulk_create(
        Delivery(
            warning=warning, recipient=f"channel:x{number}", channel="webhook", target=room.channel,
            created_at=STAGE_4H, next_attempt_at=STAGE_4H, message_id=f"thousand-{number}",
        )
        for number in range(1000)
    )  # fmt: skip
    before = http.connections
    with django_assert_max_num_queries(25 * (1000 // BATCH + 1)):
        assert delivered(STAGE_4H).sent == 1000
    assert len(set(ids(http.posts))) == len(http.posts) == 1000
    assert http.connections - before <= 1


def test_an_assigned_claim_reaches_its_assignees_own_channel(
    acme: Seller, people: People, sink: Sink, http: HttpSink
) -> None:
    webhook(acme, http.url("/anna"), people.anna)
    claim = claim_of(letter(acme))
    assign_claim(claim_id=claim.pk, assignee=people.anna, actor=AMZ, now=MONDAY)
    warned(MONDAY + hours(24))
    assert [post.path for post in http.posts] == ["/anna"]


def test_a_room_that_is_a_mailbox_is_written_to(acme: Seller, sink: Sink) -> None:
    member("alice", acme, Role.AGENT)
    box = create_channel(
        seller=acme, user=None, kind="email", label="Box", target="desk@example.com", now=MONDAY
    )
    claim_of(letter(acme))
    warned(MONDAY + hours(0.1))
    assert sorted(sink.to()) == ["alice@example.com", "desk@example.com"]
    assert by_channel(box) == [("sent", 1)]
    assert WarningChannel.objects.get().last_error == ""
    assert Claim.objects.count() == 1


def test_a_sender_that_raises_is_put_off_alone(
    acme: Seller, people: People, sink: Sink, http: HttpSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**given: Any) -> Any:
        raise RuntimeError("out of order")

    monkeypatch.setattr("claims.services.deliveries.outcomes_of", broken)
    room = webhook(acme, http.url())
    letter(acme)
    warned(STAGE_4H)
    assert names(sink.to()) == ["alice", "lea"]
    assert by_channel(room) == [("pending", 1)]
    assert Delivery.objects.get(target=room.channel).last_error == "RuntimeError: out of order"
