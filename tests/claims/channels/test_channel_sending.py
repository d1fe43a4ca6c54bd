"""The door through which channels are used: results are kept, and an ended channel is told of by mail."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core import mail
from django.core.mail import get_connection
from rest_framework.test import APIClient
from standardwebhooks import Webhook

from accounts.channels import connections
from accounts.channels.words import AUDIENCES
from accounts.models import Role, Seller, User, WarningChannel
from accounts.services.channels import CreatedChannel, create_channel
from claims.channels.sending import Outcome, Permanent, Retry, Sent
from claims.ladder import Audience
from claims.services.channel_sending import UNREADABLE, send_by_channel, tell_owners_of_ended_channels
from tests.claims.channels.conftest import NOW, message
from tests.claims.channels.sink import Sink, status
from tests.claims.conftest import member


@pytest.fixture(autouse=True)
def _private_allowed(settings: Any) -> Iterator[None]:
    settings.OUTGOING_ALLOW_PRIVATE = True
    yield
    connections._pools_of.cache_clear()


@pytest.fixture
def olga(acme: Seller) -> User:
    return member("olga", acme, Role.OWNER)


@pytest.fixture
def room(acme: Seller, sink: Sink) -> CreatedChannel:
    return create_channel(seller=acme, user=None, kind="webhook", label="Desk", target=sink.url(), now=NOW)


def send(channel: WarningChannel, *numbers: int) -> list[Outcome]:
    return send_by_channel(
        channel=channel, messages=[message(n) for n in numbers or (1,)], mail=get_connection(), now=NOW
    )


def tell() -> int:
    return tell_owners_of_ended_channels(mail=get_connection(), now=NOW)


def row(channel: WarningChannel) -> WarningChannel:
    return WarningChannel.objects.get(pk=channel.pk)


def test_rooms_listen_to_the_audiences_that_ladders_have() -> None:
    assert [each.value for each in Audience] == list(AUDIENCES)


def test_a_success_is_noted(room: CreatedChannel) -> None:
    assert send(room.channel, 1, 2) == [Sent(), Sent()]
    assert row(room.channel).last_sent_at == NOW


def test_a_passing_failure_is_noted_and_ends_nothing(room: CreatedChannel, sink: Sink) -> None:
    sink.answer = status(503)
    first, second = send(room.channel, 1, 2)
    assert isinstance(first, Retry)
    assert isinstance(second, Retry)
    now = row(room.channel)
    assert (now.is_active, now.last_error) == (True, "127.0.0.1 answered 503 Service Unavailable.")
    assert tell() == 0


def test_a_permanent_failure_ends_the_channel_and_its_owner_hears_of_it_once(
    room: CreatedChannel, sink: Sink, olga: User, alice: User
) -> None:
    sink.answer = status(410)
    assert send(room.channel, 1, 2) == [Permanent("127.0.0.1 answered 410 Gone.")] * 2
    now = row(room.channel)
    assert (now.is_active, now.disabled_at, now.disabled_reason) == (
        False,
        NOW,
        "127.0.0.1 answered 410 Gone.",
    )
    assert (tell(), tell()) == (1, 0)
    (told,) = mail.outbox
    assert told.to == ["olga@example.com"]
    assert told.subject == "Warnings no longer reach the channel «Desk»"
    assert "127.0.0.1 answered 410 Gone." in told.body
    assert f"/api/v1/channels/{room.channel.pk}/" in told.body
    assert "0123456789ab" not in told.body


def test_whose_own_channel_ended_hears_of_it_too(acme: Seller, sink: Sink, olga: User, alice: User) -> None:
    own = create_channel(seller=acme, user=alice, kind="webhook", label="Mine", target=sink.url(), now=NOW)
    sink.answer = status(404)
    send(own.channel)
    tell()
    assert [each.to for each in mail.outbox] == [["alice@example.com"], ["olga@example.com"]]


def test_without_an_owner_the_operator_hears(room: CreatedChannel, sink: Sink, settings: Any) -> None:
    settings.OPERATOR_EMAIL = "operator@example.com"
    sink.answer = status(410)
    send(room.channel)
    assert tell() == 1
    assert [each.to for each in mail.outbox] == [["operator@example.com"]]


def test_a_mailbox_that_ended_is_not_told_of_itself(acme: Seller, olga: User, settings: Any) -> None:
    settings.OPERATOR_EMAIL = "operator@example.com"
    created = create_channel(
        seller=acme, user=None, kind="email", label="Box", target="olga@example.com", now=NOW
    )
    WarningChannel.objects.filter(pk=created.channel.pk).update(
        is_active=False, disabled_at=NOW, disabled_reason="550", tell_owners_at=NOW
    )
    tell()
    assert [each.to for each in mail.outbox] == [["operator@example.com"]]


def test_while_mail_fails_the_owners_stay_to_be_told(
    room: CreatedChannel, sink: Sink, olga: User, settings: Any
) -> None:
    sink.answer = status(410)
    send(room.channel)
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert tell() == 0
    assert row(room.channel).tell_owners_at is not None


def test_a_lost_encryption_key_is_no_end(room: CreatedChannel, settings: Any) -> None:
    settings.ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    assert send(room.channel) == [UNREADABLE]
    assert row(room.channel).is_active is True


def client_of(user: User) -> APIClient:
    client = APIClient()
    client.force_login(user)
    return client


def test_the_test_button_really_sends(room: CreatedChannel, sink: Sink, olga: User) -> None:
    answer = client_of(olga).post(f"/api/v1/channels/{room.channel.pk}/test/")
    assert (answer.status_code, answer.json()) == (
        200,
        {"status": "sent", "detail": "The receiver has taken the message."},
    )
    (post,) = sink.posts
    assert room.signing_secret is not None
    read = Webhook(room.signing_secret).verify(post.body, post.headers)
    assert (read["type"], read["data"]["seller"]) == ("channel.test", "A1ACME")
    assert row(room.channel).last_sent_at is not None


@pytest.mark.parametrize(
    ("code", "status_word", "detail"),
    [
        (410, "refused", "127.0.0.1 answered 410 Gone."),
        (500, "failed", "127.0.0.1 answered 500 Internal Server Error."),
    ],
)
def test_a_failed_test_is_kept_as_the_last_error_and_ends_nothing(
    room: CreatedChannel, sink: Sink, olga: User, code: int, status_word: str, detail: str
) -> None:
    sink.answer = status(code)
    answer = client_of(olga).post(f"/api/v1/channels/{room.channel.pk}/test/")
    assert (answer.status_code, answer.json()) == (200, {"status": status_word, "detail": detail})
    assert (row(room.channel).last_error, row(room.channel).is_active) == (detail, True)


def test_a_channel_into_a_private_network_is_refused_when_it_is_tested(
    room: CreatedChannel, sink: Sink, olga: User, settings: Any
) -> None:
    settings.OUTGOING_ALLOW_PRIVATE = False
    answer = client_of(olga).post(f"/api/v1/channels/{room.channel.pk}/test/")
    assert answer.json()["status"] == "refused"
    assert sink.connections == 0


def test_the_test_button_cannot_flood(room: CreatedChannel, sink: Sink, olga: User) -> None:
    client = client_of(olga)
    codes = [client.post(f"/api/v1/channels/{room.channel.pk}/test/").status_code for _ in range(11)]
    assert codes == [200] * 10 + [429]
    assert len(sink.posts) == 10


def test_nothing_secret_is_logged_on_the_way(
    room: CreatedChannel, sink: Sink, olga: User, caplog: pytest.LogCaptureFixture
) -> None:
    sink.answer = status(500, b"no")
    with caplog.at_level(logging.DEBUG, logger="root"):
        send(room.channel)
        client_of(olga).post(f"/api/v1/channels/{room.channel.pk}/test/")
    assert room.signing_secret is not None
    assert room.signing_secret not in caplog.text
    assert "0123456789ab" not in caplog.text
