"""How facts weigh from end to end: kept with the claim, argued in the draft, printed in the bundle."""

import io
import subprocess
from typing import Any

import pytest
from django.core.files.storage import default_storage

from accounts.models import Seller
from claims.models import Claim, Reply
from claims.services.bundles import assemble
from claims.services.evidence import add_evidence, collect_evidence
from claims.services.replies import draft_reply
from tests.claims.parcels import DELIVERED, NUMBER, ROME, SCANNED, SHIP_TO, parcel, tracked
from tests.claims.stories import AMZ, MONDAY, claim_of, hours, letter

NOW = MONDAY + hours(1)
SHIP_BY = MONDAY - hours(160)  # the first scan is at MONDAY - 170 h
BOUGHT = {"bought_through_buy_shipping": True, "claims_protected": True, "ship_by": SHIP_BY}


def story(
    acme: Seller, *events: dict[str, Any], label: dict[str, Any], reason: str = "not_received", **stated: Any
) -> Claim:
    shipment = parcel(acme, **label)
    tracked(shipment, *events, **stated)
    claim = claim_of(letter(acme, reason=reason, ship_to=SHIP_TO))
    collect_evidence(claim_id=claim.pk, actor=AMZ, now=NOW)
    return Claim.objects.get(pk=claim.pk)


def draft(claim: Claim) -> Reply:
    return draft_reply(claim_id=claim.pk, kind=None, language="en", actor=AMZ, now=NOW)[0]


def printed(claim: Claim) -> str:
    bundle = assemble(claim_id=claim.pk, actor=AMZ, now=NOW)
    with default_storage.open(str(bundle.pdf.name)) as file:
        pdf = io.BytesIO(file.read())
    text = subprocess.run(["pdftotext", "-", "-"], input=pdf.getvalue(), capture_output=True, check=True)
    return " ".join(text.stdout.decode().split())


def test_a_protected_claim_argues_policy_with_both_moments_and_asks_amazon_to_fund(acme: Seller) -> None:
    claim = story(acme, SCANNED, label=BOUGHT)
    text = draft(claim).text
    assert claim.strength == "A"
    assert (
        "Shipping for this order was bought through Amazon Buy Shipping and is Claims Protected:\n"
        f"- USPS {NUMBER}: label bought through Amazon Buy Shipping, marked Claims Protected.\n"
        f"- USPS {NUMBER}: first carrier scan Mon 09 Nov 2026 08:00 Europe/Berlin (2026-11-09 07:00 UTC), to be "
        "shipped by Mon 09 Nov 2026 18:00 Europe/Berlin (2026-11-09 17:00 UTC).\n"
    ) in text
    assert (
        "We ask you to fund this claim under Buy Shipping protection and not to count it against us." in text
    )
    assert "No signature on file" not in text  # policy is argued, not signature
    assert text.index("Claims Protected") < text.index("The facts on file")


@pytest.mark.parametrize(
    ("label", "first"),
    [
        ({**BOUGHT, "claims_protected": False}, SCANNED),
        ({**BOUGHT, "claims_protected": None}, SCANNED),
        ({**BOUGHT, "ship_by": MONDAY - hours(171)}, SCANNED),
        (BOUGHT, {"status": "in_transit", "text": "Picked up", "local_time": "2026-11-09T17:00:00"}),
        (BOUGHT, {"status": "label_created", "text": "Label", "occurred_at": "2026-11-09T07:00:00Z"}),
    ],
    ids=["no badge", "badge not known", "scanned late", "zone of the scan not known", "no scan"],
)
def test_what_is_not_shown_to_be_protected_is_never_argued_as_such(
    acme: Seller, label: dict[str, Any], first: dict[str, Any]
) -> None:
    text = draft(story(acme, first, label=label)).text
    assert "We ask you to fund" not in text
    assert "protection" not in text


def test_a_weak_proof_advises_the_agent_and_says_nothing_of_it_to_amazon(acme: Seller) -> None:
    claim = story(acme, SCANNED, {**DELIVERED, "place": {"city": "Roma"}}, label={})
    text = draft(claim).text
    assert claim.strength == "E"
    assert "trace" not in text
    assert "strength" not in text.lower()


def test_the_bundle_prints_verdict_conditions_and_strength_with_their_fields(acme: Seller) -> None:
    claim = story(acme, SCANNED, DELIVERED, label={**BOUGHT, "claims_protected": False}, received_by="J G")
    text = printed(claim)
    for said in (
        "Not protected.",
        "the label is not marked Claims Protected.",
        "D (Delivered, postal code matches, no signature that counts).",
        "claims protected: no",
        "2026-11-09T07:00:00Z",
        "received by: J G",
        "order defect rate spared: yes; Amazon pays: unknown",
        "Risk, no condition",
    ):
        assert said in text, said
    assert "rather than argue" not in text  # a bundle goes to Amazon and the buyer


def test_the_same_facts_weigh_the_same_bytes(acme: Seller) -> None:
    claim = story(acme, SCANNED, DELIVERED, label=BOUGHT, received_by="G. Rossi")
    first = assemble(claim_id=claim.pk, actor=AMZ, now=NOW)
    again = assemble(claim_id=claim.pk, actor=AMZ, now=NOW + hours(30))
    assert (again.pk, again.sha256) == (first.pk, first.sha256)


def test_news_change_the_grade_that_the_queue_shows(acme: Seller) -> None:
    shipment = parcel(acme)
    tracked(shipment, SCANNED)
    claim = claim_of(letter(acme, reason="not_received", ship_to=SHIP_TO))
    collect_evidence(claim_id=claim.pk, actor=AMZ, now=NOW)
    assert Claim.objects.get(pk=claim.pk).strength == "F"
    tracked(shipment, DELIVERED, received_by="G. Rossi")
    add_evidence(
        claim_id=claim.pk, kind="proof_of_delivery", name="letter.txt", content=b"Delivered to Giulia Rossi",
        observed_at=None, note="", source="alice", actor=AMZ, now=NOW,
    )  # fmt: skip
    collect_evidence(claim_id=claim.pk, actor=AMZ, now=NOW)
    assert Claim.objects.get(pk=claim.pk).strength == "D"  # the carrier names no street: no full address
    assert ROME["postal_code"] == SHIP_TO["postal_code"]


def test_a_refund_by_the_seller_ends_the_argument_of_policy(acme: Seller) -> None:
    claim = story(acme, SCANNED, label=BOUGHT)
    add_evidence(
        claim_id=claim.pk, kind="refund", name="refund.txt", content=b"refunded", observed_at=None, note="",
        source="alice", actor=AMZ, now=NOW,
    )  # fmt: skip
    assert "We ask you to fund" not in draft(claim).text


def test_other_reasons_have_no_grade(acme: Seller) -> None:
    assert story(acme, SCANNED, label=BOUGHT, reason="not_as_described").strength == ""
