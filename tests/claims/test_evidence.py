"""Evidence: what collectors find or say is absent, the checklist of each reason, and a collector that fails."""

import base64
from typing import Any, ClassVar

import pytest

from accounts.models import Seller
from claims.evidence.case import Case, Found
from claims.evidence.checklist import asks_for
from claims.evidence.collectors import COLLECTORS
from claims.models import Claim, EvidenceItem, Finding, Job
from claims.services.claims import close_claim
from claims.services.evidence import add_evidence, collect_evidence
from claims.words import EvidenceKind
from shipping.models import Shipment
from shipping.services import record_tracking
from tests.claims.parcels import DELIVERED, NUMBER, SCANNED, SHIP_TO, delivered, parcel, tracked
from tests.claims.situations import decided
from tests.claims.stories import AMZ, MONDAY, claim_of, hours, letter

NOW = MONDAY + hours(1)
BERLIN = "Europe/Berlin"


def collected(claim: Claim) -> dict[str, Finding]:
    rows = collect_evidence(claim_id=claim.pk, actor=AMZ, now=NOW)
    claim.refresh_from_db()
    return {row.kind: row for row in rows}


def checklist(claim: Claim) -> dict[str, str]:
    return {row["kind"]: f"{row['level']} {row['state']}" for row in claim.checklist}


def hand_in(claim: Claim, kind: str, name: str = "note.txt", content: bytes = b"words") -> EvidenceItem:
    return add_evidence(
        claim_id=claim.pk, kind=kind, name=name, content=content, observed_at=None, note="", source="alice",
        actor=AMZ, now=NOW,
    )[0]  # fmt: skip


def test_without_a_parcel_every_collector_says_what_is_absent(acme: Seller) -> None:
    found = collected(claim_of(letter(acme, reason="not_received")))
    absent = {kind: row.reason for kind, row in found.items()}
    assert {row.status for row in found.values()} == {"absent"}
    nothing = "No shipment is known for this order."
    assert absent == {
        "dispatch": nothing,
        "tracking": nothing,
        "proof_of_delivery": nothing,
        "signature": "No signature on file: no delivery is on file.",
        "delivery_address": "The buyer's delivery address is not known.",
        "carrier_details": nothing,
        "buy_shipping_label": "No label was bought through Buy Shipping.",
        "delivery_photo": "Nothing handed in yet.",
        "buyer_acknowledgement": "Nothing handed in yet.",
        "correspondence": "Nothing handed in yet.",
        "invoice": "Nothing handed in yet.",
    }


def test_a_delivered_parcel_is_found_with_sentences_to_print(acme: Seller) -> None:
    shipment = delivered(acme)
    found = collected(claim_of(letter(acme, reason="not_received", ship_to=SHIP_TO)))
    lines = {kind: row.facts["lines"] for kind, row in found.items() if row.status == "found"}
    assert lines == {
        "dispatch": [
            f"USPS {NUMBER}: dispatched by Priority Sun 08 Nov 2026 02:00 {BERLIN} (2026-11-08 01:00 UTC).",
            f"USPS {NUMBER}: first carrier scan Mon 09 Nov 2026 08:00 {BERLIN} (2026-11-09 07:00 UTC).",
        ],
        "tracking": [f"USPS {NUMBER}: 2 events on file, status delivered."],
        "proof_of_delivery": [
            f"USPS {NUMBER}: delivered Thu 12 Nov 2026 11:30 {BERLIN} (2026-11-12 10:30 UTC) in Roma, 00183, IT."
        ],
        "signature": [f"USPS {NUMBER}: the carrier records the name «G. Rossi»."],
        "delivery_address": ["Delivery address of the order: Giulia Rossi, Via Appia 7, 00183, Roma, IT."],
        "carrier_details": [f"Carrier USPS, Priority, tracking number {NUMBER}."],
    }
    proof = found["proof_of_delivery"]
    assert (proof.source, proof.observed_at) == ("normal", MONDAY)
    assert (
        found["buy_shipping_label"].reason
        == "Whether the label was bought through Buy Shipping is not known."
    )
    assert shipment.order_id == "402-3427577-1965903"


@pytest.mark.parametrize("word", ["FRONT DOOR", "SIGNED", "COVID19"])
def test_a_word_in_place_of_a_name_is_no_signature(acme: Seller, word: str) -> None:
    delivered(acme, received_by=word)
    found = collected(claim_of(letter(acme, reason="not_received")))["signature"]
    assert (found.status, found.reason) == (
        "absent", f"No signature on file: the carrier records «{word}», which is no person's name.",
    )  # fmt: skip


def test_a_delivery_without_a_recipient_has_no_signature(acme: Seller) -> None:
    delivered(acme, received_by="")
    found = collected(claim_of(letter(acme, reason="not_received")))["signature"]
    assert found.reason == "No signature on file: the carrier's answers name no recipient."


def proof_answer(**more: Any) -> dict[str, Any]:
    """A proof of delivery as DHL Express answers it: a PDF inside JSON."""
    content = base64.b64encode(b"%PDF-1.4 proof\n%%EOF").decode()
    return {"documents": [{"typeCode": "POD", "encodingFormat": "PDF", "content": content}], **more}


def answered(shipment: Shipment, provider: str, answer: dict[str, Any]) -> None:
    record_tracking(
        shipment=shipment, provider=provider, payload=answer, actor=AMZ, now=MONDAY, channel="api"
    )


def test_a_proof_inside_a_carriers_answer_is_found_with_its_file(acme: Seller) -> None:
    shipment = delivered(acme)
    answered(shipment, "mydhl", proof_answer())
    shipment.refresh_from_db()

    found = collected(claim_of(letter(acme, reason="not_received")))["proof_of_delivery"]

    assert found.status == "found"
    assert found.facts["lines"][1:] == [
        f"USPS {NUMBER}: the carrier's proof of delivery is on file (PDF, 20 bytes, from mydhl)."
    ]
    assert found.sha256 == shipment.documents[0]["sha256"]


def test_a_proof_without_any_scan_is_found_as_the_file_that_it_is(acme: Seller) -> None:
    answered(parcel(acme), "mydhl", proof_answer())
    found = collected(claim_of(letter(acme, reason="not_received")))
    assert found["proof_of_delivery"].status == "found"
    assert found["signature"].status == "absent"


def test_no_proof_counts_of_a_parcel_on_its_way_back_or_of_a_test_system(acme: Seller) -> None:
    shipment = parcel(acme)
    document = proof_answer()["documents"][0]["content"]
    output = {"documentType": "SIGNATURE_PROOF_OF_DELIVERY", "documents": [document]}
    answered(shipment, "fedex", {"output": {**output, "alerts": [{"code": "VIRTUAL.RESPONSE"}]}})
    claim = claim_of(letter(acme, reason="not_received"))
    assert collected(claim)["proof_of_delivery"].status == "absent"

    tracked(shipment, SCANNED, {**DELIVERED, "leg": "return"})
    answered(shipment, "mydhl", proof_answer())
    assert collected(claim)["proof_of_delivery"].status == "absent"


def test_a_picture_of_a_signature_is_found_though_it_names_nobody(acme: Seller) -> None:
    shipment = delivered(acme, received_by="")
    picture = base64.b64encode(b"\x89PNG\r\n\x1a\n picture").decode()
    package = {"trackingNumber": NUMBER, "deliveryInformation": {"signature": {"image": picture}}}
    answered(shipment, "ups", {"trackResponse": {"shipment": [{"package": [package]}]}})

    found = collected(claim_of(letter(acme, reason="not_received")))["signature"]

    assert found.facts["lines"] == [
        f"USPS {NUMBER}: the carrier's picture of a signature is on file (PNG, 16 bytes, from ups)."
    ]


def test_a_time_without_zone_is_printed_as_such(acme: Seller) -> None:
    shipment = parcel(acme)
    tracked(
        shipment, SCANNED, {"status": "delivered", "text": "Delivered", "local_time": "2026-11-12T11:30:00"}
    )
    proof = collected(claim_of(letter(acme)))["proof_of_delivery"]
    assert proof.facts["lines"] == [
        f"USPS {NUMBER}: delivered 2026-11-12T11:30:00 (zone not stated by the carrier), place not stated."
    ]


def test_a_parcel_on_its_way_back_is_not_delivered(acme: Seller) -> None:
    shipment = parcel(acme)
    back = {**DELIVERED, "leg": "return"}
    tracked(
        shipment,
        SCANNED,
        {"status": "returning", "text": "Refused", "occurred_at": "2026-11-11T09:00:00Z"},
        back,
    )
    found = collected(claim_of(letter(acme, reason="return_not_refunded")))
    assert found["return_tracking"].status == "found"
    assert (
        "on its way back, not delivered to the buyer"
        in collected(claim_of(letter(acme, at=MONDAY + hours(2), requested=("proof_of_delivery",))))[
            "proof_of_delivery"
        ].reason
    )


def test_a_protected_label_is_found_as_the_seller_states_it(acme: Seller) -> None:
    parcel(acme, bought_through_buy_shipping=True, claims_protected=True)
    found = collected(claim_of(letter(acme)))["buy_shipping_label"]
    assert found.facts["lines"] == [
        f"USPS {NUMBER}: bought through Amazon Buy Shipping, marked Claims Protected."
    ]


def test_finding_the_same_again_changes_no_row(acme: Seller) -> None:
    delivered(acme)
    claim = claim_of(letter(acme))
    collected(claim)
    before = list(Finding.objects.order_by("pk").values())
    collect_evidence(claim_id=claim.pk, actor=AMZ, now=NOW + hours(5))
    assert list(Finding.objects.order_by("pk").values()) == before


_DELIVERY = ["dispatch", "tracking", "proof_of_delivery", "delivery_address", "carrier_details"]
#: What each reason requires, by Amazon's help; `a|b` counts once one of them is there.
REQUIRED: dict[str, list[str]] = {
    "": [*_DELIVERY, "signature|delivery_photo|buyer_acknowledgement"],
    "not_received": [*_DELIVERY, "signature|delivery_photo|buyer_acknowledgement"],
    "delivered_not_received": [*_DELIVERY, "signature|delivery_photo|buyer_acknowledgement"],
    "late": _DELIVERY,
    "not_as_described": [
        "listing", "correspondence", "return_address", "return_label|return_offer|return_refusal_reason",
    ],
    "return_not_refunded": [
        "correspondence", "return_address", "return_tracking", "refund|return_refusal_reason",
    ],
    "return_refused": [
        "correspondence", "return_address", "return_refusal_reason", "return_label|return_offer",
    ],
    "extra_charge": ["correspondence", "invoice", "carrier_details"],
    "cancelled": ["correspondence", "dispatch", "tracking"],
    "other": ["correspondence"],
}  # fmt: skip


@pytest.mark.parametrize("reason", REQUIRED)
def test_each_reason_has_its_list_and_is_satisfied_by_it(acme: Seller, reason: str) -> None:
    claim = claim_of(letter(acme, reason=reason))
    collected(claim)
    asked = REQUIRED[reason]
    kinds = [kind for one in asked for kind in one.split("|")]
    assert (claim.checklist_satisfied, sorted(claim.missing)) == (False, sorted(kinds))
    levels = {row["kind"]: row["level"] for row in claim.checklist}
    assert {kind for kind, level in levels.items() if level == "required"} == {
        k for k in asked if "|" not in k
    }
    for number, one in enumerate(asked):
        collected(claim)
        assert claim.checklist_satisfied is False
        hand_in(claim, one.split("|")[-1], content=f"proof {number}".encode())
    collected(claim)
    assert (claim.checklist_satisfied, claim.missing) == (True, [])


def test_a_row_says_what_provides_it_or_why_there_is_nothing(acme: Seller) -> None:
    claim = claim_of(letter(acme, reason="other"))
    hand_in(claim, "correspondence", "thanks.txt")
    collected(claim)
    rows = {row["kind"]: row for row in claim.checklist}
    assert rows["correspondence"] == {
        "kind": "correspondence", "level": "required", "state": "provided", "items": ["thanks.txt"],
        "reason": "", "group": "",
    }  # fmt: skip
    assert rows["dispatch"]["reason"] == "No shipment is known for this order."


def test_what_amazon_names_becomes_required(acme: Seller) -> None:
    claim = claim_of(letter(acme, reason="other", requested=("signature", "dispatch")))
    collected(claim)
    assert checklist(claim)["signature"] == "required missing"
    assert checklist(claim)["dispatch"] == "required missing"
    assert sorted(claim.missing) == ["correspondence", "dispatch", "signature"]


def test_a_file_handed_in_provides_what_the_carrier_did_not_say(acme: Seller) -> None:
    delivered(acme, received_by="")
    claim = claim_of(letter(acme, reason="not_received"))
    hand_in(claim, "signature", "signature.txt")
    rows = collect_evidence(claim_id=claim.pk, actor=AMZ, now=NOW)
    claim.refresh_from_db()
    assert checklist(claim)["signature"] == "one_of provided"
    assert {(r.collector, r.status) for r in rows if r.kind == "signature"} == {
        ("signature", "absent"), ("handed_in", "found"),
    }  # fmt: skip


class BrokenCollector:
    name: ClassVar[str] = "broken"
    kind: ClassVar[EvidenceKind] = EvidenceKind.DISPATCH

    def collect(self, case: Case) -> Found:
        raise ValueError(f"no such order {case.claim.order_id}")


def test_a_collector_that_fails_says_so_and_the_others_go_on(
    acme: Seller, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivered(acme)
    monkeypatch.setattr("claims.services.evidence.COLLECTORS", (BrokenCollector(), *COLLECTORS[1:]))
    claim = claim_of(letter(acme, reason="not_received"))
    found = collected(claim)
    broken = found["dispatch"]
    assert (broken.status, broken.reason) == ("failed", "ValueError: no such order 402-3427577-1965903")
    assert (broken.retryable, broken.facts) == (True, {"lines": []})
    assert found["proof_of_delivery"].status == "found"
    row = next(row for row in claim.checklist if row["kind"] == "dispatch")
    assert (row["state"], row["reason"]) == ("missing", f"Could not be collected: {broken.reason}")


def test_the_same_file_of_a_kind_is_kept_once_and_asks_for_a_bundle_once(acme: Seller) -> None:
    claim = claim_of(letter(acme))
    Job.objects.all().delete()
    first = hand_in(claim, "invoice", "a.txt")
    claim.refresh_from_db()
    revision = claim.revision
    assert hand_in(claim, "invoice", "b.txt") == first
    assert hand_in(claim, "other", "b.txt") != first
    claim.refresh_from_db()
    assert claim.revision == revision + 1
    assert Job.objects.filter(kind="assemble_bundle", status="queued").count() == 1


def test_evidence_for_a_closed_claim_is_kept_without_a_new_bundle(acme: Seller) -> None:
    claim = decided(acme)
    close_claim(claim_id=claim.pk, reason="done", actor=AMZ, now=MONDAY + hours(12))
    Job.objects.all().delete()
    assert hand_in(claim, "invoice").claim == claim
    assert Job.objects.count() == 0


def test_what_amazon_named_decides_for_its_whole_set() -> None:
    levels = {ask.kind.value: (ask.level, ask.group) for ask in asks_for("not_received", ["signature"])}
    assert levels["signature"] == ("required", "")
    assert levels["delivery_photo"] == ("optional", "")
    assert levels["buyer_acknowledgement"] == ("optional", "")
