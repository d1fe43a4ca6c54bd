"""Work on a claim by HTTP: facts under a revision, actions and their refusals, bulk, clocks, policies, warnings."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from accounts.models import Membership, Role, Seller, User
from claims.models import Claim, Deadline, Delivery, Event, PolicyWindow, Reply, Warning
from claims.services.replies import draft_reply
from tests.claims.api.conftest import API, GERMANY, pointers, signed_in, with_key
from tests.claims.conftest import member
from tests.claims.stories import AMZ, claim_of, granted, letter
from tests.openapi import CheckedClient


@pytest.fixture
def claim(acme: Seller, now: datetime) -> Claim:
    return claim_of(letter(acme, at=now - timedelta(hours=1)))


@pytest.fixture
def reply(claim: Claim, now: datetime) -> Reply:
    return draft_reply(claim_id=claim.pk, kind=None, language="en", actor=AMZ, now=now)[0]


def revision(claim: Claim) -> int:
    return Claim.objects.get(pk=claim.pk).revision


def test_facts_change_under_the_revision_that_was_read(alice_client: CheckedClient, claim: Claim) -> None:
    path, read = f"{API}/claims/{claim.pk}/", revision(claim)
    answer = alice_client.patch(
        path,
        {
            "revision": read,
            "reason": "late",
            "amount": "12.5",
            "currency": "EUR",
            "ship_to": {"city": "Bonn", "name": ""},
        },
    )
    assert answer.status_code == 200, answer.json()
    body = answer.json()
    assert (body["reason"], body["amount"], body["ship_to"]) == ("late", "12.50", {"city": "Bonn"})
    assert body["revision"] > read
    assert answer["ETag"] == f'"{body["revision"]}"'
    event = Event.objects.get(verb="claim_updated")
    assert (event.user_id, event.facts["changed"]["reason"]) == (event.user_id, ["", "late"])


@pytest.mark.parametrize(
    ("body", "header", "status", "code", "where"),
    [
        ({}, None, 400, "invalid", [("/revision", "required")]),
        ({"revision": 99}, None, 409, "stale_revision", []),
        ({}, '"99"', 412, "precondition_failed", []),
        ({"revision": 1}, '"99"', 400, "invalid", [("/revision", "if_match")]),
        ({}, "99", 400, "invalid", [("/revision", "if_match")]),
        ({}, "*", 400, "invalid", [("/revision", "if_match")]),
        ({"revision": "new"}, None, 400, "invalid", [("/revision", "invalid")]),
    ],
)
def test_a_write_names_its_revision_in_body_or_header(
    alice_client: CheckedClient, claim: Claim, reply: Reply, body: dict[str, Any], header: str | None, status: int,
    code: str, where: list[tuple[str, str]],
) -> None:  # fmt: skip
    headers: dict[str, Any] = {"HTTP_IF_MATCH": header} if header else {}
    texts = [(f"claims/{claim.pk}/", {"reason": "late"}), (f"replies/{reply.pk}/", {"text": "Dear Amazon"})]
    for path, change in texts:
        refused = alice_client.patch(f"{API}/{path}", {**body, **change}, **headers)
        assert (refused.status_code, refused.json()["code"], pointers(refused)) == (status, code, where)
    for verb in ("approve", "confirm-submission"):
        refused = alice_client.post(f"{API}/replies/{reply.pk}/{verb}/", body, **headers)
        assert (refused.status_code, refused.json()["code"], pointers(refused)) == (status, code, where)
    assert Claim.objects.get(pk=claim.pk).reason == ""
    unchanged = Reply.objects.get(pk=reply.pk)
    assert (unchanged.text, unchanged.revision, unchanged.status) == (reply.text, 1, "draft")


def test_the_header_alone_is_enough(alice_client: CheckedClient, claim: Claim, reply: Reply) -> None:
    read = alice_client.get(f"{API}/replies/{reply.pk}/")
    assert read["ETag"] == '"1"'
    approved = alice_client.post(f"{API}/replies/{reply.pk}/approve/", {}, HTTP_IF_MATCH=read["ETag"])
    assert (approved.status_code, approved["ETag"], approved.json()["status"]) == (200, '"2"', "approved")
    edited = alice_client.patch(f"{API}/replies/{reply.pk}/", {"text": "Other words."}, HTTP_IF_MATCH='"2"')
    assert (edited.json()["status"], edited.json()["text"], edited.json()["revision"]) == (
        "draft",
        "Other words.",
        3,
    )


def test_forbidden_content_is_shown_before_and_stops_approval(
    alice_client: CheckedClient, claim: Claim, reply: Reply
) -> None:
    edited = alice_client.patch(
        f"{API}/replies/{reply.pk}/", {"revision": 1, "text": "Write to us at help@example.com please."}
    )
    assert len(edited.json()["lint"]) == 1
    refused = alice_client.post(f"{API}/replies/{reply.pk}/approve/", {"revision": 2})
    assert (refused.status_code, [place for place, _ in pointers(refused)]) == (400, ["/text"])
    assert Reply.objects.get(pk=reply.pk).status == "draft"


def test_a_text_without_facts_says_so_in_data_and_on_its_pages_and_may_be_approved(
    alice_client: CheckedClient, claim: Claim, reply: Reply
) -> None:
    place = f"{API}/replies/{reply.pk}/"
    said = alice_client.get(place).json()
    assert (said["without_facts"], said["lint"]) == (True, [])
    no_parcel, not_handed_in = "No shipment is known for this order.", "Nothing handed in yet."
    assert [(row["kind"], row["reason"]) for row in said["missing"]] == [
        ("dispatch", no_parcel),
        ("tracking", no_parcel),
        ("proof_of_delivery", no_parcel),
        ("delivery_address", "The buyer's delivery address is not known."),
        ("carrier_details", no_parcel),
        ("signature", "No signature on file: no delivery is on file."),
        ("delivery_photo", not_handed_in),
        ("buyer_acknowledgement", not_handed_in),
    ]
    for page in (place, f"{API}/claims/{claim.pk}/"):
        html = alice_client.get(page, headers={"Accept": "text/html"}).content.decode()
        assert "No fact is on file for this claim." in html
    approved = alice_client.post(f"{place}approve/", {"revision": 1}).json()
    assert (approved["status"], approved["without_facts"]) == ("approved", True)


@pytest.mark.parametrize(
    ("change", "faults"),
    [
        ({"state": "closed"}, [("/state", "unknown_field")]),
        ({"order_id": "405-1234567-1234567"}, [("/order_id", "unknown_field")]),
        ({"amount": "-1"}, [("/amount", "min_value")]),
        ({"amount": "1.00"}, [("/currency", "required")]),
        ({"amount": "1.50", "currency": "JPY"}, [("/amount", "max_decimal_places")]),
        ({"reason": "bad luck"}, [("/reason", "invalid_choice")]),
        ({"ship_to": {"planet": "Earth"}}, [("/ship_to/planet", "unknown_field")]),
    ],
)
def test_facts_that_cannot_be_are_pointed_at(
    alice_client: CheckedClient, claim: Claim, change: dict[str, Any], faults: list[tuple[str, str]]
) -> None:
    before = revision(claim)
    refused = alice_client.patch(f"{API}/claims/{claim.pk}/", {"revision": before, **change})
    assert (refused.status_code, pointers(refused)) == (400, faults)
    assert revision(claim) == before


def test_an_action_that_the_state_does_not_take_names_those_it_takes(
    alice_client: CheckedClient, claim: Claim
) -> None:
    refused = alice_client.post(f"{API}/claims/{claim.pk}/reopen/", {"reason": "why not"})
    assert (refused.status_code, refused.json()["code"]) == (409, "action_not_allowed")
    assert refused.json()["allowed_actions"] == ["confirm_submission", "record_decision", "concede"]
    assert Claim.objects.get(pk=claim.pk).state == "action_required"


def test_the_appeal_shows_while_its_clock_counts(
    alice_client: CheckedClient, acme: Seller, now: datetime
) -> None:
    lost = claim_of(letter(acme, "claim_decided", at=now, decision=granted()))
    row = alice_client.get(f"{API}/claims/{lost.pk}/").json()
    assert "submit_appeal" in row["allowed_actions"]
    Deadline.objects.filter(claim=lost, kind="appeal").update(status="missed")
    assert "submit_appeal" in alice_client.get(f"{API}/claims/{lost.pk}/").json()["allowed_actions"]
    Deadline.objects.filter(claim=lost, kind="appeal").update(settled=True, next_warn_at=None)
    assert "submit_appeal" not in alice_client.get(f"{API}/claims/{lost.pk}/").json()["allowed_actions"]


def test_who_may_only_read_is_offered_no_action(
    vera_client: CheckedClient, alice_client: CheckedClient, acme: Seller, claim: Claim
) -> None:
    def offered(client: CheckedClient) -> list[list[str]]:
        row = client.get(f"{API}/claims/").json()["results"][0]
        return [row["allowed_actions"], client.get(f"{API}/claims/{claim.pk}/").json()["allowed_actions"]]

    full = ["confirm_submission", "record_decision", "concede"]
    assert offered(alice_client) == [full, full]
    assert offered(with_key(acme, ["claims:read", "replies:write"])) == [full, full]
    assert offered(vera_client) == [[], []]
    assert offered(with_key(acme, ["claims:read", "evidence:write"])) == [[], []]


def test_a_person_of_two_sellers_is_offered_actions_where_he_may_act(
    acme: Seller, bolt: Seller, claim: Claim, now: datetime
) -> None:
    both = member("both", acme, Role.VIEWER)
    Membership.objects.create(user=both, seller=bolt, role=Role.AGENT)
    claim_of(letter(bolt, at=now))
    rows = signed_in(both).get(f"{API}/claims/").json()["results"]
    assert {row["seller"]: bool(row["allowed_actions"]) for row in rows} == {"A1ACME": False, "B2BOLT": True}


def test_work_on_a_claim(alice_client: CheckedClient, alice: User, lea: User, claim: Claim) -> None:
    path = f"{API}/claims/{claim.pk}"
    given = alice_client.post(f"{path}/assign/", {"assignee": lea.pk})
    assert given.json()["assignee"] == {"id": lea.pk, "name": "lea"}
    assert alice_client.post(f"{path}/assign/", {"assignee": None}).json()["assignee"] is None
    assert pointers(alice_client.post(f"{path}/assign/", {"assignee": 987_654})) == [
        ("/assignee", "does_not_exist")
    ]
    assert pointers(alice_client.post(f"{path}/assign/", {})) == [("/assignee", "required")]
    seen = alice_client.post(f"{path}/acknowledge/", {}).json()
    assert seen["acknowledged_at"] is not None
    noted = alice_client.post(f"{path}/note/", {"text": "The buyer called."}).json()
    assert noted["events"][-1]["verb"] == "note"
    assert noted["events"][-1]["facts"] == {"text": "The buyer called."}
    assert (noted["events"][-1]["actor"], noted["events"][-1]["actor_kind"]) == ("alice", "user")
    conceded = alice_client.post(f"{path}/concede/", {"reason": "No tracking."}).json()
    assert (conceded["state"], conceded["fought"], conceded["respond_by"]) == ("under_review", False, None)


def test_bulk_assigns_within_each_claims_seller(
    alice_client: CheckedClient, lea: User, acme: Seller, claim: Claim, now: datetime
) -> None:
    other = claim_of(letter(acme, at=now, order_id="405-1234567-7654321"))
    answer = alice_client.post(
        f"{API}/claims/bulk/", {"action": "assign", "ids": [claim.pk, other.pk, claim.pk], "assignee": lea.pk}
    )
    assert answer.json() == {"results": [{"id": claim.pk, "status": 200}, {"id": other.pk, "status": 200}]}
    assert set(Claim.objects.values_list("assignee_id", flat=True)) == {lea.pk}
    form = {"action": "collect_evidence", "ids": f"{claim.pk}, {other.pk}"}
    collected = alice_client.post(f"{API}/claims/bulk/", form, format="multipart")
    assert [row["status"] for row in collected.json()["results"]] == [200, 200]


@pytest.mark.parametrize(
    ("body", "faults"),
    [
        ({"action": "close", "ids": [1]}, [("/action", "invalid_choice")]),
        ({"action": "assign", "ids": [1]}, [("/assignee", "required")]),
        ({"action": "acknowledge", "ids": []}, [("/ids", "min_length")]),
        ({"action": "acknowledge", "ids": list(range(1, 202))}, [("/ids", "max_length")]),
        ({"action": "acknowledge", "ids": ["x"]}, [("/ids/0", "invalid")]),
        ({"action": "acknowledge", "ids": [1, 2**63, 3]}, [("/ids/1", "out_of_range")]),
        ({"action": "acknowledge"}, [("/ids", "required")]),
    ],
)
def test_a_bulk_that_cannot_be_is_pointed_at(
    alice_client: CheckedClient, body: dict[str, Any], faults: list[tuple[str, str]]
) -> None:
    refused = alice_client.post(f"{API}/claims/bulk/", body)
    assert (refused.status_code, pointers(refused)) == (400, faults)


def test_a_lead_moves_and_cancels_a_clock(
    lea_client: CheckedClient, alice_client: CheckedClient, claim: Claim, now: datetime
) -> None:
    clock = Deadline.objects.get(claim=claim)
    path = f"{API}/deadlines/{clock.pk}"
    due = (now + timedelta(hours=70)).isoformat().replace("+00:00", "Z")
    moved = lea_client.post(f"{path}/move/", {"due_at": due, "reason": "Seller Central says so."})
    assert moved.status_code == 200, moved.json()
    body = moved.json()
    assert (body["due_at"], body["basis"], body["version"], body["status"]) == (
        due,
        "set_by_agent",
        2,
        "open",
    )
    assert body["target_at"] == (clock.noticed_at + timedelta(hours=48)).isoformat().replace("+00:00", "Z")
    assert alice_client.get(f"{API}/claims/{claim.pk}/").json()["respond_by"] == due
    assert pointers(lea_client.post(f"{path}/move/", {"due_at": "2027-01-01T10:00:00"})) == [
        ("/due_at", "offset_missing"),
        ("/reason", "required"),
    ]
    cancelled = lea_client.post(f"{path}/cancel/", {"reason": "Answered by phone."}).json()
    assert (cancelled["status"], cancelled["closed_reason"], cancelled["seconds_left"]) == (
        "cancelled",
        "Answered by phone.",
        None,
    )
    assert lea_client.post(f"{path}/cancel/", {"reason": "again"}).status_code == 409


def test_clocks_are_listed_nearest_first_and_filtered(
    alice_client: CheckedClient, acme: Seller, claim: Claim, now: datetime
) -> None:
    prepared = claim_of(letter(acme, "claim_received", at=now, order_id="405-1234567-7654321"))
    rows = alice_client.get(f"{API}/deadlines/").json()["results"]
    assert [(row["claim"], row["kind"]) for row in rows] == [
        (claim.pk, "response"),
        (prepared.pk, "preparation"),
    ]
    for query, claims in [
        (f"claim={prepared.pk}", [prepared.pk]),
        ("kind=response", [claim.pk]),
        ("status=met", []),
        ("due_within=3d", [claim.pk, prepared.pk]),
        ("due_within=5h", []),
    ]:
        found = alice_client.get(f"{API}/deadlines/?{query}").json()["results"]
        assert [row["claim"] for row in found] == claims, query
    for query, pointer in [("claim=x", "/claim"), ("kind=x", "/kind"), ("due_within=x", "/due_within")]:
        refused = alice_client.get(f"{API}/deadlines/?{query}")
        assert (refused.status_code, [place for place, _ in pointers(refused)]) == (400, [pointer])


def test_warnings_tell_who_was_told(
    alice_client: CheckedClient, alice: User, lea_client: CheckedClient, claim: Claim, now: datetime
) -> None:
    warning = Warning.objects.create(
        seller=claim.seller, claim=claim, deadline=claim.deadlines.get(), stage="at_once", stage_at=now,
        created_at=now, status="sent",
    )  # fmt: skip
    Delivery.objects.create(
        warning=warning, recipient="alice@example.com", user=alice, channel="email", status="sent", attempts=1,
        created_at=now, sent_at=now, message_id="m",
    )  # fmt: skip
    row = alice_client.get(f"{API}/warnings/").json()["results"][0]
    assert (row["claim"], row["deadline_kind"], row["stage"], row["order_id"]) == (
        claim.pk,
        "response",
        "at_once",
        claim.order_id,
    )
    assert row["deliveries"] == [
        {
            "recipient": "alice@example.com", "channel": "email", "round": 1, "status": "sent", "attempts": 1,
            "sent_at": now.isoformat().replace("+00:00", "Z"), "last_error": "",
        }
    ]  # fmt: skip
    assert len(alice_client.get(f"{API}/warnings/?mine=true").json()["results"]) == 1
    assert lea_client.get(f"{API}/warnings/?mine=true").json()["results"] == []
    assert alice_client.get(f"{API}/warnings/?status=pending").json()["results"] == []
    assert alice_client.get(f"{API}/warnings/?mine=perhaps").status_code == 400


def test_an_owner_switches_a_window_on_for_his_seller(
    otto_client: CheckedClient, lea_client: CheckedClient, acme: Seller, now: datetime
) -> None:
    path = f"{API}/sellers/{acme.pk}/policies/"
    body = {
        "marketplace_id": GERMANY,
        "kind": "response",
        "hours": 72,
        "source": "Seller Central, 20 Nov 2026",
    }
    assert lea_client.post(path, body).status_code == 403
    assert pointers(otto_client.post(path, {**body, "calendar_days": 3})) == [("/hours", "one_of")]
    assert pointers(otto_client.post(path, {**body, "kind": "triage"})) == [("/kind", "invalid_choice")]
    assert PolicyWindow.objects.filter(seller=acme).count() == 0
    made = otto_client.post(path, body)
    assert (made.status_code, made.json()["own"], made.json()["active"]) == (201, True, True)
    listed = lea_client.get(path).json()["results"]
    assert made.json() in listed
    assert any(not row["own"] for row in listed)
    claim = claim_of(letter(acme, at=now, marketplace_id=GERMANY))
    assert claim.respond_by == now + timedelta(hours=72)


def test_the_ladder_that_counts_is_shown(vera_client: CheckedClient, acme: Seller) -> None:
    ladders = vera_client.get(f"{API}/sellers/{acme.pk}/ladders/").json()
    response = next(row for row in ladders if row["kind"] == "response")
    assert response["own"] is False
    assert [(rung["stage"], rung["before"]) for rung in response["rungs"]] == [
        ("at_once", None),
        ("24h", "PT24H"),
        ("12h", "PT12H"),
        ("4h", "PT4H"),
        ("1h", "PT1H"),
        ("missed", None),
    ]


def test_an_upload_is_taken_once_and_bad_files_are_refused(alice_client: CheckedClient, claim: Claim) -> None:
    path = f"{API}/claims/{claim.pk}/evidence/"
    first = alice_client.post(path, {"kind": "invoice", "file": upload(b"Invoice 7")}, format="multipart")
    again = alice_client.post(path, {"kind": "invoice", "file": upload(b"Invoice 7")}, format="multipart")
    assert (first.status_code, again.status_code, again.json()["id"]) == (201, 200, first.json()["id"])
    for body, faults in [
        ({"kind": "invoice"}, [("/file", "one_of")]),
        ({"kind": "invoice", "file": upload(b""), "text": ""}, [("/file", "empty_file")]),
        ({"kind": "invoice", "file": upload(b"x"), "text": "x"}, [("/file", "one_of")]),
        ({"kind": "invoice", "file": upload(b"MZ\x90\x00\x03", "a.exe")}, [("/file", "file_refused")]),
        ({"kind": "horoscope", "file": upload(b"x")}, [("/kind", "invalid_choice")]),
    ]:
        refused = alice_client.post(path, body, format="multipart")
        assert (refused.status_code, pointers(refused)) == (400, faults)
    listed = alice_client.get(path).json()["results"]
    assert [row["id"] for row in listed] == [first.json()["id"]]
    same = alice_client.get(f"{first.json()['file']}", HTTP_IF_NONE_MATCH=f'"{first.json()["sha256"]}"')
    assert same.status_code == 304


def upload(content: bytes, name: str = "invoice.txt") -> Any:
    from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: PLC0415

    return SimpleUploadedFile(name, content)
