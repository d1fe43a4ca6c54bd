"""`notices/`: what is taken, what is refused and where, and that nothing sent is ever lost."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from accounts.models import Role, Seller
from claims.models import Claim, Deadline, Event, Notice, NoticeAttempt
from tests.claims.api.conftest import API, GERMANY, ORDER, pointers, signed_in, with_key
from tests.claims.conftest import member
from tests.openapi import CheckedClient

Body = Any
TOMORROW = timedelta(days=1)
AMERICA = "ATVPDKIKX0DER"
PARCEL = {"carrier": "dhl", "tracking_number": "00340434161094021501"}
DECISION = {"decision": "granted", "funded_by": "seller", "counts_in_odr": "yes"}


def rows() -> tuple[int, int, int, int]:
    return Notice.objects.count(), Claim.objects.count(), Deadline.objects.count(), Event.objects.count()


#: What is wrong, and where the answer points. `None` removes the field.
REFUSED: list[tuple[dict[str, Any], list[tuple[str, str]]]] = [
    ({"colour": "red"}, [("/colour", "unknown_field")]),
    ({"ship_to": {"town": "Bonn"}}, [("/ship_to/town", "unknown_field")]),
    ({"shipments": [PARCEL, {**PARCEL, "weight": 3}]}, [("/shipments/1/weight", "unknown_field")]),
    ({"notice_id": None}, [("/notice_id", "required")]),
    ({"notice_id": "x" * 256}, [("/notice_id", "max_length")]),
    ({"marketplace_id": None}, [("/marketplace_id", "required")]),
    ({"order_id": None}, [("/order_id", "required")]),
    ({"noticed_at": None}, [("/noticed_at", "required")]),
    ({"order_id": "405-123-1234567"}, [("/order_id", "invalid_order_id")]),
    ({"order_id": f"{ORDER}\n"}, []),
    ({"noticed_at": "2026-11-16T10:00:00"}, [("/noticed_at", "offset_missing")]),
    ({"noticed_at": "2026-11-16"}, [("/noticed_at", "date_only")]),
    ({"noticed_at": "yesterday"}, [("/noticed_at", "invalid")]),
    ({"amount": "-1.00", "currency": "EUR"}, [("/amount", "min_value")]),
    ({"amount": "12.345", "currency": "EUR"}, [("/amount", "max_decimal_places")]),
    ({"amount": "12.50", "currency": "JPY"}, [("/amount", "max_decimal_places")]),
    ({"amount": "119,00", "currency": "EUR"}, [("/amount", "invalid")]),
    ({"amount": "119.00"}, [("/currency", "required")]),
    ({"amount": "119.00", "currency": "XXX"}, [("/currency", "unknown_currency")]),
    ({"kind": "claim_seen"}, [("/kind", "invalid_choice")]),
    ({"reason": "lost"}, [("/reason", "invalid_choice")]),
    ({"requested": ["tracking", "horoscope"]}, [("/requested/1", "invalid_choice")]),
    ({"requested": ["\x00"]}, [("/requested/0", "null_characters_not_allowed")]),
    ({"requested": [["a"], 7]}, [("/requested/0", "invalid_choice"), ("/requested/1", "invalid_choice")]),
    ({"requested": "tracking"}, [("/requested", "not_a_list")]),
    ({"respond_by": "2026-01-01"}, [("/respond_by", "before_notice")]),
    ({"respond_by": "2026-01-01T00:00:00Z"}, [("/respond_by", "before_notice")]),
    ({"respond_by": "2026-12-01T10:00:00"}, [("/respond_by", "offset_missing")]),
    ({"respond_by": "2026-02-30"}, [("/respond_by", "invalid")]),
    ({"response_window_hours": 0}, [("/response_window_hours", "min_value")]),
    ({"decision": DECISION}, [("/decision", "not_allowed")]),
    ({"kind": "claim_withdrawn", "decision": DECISION}, [("/decision", "not_allowed")]),
    ({"kind": "claim_decided"}, [("/decision", "required")]),
    ({"kind": "appeal_decided"}, [("/decision", "required")]),
    ({"kind": "claim_decided", "decision": {"funded_by": "seller"}}, [("/decision/decision", "required")]),
    (
        {"kind": "claim_decided", "currency": "EUR", "decision": {**DECISION, "debited_amount": "-3"}},
        [("/decision/debited_amount", "min_value")],
    ),
    ({"kind": "claim_decided", "decision": {**DECISION, "debited_amount": "3"}}, [("/currency", "required")]),
    ({"ship_to": {"country_code": "Germany"}}, [("/ship_to/country_code", "invalid")]),
    ({"shipments": [{"carrier": "dhl"}]}, [("/shipments/0/tracking_number", "required")]),
    ({"shipments": [{**PARCEL, "shipped_at": "2026-11-01"}]}, [("/shipments/0/shipped_at", "date_only")]),
    ({"buyer_comment": "a\x00b"}, [("/buyer_comment", "null_characters_not_allowed")]),
    (
        {"shipments": [PARCEL, {**PARCEL, "carrier": "d\x00hl"}]},
        [("/shipments/1/carrier", "null_characters_not_allowed")],
    ),
    ({"ship_to": {"a\x00b": "x"}}, [("/ship_to/a\\x00b", "null_characters_not_allowed")]),
    ({"seller_id": "NOBODY"}, [("/seller_id", "does_not_exist")]),
]


@pytest.mark.parametrize(("change", "faults"), [row for row in REFUSED if row[1]])
def test_what_cannot_be_taken_is_pointed_at_and_kept_and_the_corrected_post_is_taken(
    amz_client: CheckedClient, notice_body: Body, change: dict[str, Any], faults: list[tuple[str, str]]
) -> None:
    body = {name: value for name, value in notice_body(**change).items() if value is not None}
    before = rows()
    refused = amz_client.post(f"{API}/notices/", body)
    assert (refused.status_code, pointers(refused)) == (400, faults)
    assert refused["Content-Type"].startswith("application/problem+json")
    assert rows() == before
    attempt = NoticeAttempt.objects.get()
    assert json.loads(bytes(attempt.raw)) == body
    assert [(e["pointer"], e["code"]) for e in attempt.errors] == faults
    assert attempt.seller is not None
    assert amz_client.post(f"{API}/notices/", notice_body()).status_code == 201


def test_null_in_an_optional_field_is_the_field_left_out_and_the_same_letter(
    amz_client: CheckedClient, notice_body: Body
) -> None:
    body = notice_body(ship_to={"city": "Bonn"}, shipments=[PARCEL])
    first = amz_client.post(f"{API}/notices/", body)
    left_out = (
        "amazon_claim_id", "reason", "reason_label", "buyer_comment", "amount", "currency", "respond_by", "kind",
        "response_window_hours", "request_text", "requested", "decision", "seller_id",
    )  # fmt: skip
    nulls = {name: None for name in left_out if name not in body}
    parcel = {
        **PARCEL,
        "service": None,
        "shipped_at": None,
        "claims_protected": None,
        "amazon_shipment_id": None,
    }
    again = amz_client.post(
        f"{API}/notices/",
        {**body, **nulls, "ship_to": {"city": "Bonn", "line2": None}, "shipments": [parcel]},
    )
    assert (first.status_code, again.status_code) == (201, 200)
    assert len(nulls) > 5
    for name in ("marketplace_id", "order_id", "noticed_at"):
        refused = amz_client.post(f"{API}/notices/", {**body, name: None})
        assert (refused.status_code, pointers(refused)) == (400, [(f"/{name}", "null")])


@pytest.mark.parametrize(
    ("noticed_at", "marketplace", "day", "due_at"),
    [
        ("2025-11-16T09:00:00Z", GERMANY, "2025-11-16", "2025-11-16T09:00:00Z"),
        ("2025-11-16T23:30:00Z", GERMANY, "2025-11-17", "2025-11-16T23:30:00Z"),
        ("2025-11-17T03:00:00Z", AMERICA, "2025-11-16", "2025-11-17T03:00:00Z"),
        ("2025-11-17T03:00:00Z", AMERICA, "2025-11-17", "2025-11-17T08:00:00Z"),
    ],
)
def test_a_letter_may_be_due_on_its_own_day(
    amz_client: CheckedClient, notice_body: Body, noticed_at: str, marketplace: str, day: str, due_at: str
) -> None:
    body = notice_body(noticed_at=noticed_at, marketplace_id=marketplace, respond_by=day)
    taken = amz_client.post(f"{API}/notices/", body)
    assert taken.status_code == 201, taken.json()
    clock = Deadline.objects.get(kind="response")
    assert clock.due_at == datetime.fromisoformat(due_at)


@pytest.mark.parametrize(
    ("noticed_at", "marketplace", "day"),
    [
        ("2025-11-16T09:00:00Z", GERMANY, "2025-11-15"),
        ("2025-11-16T23:30:00Z", GERMANY, "2025-11-16"),
        ("2025-11-17T03:00:00Z", AMERICA, "2025-11-15"),
    ],
)
def test_a_letter_is_not_due_on_a_day_before_its_own(
    amz_client: CheckedClient, notice_body: Body, noticed_at: str, marketplace: str, day: str
) -> None:
    before = rows()
    refused = amz_client.post(
        f"{API}/notices/", notice_body(noticed_at=noticed_at, marketplace_id=marketplace, respond_by=day)
    )
    assert (refused.status_code, pointers(refused)) == (400, [("/respond_by", "before_notice")])
    assert rows() == before


def test_a_byte_order_mark_says_nothing_and_is_kept_with_the_bytes(
    amz_client: CheckedClient, notice_body: Body
) -> None:
    raw = b"\xef\xbb\xbf" + json.dumps(notice_body()).encode()
    taken = amz_client.generic("POST", f"{API}/notices/", raw, content_type="application/json")
    assert (taken.status_code, bytes(Notice.objects.get().raw)) == (201, raw)
    again = amz_client.post(f"{API}/notices/", notice_body())
    assert (again.status_code, again.json()["id"]) == (200, taken.json()["id"])


def test_malformed_json_is_kept_byte_for_byte(amz_client: CheckedClient) -> None:
    raw = b'{"notice_id": "N-1", "order_id": \xff'
    refused = amz_client.generic("POST", f"{API}/notices/", raw, content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (400, "parse_error")
    attempt = NoticeAttempt.objects.get()
    assert bytes(attempt.raw) == raw
    assert attempt.media_type == "application/json"
    assert Notice.objects.count() == 0


def test_a_letter_from_the_future_is_refused_beyond_five_minutes(
    amz_client: CheckedClient, notice_body: Body, now: datetime
) -> None:
    late = amz_client.post(
        f"{API}/notices/", notice_body(noticed_at=(now + timedelta(minutes=7)).isoformat())
    )
    assert pointers(late) == [("/noticed_at", "in_future")]
    taken = amz_client.post(
        f"{API}/notices/", notice_body(noticed_at=(now + timedelta(minutes=4)).isoformat())
    )
    assert taken.status_code == 201
    assert Deadline.objects.get().noticed_at <= Notice.objects.get().received_at


def test_the_raw_bytes_are_kept_with_the_letter(amz_client: CheckedClient, notice_body: Body) -> None:
    raw = json.dumps(notice_body(buyer_comment="Où est-il ?"), indent=3).encode()
    answer = amz_client.generic("POST", f"{API}/notices/", raw, content_type="application/json")
    assert answer.status_code == 201
    assert bytes(Notice.objects.get().raw) == raw


def test_the_id_may_come_by_header_and_must_not_be_two(amz_client: CheckedClient, notice_body: Body) -> None:
    body = notice_body()
    del body["notice_id"]
    taken = amz_client.post(f"{API}/notices/", body, HTTP_IDEMPOTENCY_KEY="H-1")
    assert (taken.status_code, taken.json()["notice_id"]) == (201, "H-1")
    same = amz_client.post(f"{API}/notices/", {**body, "notice_id": "H-1"}, HTTP_IDEMPOTENCY_KEY="H-1")
    assert (same.status_code, same.json()["id"]) == (200, taken.json()["id"])
    two = amz_client.post(f"{API}/notices/", {**body, "notice_id": "H-2"}, HTTP_IDEMPOTENCY_KEY="H-1")
    assert (two.status_code, pointers(two)) == (400, [("/notice_id", "ambiguous")])


def test_the_same_id_with_other_content_keeps_both_and_names_both(
    amz_client: CheckedClient, notice_body: Body
) -> None:
    first = amz_client.post(f"{API}/notices/", notice_body()).json()
    other = amz_client.post(f"{API}/notices/", notice_body(buyer_comment="Never came."))
    assert (other.status_code, other.json()["code"]) == (409, "notice_conflict")
    kept = Notice.objects.get(status="conflict")
    assert (other.json()["notice"], other.json()["conflicts_with"]) == (kept.pk, first["id"])
    again = amz_client.post(f"{API}/notices/", notice_body(buyer_comment="Never came."))
    assert again.json()["notice"] == kept.pk
    assert Notice.objects.count() == 2
    shown = amz_client.get(f"{API}/notices/{kept.pk}/").json()
    assert (shown["status"], shown["claim"], shown["conflicts_with"]) == ("conflict", None, first["id"])


def test_equal_values_written_differently_are_the_same_content(
    amz_client: CheckedClient, notice_body: Body, now: datetime
) -> None:
    plain = notice_body(amount="34.9", currency="EUR", requested=["tracking", "signature"])
    other = {
        **plain,
        "amount": 34.90,
        "noticed_at": now.isoformat().replace("+00:00", "Z"),
        "requested": ["tracking", "signature", "tracking"],
    }
    first = amz_client.post(f"{API}/notices/", plain)
    second = amz_client.post(f"{API}/notices/", other)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["id"] == second.json()["id"]


def test_a_marketplace_nobody_knows_is_taken_and_counts_48_hours(
    amz_client: CheckedClient, notice_body: Body, now: datetime
) -> None:
    answer = amz_client.post(f"{API}/notices/", notice_body(marketplace_id="A0NEWSTORE"))
    assert answer.status_code == 201
    due = (now + timedelta(hours=48)).isoformat().replace("+00:00", "Z")
    assert answer.json()["claim"]["respond_by"] == due
    assert answer.json()["claim"]["marketplace"] == "A0NEWSTORE"


def test_a_bare_date_is_midnight_in_the_marketplaces_zone(
    amz_client: CheckedClient, notice_body: Body, now: datetime
) -> None:
    day = (now + timedelta(days=4)).date()
    claim = amz_client.post(f"{API}/notices/", notice_body(respond_by=day.isoformat())).json()["claim"]
    assert claim["deadline_basis"] == "stated_date"
    assert claim["respond_by"] in (
        f"{day - timedelta(days=1)}T23:00:00Z",
        f"{day - timedelta(days=1)}T22:00:00Z",
    )
    target = (now + timedelta(hours=48)).isoformat().replace("+00:00", "Z")
    assert claim["target_by"] == target


def test_a_window_in_a_claim_received_letter_moves_no_clock(
    amz_client: CheckedClient, notice_body: Body, now: datetime
) -> None:
    answer = amz_client.post(f"{API}/notices/", notice_body(kind="claim_received", response_window_hours=72))
    claim = amz_client.get(answer.json()["claim"]["url"]).json()
    assert (claim["state"], claim["respond_by"], claim["stated_window"]) == ("received", None, "72 hours")
    assert claim["prepare_by"] == (now + timedelta(hours=48)).isoformat().replace("+00:00", "Z")


def test_a_person_of_several_sellers_must_say_which(acme: Seller, bolt: Seller, notice_body: Body) -> None:
    carol = member("carol", acme)
    carol.memberships.create(seller=bolt, role=Role.AGENT)
    client = signed_in(carol)
    assert pointers(client.post(f"{API}/notices/", notice_body())) == [("/seller_id", "required")]
    taken = client.post(f"{API}/notices/", notice_body(seller_id="B2BOLT"))
    assert (taken.status_code, taken.json()["seller"], taken.json()["source"]) == (201, "B2BOLT", "form")


def test_a_viewer_may_read_letters_and_post_none(vera_client: CheckedClient, notice_body: Body) -> None:
    refused = vera_client.post(f"{API}/notices/", notice_body())
    assert (refused.status_code, refused.json()["code"]) == (403, "role_too_low")
    assert Notice.objects.count() == 0
    assert vera_client.get(f"{API}/notices/").status_code == 200


def test_an_agent_types_a_letter_into_the_form(alice_client: CheckedClient, now: datetime) -> None:
    form = {
        "notice_id": "by hand 1", "seller_id": "A1ACME", "marketplace_id": GERMANY, "order_id": ORDER,
        "kind": "information_requested", "noticed_at": now.isoformat(), "amount": "", "currency": "",
        "reason": "", "respond_by": "", "response_window_hours": "", "ship_to.name": "", "ship_to.city": "",
        "decision.decision": "", "decision.funded_by": "unknown", "decision.counts_in_odr": "unknown",
        "decision.debited_amount": "", "decision.decided_at": "", "decision.decision_text": "",
        "amazon_claim_id": "", "reason_label": "", "buyer_comment": "Wo ist es?", "request_text": "",
    }  # fmt: skip
    answer = alice_client.post(f"{API}/notices/", form, format="multipart")
    assert answer.status_code == 201, answer.json()
    assert b"Wo ist es?" in bytes(Notice.objects.get().raw)
    claim = Claim.objects.get()
    assert (claim.buyer_comment, claim.reason, claim.amount, claim.ship_to) == ("Wo ist es?", "", None, {})


MAIL = (
    b"From: Amazon <no-reply@amazon.co.jp>\r\nDate: Mon, 16 Nov 2026 10:00:00 +0900\r\n"
    b"Subject: A-to-z Guarantee: something new\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
    b"A-to-z Guarantee Claim, an unknown wording.\r\n"
)


def test_a_mail_that_nobody_can_read_waits_for_a_person_who_places_it(
    amz_client: CheckedClient, alice_client: CheckedClient, now: datetime
) -> None:
    posted = amz_client.generic("POST", f"{API}/notices/mail/", MAIL, content_type="message/rfc822")
    assert posted.status_code == 201, posted.json()
    letter = posted.json()
    assert (letter["status"], letter["claim"]) == ("needs_person", None)
    assert letter["prefill"]["noticed_at"] == "2026-11-16T01:00:00Z"
    assert letter["triage_due_at"] == "2026-11-18T01:00:00Z"
    assert bytes(Notice.objects.get().raw) == MAIL
    again = amz_client.generic("POST", f"{API}/notices/mail/", MAIL, content_type="message/rfc822")
    assert (again.status_code, again.json()["id"]) == (200, letter["id"])
    listed = alice_client.get(f"{API}/notices/?status=needs_person").json()["results"]
    assert [row["id"] for row in listed] == [letter["id"]]
    assert alice_client.get(f"{API}/notices/?status=processed").json()["results"] == []

    placed = alice_client.post(
        f"{API}/notices/{letter['id']}/resolve/",
        {
            "notice": {
                "marketplace_id": GERMANY,
                "order_id": ORDER,
                "noticed_at": letter["prefill"]["noticed_at"],
            }
        },
    )
    assert placed.status_code == 200, placed.json()
    assert (placed.json()["status"], placed.json()["claim"]["state"]) == ("resolved", "action_required")
    assert placed.json()["claim"]["respond_by"] == "2026-11-18T01:00:00Z"
    twice = alice_client.post(f"{API}/notices/{letter['id']}/resolve/", {"unrelated": "no"})
    assert (twice.status_code, twice.json()["code"]) == (409, "already_resolved")


def test_a_saved_mail_is_uploaded_by_form(alice_client: CheckedClient) -> None:
    from_form = {"seller_id": "A1ACME", "file": upload(MAIL)}
    answer = alice_client.post(f"{API}/notices/mail/", from_form, format="multipart")
    assert (answer.status_code, answer.json()["status"]) == (201, "needs_person")
    assert bytes(Notice.objects.get().raw) == MAIL


def upload(content: bytes, name: str = "letter.eml") -> Any:
    from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: PLC0415

    return SimpleUploadedFile(name, content)


def test_other_mail_is_kept_as_unrelated_and_an_empty_one_refused(amz_client: CheckedClient) -> None:
    other = b"From: a@example.com\r\nSubject: Your invoice\r\n\r\nHello\r\n"
    answer = amz_client.generic("POST", f"{API}/notices/mail/", other, content_type="message/rfc822")
    assert (answer.status_code, answer.json()["status"], answer.json()["claim"]) == (201, "unrelated", None)
    empty = amz_client.generic("POST", f"{API}/notices/mail/", b"  \r\n", content_type="message/rfc822")
    assert (empty.status_code, pointers(empty)) == (400, [("", "empty")])
    unknown = amz_client.generic(
        "POST", f"{API}/notices/mail/?seller_id=B2BOLT", MAIL, content_type="message/rfc822"
    )
    assert pointers(unknown) == [("/seller_id", "does_not_exist")]
    assert Notice.objects.count() == 1


def test_resolving_asks_for_exactly_one_answer(
    alice_client: CheckedClient, amz_client: CheckedClient
) -> None:
    posted = amz_client.generic("POST", f"{API}/notices/mail/", MAIL, content_type="message/rfc822").json()
    path = f"{API}/notices/{posted['id']}/resolve/"
    assert pointers(alice_client.post(path, {})) == [("", "one_of")]
    assert pointers(alice_client.post(path, {"claim_id": 999_999})) == [("/claim_id", "does_not_exist")]
    assert pointers(alice_client.post(path, {"notice": {"order_id": "7"}})) == [
        ("/notice/marketplace_id", "required"),
        ("/notice/order_id", "invalid_order_id"),
        ("/notice/noticed_at", "required"),
    ]
    assert Notice.objects.get().status == "needs_person"
    done = alice_client.post(path, {"unrelated": "An advert."})
    assert (done.json()["status"], done.json()["why"]) == ("unrelated", "An advert.")


def test_a_key_needs_the_scope(acme: Seller, notice_body: Body) -> None:
    reader = with_key(acme, ["claims:read"])
    refused = reader.post(f"{API}/notices/", notice_body())
    assert (refused.status_code, refused.json()["code"]) == (403, "scope_missing")
    assert NoticeAttempt.objects.count() == 0
    assert CheckedClient().post(f"{API}/notices/", notice_body()).status_code == 401


def test_taking_a_letter_costs_the_same_however_many_there_are(
    amz_client: CheckedClient, notice_body: Body, django_assert_max_num_queries: Any
) -> None:
    for number in range(3):
        amz_client.post(
            f"{API}/notices/", notice_body(notice_id=f"N-{number}", order_id=f"405-1234567-000000{number}")
        )
    with django_assert_max_num_queries(45) as counted:
        amz_client.post(f"{API}/notices/", notice_body(notice_id="N-9", order_id="405-1234567-0000009"))
    with django_assert_max_num_queries(9):
        amz_client.post(f"{API}/notices/", notice_body(notice_id="N-9", order_id="405-1234567-0000009"))
    assert len(counted) > 0
