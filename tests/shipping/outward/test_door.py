"""The door: where it goes, how long it waits, how much it takes in, and when it tries again."""

import gzip
import socket
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from urllib3 import PoolManager

from accounts.channels.connections import new_pools
from shipping.outward.door import TRIES, Door, fetch_foreign
from shipping.outward.exchange import (
    Answer,
    Call,
    CredentialsRefused,
    DoorShut,
    NoConnection,
    SourceBusy,
    SourceDown,
    TooSlow,
    WrongAnswer,
    judge,
)
from tests.claims.channels.conftest import nobody_trusted
from tests.running import free_port
from tests.shipping.sources.stub import Reply, Stub

NOW = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
PDF = ("application/pdf",)


@pytest.fixture
def stub(httpserver: HTTPServer) -> Stub:
    return Stub(httpserver)


@pytest.fixture
def pools() -> Iterator[PoolManager]:
    made = new_pools(allow_private=True, answer_seconds=0.5, trusted=nobody_trusted)
    yield made
    made.clear()


@pytest.fixture
def make_door(pools: PoolManager) -> Callable[..., Door]:
    def make(**given: Any) -> Door:
        options: dict[str, Any] = {
            "pools": pools,
            "allow_private": True,
            "most_bytes": 1000,
            "pause": lambda _: None,
        }
        return Door(**{**options, **given})

    return make


def free_turn() -> None:
    """It is always one's turn."""


def asked(door: Door, url: str) -> Answer:
    return door.ask(Call("GET", url), turn=free_turn, now=lambda: NOW)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://carrier.example.com/", "https"),
        ("ftp://carrier.example.com/", "https"),
        ("https://user:secret@carrier.example.com/", "user name"),
        ("https://127.0.0.1/", "private"),
        ("https://2130706433/", "private"),
        ("https://[::1]/", "private"),
        ("https://169.254.169.254/latest/meta-data/", "private"),
        ("https://localhost/", "private"),
        ("https://", "host"),
        ("https://[broken/", "address"),
    ],
)
def test_only_public_https_addresses_are_called(make_door: Callable[..., Door], url: str, why: str) -> None:
    with pytest.raises(DoorShut, match=why):
        asked(make_door(allow_private=False), url)


def test_a_public_name_that_leads_inside_is_not_called() -> None:
    def inside(host: str, port: int, *_: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.7", port))]

    pools = new_pools(allow_private=False, resolve=inside, trusted=nobody_trusted)
    door = Door(pools=pools, allow_private=False, most_bytes=1000, pause=lambda _: None)
    with pytest.raises(DoorShut, match="private network"):
        asked(door, "https://carrier.example.com/")


def test_a_redirect_is_an_answer_and_is_not_followed(make_door: Callable[..., Door], stub: Stub) -> None:
    stub.says(Reply(b"moved", 307, headers={"Location": f"{stub.url}/elsewhere"}))
    answer = asked(make_door(), f"{stub.url}/here")
    assert answer.status == 307
    assert [request.path for request in stub.asked] == ["/here"]
    with pytest.raises(WrongAnswer, match="not followed"):
        judge(answer, who="DHL", now=NOW)


def test_the_size_counts_after_decompression(make_door: Callable[..., Door], stub: Stub) -> None:
    packed = gzip.compress(b"x" * 100_000)
    assert len(packed) < 1000
    stub.says(Reply(packed, headers={"Content-Encoding": "gzip"}))
    with pytest.raises(DoorShut, match="larger than 1000 bytes"):
        asked(make_door(), stub.url)
    stub.says(Reply(gzip.compress(b"small"), headers={"Content-Encoding": "gzip"}))
    assert asked(make_door(), stub.url).body == b"small"
    stub.says(Reply(b"no gzip at all", headers={"Content-Encoding": "gzip"}))
    with pytest.raises(DoorShut, match="compression"):
        asked(make_door(), stub.url)


def test_an_answer_that_drips_is_given_up_and_not_asked_for_again(
    make_door: Callable[..., Door], stub: Stub
) -> None:
    stub.says(Reply(b"0123456789", slow=1.0))
    with pytest.raises(TooSlow):
        asked(make_door(), stub.url)
    assert len(stub.asked) == 1


def test_an_answer_that_breaks_off_is_asked_for_again(make_door: Callable[..., Door]) -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    whole = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Type: text/plain\r\n\r\nwhole"

    def serve() -> None:
        for body in (whole[:-3], whole):
            connection, _ = listener.accept()
            connection.recv(4096)
            connection.sendall(body)
            connection.close()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    assert asked(make_door(), f"http://127.0.0.1:{port}/").body == b"whole"
    thread.join(5)
    listener.close()


def test_trouble_that_may_pass_is_tried_three_times_with_growing_pauses_drawn_by_lot(
    make_door: Callable[..., Door], stub: Stub
) -> None:
    pauses: list[float] = []
    turns: list[int] = []
    stub.says(Reply(b"busy", 503))
    door = make_door(pause=pauses.append, lot=lambda: 0.5)
    answer = door.ask(Call("GET", stub.url), turn=lambda: turns.append(1), now=lambda: NOW)
    assert (answer.status, len(stub.asked), len(turns)) == (503, TRIES, TRIES)
    assert pauses == [0.25, 0.5]
    lots = {make_door(lot=lambda drawn=drawn: drawn)._pause_after(1, None) for drawn in (0.0, 0.3, 0.9)}
    assert len(lots) == 3
    assert all(0.125 <= pause <= 0.375 for pause in lots)


def test_a_short_retry_after_is_waited_out_and_a_long_one_is_handed_on(
    make_door: Callable[..., Door], stub: Stub
) -> None:
    pauses: list[float] = []
    stub.says(Reply(b"busy", 503, headers={"Retry-After": "2"}), Reply(b"fine"))
    assert asked(make_door(pause=pauses.append), stub.url).body == b"fine"
    assert pauses == [2.0]
    stub.asked.clear()
    stub.says(Reply(b"busy", 503, headers={"Retry-After": "600"}))
    answer = asked(make_door(), stub.url)
    assert (answer.status, answer.retry_after(NOW), len(stub.asked)) == (503, timedelta(minutes=10), 1)


def test_nobody_there_is_tried_three_times(make_door: Callable[..., Door]) -> None:
    turns: list[int] = []
    with pytest.raises(NoConnection):
        make_door().ask(
            Call("GET", f"http://127.0.0.1:{free_port()}/"), turn=lambda: turns.append(1), now=lambda: NOW
        )
    assert len(turns) == TRIES


def test_whoever_has_no_turn_asks_nothing(make_door: Callable[..., Door], stub: Stub) -> None:
    def no_turn() -> None:
        raise LookupError("not yet")

    with pytest.raises(LookupError):
        make_door().ask(Call("GET", stub.url), turn=no_turn, now=lambda: NOW)
    assert stub.asked == []


@pytest.mark.parametrize(
    ("said", "waits"),
    [
        ("30", timedelta(seconds=30)),
        ("Fri, 20 Nov 2026 10:05:00 GMT", timedelta(minutes=5)),
        ("Fri, 20 Nov 2026 09:00:00 GMT", timedelta(0)),
        ("999999999999", timedelta(hours=24)),
        ("soon", None),
        ("", None),
    ],
)
def test_retry_after_is_read_in_both_ways_of_writing_it(said: str, waits: timedelta | None) -> None:
    answer = Answer(429, {"retry-after": said}, b"")
    assert answer.retry_after(NOW) == waits
    with pytest.raises(SourceBusy) as caught:
        judge(answer, who="FedEx", now=NOW)
    assert caught.value.after == waits


@pytest.mark.parametrize(
    ("status", "kind"),
    [(401, CredentialsRefused), (403, CredentialsRefused), (408, SourceDown), (500, SourceDown)],
)
def test_a_status_is_told_apart(status: int, kind: type[Exception]) -> None:
    with pytest.raises(kind, match=f"FedEx answered {status}"):
        judge(Answer(status, {"content-type": "application/json"}, b"{}"), who="FedEx", now=NOW)


@pytest.mark.parametrize(
    "kind", ["application/json", "application/json; charset=utf-8", "application/problem+json"]
)
def test_json_is_taken_under_each_of_its_names(kind: str) -> None:
    answer = Answer(200, {"content-type": kind}, b"{}")
    assert judge(answer, who="FedEx", now=NOW) is answer


def test_a_foreign_link_is_followed_without_credentials_and_only_where_it_may_lead(
    make_door: Callable[..., Door], stub: Stub
) -> None:
    door = make_door()
    stub.says(Reply(b"%PDF-1.7", content_type="application/pdf"))
    url = f"{stub.url}/proof.pdf"
    answer = fetch_foreign(door, url, hosts=["127.0.0.1"], kinds=PDF, turn=free_turn)
    assert answer.body == b"%PDF-1.7"
    sent = {name.lower() for name in stub.asked[0].headers.keys()}  # noqa: SIM118
    assert not sent & {"authorization", "cookie", "dhl-api-key", "x-amz-access-token"}
    with pytest.raises(DoorShut, match="not on the list"):
        fetch_foreign(door, url, hosts=[".dhl.com"], kinds=PDF, turn=free_turn)
    with pytest.raises(DoorShut, match="not on the list"):
        fetch_foreign(
            door, "https://evil-dhl.com/x", hosts=[".dhl.com", "dhl.com"], kinds=PDF, turn=free_turn
        )
    stub.says(Reply(b"<html>", content_type="text/html"))
    with pytest.raises(DoorShut, match="text/html"):
        fetch_foreign(door, url, hosts=["127.0.0.1"], kinds=PDF, turn=free_turn)
    with pytest.raises(DoorShut, match="private"):
        fetch_foreign(
            make_door(allow_private=False),
            "https://127.0.0.1/x",
            hosts=["127.0.0.1"],
            kinds=PDF,
            turn=free_turn,
        )


def test_what_is_kept_of_a_request_has_no_key_in_it() -> None:
    call = Call(
        "GET",
        "https://x.example.com/a?api_key=abc&number=1",
        {"authorization": "Bearer abc"},
        b"abc",
        shown={"n": 1},
    )
    kept = call.without_secrets()
    assert kept == {"method": "GET", "url": "https://x.example.com/a?api_key=…&number=1", "body": {"n": 1}}
    assert "abc" not in repr(call.without_secrets())
