"""The pages as a person meets them: where forms lead, what refusals say, and that rows cost no query each."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.clock import database_now
from accounts.models import Seller, User
from claims.models import Claim, EngineHeartbeat, Reply
from tests.claims.api.conftest import API, signed_in
from tests.claims.api.test_forms import unread
from tests.claims.stories import AMZ, approved, claim_of, letter
from tests.openapi import CheckedClient

HTML: dict[str, Any] = {"HTTP_ACCEPT": "text/html"}


@pytest.fixture
def claim(acme: Seller, now: datetime) -> Claim:
    return claim_of(letter(acme, at=now - timedelta(hours=1)))


def opened(client: CheckedClient, path: str, status: int = 200) -> str:
    answer = client.get(f"{API}/{path}", **HTML)
    assert answer.status_code == status, answer.content.decode()[:400]
    html: str = answer.content.decode()
    return html


def typed(client: CheckedClient, path: str, form: dict[str, Any]) -> Any:
    return client.post(f"{API}/{path}", form, format="multipart", **HTML)


def queries(client: CheckedClient, path: str) -> int:
    opened(client, path)  # what is cached by process is cached now
    with CaptureQueriesContext(connection) as captured:
        opened(client, path)
    return len(captured)


def an_order(number: int) -> str:
    return f"402-1000000-{number:07d}"


@pytest.mark.parametrize("path", ["claims/", "notices/", "deadlines/", "warnings/"])
def test_rows_cost_no_query_each(alice_client: CheckedClient, acme: Seller, now: datetime, path: str) -> None:
    letter(acme, at=now - timedelta(hours=1), order_id=an_order(0))
    few = queries(alice_client, path)
    for number in range(1, 12):
        letter(acme, at=now - timedelta(hours=1), order_id=an_order(number))
    assert queries(alice_client, path) == few
    assert few <= 13


def test_the_page_of_a_claim_costs_few_queries_more_than_its_data(
    alice_client: CheckedClient, claim: Claim
) -> None:
    for text in ("one", "two", "three"):
        body = {"kind": "correspondence", "text": text}
        assert alice_client.post(f"{API}/claims/{claim.pk}/evidence/", body).status_code == 201
    with CaptureQueriesContext(connection) as captured:
        alice_client.get(f"{API}/claims/{claim.pk}/")
    assert queries(alice_client, f"claims/{claim.pk}/") <= len(captured) + 4


def test_a_form_leads_back_to_the_claim_and_says_what_happened(
    alice_client: CheckedClient, claim: Claim
) -> None:
    answer = typed(alice_client, f"claims/{claim.pk}/concede/", {"reason": "Lost parcel"})
    assert (answer.status_code, answer["Location"]) == (303, f"{API}/claims/{claim.pk}/")
    html = opened(alice_client, f"claims/{claim.pk}/")
    assert "Conceded; its clocks are stopped. The claim is now: Under review." in html
    assert "Conceded; its clocks" not in opened(alice_client, f"claims/{claim.pk}/")


def test_a_program_gets_the_answer_itself(alice_client: CheckedClient, claim: Claim) -> None:
    answer = alice_client.post(f"{API}/claims/{claim.pk}/note/", {"text": "Called the carrier."})
    assert answer.status_code == 200
    assert answer.json()["id"] == claim.pk


def test_a_change_by_form_answers_where_to_go_on(alice_client: CheckedClient, claim: Claim) -> None:
    form = {"revision": claim.revision, "reason": "late"}
    answer = alice_client.patch(f"{API}/claims/{claim.pk}/", form, format="multipart", **HTML)
    assert (answer.status_code, answer["Location"]) == (200, f"{API}/claims/{claim.pk}/")
    claim.refresh_from_db()
    assert claim.reason == "late"


def test_a_refused_form_comes_back_with_its_fault_at_the_field_and_what_was_typed(
    alice_client: CheckedClient, claim: Claim
) -> None:
    form = {"order_id": "12-34", "marketplace_id": "A1PA6795UKMFR9", "noticed_at": "2026-11-20T10:00:00",
            "buyer_comment": "<b>It</b> never came", "kind": "information_requested", "notice_id": "t-1"}  # fmt: skip
    answer = typed(alice_client, "notices/", form)
    html = answer.content.decode()
    assert answer.status_code == 400
    assert re.search(r'id="e-order_id"[^>]*>Not an Amazon order id', html)
    assert re.search(r'id="e-noticed_at"[^>]*>The offset from UTC is missing', html)
    assert 'value="12-34"' in html
    assert "&lt;b&gt;It&lt;/b&gt; never came" in html


def test_a_refusal_by_a_service_stands_at_its_field_too(alice_client: CheckedClient, claim: Claim) -> None:
    answer = typed(alice_client, f"claims/{claim.pk}/draft-reply/", {"kind": "", "language": "xx"})
    assert answer.status_code == 400
    assert re.search(r'id="e-language"[^>]*>Drafts are written in', answer.content.decode())
    assert not Reply.objects.exists()


def test_a_conflict_names_what_the_claim_takes_as_links(alice_client: CheckedClient, claim: Claim) -> None:
    answer = typed(alice_client, f"claims/{claim.pk}/close/", {"reason": ""})
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "Not in this state" in html
    assert f'href="{API}/claims/{claim.pk}/record-decision/"' in html
    assert f'href="{API}/claims/{claim.pk}/"' in html
    assert f'href="{API}/claims/{claim.pk}/reopen/"' not in html


def test_a_stale_revision_is_told_as_what_it_is(
    alice_client: CheckedClient, claim: Claim, now: datetime
) -> None:
    reply = approved(claim, now=now)
    answer = typed(alice_client, f"replies/{reply.pk}/confirm-submission/", {"revision": reply.revision - 1})
    assert answer.status_code == 409
    assert "Somebody was faster" in answer.content.decode()


def test_another_sellers_claim_is_a_readable_page_that_tells_nothing(
    bob_client: CheckedClient, claim: Claim
) -> None:
    html = opened(bob_client, f"claims/{claim.pk}/", 404)
    assert "There is nothing here" in html
    assert claim.order_id not in html
    assert claim.order_id not in opened(bob_client, "claims/")


def test_who_may_only_look_finds_no_button(vera_client: CheckedClient, claim: Claim) -> None:
    html = opened(vera_client, f"claims/{claim.pk}/")
    assert claim.order_id in html
    assert "What you can do" not in html
    assert f"{API}/claims/{claim.pk}/concede/" not in html
    assert "New letter" not in opened(vera_client, "claims/")


def test_a_lead_may_set_clocks_and_an_agent_may_not(
    alice_client: CheckedClient, lea_client: CheckedClient, claim: Claim
) -> None:
    assert "Set to the true date" in opened(lea_client, f"claims/{claim.pk}/")
    assert "Set to the true date" not in opened(alice_client, f"claims/{claim.pk}/")


def test_times_are_in_the_agents_zone_else_in_the_sellers(alice: User, claim: Claim) -> None:
    assert '<span class="zone">Europe/Berlin</span>' in opened(signed_in(alice), f"claims/{claim.pk}/")
    alice.time_zone = "Asia/Tokyo"
    alice.save(update_fields=["time_zone"])
    html = opened(signed_in(alice), f"claims/{claim.pk}/")
    assert '<span class="zone">Asia/Tokyo</span>' in html
    assert '<span class="zone">Europe/Berlin</span>' not in html


def test_a_page_says_when_nothing_watches_the_clocks(alice_client: CheckedClient, claim: Claim) -> None:
    assert "Warnings are not going out." in opened(alice_client, "claims/")


def test_a_page_is_quiet_while_the_clocks_are_watched(alice_client: CheckedClient, acme: Seller) -> None:
    EngineHeartbeat.objects.create(name="sweep", last_sweep_at=database_now())
    assert "Warnings are not going out." not in opened(alice_client, "claims/")


def test_a_letter_that_needs_a_person_offers_the_claims_it_may_be_about(
    alice_client: CheckedClient, bolt: Seller, acme: Seller, claim: Claim, now: datetime
) -> None:
    notice = unread(acme, now)
    notice.text = f"About your order {claim.order_id}."
    notice.save(update_fields=["text"])
    claim_of(letter(bolt, at=now - timedelta(hours=1)))
    html = opened(alice_client, f"notices/{notice.pk}/resolve/")
    assert re.findall(r'name="claim_id" value="(\d+)"', html) == [str(claim.pk)]
    assert "1. It belongs to a claim that is here" in html
    answer = typed(alice_client, f"notices/{notice.pk}/resolve/", {"unrelated": "A newsletter"})
    assert (answer.status_code, answer["Location"]) == (303, f"{API}/notices/{notice.pk}/")
    assert '<b class="count">' not in opened(alice_client, "claims/")


def test_the_text_to_be_pasted_is_in_the_page_letter_by_letter(
    alice_client: CheckedClient, claim: Claim, now: datetime
) -> None:
    reply = approved(claim, now=now, actor=AMZ)
    Reply.objects.filter(pk=reply.pk).update(text="\n <b>&amp; “Grüße”\n\n</script>\n")
    html = opened(alice_client, f"replies/{reply.pk}/")
    assert html.count("</script>") == 2, "the page's own script and the text as data"
    assert "&lt;b&gt;&amp;amp; “Grüße”" in html


def test_forms_begin_with_what_the_link_knows(alice_client: CheckedClient, claim: Claim) -> None:
    html = opened(alice_client, f"claims/{claim.pk}/evidence/?new=1&kind=signature")
    assert re.search(r'<option value="signature" selected>', html)
    html = opened(alice_client, f"shipments/?new=1&order_id={claim.order_id}")
    assert f'value="{claim.order_id}"' in html


def test_nothing_is_loaded_from_elsewhere(alice_client: CheckedClient, claim: Claim) -> None:
    html = opened(alice_client, f"claims/{claim.pk}/")
    assert re.findall(r'<(?:script|link|img)[^>]*(?:src|href)="([^"]+)"', html) == [
        "data:,",
        "/static/accounts/app.css",
        "/static/claims/desk.css",
        "/static/claims/desk.js",
    ]
