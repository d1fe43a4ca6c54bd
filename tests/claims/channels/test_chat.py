"""Chat services: by Apprise against a server on this machine, and the bots that answer 200 to everything."""

import json
import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from apprise import Apprise
from urllib3 import PoolManager

from accounts.channels.chat_services import NOTIFY_SECONDS, SELF_HOSTED, SERVICES, asset
from claims.channels import chat_bots
from claims.channels.chat import ChatSender
from claims.channels.chat_bots import BOTS
from claims.channels.sending import Outcome, Permanent, Retry, Sent
from tests.claims.channels.conftest import NOW, message
from tests.claims.channels.sink import Sink, hang_up, status

TOKEN = "AbCdEf0123456789"


@pytest.fixture
def gotify(sink: Sink, pools: PoolManager) -> Callable[..., ChatSender]:
    def make(**options: Any) -> ChatSender:
        address = f"gotify://127.0.0.1:{sink.port}/{TOKEN}"
        return ChatSender(address=address, **{"allow_private": True, "pools": pools, **options})

    return make


def test_a_message_arrives_with_title_and_text(sink: Sink, gotify: Callable[..., ChatSender]) -> None:
    sink.answer = status(200, b"{}")
    assert gotify().send([message()], now=NOW) == [Sent()]
    (post,) = sink.posts
    said = json.loads(post.body)
    assert (said["title"], said["message"].strip()) == (message().subject, message().body.strip())
    assert "github" not in post.body.decode()


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        (401, Permanent("Gotify answered 401 Unauthorized.")),
        (404, Permanent("Gotify answered 404 Not Found.")),
        (429, Retry("Gotify answered 429 Too Many Requests.", is_down=True)),
        (500, Retry("Gotify answered 500 Internal Server Error.")),
    ],
)
def test_the_status_of_a_failure_is_judged(
    sink: Sink, gotify: Callable[..., ChatSender], code: int, outcome: Outcome
) -> None:
    sink.answer = status(code, b"{}")
    assert gotify().send([message()], now=NOW) == [outcome]


def test_a_redirect_is_not_followed(sink: Sink, gotify: Callable[..., ChatSender]) -> None:
    sink.answer = status(302, Location=sink.url("/elsewhere"))
    assert gotify().send([message()], now=NOW) == [Retry("Gotify answered 302 Found.")]
    assert len(sink.posts) == 1


def test_a_closed_connection_is_tried_again(sink: Sink, gotify: Callable[..., ChatSender]) -> None:
    sink.answer = hang_up
    assert gotify().send([message()], now=NOW) == [Retry("Gotify did not take the message.")]


def test_a_server_of_ones_own_is_refused_where_private_targets_are(
    sink: Sink, gotify: Callable[..., ChatSender]
) -> None:
    (outcome,) = gotify(allow_private=False).send([message()], now=NOW)
    assert isinstance(outcome, Permanent)
    assert sink.connections == 0


def test_nothing_secret_is_printed_or_logged(
    sink: Sink, gotify: Callable[..., ChatSender], caplog: pytest.LogCaptureFixture
) -> None:
    sink.answer = status(500, b"{}")
    sender = gotify()
    with caplog.at_level(logging.DEBUG):
        outcomes = sender.send([message()], now=NOW)
    said = f"{sender!r} {outcomes!r} {caplog.text}"
    assert TOKEN not in said


def test_the_library_is_kept_on_a_short_lead() -> None:
    assert asset().http_redirects is False
    assert asset().plugin_paths == []
    assert NOTIFY_SECONDS == 10


def test_every_service_of_the_list_is_one_the_library_knows() -> None:
    known = {
        scheme
        for each in Apprise().details()["schemas"]
        for scheme in [*(each["protocols"] or ()), *(each["secure_protocols"] or ())]
    }
    assert set(SERVICES) | set(SELF_HOSTED) <= known
    risky = {
        "file",
        "exec",
        "syslog",
        "rsyslog",
        "dbus",
        "glib",
        "gnome",
        "windows",
        "macosx",
        "json",
        "form",
    }
    assert not (set(SERVICES) | set(SELF_HOSTED)) & (risky | {"jsons", "forms", "xml", "xmls", "mailto"})


BOT_ADDRESSES = [
    (
        "dingtalk://abcdef0123456789",
        "https://oapi.dingtalk.com/robot/send?access_token=abcdef0123456789",
        "errcode",
    ),
    (
        "wecombot://693a91f6-7aaa-4bc4",
        "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7aaa-4bc4",
        "errcode",
    ),
    ("feishu://12345-abcdef", "https://open.feishu.cn/open-apis/bot/v2/hook/12345-abcdef", "code"),
    ("lark://12345abcdef", "https://open.larksuite.com/open-apis/bot/v2/hook/12345abcdef", "code"),
]


@pytest.mark.parametrize(("address", "url", "verdict"), BOT_ADDRESSES)
def test_a_bot_is_believed_only_where_its_answer_says_taken(
    sink: Sink, pools: PoolManager, monkeypatch: pytest.MonkeyPatch, address: str, url: str, verdict: str
) -> None:
    called: list[str] = []
    urlopen = pools.urlopen

    def to_the_sink(method: str, target: str, **kwargs: Any) -> Any:
        called.append(target)
        return urlopen(method, sink.url("/bot"), **kwargs)

    monkeypatch.setattr(pools, "urlopen", to_the_sink)
    sender = ChatSender(address=address, allow_private=False, pools=pools)

    def answered(body: bytes, code: int = 200) -> Outcome:
        sink.answer = status(code, body)
        return sender.send([message()], now=NOW)[0]

    assert answered(json.dumps({verdict: 0, "msg": "ok"}).encode()) == Sent()
    assert called == [url]
    assert message().subject in sink.posts[0].body.decode()
    refused = answered(json.dumps({verdict: 93000, "errmsg": "invalid webhook url"}).encode())
    assert isinstance(refused, Permanent)
    assert refused.reason.endswith(" refused the message with code 93000.")
    busy = answered(json.dumps({verdict: min(BOTS[_class_of(address)].passing)}).encode())
    assert isinstance(busy, Retry)
    assert isinstance(answered(b"<html>"), Retry)
    assert isinstance(answered(b"[]"), Retry)
    assert isinstance(answered(b"", 500), Retry)
    assert isinstance(answered(b"", 404), Permanent)


def _class_of(address: str) -> str:
    return type(Apprise.instantiate(address)).__name__


def test_a_signed_dingtalk_address_is_signed_and_quoted_once(pools: PoolManager) -> None:
    class Service:
        token, secret = "abc", "SEC0"

        def get_signature(self) -> tuple[str, str]:
            return "1700000000000", "a%2Bb%2Fc%3D"

    query = parse_qs(urlsplit(chat_bots._dingtalk(Service())).query)
    assert query == {"access_token": ["abc"], "timestamp": ["1700000000000"], "sign": ["a+b/c="]}


def test_no_message_begins_after_the_budget(sink: Sink, gotify: Callable[..., ChatSender]) -> None:
    sink.answer = status(200, b"{}")
    sent = gotify(budget=timedelta(seconds=-1)).send([message()], now=NOW)
    assert isinstance(sent[0], Retry)
    assert (sent[0].tried, len(sink.posts)) == (False, 0)
