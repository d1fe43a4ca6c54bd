"""The pages as a person meets them, continued: steps of a reply, plain tables, ways on, and wording of refusals."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest

from accounts.models import Seller, User
from claims.models import Claim, Reply
from tests.claims.api.conftest import API
from tests.claims.stories import approved, claim_of, letter
from tests.openapi import CheckedClient

HTML: dict[str, Any] = {"HTTP_ACCEPT": "text/html"}


@pytest.fixture
def claim(acme: Seller, now: datetime) -> Claim:
    return claim_of(letter(acme, at=now - timedelta(hours=1)))


def opened(client: CheckedClient, path: str) -> str:
    answer = client.get(f"{API}/{path}", **HTML)
    assert answer.status_code == 200, answer.content.decode()[:400]
    html: str = answer.content.decode()
    return html


def test_an_approved_reply_begins_with_sending_the_documents(
    alice_client: CheckedClient, claim: Claim, now: datetime
) -> None:
    reply = approved(claim, now=now)
    html = opened(alice_client, f"replies/{reply.pk}/")
    steps = re.findall(r"<li>(.+?)</li>", html[html.index('<ol class="steps">') :], re.DOTALL)
    assert reply.bundle is not None
    assert [step[:18] for step in steps[:4]] == [
        "Send the documents",
        "Copy the text.",
        "In Seller Central:",
        "Come back and conf",
    ]
    assert f'href="{API}/bundles/{reply.bundle.pk}/pdf/" download>Download the PDF' in steps[0]


def test_a_cleared_text_is_refused_at_its_field(
    alice_client: CheckedClient, claim: Claim, now: datetime
) -> None:
    reply = approved(claim, now=now)
    form = {"revision": reply.revision, "text": "", "language": "en"}
    answer = alice_client.patch(f"{API}/replies/{reply.pk}/", form, format="multipart", **HTML)
    assert answer.status_code == 400
    assert re.search(r'id="e-text"[^>]*>This field may not be blank', answer.content.decode())
    assert Reply.objects.get(pk=reply.pk).revision == reply.revision


def test_pages_of_deeds_lead_to_no_data(alice_client: CheckedClient, claim: Claim) -> None:
    assert "format=json" in opened(alice_client, f"claims/{claim.pk}/")
    assert "format=json" not in opened(alice_client, f"claims/{claim.pk}/assign/")
    assert "format=json" not in opened(alice_client, "notices/mail/")


def test_pages_of_nested_answers_speak_to_people(
    alice_client: CheckedClient, alice: User, acme: Seller, claim: Claim
) -> None:
    html = opened(alice_client, f"sellers/{acme.pk}/members/")
    assert re.findall(r"<th>(.*?)</th>", html) == ["User", "E-mail", "Role", "On call", "Active"]
    assert re.search(rf'<td data-label="User"><a href="[^"]*/members/\d+/">{alice.username}</a>', html)
    html = opened(alice_client, "me/").split('<details class="programs">')[0]
    assert f"({acme.merchant_token}) as agent" in html
    assert f'href="{API}/me/channels/"' in html
    assert f'href="{API}/me/calendar/"' in html
    assert "/quiet-hours/" in html
    html = opened(alice_client, "deadlines/summary/").split('<details class="programs">')[0]
    assert '<td data-label="Seller">A1ACME</td>' in html
    assert "{&#x27;" not in html
    html = opened(alice_client, f"sellers/{acme.pk}/ladders/").split('<details class="programs">')[0]
    assert '<td data-label="Who hears it">' in html
    assert "{&#x27;" not in html


def test_pages_lead_to_previews_and_risks(alice_client: CheckedClient, claim: Claim) -> None:
    preview = f"{API}/claims/{claim.pk}/warning-preview/"
    assert f'href="{preview}"' in opened(alice_client, f"claims/{claim.pk}/")
    assert f'href="{API}/deadlines/summary/"' in opened(alice_client, "claims/")
    assert f'href="{API}/deadlines/summary/"' in opened(alice_client, "deadlines/")


def test_a_refused_form_counts_its_fields_and_data_stay_as_they_are(
    alice_client: CheckedClient, acme: Seller
) -> None:
    form = {"order_id": "12-34", "kind": "information_requested", "notice_id": "t-1",
            "marketplace_id": "A1PA6795UKMFR9", "noticed_at": "2026-11-20T10:00:00"}  # fmt: skip
    answer = alice_client.post(f"{API}/notices/", form, format="multipart", **HTML)
    page, _, content = answer.content.decode().partition('<details class="programs">')
    assert "2 fields need a correction; they are marked below." in page
    assert "see errors" not in page
    assert "2 things in the request cannot be accepted; see errors." in content


def test_the_history_names_people_and_says_flags_in_words(
    alice_client: CheckedClient, alice: User, claim: Claim, now: datetime
) -> None:
    approved(claim, now=now)
    claim.refresh_from_db()
    taken = alice_client.post(f"{API}/claims/{claim.pk}/assign/", {"assignee": alice.pk})
    assert taken.status_code == 200, taken.content
    history = opened(alice_client, f"claims/{claim.pk}/").split('id="history"')[1].split("</section>")[0]
    assert f"to: {alice.username}" in history
    assert "contents: " in history
    assert "partial" not in history
    assert "True" not in history


def test_a_change_of_ones_own_zone_leads_back_to_the_page_of_oneself(
    alice_client: CheckedClient, alice: User
) -> None:
    answer = alice_client.patch(f"{API}/me/", {"time_zone": "Asia/Tokyo"}, format="multipart", **HTML)
    assert (answer.status_code, answer["Location"]) == (200, f"{API}/me/")
    alice.refresh_from_db()
    assert alice.time_zone == "Asia/Tokyo"
    member = opened(alice_client, f"sellers/{alice.memberships.get().seller_id}/members/")
    assert "{&#x27;" not in member.split('<details class="programs">')[0]
