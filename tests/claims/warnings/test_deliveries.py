"""Getting mails out past refusals, outages and dead workers: every one once, under one id, or noticed."""

import socket
import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.clock import database_now
from accounts.models import Seller, User
from claims.models import Claim, Delivery, Warning
from claims.services.deliveries import deliver_due
from claims.services.passing_on import PATIENCE
from tests.claims.stories import MONDAY, claim_of, hours, letter
from tests.claims.warnings.conftest import OPERATOR, People, delivered, names, stages, swept, warned
from tests.smtp_sink import Sink

STAGE_4H = MONDAY + hours(44)
SECOND = timedelta(seconds=1)


@pytest.fixture
def claim(acme: Seller, people: People) -> Claim:
    return claim_of(letter(acme))


def mails_of(stage: str) -> list[tuple[str, str, int]]:
    rows = Delivery.objects.filter(warning__stage=stage, channel="email").order_by("id")
    return list(rows.values_list("recipient", "status", "attempts"))


def test_a_mail_carries_its_id_its_sender_and_says_that_a_machine_wrote_it(claim: Claim, sink: Sink) -> None:
    warned(STAGE_4H)
    mail = sink.mails[0]
    row = Delivery.objects.get(recipient=mail.to, channel="email")
    assert mail.id == f"<{row.message_id}@claims.example.com>"
    assert mail.message["Auto-Submitted"] == "auto-generated"
    assert mail.message["From"] == "claims@localhost"
    assert f"Open it: https://claims.example.com/api/v1/claims/{claim.pk}/" in mail.text


def test_ids_differ_by_warning_recipient_and_round_and_in_a_database_made_anew(
    claim: Claim, sink: Sink
) -> None:
    for moment in (24, 44, 44.25):
        warned(MONDAY + hours(moment))
    ids = [mail.id for mail in sink.mails]
    assert len(set(ids)) == len(ids) == 5


def test_one_address_that_is_refused_for_good_does_not_keep_the_others_from_hearing(
    claim: Claim, sink: Sink
) -> None:
    sink.refusals["alice@example.com"] = "550 no such user"
    warned(STAGE_4H)
    assert sink.to() == ["lea@example.com"]
    assert mails_of("4h") == [("alice@example.com", "failed", 1), ("lea@example.com", "sent", 1)]
    assert "no such user" in Delivery.objects.get(status="failed").last_error
    assert stages(claim)[-1] == ("4h", "sent")


def test_where_nobody_can_be_reached_the_operator_is(claim: Claim, sink: Sink) -> None:
    for name in ("alice", "lea"):
        sink.refusals[f"{name}@example.com"] = "550 no such user"
    warned(STAGE_4H)
    assert sink.to() == [OPERATOR]
    assert stages(claim)[-1] == ("4h", "sent")
    assert [status for _, status, _ in mails_of("4h")] == ["failed", "failed", "sent"]


def test_where_not_even_the_operator_can_be_reached_the_warning_has_failed(claim: Claim, sink: Sink) -> None:
    for name in ("alice", "lea", "operator"):
        sink.refusals[f"{name}@example.com"] = "550 no such user"
    warned(STAGE_4H)
    assert sink.mails == []
    assert stages(claim)[-1] == ("4h", "failed")
    sink.refusals.clear()
    warned(STAGE_4H + hours(0.25))  # its next round gets out
    assert names(sink.to()) == ["alice", "lea"]
    assert stages(claim)[-1] == ("4h", "sent")


def test_an_address_that_is_none_is_passed_over_for_good(claim: Claim, sink: Sink) -> None:
    User.objects.filter(username="alice").update(email="alice@example.com\nBcc: victim@example.com")
    warned(STAGE_4H)
    assert sink.to() == ["lea@example.com"]
    assert [status for _, status, _ in mails_of("4h")] == ["failed", "sent"]


def test_a_recipient_refused_for_now_is_tried_again_and_the_operator_hears_in_the_end(
    claim: Claim, sink: Sink
) -> None:
    for name in ("alice", "lea"):
        sink.refusals[f"{name}@example.com"] = "451 try again later"
    swept(MONDAY + hours(36))
    now = MONDAY + hours(36)
    for _ in range(PATIENCE - 1):
        delivered(now)
        now += timedelta(minutes=3)
    assert sink.mails == []
    delivered(now)
    delivered(now)
    assert sink.to() == [OPERATOR]
    sink.refusals.clear()
    delivered(now + timedelta(minutes=3))
    assert names(sink.to()) == ["alice", "lea", "operator"]


def test_mail_that_was_refused_as_such_for_good_goes_to_the_operator(claim: Claim, sink: Sink) -> None:
    sink.answer = "554 we do not like it"
    warned(STAGE_4H)
    assert [status for _, status, _ in mails_of("4h")] == ["failed"] * 3
    assert stages(claim)[-1] == ("4h", "failed")


def test_an_outage_delays_and_loses_nothing_and_repeats_nothing(claim: Claim, sink: Sink) -> None:
    sink.stop()
    swept(STAGE_4H)
    now = STAGE_4H
    for _ in range(60):  # an hour of it
        delivered(now)
        now += timedelta(minutes=1)
    assert {status for _, status, _ in mails_of("4h")} == {"pending"}
    assert stages(claim)[-1] == ("4h", "pending")
    sink.start()
    now += timedelta(minutes=3)
    delivered(now)
    delivered(now)
    assert names(sink.to()) == ["alice", "lea"]
    assert sink.mails[0].subject.startswith("2 h 57 min left")
    assert stages(claim)[-1] == ("4h", "sent")


def test_while_the_server_is_away_a_round_ends_at_its_first_failure(claim: Claim, sink: Sink) -> None:
    sink.stop()
    swept(STAGE_4H)
    done = delivered(STAGE_4H)
    assert (done.sent, done.failed) == (0, 1)
    assert sorted(attempts for _, _, attempts in mails_of("4h")) == [0, 1]


def test_pauses_grow_up_to_two_minutes(claim: Claim, sink: Sink) -> None:
    sink.stop()
    swept(MONDAY + hours(24))
    now, pauses = MONDAY + hours(24), []
    for _ in range(8):
        delivered(now)
        row = Delivery.objects.get(channel="email")
        assert row.next_attempt_at is not None
        pauses.append((row.next_attempt_at - now).total_seconds())
        now = row.next_attempt_at
    expected = [5, 10, 20, 40, 80, 120, 120, 120]
    assert all(0.8 * e <= pause <= 1.2 * e for pause, e in zip(pauses, expected, strict=True))


def test_a_worker_that_died_while_sending_is_followed_under_the_same_id(
    claim: Claim, sink: Sink, settings: Any
) -> None:
    settings.DELIVERY_LEASE_SECONDS = 30
    warned(MONDAY + hours(24))
    dead = {"status": "sending", "attempts": 1, "lease_until": MONDAY + hours(24) + 30 * SECOND}
    Delivery.objects.filter(channel="email").update(**dead, next_attempt_at=dead["lease_until"], sent_at=None)
    Warning.objects.filter(stage="24h").update(status="pending")
    delivered(MONDAY + hours(24) + 29 * SECOND)
    assert len(sink.mails) == 1
    delivered(MONDAY + hours(24) + 31 * SECOND)
    assert len(sink.mails) == 2
    assert len({mail.id for mail in sink.mails}) == 1
    assert mails_of("24h") == [("alice@example.com", "sent", 2)]


@pytest.fixture
def silent_server(settings: Any) -> Iterator[None]:
    """Takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.getsockname()
        settings.EMAIL_TIMEOUT = 1
        yield


def test_a_mail_server_that_hangs_costs_one_timeout_and_stops_no_sweep(
    acme: Seller, people: People, silent_server: None
) -> None:
    now = database_now()
    letter(acme, at=now - hours(44), now=now)
    swept(now)
    began = time.monotonic()
    done = deliver_due(now=database_now)
    assert time.monotonic() - began < 4
    assert (done.sent, done.failed) == (0, 1)
    letter(acme, at=now - hours(44), now=now, order_id="402-3427577-1965904")
    assert swept(database_now()).raised.warnings == 1


def test_a_batch_costs_the_same_few_questions_for_many_mails_as_for_one(acme: Seller, people: People) -> None:
    asked = []
    for mails in (1, 12):
        for number in range(mails):
            letter(acme, order_id=f"402-3427577-{mails * 100_000 + number:07}")
        swept(MONDAY + hours(1))
        with CaptureQueriesContext(connection) as found:
            assert delivered(MONDAY + hours(1)).sent == mails
        asked.append(len([each for each in found if "SAVEPOINT" not in each["sql"]]))
    assert asked[0] == asked[1]
