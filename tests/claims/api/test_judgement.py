"""How facts weigh by HTTP: in the queue, in a claim's detail, on its page, in a reply, and of a posted number."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Seller
from claims.models import Claim
from claims.services.evidence import collect_evidence
from claims.services.replies import draft_reply
from shipping.models import Shipment
from tests.claims.api.conftest import API
from tests.claims.parcels import DELIVERED, SCANNED, SHIP_TO, parcel, tracked
from tests.claims.stories import AMZ, ITALY, ORDER, claim_of, letter
from tests.openapi import CheckedClient


@pytest.fixture
def claim(acme: Seller, now: datetime) -> Claim:
    """Delivered to a neighbour, after a label without its badge; judged."""
    shipment = parcel(acme, bought_through_buy_shipping=True, claims_protected=False)
    tracked(
        shipment, SCANNED, {**DELIVERED, "status": "delivered_to_third_party", "text": "Left with neighbour"}
    )
    made = claim_of(letter(acme, at=now - timedelta(hours=1), reason="not_received", ship_to=SHIP_TO))
    collect_evidence(claim_id=made.pk, actor=AMZ, now=now)
    return made


def test_a_row_shows_strength_and_a_detail_all_that_led_to_it(
    alice_client: CheckedClient, claim: Claim
) -> None:
    row = alice_client.get(f"{API}/claims/").json()["results"][0]
    body = alice_client.get(f"{API}/claims/{claim.pk}/").json()
    shipment = Shipment.objects.get()
    assert (row["strength"], body["strength"], row["number_misfit"]) == ("E", "E", False)
    assert body["strength_causes"] == [
        {
            "shipment": shipment.pk,
            "detail": f"USPS {shipment.tracking_number}: it was handed to a third party.",
            "fields": {"status": "delivered_to_third_party", "spot": "neighbour"},
        }
    ]
    assert body["advice"].startswith("The proof is weak (strength E): refund the buyer or ask the carrier")
    protection = body["protection"]
    assert protection["verdict"] == "not_protected"
    assert {each["code"]: each["state"] for each in protection["conditions"]} == {
        "buy_shipping_label": "pass",
        "claims_protected": "fail",
        "first_scan_in_time": "unknown",
        "not_returned": "pass",
        "did_not_arrive": "pass",
        "refund_not_by_seller": "pass",
    }
    assert protection["coverage"]["amazon_funds"] == "unknown"
    assert [risk["code"] for risk in protection["risks"]] == ["buyer_answered_within_48_hours"]


def test_a_claim_without_reason_has_no_grade_yet(
    alice_client: CheckedClient, acme: Seller, now: datetime
) -> None:
    claim_of(letter(acme, at=now))
    assert alice_client.get(f"{API}/claims/").json()["results"][0]["strength"] is None


def test_a_draft_of_a_weak_claim_advises_its_agent_beside_the_text(
    alice_client: CheckedClient, claim: Claim, now: datetime
) -> None:
    reply, _ = draft_reply(claim_id=claim.pk, kind=None, language="en", actor=AMZ, now=now)
    body = alice_client.get(f"{API}/replies/{reply.pk}/").json()
    assert "rather than argue" in body["advice"]
    assert "rather than argue" not in body["text"]
    page = alice_client.get(f"{API}/replies/{reply.pk}/", headers={"accept": "text/html"}).content.decode()
    assert "For you, not for Amazon:" in page


def test_the_page_shows_the_grade_its_reasons_and_every_condition(
    alice_client: CheckedClient, claim: Claim
) -> None:
    page = alice_client.get(f"{API}/claims/{claim.pk}/", headers={"accept": "text/html"}).content.decode()
    for said in (
        "Strength E",
        "it was handed to a third party.",
        "the label is not marked Claims Protected.",
        "the ship-by moment is not known.",
        "Risk, no condition:",
    ):
        assert said in page, said
    assert "Strength" in alice_client.get(f"{API}/claims/", headers={"accept": "text/html"}).content.decode()


def test_a_number_that_is_not_its_carriers_is_said_when_it_is_posted_and_until_it_is_repaired(
    amz_client: CheckedClient, alice_client: CheckedClient, acme: Seller, now: datetime
) -> None:
    posted = amz_client.post(
        f"{API}/shipments/",
        {
            "order_id": ORDER,
            "marketplace_id": ITALY,
            "carrier": "USPS",
            "tracking_number": "1Z5R89390357567127",
        },
    ).json()
    assert posted["number_check"] == {"carriers": ["UPS"], "fits": False}
    assert posted["number_note"].startswith("This is no number of USPS. It looks like a number of UPS.")
    claim = claim_of(letter(acme, "claim_received", at=now - timedelta(hours=1), reason="not_received"))
    collect_evidence(claim_id=claim.pk, actor=AMZ, now=now)
    row = alice_client.get(f"{API}/claims/").json()["results"][0]
    assert row["number_misfit"] is True
    assert row["next_action"] == (
        "Repair the tracking number, here and in Seller Central: it does not fit its carrier, and unconfirmed "
        "tracking can still be repaired before delivery."
    )
    page = alice_client.get(f"{API}/claims/{claim.pk}/", headers={"accept": "text/html"}).content.decode()
    assert "Number and carrier do not fit." in page
    assert f"/shipments/{posted['id']}/?edit=1" in page

    amz_client.patch(f"{API}/shipments/{posted['id']}/", {"carrier": "UPS"})
    collect_evidence(claim_id=claim.pk, actor=AMZ, now=now)
    assert alice_client.get(f"{API}/claims/").json()["results"][0]["number_misfit"] is False


def test_the_queue_asks_no_query_more_for_more_strengths(
    alice_client: CheckedClient, acme: Seller, now: datetime
) -> None:
    def asked() -> tuple[int, list[str]]:
        with CaptureQueriesContext(connection) as queries:
            rows = alice_client.get(f"{API}/claims/").json()["results"]
        return len(queries), [row["strength"] for row in rows]

    counts = []
    for number in range(3):
        made = claim_of(letter(acme, at=now, order_id=f"405-000000{number}-0000001", reason="not_received"))
        collect_evidence(claim_id=made.pk, actor=AMZ, now=now)
        counts.append(asked())
    assert [strengths for _, strengths in counts] == [["F"], ["F", "F"], ["F", "F", "F"]]
    assert counts[0][0] == counts[2][0]
