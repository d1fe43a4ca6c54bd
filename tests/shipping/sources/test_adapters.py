"""Every source over real sockets: what is sent, what is kept, and what each kind of failure becomes."""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest

from shipping.models import Shipment, SourceAccount, TrackingSnapshot
from shipping.outward.exchange import (
    CredentialsRefused,
    DoorShut,
    SourceBusy,
    SourceDown,
    TooSlow,
    Unanswered,
    WrongAnswer,
)
from shipping.services.asking import Asked, ask_source
from shipping.sources.amazon import Amazon
from tests.shipping.conftest import SPRINGFIELD
from tests.shipping.sources.stub import NUMBER, Clock, Reply, Stub

Make = Callable[..., Any]


@dataclass(frozen=True)
class Case:
    """What one source must send: the last path asked, and the header that proves who asks."""

    source: str
    path: str
    header: tuple[str, str]
    provider: str
    good: bytes = b'{"answer": 1}'
    calls: int = 1
    parcel: dict[str, Any] = field(default_factory=dict)


def basic(user: str, password: str) -> str:
    return f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}"


BEARER = ("Authorization", "Bearer the-token")
TRACKED = json.dumps({"code": 0, "data": {"accepted": [{"number": NUMBER}], "rejected": []}}).encode()
CASES = [
    Case(
        "amazon", "/orders/2026-01-01/orders/405-1234567-1234567", ("x-amz-access-token", "the-token"),
        "amazon_order_2026_01_01", b'{"order": {"orderId": "405-1234567-1234567", "packages": []}}',
    ),
    Case("easypost", "/v2/trackers", ("Authorization", "Bearer api_key-of-acme"), "easypost"),
    Case("seventeentrack", "/gettrackinfo", ("17token", "api_key-of-acme"), "seventeentrack", TRACKED, calls=2),
    Case("fedex", "/track/v1/trackingnumbers", BEARER, "fedex"),
    Case("ups", f"/api/track/v1/details/{NUMBER}", BEARER, "ups"),
    Case("usps", f"/tracking/v3/tracking/{NUMBER}", BEARER, "usps"),
    Case("dhl_unified", "/track/shipments", ("DHL-API-Key", "api_key-of-acme"), "dhl_unified"),
    Case(
        "mydhl", f"/shipments/{NUMBER}/tracking",
        ("Authorization", basic("username-of-acme", "password-of-acme")), "mydhl",
    ),
]  # fmt: skip
every_source = pytest.mark.parametrize("case", CASES, ids=[case.source for case in CASES])


@pytest.fixture
def ask(make_account: Make, make_shipment: Callable[..., Shipment], clock: Clock) -> Callable[..., Asked]:
    def run(case: Case, **given: Any) -> Asked:
        account: SourceAccount = given.pop("account", None) or make_account(case.source)
        shipment = given.pop("shipment", None) or make_shipment(NUMBER, **case.parcel)
        options = {"is_new": True, "is_watched": False, "is_urgent": False, "wants_proof": False, **given}
        return ask_source(account=account, shipment=shipment, now=clock, **options)

    return run


@every_source
def test_it_says_who_asks_and_keeps_what_is_answered_byte_for_byte(
    case: Case, ask: Callable[..., Asked], stub: Stub
) -> None:
    stub.says(Reply(case.good))
    asked = ask(case)
    assert (asked.kept, asked.failure, asked.not_yet) == (1, None, None)
    assert len(stub.asked) == case.calls
    request = stub.asked[-1]
    assert request.path == case.path
    assert request.headers[case.header[0]] == case.header[1]
    assert request.headers["Host"] == stub.url.removeprefix("http://")
    kept = TrackingSnapshot.objects.get()
    assert (kept.provider, bytes(kept.raw), kept.http_status) == (case.provider, case.good, 200)
    assert (kept.channel, kept.content_type, kept.signature_verified) == ("poll", "application/json", None)
    assert kept.request["url"].startswith(stub.url)
    assert "of-acme" not in json.dumps(kept.request)
    assert "the-token" not in json.dumps(kept.request)


@every_source
def test_nothing_of_the_buyer_leaves_the_house(case: Case, ask: Callable[..., Asked], stub: Stub) -> None:
    stub.says(Reply(case.good))
    ask(case)
    sent = [f"{request.url} {request.get_data(as_text=True)}" for request in [*stub.asked, *stub.tokens]]
    for part in ("Jane", "Elm", SPRINGFIELD["city"], SPRINGFIELD["postal_code"]):
        assert not any(part in text for text in sent)


FAILURES: list[tuple[str, Reply, type[Unanswered]]] = [
    ("401", Reply(b'{"errors": [{"code": "Unauthorized", "message": "no"}]}', 401), CredentialsRefused),
    ("429", Reply(b"{}", 429), SourceBusy),
    ("429 with Retry-After", Reply(b"{}", 429, headers={"Retry-After": "120"}), SourceBusy),
    ("500", Reply(b'{"error": {"message": "oops"}}', 500), SourceDown),
    ("503", Reply(b"{}", 503), SourceDown),
    ("redirect", Reply(b"{}", 302, headers={"Location": "http://127.0.0.1:1/elsewhere"}), WrongAnswer),
    ("wrong content type", Reply(b"<html>Maintenance</html>", content_type="text/html"), WrongAnswer),
    ("no content type", Reply(b"{}", content_type=""), WrongAnswer),
    ("nothing", Reply(b""), WrongAnswer),
]


@every_source
def test_a_failure_is_told_apart_and_leaves_no_answer(
    case: Case,
    ask: Callable[..., Asked],
    stub: Stub,
    make_account: Make,
    make_shipment: Callable[..., Shipment],
) -> None:
    account, shipment = make_account(case.source), make_shipment(NUMBER)
    for name, reply, kind in FAILURES:
        stub.says(reply)
        asked = ask(case, account=account, shipment=shipment)
        assert type(asked.failure) is kind, (name, asked)
        assert "of-acme" not in str(asked.failure)
        if isinstance(asked.failure, SourceBusy):
            wanted = timedelta(seconds=120) if "with" in name else None
            assert asked.failure.after == wanted
    assert not TrackingSnapshot.objects.exists()


@every_source
@pytest.mark.parametrize("status", [404, 422])
def test_an_answer_about_the_number_is_kept_whatever_its_status(
    case: Case, status: int, ask: Callable[..., Asked], stub: Stub
) -> None:
    body = json.dumps(
        {"error": {"code": "X", "message": "unknown"}, "errors": [{"code": "X"}], "code": 0}
    ).encode()
    stub.says(Reply(body, status))
    asked = ask(case)
    assert asked.failure is None
    kept = TrackingSnapshot.objects.get()
    assert (kept.http_status, bytes(kept.raw)) == (status, body)
    assert kept.status in ("not_found", "error_answer", "unsupported")


@every_source
def test_a_cut_answer_is_kept_and_nothing_is_read_from_it(
    case: Case, ask: Callable[..., Asked], stub: Stub
) -> None:
    cut = b'{"tracking_code": "9400111206206407628746", "tracking_det'
    stub.says(Reply(cut))
    asked = ask(case)
    assert asked.failure is None
    kept = TrackingSnapshot.objects.get()
    assert bytes(kept.raw) == cut
    assert kept.status in ("unreadable", "unsupported")
    assert (asked.fault != "") is (kept.status == "unreadable")


@every_source
@pytest.mark.parametrize(
    "body",
    [b"[" * 200_000, b"[]", b"null", b'"words"', b'{"code": []}', b'{"id": 5}', b'{"error": "x"}'],
    ids=["deep", "list", "null", "text", "code", "number", "error"],
)
def test_an_answer_of_another_shape_ends_nothing_but_its_own_question(
    case: Case, body: bytes, ask: Callable[..., Asked], stub: Stub
) -> None:
    stub.says(Reply(body))
    asked = ask(case)
    assert (asked.failure is not None) or asked.kept == len(TrackingSnapshot.objects.all())
    assert {bytes(kept.raw) for kept in TrackingSnapshot.objects.all()} <= {body}


@every_source
def test_a_body_that_drips_is_given_up(
    case: Case, ask: Callable[..., Asked], stub: Stub, settings: Any
) -> None:
    settings.SOURCE_ANSWER_SECONDS = 0.4
    stub.says(Reply(case.good, slow=0.8))
    asked = ask(case)
    assert type(asked.failure) is TooSlow
    assert len(stub.asked) == 1


@every_source
def test_an_answer_that_is_too_large_is_not_taken_in(
    case: Case, ask: Callable[..., Asked], stub: Stub, settings: Any
) -> None:
    settings.TRACKING_MAX_BYTES = 100
    stub.says(Reply(b'{"much": "' + b"x" * 200 + b'"}'))
    asked = ask(case)
    assert type(asked.failure) is DoorShut


@every_source
def test_a_passing_trouble_is_tried_again_at_once(case: Case, ask: Callable[..., Asked], stub: Stub) -> None:
    stub.says(Reply(b"{}", 502), Reply(case.good))
    asked = ask(case)
    assert (asked.kept, asked.failure) == (1, None)
    assert len(stub.asked) == case.calls + 1


@pytest.mark.parametrize("case", [case for case in CASES if case.header[1].endswith("the-token")])
def test_a_token_is_used_again_and_replaced_once_when_it_has_run_out(
    case: Case,
    ask: Callable[..., Asked],
    stub: Stub,
    make_account: Make,
    make_shipment: Callable[..., Shipment],
) -> None:
    account, shipment = make_account(case.source), make_shipment(NUMBER)
    stub.says(Reply(case.good))
    ask(case, account=account, shipment=shipment)
    ask(case, account=account, shipment=shipment)
    assert len(stub.tokens) == 1
    stub.says(Reply(b"{}", 401), Reply(case.good))
    assert ask(case, account=account, shipment=shipment).failure is None
    assert len(stub.tokens) == 2
    stub.grant = Reply(b'{"error": "invalid_client"}', 400)
    stub.says(Reply(b"{}", 401), Reply(case.good))
    asked = ask(case, account=account, shipment=shipment)
    assert type(asked.failure) is CredentialsRefused
    assert len(stub.tokens) == 3


def test_fedex_is_asked_for_the_document_where_it_announces_one(
    ask: Callable[..., Asked], stub: Stub
) -> None:
    case = next(case for case in CASES if case.source == "fedex")
    announced = b'{"output": {"availableImages": [{"type": "SIGNATURE_PROOF_OF_DELIVERY"}]}}'
    letter = b'{"output": {"documentType": "SIGNATURE_PROOF_OF_DELIVERY", "documents": ["JVBERi0="]}}'
    stub.says(Reply(announced), Reply(letter))
    asked = ask(case, wants_proof=True)
    assert (asked.kept, asked.proof_asked) == (2, True)
    sent = json.loads(stub.asked[1].get_data())
    assert stub.asked[1].path == "/track/v1/trackingdocuments"
    assert sent["trackDocumentSpecification"][0]["accountNumber"] == "account_number-of-acme"
    kept = TrackingSnapshot.objects.order_by("id").last()
    assert kept is not None
    assert bytes(kept.raw) == letter
    assert kept.request["body"] == {"documentType": "SIGNATURE_PROOF_OF_DELIVERY"}


def test_fedex_is_not_asked_for_a_document_that_is_not_there(ask: Callable[..., Asked], stub: Stub) -> None:
    case = next(case for case in CASES if case.source == "fedex")
    assert ask(case, wants_proof=True).kept == 1
    assert [request.path for request in stub.asked] == ["/track/v1/trackingnumbers"]


def test_mydhl_gives_its_proof_and_the_account_number_is_not_kept(
    ask: Callable[..., Asked], stub: Stub
) -> None:
    case = next(case for case in CASES if case.source == "mydhl")
    stub.says(Reply(case.good), Reply(b'{"documents": [{"content": "JVBERi0="}]}'))
    assert ask(case, wants_proof=True).kept == 2
    assert stub.asked[1].path == f"/shipments/{NUMBER}/proof-of-delivery"
    assert stub.asked[1].args["shipperAccountNumber"] == "account_number-of-acme"
    kept = TrackingSnapshot.objects.order_by("id").last()
    assert kept is not None
    assert "account_number-of-acme" not in kept.request["url"]


def test_amazon_is_asked_for_the_label_and_for_its_own_tracking_where_there_are_any(
    ask: Callable[..., Asked], stub: Stub, make_shipment: Callable[..., Shipment]
) -> None:
    shipment = make_shipment("TBA123456789000", carrier="Amazon Logistics", amazon_shipment_id="abc-123")
    stub.says(Reply(b'{"payload": {}}'))
    asked = ask(CASES[0], shipment=shipment)
    assert asked.failure is None
    assert [request.path for request in stub.asked] == [
        "/orders/2026-01-01/orders/405-1234567-1234567", "/mfn/v0/shipments/abc-123", "/shipping/v2/tracking",
    ]  # fmt: skip
    assert stub.asked[0].args["includedData"] == "PACKAGES,RECIPIENT,FULFILLMENT"
    assert (stub.asked[2].args["trackingId"], stub.asked[2].args["carrierId"]) == (
        "TBA123456789000",
        "AMZN_US",
    )
    providers = TrackingSnapshot.objects.order_by("id").values_list("provider", flat=True)
    assert list(providers) == ["amazon_order_2026_01_01", "amazon_mfn_shipment", "amazon_tracking_v2"]


def test_a_linked_photo_is_fetched_once_from_hosts_of_its_source_and_kept(
    ask: Callable[..., Asked],
    stub: Stub,
    make_account: Make,
    make_shipment: Callable[..., Shipment],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    terms = Amazon.terms
    number = "TBA123456789000"
    account = make_account("amazon")
    shipment = make_shipment(number, carrier="Amazon Logistics")
    tracking = {
        "payload": {
            "trackingId": number,
            "summary": {
                "status": "Delivered",
                "proofOfDelivery": {"deliveryImageURL": f"{stub.url}/photo.jpg"},
            },
            "eventHistory": [],
        }
    }
    said = [Reply(b'{"order": {}}'), Reply(json.dumps(tracking).encode())]
    stub.says(*said, Reply(b"jpeg bytes", content_type="image/jpeg"))
    asked = ask(CASES[0], account=account, shipment=shipment)
    assert asked.note.startswith("A linked document was not fetched: The link leads to 127.0.0.1")
    assert [request.path for request in stub.asked[2:]] == []
    monkeypatch.setattr(Amazon, "terms", replace(terms, linked={"amazon_tracking_v2": ("127.0.0.1",)}))
    for _ in range(2):
        stub.says(*said, Reply(b"jpeg bytes", content_type="image/jpeg"))
        assert ask(CASES[0], account=account, shipment=shipment).note == ""
    fetched = [request for request in stub.asked if request.path == "/photo.jpg"]
    assert len(fetched) == 1
    assert not {"x-amz-access-token", "authorization"} & {name.lower() for name, _ in fetched[0].headers}
    kept = TrackingSnapshot.objects.get(provider="linked_document")
    assert (bytes(kept.raw), kept.content_type) == (b"jpeg bytes", "image/jpeg")
    assert kept.request["link"] == f"{stub.url}/photo.jpg"


def test_17track_registers_a_number_once_and_tells_quota_and_key_from_a_rejected_number(
    ask: Callable[..., Asked], stub: Stub, make_account: Make, make_shipment: Callable[..., Shipment]
) -> None:
    case = next(case for case in CASES if case.source == "seventeentrack")
    account, shipment = make_account(case.source), make_shipment(NUMBER)

    def rejected(code: int) -> Reply:
        body = {"code": 0, "data": {"accepted": [], "rejected": [{"number": "x", "error": {"code": code}}]}}
        return Reply(json.dumps(body).encode())

    stub.says(rejected(-18019902), Reply(TRACKED), Reply(TRACKED))
    assert ask(case, account=account, shipment=shipment, is_new=False).kept == 1
    assert [request.path for request in stub.asked] == ["/gettrackinfo", "/register", "/gettrackinfo"]
    stub.says(rejected(-18019909))
    assert ask(case, account=account, shipment=shipment, is_new=False).kept == 1
    stub.says(rejected(-18019908))
    busy = ask(case, account=account, shipment=shipment, is_new=False).failure
    assert type(busy) is SourceBusy
    stub.says(Reply(b'{"code": -18010002, "data": {"errors": [{"code": -18010002}]}}'))
    refused = ask(case, account=account, shipment=shipment, is_new=False).failure
    assert type(refused) is CredentialsRefused
