"""Every action has a page with its form; programs never see it. Choices hold nothing of other sellers."""

import re
from datetime import datetime, timedelta

import pytest

from accounts.models import Role, Seller
from claims.models import Claim, Deadline, Notice, Reply
from claims.services.replies import draft_reply
from tests.claims.api.conftest import API, signed_in
from tests.claims.conftest import member
from tests.claims.stories import AMZ, claim_of, letter
from tests.openapi import CheckedClient

CLAIM_FORMS = {
    "assign": ["assignee"],
    "acknowledge": [],
    "note": ["text"],
    "concede": ["reason"],
    "close": ["reason"],
    "reopen": ["reason"],
    "collect-evidence": [],
    "assemble-bundle": [],
    "draft-reply": ["kind", "language"],
    "record-decision": [
        "decision",
        "funded_by",
        "counts_in_odr",
        "debited_amount",
        "decided_at",
        "decision_text",
    ],
    "submit-appeal": ["submitted_at", "text", "files"],
}
REPLY_FORMS = {
    "approve": ["revision"],
    "confirm-submission": ["revision", "submitted_at", "pasted_text", "screenshot"],
    "retract-submission": ["revision", "reason"],
}
DEADLINE_FORMS = {"move": ["due_at", "reason"], "cancel": ["reason"]}


@pytest.fixture
def claim(acme: Seller, now: datetime) -> Claim:
    return claim_of(letter(acme, at=now - timedelta(hours=1)))


@pytest.fixture
def reply(claim: Claim, now: datetime) -> Reply:
    return draft_reply(claim_id=claim.pk, kind=None, language="en", actor=AMZ, now=now)[0]


def page(client: CheckedClient, path: str) -> str:
    answer = client.get(f"{API}/{path}", HTTP_ACCEPT="text/html")
    assert answer.status_code == 200, (path, answer.status_code)
    html: str = answer.content.decode()
    return html


def fields_in(html: str) -> set[str]:
    return set(re.findall(r'name="([a-z_.]+)"', html))


@pytest.mark.parametrize(("verb", "fields"), CLAIM_FORMS.items())
def test_a_claims_action_shows_the_claim_with_its_form_to_a_person(
    alice_client: CheckedClient, claim: Claim, verb: str, fields: list[str]
) -> None:
    html = page(alice_client, f"claims/{claim.pk}/{verb}/")
    assert claim.order_id in html
    assert set(fields) <= fields_in(html)


@pytest.mark.parametrize("verb", CLAIM_FORMS)
def test_a_program_that_gets_an_action_is_told_the_method_is_wrong(
    amz_client: CheckedClient, claim: Claim, verb: str
) -> None:
    answer = amz_client.get(f"{API}/claims/{claim.pk}/{verb}/")
    assert answer.status_code == 405
    assert answer.json()["code"] == "method_not_allowed"
    assert answer["Allow"] == "POST, OPTIONS"


@pytest.mark.parametrize(("verb", "fields"), REPLY_FORMS.items())
def test_a_replys_action_comes_with_the_revision_filled_in(
    lea_client: CheckedClient, reply: Reply, verb: str, fields: list[str]
) -> None:
    html = page(lea_client, f"replies/{reply.pk}/{verb}/")
    assert set(fields) <= fields_in(html)
    assert re.search(r'name="revision"[^>]*value="1"', html)


@pytest.mark.parametrize(("verb", "fields"), DEADLINE_FORMS.items())
def test_a_clocks_action_shows_its_form_to_a_lead(
    lea_client: CheckedClient, claim: Claim, verb: str, fields: list[str]
) -> None:
    deadline = Deadline.objects.get(claim=claim)
    assert set(fields) <= fields_in(page(lea_client, f"deadlines/{deadline.pk}/{verb}/"))


def test_a_letter_of_the_queue_is_resolved_in_a_form_that_knows_its_moment(
    alice_client: CheckedClient, acme: Seller, now: datetime
) -> None:
    notice = unread(acme, now)
    html = page(alice_client, f"notices/{notice.pk}/resolve/")
    assert {"claim_id", "unrelated", "notice.order_id", "notice.noticed_at", "notice.kind"} <= fields_in(html)
    assert re.search(r'name="notice.noticed_at"[^>]*value="2026-11-16T09:00:00Z"', html)


def unread(seller: Seller, now: datetime) -> Notice:
    return Notice.objects.create(
        seller=seller, source="form", notice_id="mail-1", content_hash="0" * 64, media_type="message/rfc822",
        raw=b"x", received_at=now, received_from="alice", status="needs_person", why="Unknown wording.",
        noticed_at=datetime.fromisoformat("2026-11-16T09:00:00+00:00"), subject="A-to-z", text="…",
    )  # fmt: skip


def test_the_lists_and_the_forms_of_new_letters_open_as_pages(
    alice_client: CheckedClient, claim: Claim, reply: Reply
) -> None:
    for path in (
        "claims/",
        f"claims/{claim.pk}/",
        "notices/",
        "deadlines/",
        "warnings/",
        f"replies/{reply.pk}/",
    ):
        page(alice_client, path)
    assert {"order_id", "noticed_at", "marketplace_id", "ship_to.city", "decision.decision"} <= fields_in(
        page(alice_client, "notices/")
    )
    assert {"file", "seller_id"} <= fields_in(page(alice_client, "notices/mail/"))
    assert {"action", "ids", "assignee"} <= fields_in(page(alice_client, "claims/bulk/"))
    assert {"kind", "file", "text"} <= fields_in(page(alice_client, f"claims/{claim.pk}/evidence/"))


def test_a_viewer_sees_pages_without_forms(vera_client: CheckedClient, claim: Claim) -> None:
    html = page(vera_client, f"claims/{claim.pk}/note/")
    assert claim.order_id in html
    assert "text" not in fields_in(html)
    page(vera_client, f"claims/{claim.pk}/")


def test_only_active_members_of_the_claims_seller_can_be_chosen(
    acme: Seller, bolt: Seller, claim: Claim, bob_client: CheckedClient
) -> None:
    both = member("carol", acme)
    both.memberships.create(seller=bolt, role=Role.AGENT)
    member("ron", acme, Role.VIEWER)
    gone = member("gone", acme)
    gone.memberships.update(is_active=False)
    html = page(signed_in(both), f"claims/{claim.pk}/assign/")
    names = re.findall(r"<option[^>]*>\s*([a-z]+)\s*</option>", html.split('name="assignee"')[1])
    assert names == ["nobody", "carol"]
