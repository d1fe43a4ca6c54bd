"""The signed webhook against a real server on this machine: what it sends, keeps open, and makes of answers."""

import json
import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from standardwebhooks import Webhook

from accounts.channels import connections
from claims.channels.sending import NOT_TRIED, TIME_UP, Permanent, Retry, Sent
from claims.channels.webhook import WebhookSender
from tests.claims.channels.conftest import NOW, SECRET, message
from tests.claims.channels.sink import Sink, dribble, endless, hang_up, status

Make = Callable[..., WebhookSender]


def test_the_reference_library_accepts_the_signature(sink: Sink, webhook: Make) -> None:
    now = datetime.now(NOW.tzinfo)
    assert webhook().send([message()], now=now) == [Sent()]
    (post,) = sink.posts
    read = Webhook(SECRET).verify(post.body, post.headers)
    assert read == {
        "type": "warning",
        "timestamp": "2026-11-20T10:00:00Z",
        "data": {
            "stage": "4h",
            "buyer": "Jürgen 李",
            "subject": message().subject,
            "text": message().body,
            "url": message().url,
        },
    }
    assert post.headers["webhook-id"] == "warning-1-1-abc"
    assert post.headers["webhook-timestamp"] == str(int(now.timestamp()))
    assert post.headers["content-type"] == "application/json"


def test_a_repeat_has_the_same_id_and_body_and_a_signature_of_its_own(sink: Sink, webhook: Make) -> None:
    webhook().send([message()], now=NOW)
    webhook().send([message()], now=NOW + timedelta(seconds=30))
    first, second = sink.posts
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body
    assert first.headers["webhook-signature"] != second.headers["webhook-signature"]


def test_a_hundred_posts_use_one_connection(sink: Sink, webhook: Make) -> None:
    sink.answer = status(200, b'{"ok": true}')
    sender = webhook()
    for start in range(0, 100, 20):
        sent = sender.send([message(n) for n in range(start, start + 20)], now=NOW)
        assert sent == [Sent()] * 20
    assert (len(sink.posts), sink.connections) == (100, 1)


def test_answers_in_pieces_keep_the_connection_too(sink: Sink, webhook: Make) -> None:
    def chunked(handler: Any) -> None:
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        handler.wfile.write(b"2\r\nok\r\n0\r\n\r\n")

    sink.answer = chunked
    assert webhook().send([message(n) for n in range(5)], now=NOW) == [Sent()] * 5
    assert sink.connections == 1


@pytest.mark.parametrize("code", [200, 201, 202, 204, 299])
def test_every_two_hundred_is_a_success(sink: Sink, webhook: Make, code: int) -> None:
    sink.answer = status(code)
    assert webhook().send([message()], now=NOW) == [Sent()]


@pytest.mark.parametrize(
    ("code", "phrase"),
    [
        (400, "Bad Request"),
        (401, "Unauthorized"),
        (403, "Forbidden"),
        (404, "Not Found"),
        (410, "Gone"),
        (422, "Unprocessable Entity"),
    ],
)
def test_other_client_errors_are_for_good_and_end_the_batch(
    sink: Sink, webhook: Make, code: int, phrase: str
) -> None:
    sink.answer = status(code, b"never repeated: s3cret")
    expected = Permanent(f"127.0.0.1 answered {code} {phrase}.")
    assert webhook().send([message(1), message(2)], now=NOW) == [expected, expected]
    assert len(sink.posts) == 1


@pytest.mark.parametrize(
    ("code", "phrase"),
    [(408, "Request Timeout"), (409, "Conflict"), (425, "Too Early"), (500, "Internal Server Error")],
)
def test_passing_errors_are_tried_again_and_the_next_message_too(
    sink: Sink, webhook: Make, code: int, phrase: str
) -> None:
    sink.answer = status(code)
    expected = Retry(f"127.0.0.1 answered {code} {phrase}.")
    assert webhook().send([message(1), message(2)], now=NOW) == [expected, expected]
    assert len(sink.posts) == 2


@pytest.mark.parametrize(
    ("code", "given", "after"),
    [
        (429, "7", timedelta(seconds=7)),
        (503, "Fri, 20 Nov 2026 10:02:00 GMT", timedelta(minutes=2)),
        (503, "86400", timedelta(minutes=10)),
        (429, "Fri, 20 Nov 2026 09:00:00 GMT", timedelta(0)),
        (429, "soon", None),
    ],
)
def test_who_asks_to_wait_is_given_the_time(
    sink: Sink, webhook: Make, code: int, given: str, after: timedelta | None
) -> None:
    sink.answer = status(code, Retry_After=given)
    first, second = webhook().send([message(1), message(2)], now=NOW)
    assert isinstance(first, Retry)
    assert (first.after, first.is_down, first.tried) == (after, True, True)
    assert second == NOT_TRIED
    assert len(sink.posts) == 1


def test_a_redirect_is_not_followed(sink: Sink, webhook: Make) -> None:
    sink.answer = status(302, Location=sink.url("/elsewhere"))
    assert webhook().send([message()], now=NOW) == [Retry("127.0.0.1 answered 302 Found.")]
    sink.answer = status(301, Location="http://169.254.169.254/latest/meta-data/")
    (moved,) = webhook().send([message()], now=NOW)
    assert moved == Permanent(
        "127.0.0.1 answered 301 Moved Permanently. Redirects are not followed: give the address it moved to."
    )
    assert [post.path for post in sink.posts] == ["/hook/0123456789abcdef"] * 2


def test_a_connection_closed_without_an_answer_is_tried_again(sink: Sink, webhook: Make) -> None:
    sink.answer = hang_up
    first, second = webhook().send([message(1), message(2)], now=NOW)
    assert first == Retry("127.0.0.1 closed the connection before it answered.", is_down=True)
    assert second == NOT_TRIED
    sink.answer = status(200)
    assert webhook().send([message(1)], now=NOW) == [Sent()]


def test_a_connection_that_the_server_closed_meanwhile_is_opened_anew(sink: Sink, webhook: Make) -> None:
    def once(handler: Any) -> None:
        status(200)(handler)
        handler.close_connection = True

    sink.answer = once
    sender = webhook()
    for number in range(3):
        assert sender.send([message(number)], now=NOW) == [Sent()]
        time.sleep(0.05)
    assert (len(sink.posts), sink.connections) == (3, 3)


def test_an_answer_that_dribbles_is_cut_off(
    sink: Sink, webhook: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "ANSWER_SECONDS", 0.4)
    sink.answer = dribble
    began = time.monotonic()
    (outcome,) = webhook().send([message()], now=NOW)
    assert outcome == Retry("127.0.0.1 did not answer in time.", is_down=True)
    assert time.monotonic() - began < 2


def test_a_body_without_end_is_left_unread(sink: Sink, webhook: Make) -> None:
    sink.answer = endless
    began = time.monotonic()
    assert webhook().send([message(1), message(2)], now=NOW) == [Sent(), Sent()]
    assert time.monotonic() - began < 2
    assert sink.connections == 2


def test_no_post_begins_after_the_budget(sink: Sink, webhook: Make) -> None:
    def slow(handler: Any) -> None:
        time.sleep(0.15)
        status(200)(handler)

    sink.answer = slow
    sent = webhook(budget=timedelta(seconds=0.1)).send([message(n) for n in range(3)], now=NOW)
    assert sent == [Sent(), TIME_UP, TIME_UP]


def test_nobody_listening_is_tried_again(sink: Sink, pools: Any) -> None:
    sender = WebhookSender(url="http://127.0.0.1:1/hook", secret=SECRET, pools=pools)
    assert sender.send([message()], now=NOW) == [Retry("No connection to 127.0.0.1.", is_down=True)]


def test_neither_the_address_nor_the_secret_is_printed_or_logged(
    sink: Sink, webhook: Make, caplog: pytest.LogCaptureFixture
) -> None:
    sender = webhook()
    sink.answer = hang_up
    with caplog.at_level(logging.INFO):
        outcomes = sender.send([message()], now=NOW)
        sink.answer = status(500, b"no")
        outcomes += sender.send([message()], now=NOW)
    said = f"{sender!r} {outcomes!r} {caplog.text}"
    assert SECRET not in said
    assert "0123456789abcdef" not in said


def test_the_whole_body_is_json_whatever_the_facts_hold(sink: Sink, webhook: Make) -> None:
    webhook().send([message(facts={"missing": ["proof_of_delivery"], "amount": None})], now=NOW)
    assert json.loads(sink.posts[0].body)["data"]["missing"] == ["proof_of_delivery"]
