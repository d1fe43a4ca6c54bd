"""Who may do what: another seller's rows through no door, roles, scopes, and what is for people only."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from accounts.models import Seller
from accounts.scopes import SCOPES
from claims.models import Bundle, Claim, Deadline, Event, EvidenceItem, Job, Notice, Reply
from claims.services.evidence import add_evidence
from claims.services.replies import draft_reply
from tests.claims.api.conftest import API, GERMANY, ORDER, pointers, with_key
from tests.claims.stories import AMZ, claim_of, letter
from tests.openapi import CheckedClient


@dataclass(frozen=True)
class Story:
    """One claim of ACME with a row of everything."""

    claim: Claim
    notice: Notice
    deadline: Deadline
    reply: Reply
    bundle: Bundle
    evidence: EvidenceItem
    job: Job
    seller: Seller

    def path(self, template: str) -> str:
        ids = {name: getattr(self, name).pk for name in self.__dataclass_fields__}
        return f"{API}/{template.format(**ids)}"


@pytest.fixture
def story(acme: Seller, now: datetime) -> Story:
    claim = claim_of(letter(acme, at=now - timedelta(hours=1), order_id=ORDER, marketplace_id=GERMANY))
    item, _ = add_evidence(
        claim_id=claim.pk, kind="other", name="a.txt", content=b"abc", observed_at=None, note="",
        source="alice", actor=AMZ, now=now,
    )  # fmt: skip
    reply, _ = draft_reply(claim_id=claim.pk, kind=None, language="en", actor=AMZ, now=now)
    return Story(
        claim, Notice.objects.get(), Deadline.objects.get(), reply, Bundle.objects.get(), item,
        Job.objects.filter(claim=claim)[0], acme,
    )  # fmt: skip


READS = [
    "notices/{notice}/", "claims/{claim}/", "claims/{claim}/evidence/", "evidence/{evidence}/",
    "evidence/{evidence}/file/", "bundles/{bundle}/", "bundles/{bundle}/pdf/", "bundles/{bundle}/zip/",
    "replies/{reply}/", "jobs/{job}/", "sellers/{seller}/policies/", "sellers/{seller}/ladders/",
]  # fmt: skip
LISTS = ["notices/", "claims/", "deadlines/", "warnings/"]
REASON = {"reason": "because"}
DECISION = {"decision": "denied"}
#: Path, body, scope that a key needs (None: no key may), least role.
WRITES: list[tuple[str, dict[str, Any], str | None, str]] = [
    ("claims/{claim}/assign/", {"assignee": None}, "claims:write", "agent"),
    ("claims/{claim}/acknowledge/", {}, None, "agent"),
    ("claims/{claim}/note/", {"text": "seen"}, "claims:write", "agent"),
    ("claims/{claim}/concede/", REASON, "claims:write", "agent"),
    ("claims/{claim}/close/", REASON, "claims:write", "agent"),
    ("claims/{claim}/reopen/", REASON, "claims:write", "agent"),
    ("claims/{claim}/evidence/", {"kind": "other", "text": "x"}, "evidence:write", "agent"),
    ("claims/{claim}/collect-evidence/", {}, "evidence:write", "agent"),
    ("claims/{claim}/assemble-bundle/", {}, "evidence:write", "agent"),
    ("claims/{claim}/draft-reply/", {}, "replies:write", "agent"),
    ("claims/{claim}/record-decision/", DECISION, "claims:write", "agent"),
    ("claims/{claim}/submit-appeal/", {"submitted_at": "2026-11-20T10:00:00Z", "text": "x"}, "replies:write", "agent"),
    ("replies/{reply}/approve/", {"revision": 1}, "replies:write", "agent"),
    ("replies/{reply}/confirm-submission/", {"revision": 1}, "replies:write", "agent"),
    ("replies/{reply}/retract-submission/", REASON, None, "lead"),
    ("deadlines/{deadline}/move/", {"due_at": "2027-01-01T10:00:00Z", **REASON}, None, "lead"),
    ("deadlines/{deadline}/cancel/", REASON, None, "lead"),
    ("notices/{notice}/resolve/", {"unrelated": "advert"}, "notices:write", "agent"),
    (
        "sellers/{seller}/policies/",
        {"kind": "response", "hours": 72, "source": "Seller Central", "marketplace_id": GERMANY},
        None,
        "owner",
    ),
]  # fmt: skip
PATCHES = [("claims/{claim}/", "claims:write"), ("replies/{reply}/", "replies:write")]


def count() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Event, Deadline, Reply, EvidenceItem, Notice, Bundle))


@pytest.mark.parametrize("template", READS)
def test_another_sellers_rows_are_not_there(
    bob_client: CheckedClient, alice_client: CheckedClient, story: Story, template: str
) -> None:
    refused = bob_client.get(story.path(template))
    assert (refused.status_code, refused.json()["code"]) == (404, "not_found")
    assert refused.json() == bob_client.get(f"{API}/{_with_unknown_ids(template)}").json()
    assert alice_client.get(story.path(template)).status_code == 200
    page = bob_client.get(story.path(template), HTTP_ACCEPT="text/html")
    assert page.status_code == 404
    assert ORDER not in page.content.decode()


def _with_unknown_ids(template: str) -> str:
    names = ("claim", "notice", "deadline", "reply", "bundle", "evidence", "job", "seller")
    return template.format(**dict.fromkeys(names, 987_654_321))


@pytest.mark.parametrize(("template", "body", "scope", "role"), WRITES)
def test_another_sellers_rows_take_no_action(
    bob_client: CheckedClient, story: Story, template: str, body: dict[str, Any], scope: str | None, role: str
) -> None:
    before = count()
    refused = bob_client.post(story.path(template), body)
    assert (refused.status_code, refused.json()["code"]) == (404, "not_found")
    form = bob_client.get(story.path(template), HTTP_ACCEPT="text/html")
    assert form.status_code == 404
    assert count() == before


@pytest.mark.parametrize(("template", "scope"), PATCHES)
def test_another_sellers_rows_do_not_change(
    bob_client: CheckedClient, story: Story, template: str, scope: str
) -> None:
    refused = bob_client.patch(story.path(template), {"revision": 1})
    assert refused.status_code == 404


@pytest.mark.parametrize("template", LISTS)
def test_lists_hold_nothing_of_another_seller(bob_client: CheckedClient, story: Story, template: str) -> None:
    assert bob_client.get(f"{API}/{template}").json()["results"] == []


@pytest.mark.parametrize(
    "query",
    [
        "claims/?seller=A1ACME",
        "claims/?order_id=405-1234567-1234567",
        "claims/?search=1234567",
        "notices/?order_id=405-1234567-1234567",
        "deadlines/?claim={claim}",
        "warnings/?claim={claim}",
        "deadlines/?due_within=30d",
    ],
)
def test_a_filter_that_names_another_seller_finds_nothing(
    bob_client: CheckedClient, story: Story, query: str
) -> None:
    answer = bob_client.get(story.path(query))
    assert (answer.status_code, answer.json()["results"]) == (200, [])


def test_a_body_that_names_another_sellers_rows_reads_as_if_they_did_not_exist(
    bob_client: CheckedClient, bolt: Seller, story: Story, lea: Any, now: datetime
) -> None:
    body = {"notice_id": "B-1", "marketplace_id": GERMANY, "order_id": ORDER, "noticed_at": now.isoformat()}
    foreign = bob_client.post(f"{API}/notices/", {**body, "seller_id": "A1ACME"})
    unknown = bob_client.post(f"{API}/notices/", {**body, "seller_id": "NOBODY"})
    assert (foreign.status_code, foreign.json()) == (400, unknown.json())
    own = bob_client.post(f"{API}/notices/", body)
    assert (own.status_code, own.json()["seller"]) == (201, "B2BOLT")
    assert own.json()["claim"]["id"] != story.claim.pk

    mine = own.json()["claim"]["id"]
    given = bob_client.post(f"{API}/claims/{mine}/assign/", {"assignee": lea.pk})
    assert pointers(given) == [("/assignee", "does_not_exist")]
    waiting = Notice.objects.create(
        seller=bolt, source="form", notice_id="m", content_hash="1" * 64, media_type="message/rfc822", raw=b"x",
        received_at=now, received_from="bob", status="needs_person",
    )  # fmt: skip
    placed = bob_client.post(f"{API}/notices/{waiting.pk}/resolve/", {"claim_id": story.claim.pk})
    absent = bob_client.post(f"{API}/notices/{waiting.pk}/resolve/", {"claim_id": 987_654_321})
    assert pointers(placed) == pointers(absent) == [("/claim_id", "does_not_exist")]
    waiting.refresh_from_db()
    assert (waiting.status, waiting.claim_id) == ("needs_person", None)


def test_bulk_says_not_found_of_another_sellers_claims_and_does_the_rest(
    bob_client: CheckedClient, bolt: Seller, story: Story, now: datetime
) -> None:
    own = claim_of(letter(bolt, at=now))
    before = Event.objects.filter(claim=story.claim).count()
    answer = bob_client.post(
        f"{API}/claims/bulk/", {"action": "acknowledge", "ids": [story.claim.pk, own.pk, 987_654_321]}
    )
    assert answer.status_code == 200
    assert [(r["id"], r["status"], r.get("code")) for r in answer.json()["results"]] == [
        (story.claim.pk, 404, "not_found"),
        (own.pk, 200, None),
        (987_654_321, 404, "not_found"),
    ]
    assert Event.objects.filter(claim=story.claim).count() == before
    assert Claim.objects.get(pk=own.pk).acknowledged_at is not None


@pytest.mark.parametrize(("template", "body", "scope", "role"), WRITES)
def test_a_viewer_may_do_nothing_and_an_agent_nothing_that_asks_for_more(
    vera_client: CheckedClient, alice_client: CheckedClient, story: Story, template: str, body: dict[str, Any],
    scope: str | None, role: str,
) -> None:  # fmt: skip
    before = count()
    refused = vera_client.post(story.path(template), body)
    assert (refused.status_code, refused.json()["code"]) == (403, "role_too_low")
    if role != "agent":
        too_low = alice_client.post(story.path(template), body)
        assert (too_low.status_code, too_low.json()["code"]) == (403, "role_too_low")
    assert count() == before


@pytest.mark.parametrize(("template", "body", "scope", "role"), WRITES)
def test_a_key_needs_the_scope_of_the_action_and_some_are_for_people_only(
    acme: Seller, amz_client: CheckedClient, story: Story, template: str, body: dict[str, Any],
    scope: str | None, role: str,
) -> None:  # fmt: skip
    before = count()
    others = [other for other in SCOPES if other != scope]
    refused = with_key(acme, others, "poor").post(story.path(template), body)
    assert refused.status_code == 403
    assert refused.json()["code"] == ("scope_missing" if scope else "people_only")
    if scope is None:
        rich = amz_client.post(story.path(template), body)
        assert (rich.status_code, rich.json()["code"]) == (403, "people_only")
    assert count() == before
    if scope is not None:
        allowed = with_key(acme, [scope], "fit").post(story.path(template), body)
        assert allowed.status_code in (200, 201, 202, 400, 409), allowed.json()


@pytest.mark.parametrize(("template", "scope"), PATCHES)
def test_changing_needs_scope_and_role(
    acme: Seller, vera_client: CheckedClient, story: Story, template: str, scope: str
) -> None:
    assert vera_client.patch(story.path(template), {"revision": 1}).status_code == 403
    refused = with_key(acme, ["claims:read"], "poor").patch(story.path(template), {"revision": 1})
    assert (refused.status_code, refused.json()["code"]) == (403, "scope_missing")


@pytest.mark.parametrize("template", [*READS, *LISTS])
def test_reading_needs_a_sign_in_and_the_scope_for_reading(
    acme: Seller, vera_client: CheckedClient, story: Story, template: str
) -> None:
    path = story.path(template)
    stranger = CheckedClient().get(path)
    assert stranger.status_code == 401
    assert stranger["WWW-Authenticate"].startswith("Api-Key")
    assert vera_client.get(path).status_code == 200
    needed = "warnings:read" if template == "warnings/" else "claims:read"
    other = "claims:read" if template == "warnings/" else "warnings:read"
    assert with_key(acme, [needed], "fit").get(path).status_code == 200
    assert with_key(acme, [other], "poor").get(path).status_code == 403


def test_bulk_keeps_to_the_keys_scopes(acme: Seller, amz_client: CheckedClient, story: Story) -> None:
    ids = [story.claim.pk]
    person = amz_client.post(f"{API}/claims/bulk/", {"action": "acknowledge", "ids": ids})
    assert (person.status_code, person.json()["code"]) == (403, "people_only")
    writer = with_key(acme, ["claims:write"], "writer")
    collected = writer.post(f"{API}/claims/bulk/", {"action": "collect_evidence", "ids": ids})
    assert (collected.status_code, collected.json()["code"]) == (403, "scope_missing")
    assigned = writer.post(f"{API}/claims/bulk/", {"action": "assign", "ids": ids, "assignee": None})
    assert assigned.json() == {"results": [{"id": story.claim.pk, "status": 200}]}


def test_nothing_can_be_deleted_or_put(alice_client: CheckedClient, story: Story) -> None:
    for template in READS:
        assert alice_client.delete(story.path(template)).status_code == 405
        assert alice_client.put(story.path(template), {}).status_code == 405
