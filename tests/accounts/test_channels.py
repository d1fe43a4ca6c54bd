"""Warning channels by their services: what is stored, what is taken, and what ends a channel."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.channels.words import AUDIENCES
from accounts.errors import Conflict, InvalidInput
from accounts.models import Membership, Seller, User, WarningChannel
from accounts.secrets import decrypted
from accounts.selectors import listening_channels
from accounts.services import channels
from accounts.services.channels import (
    CreatedChannel,
    change_channel,
    create_channel,
    note_owners_told,
    note_permanent_failure,
    note_result,
    renew_signing_secret,
    take_disabled_to_tell,
)
from tests.accounts.conftest import NOW

HOOK = "https://hooks.example.com/in/0123456789abcdef"
SLACK = "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ"


def made(seller: Seller, **changes: Any) -> CreatedChannel:
    given = {"user": None, "kind": "webhook", "label": "Desk", "target": HOOK, **changes}
    return create_channel(seller=seller, now=NOW, **given)


def row(channel: WarningChannel) -> WarningChannel:
    return WarningChannel.objects.get(pk=channel.pk)


def test_target_and_secret_are_stored_encrypted_and_printed_nowhere(acme: Seller) -> None:
    created = made(acme)
    assert created.signing_secret is not None
    assert created.signing_secret.startswith("whsec_")
    stored = WarningChannel.objects.filter(pk=created.channel.pk).values().get()
    assert decrypted(stored["target_encrypted"]) == HOOK
    assert decrypted(stored["signing_secret_encrypted"]) == created.signing_secret
    said = f"{stored} {created!r} {created.channel} {created.channel!r}"
    assert created.signing_secret not in said
    assert "0123456789ab" not in said
    assert stored["target_hint"] == "https://hooks.example.com/…cdef"
    assert stored["audiences"] == list(AUDIENCES)


@pytest.mark.parametrize(
    ("kind", "target", "hint"),
    [
        ("webhook", "https://hooks.example.com:8443/in/0123456789", "https://hooks.example.com:8443/…6789"),
        ("webhook", "https://hooks.example.com/short", "https://hooks.example.com/…"),
        ("webhook", "https://hooks.example.com", "https://hooks.example.com/…"),
        ("webhook", "https://8.8.8.8/in?key=0123456789", "https://8.8.8.8/…6789"),
        ("email", "claims@acme.example", "c…@acme.example"),
        ("apprise", SLACK, "slack://…i7FQ"),
        (
            "apprise",
            "https://hooks.slack.com/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ",
            "https://hooks.slack.com/…i7FQ",
        ),
        ("apprise", "tgram://123456789:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-bc/12315544/", "tgram://…5544"),
        ("apprise", "https://oapi.dingtalk.com/robot/send?access_token=abcdef0123456789", "dingtalk://…6789"),
        ("apprise", "https://open.feishu.cn/open-apis/bot/v2/hook/12345-abcdefgh", "feishu://…efgh"),
        ("apprise", "wecombot://693a91f6-7aaa-4bc4-97a0-0ec2sifa5aaa", "wecombot://…5aaa"),
        ("apprise", "pover://uuuuuuuuuuuuuuuuuuuuuuuuuuuuuu@tttttttttttttttttttttttttttttt", "pover://…tttt"),
        (
            "apprise",
            "https://prod-1.westus.logic.azure.com:443/workflows/643e69f83c8944/triggers/manual/paths/invoke"
            "?api-version=2016-06-01&sp=%2Ftriggers%2Fmanual%2Frun&sv=1.0&sig=KODuebWbDGYFr0z0eu",
            "https://prod-1.westus.logic.azure.com:443/…z0eu",
        ),
    ],
)
def test_a_good_target_is_taken_and_only_hinted_at(acme: Seller, kind: str, target: str, hint: str) -> None:
    assert made(acme, kind=kind, target=target).channel.target_hint == hint


@pytest.mark.parametrize(
    ("kind", "target"),
    [
        ("webhook", "http://hooks.example.com/in"),
        ("webhook", "ftp://hooks.example.com/in"),
        ("webhook", "hooks.example.com/in"),
        ("webhook", "https://user:word@hooks.example.com/in"),
        ("webhook", "https://hooks.example.com/in#part"),
        ("webhook", "https:///in"),
        ("webhook", "https://hooks.example.com/in\r\nX: y"),
        ("webhook", "https://hooks.example.com/a b"),
        ("webhook", "https://localhost/in"),
        ("webhook", "https://db.internal/in"),
        ("webhook", "https://127.0.0.1/in"),
        ("webhook", "https://127.1/in"),
        ("webhook", "https://2130706433/in"),
        ("webhook", "https://0x7f000001/in"),
        ("webhook", "https://0177.0.0.1/in"),
        ("webhook", "https://0.0.0.0/in"),
        ("webhook", "https://10.0.0.5/in"),
        ("webhook", "https://169.254.169.254/latest"),
        ("webhook", "https://[::1]/in"),
        ("webhook", "https://[::ffff:127.0.0.1]/in"),
        ("webhook", "https://[fe80::1%25eth0]/in"),
        ("webhook", "x" * 2001),
        ("email", "not an address"),
        ("email", "a@example.com\nBcc: b@example.com"),
        ("email", "a@example.com,b@example.com"),
        ("apprise", "file:///etc/passwd"),
        ("apprise", "exec://ls"),
        ("apprise", "syslog://local0"),
        ("apprise", "dbus://"),
        ("apprise", "gnome://"),
        ("apprise", "mailto://user:word@example.com"),
        ("apprise", "json://127.0.0.1/"),
        ("apprise", "jsons://hooks.example.com/"),
        ("apprise", "form://hooks.example.com/"),
        ("apprise", "xmls://hooks.example.com/"),
        ("apprise", "apprises://hooks.example.com/token"),
        ("apprise", "gotifys://10.0.0.1/AbCdEf012345"),
        ("apprise", "mmosts://chat.example.com/3ccdd113474722377935511fc85d3dd4"),
        ("apprise", "https://hooks.example.com/in"),
        (
            "apprise",
            "https://hooks.slack.com.evil.example/services/T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ",
        ),
        ("apprise", "workflows://10.0.0.1:443/643e69f83c8944/KODuebWbDGYFr0z0eu"),
        ("apprise", "workflows://evil.example:443/643e69f83c8944/KODuebWbDGYFr0z0eu"),
        ("apprise", f"{SLACK}?template=/etc/passwd"),
        ("apprise", f"{SLACK}?verify=no"),
        ("apprise", f"{SLACK}?redirect=yes"),
        ("apprise", f"{SLACK}?rto=600"),
        ("apprise", f"{SLACK}?TEMPLATE=/etc/passwd"),
        ("apprise", f"{SLACK}?+X-Header=1"),
        ("apprise", f"{SLACK}/#one/#two"),
        ("apprise", "slack://T1JJ3T3L2"),
        ("apprise", "slack:"),
    ],
)
def test_a_bad_target_is_refused_without_being_repeated(acme: Seller, kind: str, target: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        made(acme, kind=kind, target=target)
    (error,) = refused.value.errors
    assert (error.pointer, error.code) == ("/target", "target_refused")
    assert target not in error.detail
    assert WarningChannel.objects.count() == 0


def test_the_operator_may_allow_private_targets(acme: Seller, settings: Any) -> None:
    settings.OUTGOING_ALLOW_PRIVATE = True
    assert made(acme, target="http://127.0.0.1:9/in").channel.target_hint == "http://127.0.0.1:9/…"
    assert made(acme, kind="apprise", target="gotify://10.0.0.1/AbCdEf012345").channel.pk
    with pytest.raises(InvalidInput):
        made(acme, kind="apprise", target="json://127.0.0.1/")


def test_there_is_an_end_to_channels(acme: Seller, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(channels, "MOST_CHANNELS", 1)
    made(acme)
    with pytest.raises(Conflict) as refused:
        made(acme)
    assert (refused.value.code, WarningChannel.objects.count()) == ("too_many_channels", 1)


def test_a_new_secret_replaces_the_old_one_and_only_webhooks_have_one(acme: Seller) -> None:
    first = made(acme)
    renewed = renew_signing_secret(channel_id=first.channel.pk)
    assert renewed.signing_secret != first.signing_secret
    assert decrypted(row(first.channel).signing_secret_encrypted) == renewed.signing_secret
    mail = made(acme, kind="email", target="claims@acme.example")
    assert (mail.signing_secret, mail.channel.signing_secret_encrypted) == (None, "")
    with pytest.raises(Conflict):
        renew_signing_secret(channel_id=mail.channel.pk)


def test_a_success_is_written_at_most_once_a_minute(acme: Seller) -> None:
    channel = made(acme).channel

    def noted(seconds: int, error: str = "") -> tuple[Any, Any, str]:
        note_result(channel=channel, error=error, now=NOW + timedelta(seconds=seconds))
        now = row(channel)
        return now.last_sent_at, now.last_error_at, now.last_error

    later = NOW + timedelta(seconds=60)
    assert noted(0) == (NOW, None, "")
    assert noted(59) == (NOW, None, "")
    assert noted(60) == (later, None, "")
    assert noted(61, "no") == (later, NOW + timedelta(seconds=61), "no")
    assert noted(62, "still no") == (later, NOW + timedelta(seconds=61), "no")
    assert noted(63) == (NOW + timedelta(seconds=63), None, "")


def test_a_permanent_failure_ends_the_channel_once_and_its_owners_are_to_be_told(acme: Seller) -> None:
    channel = made(acme).channel
    assert note_permanent_failure(channel=channel, reason="410 Gone", now=NOW) is True
    assert note_permanent_failure(channel=channel, reason="again", now=NOW + timedelta(seconds=1)) is False
    ended = row(channel)
    assert (ended.is_active, ended.disabled_at, ended.disabled_reason) == (False, NOW, "410 Gone")
    assert [each.pk for each in take_disabled_to_tell(now=NOW)] == [channel.pk]
    assert take_disabled_to_tell(now=NOW + timedelta(minutes=4)) == []
    assert [each.pk for each in take_disabled_to_tell(now=NOW + timedelta(minutes=5))] == [channel.pk]
    note_owners_told(channel=ended)
    assert take_disabled_to_tell(now=NOW + timedelta(days=1)) == []


def test_a_failure_of_the_old_target_does_not_end_the_new_one(acme: Seller) -> None:
    before = made(acme).channel
    change_channel(channel_id=before.pk, target="https://other.example.com/in/0123456789")
    assert note_permanent_failure(channel=before, reason="410 Gone", now=NOW) is False
    note_result(channel=before, error="500", now=NOW)
    assert (row(before).is_active, row(before).last_error) == (True, "")


@pytest.mark.parametrize("change", [{"is_active": True}, {"target": HOOK}])
def test_switching_on_or_a_new_target_gives_an_ended_channel_a_new_chance(
    acme: Seller, change: dict[str, Any]
) -> None:
    channel = made(acme).channel
    note_permanent_failure(channel=channel, reason="410 Gone", now=NOW)
    again = change_channel(channel_id=channel.pk, **change)
    assert (again.is_active, again.disabled_at, again.disabled_reason, again.last_error) == (
        True,
        None,
        "",
        "",
    )
    assert take_disabled_to_tell(now=NOW + timedelta(days=1)) == []


def test_a_channel_that_somebody_switched_off_stays_off_with_a_new_target(acme: Seller) -> None:
    channel = made(acme).channel
    change_channel(channel_id=channel.pk, is_active=False)
    assert change_channel(channel_id=channel.pk, target=HOOK).is_active is False


def test_only_active_channels_of_active_members_listen(
    acme: Seller, bolt: Seller, alice: User, owner: User, bob: User
) -> None:
    room = made(acme).channel
    made(bolt)
    mine = made(acme, user=alice).channel
    gone = made(acme, user=owner).channel
    off = made(acme).channel
    change_channel(channel_id=off.pk, is_active=False)
    Membership.objects.filter(user=owner).update(is_active=False)
    made(acme, user=bob)
    assert [each.pk for each in listening_channels([acme.pk])[acme.pk]] == [room.pk, mine.pk]
    assert gone.is_active


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "pigeon"},
        {"target_encrypted": ""},
        {"signing_secret_encrypted": ""},
        {"audiences": []},
        {"audiences": ["everybody"]},
        {"disabled_at": NOW},
    ],
)
def test_the_database_refuses_what_makes_no_sense(acme: Seller, wrong: dict[str, Any]) -> None:
    channel = made(acme).channel
    with pytest.raises(IntegrityError), transaction.atomic():
        WarningChannel.objects.filter(pk=channel.pk).update(**wrong)
