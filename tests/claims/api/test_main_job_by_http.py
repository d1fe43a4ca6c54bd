"""The main job by HTTP alone: letter, tracking, bundle, reply, confirmation, decision. All held against the schema."""

import hashlib
import io
import json
import zipfile
from datetime import datetime, timedelta
from typing import Any

from tests.claims.api.conftest import API, ORDER
from tests.openapi import CheckedClient

Body = Any


def test_a_letter_is_taken_through_to_its_decision_by_a_key(
    amz_client: CheckedClient, lea_client: CheckedClient, notice_body: Body, now: datetime
) -> None:
    noticed_at = now - timedelta(hours=1)
    taken = amz_client.post(
        f"{API}/notices/",
        notice_body(
            noticed_at=noticed_at.isoformat(),
            amount="34.9",
            currency="EUR",
            reason="not_received",
            request_text="Please tell us how this order was shipped.",
            ship_to={"name": "Jane Doe", "city": "Berlin", "postal_code": "10115", "country_code": "DE"},
            shipments=[{"carrier": "dhl", "tracking_number": "00340434161094021501"}],
        ),
    )
    assert taken.status_code == 201, taken.json()
    letter = taken.json()
    claim = letter["claim"]
    assert letter["status"] == "processed"
    assert letter["kind"] == "information_requested"
    assert claim["state"] == "action_required"
    assert claim["amount"] == "34.90"
    assert claim["respond_by"] == (noticed_at + timedelta(hours=48)).isoformat().replace("+00:00", "Z")
    assert claim["deadline_basis"] == "policy"

    repeated = amz_client.post(
        f"{API}/notices/",
        notice_body(
            noticed_at=noticed_at.isoformat().replace("+00:00", "Z"),
            amount="34.90",
            currency="EUR",
            reason="not_received",
            request_text="Please tell us how this order was shipped.",
            ship_to={"name": "Jane Doe", "city": "Berlin", "postal_code": "10115", "country_code": "DE"},
            shipments=[{"carrier": "dhl", "tracking_number": "00340434161094021501"}],
        ),
    )
    assert repeated.status_code == 200
    assert (repeated.json()["id"], repeated.json()["claim"]["id"]) == (letter["id"], claim["id"])

    detail = amz_client.get(f"{API}/claims/{claim['id']}/")
    assert detail.status_code == 200
    shipment = detail.json()["shipments"][0]["id"]
    tracked = amz_client.post(
        f"{API}/shipments/{shipment}/tracking/",
        {
            "provider": "normal",
            "payload": {
                "events": [
                    {
                        "status": "delivered",
                        "text": "Delivered",
                        "occurred_at": (now - timedelta(days=2)).isoformat(),
                        "place": {"city": "Berlin", "postal_code": "10115", "country_code": "DE"},
                    }
                ]
            },
        },
    )
    assert tracked.status_code == 201, tracked.json()

    added = amz_client.post(
        f"{API}/claims/{claim['id']}/evidence/",
        {"kind": "correspondence", "text": "Buyer: thank you, it has arrived."},
    )
    assert added.status_code == 201, added.json()
    file: Any = amz_client.get(f"{API}/evidence/{added.json()['id']}/file/", HTTP_ACCEPT="image/png")
    assert file.status_code == 200
    assert b"".join(file.streaming_content) == b"Buyer: thank you, it has arrived."
    assert file["Content-Disposition"].startswith("attachment")
    assert file["X-Content-Type-Options"] == "nosniff"
    assert file["Content-Security-Policy"] == "sandbox"

    made = amz_client.post(f"{API}/claims/{claim['id']}/assemble-bundle/", {})
    assert made.status_code == 200, made.json()
    bundle = made.json()
    zipped: Any = amz_client.get(f"{API}/bundles/{bundle['id']}/zip/")
    archive = b"".join(zipped.streaming_content)
    assert hashlib.sha256(archive).hexdigest() == bundle["zip_sha256"]
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        manifest = opened.read("manifest.json")
        assert hashlib.sha256(manifest).hexdigest() == bundle["sha256"]
        for item in json.loads(manifest)["items"]:
            assert hashlib.sha256(opened.read(item["path"])).hexdigest() == item["sha256"]
    pdf: Any = amz_client.get(f"{API}/bundles/{bundle['id']}/pdf/", HTTP_ACCEPT="text/html")
    assert b"".join(pdf.streaming_content).startswith(b"%PDF-")
    assert pdf["ETag"] == f'"{bundle["pdf_sha256"]}"'

    drafted = amz_client.post(f"{API}/claims/{claim['id']}/draft-reply/", {})
    assert drafted.status_code == 201, drafted.json()
    reply = drafted.json()
    assert (reply["kind"], reply["status"], reply["bundle"]["id"]) == ("answer", "draft", bundle["id"])
    again = amz_client.post(f"{API}/claims/{claim['id']}/draft-reply/", {})
    assert (again.status_code, again.json()["id"]) == (200, reply["id"])

    approved = amz_client.post(f"{API}/replies/{reply['id']}/approve/", {"revision": reply["revision"]})
    assert approved.status_code == 200, approved.json()
    row = amz_client.get(f"{API}/claims/").json()["results"][0]
    assert row["awaiting_confirmation"] is True
    assert row["next_action"] == "Paste the approved reply into Seller Central, then confirm the submission."
    confirmed = amz_client.post(
        f"{API}/replies/{reply['id']}/confirm-submission/", {"revision": approved.json()["revision"]}
    )
    assert confirmed.status_code == 200, confirmed.json()
    assert confirmed.json()["status"] == "submitted"
    assert confirmed.json()["text_sha256"] == hashlib.sha256(reply["text"].encode()).hexdigest()

    under_review = amz_client.get(f"{API}/claims/{claim['id']}/").json()
    assert under_review["state"] == "under_review"
    assert [(d["kind"], d["status"]) for d in under_review["deadlines"]] == [("response", "met")]
    assert (under_review["respond_by"], under_review["seconds_left"], under_review["overdue"]) == (
        None,
        None,
        False,
    )

    decided = amz_client.post(
        f"{API}/claims/{claim['id']}/record-decision/",
        {"decision": "granted", "funded_by": "seller", "counts_in_odr": "yes", "debited_amount": "34.90",
         "loss_reason": "no_signature"},
    )  # fmt: skip
    assert decided.status_code == 200, decided.json()
    assert decided.json()["state"] == "decided"
    assert decided.json()["debited_amount"] == "34.90"
    assert decided.json()["allowed_actions"] == [
        "confirm_submission", "submit_appeal", "record_decision", "concede", "close",
    ]  # fmt: skip
    appealed = amz_client.post(
        f"{API}/claims/{claim['id']}/submit-appeal/",
        {"submitted_at": now.isoformat(), "text": f"We appeal the decision on order {ORDER}."},
    )
    assert appealed.status_code == 400, "the appeal cannot be earlier than the decision"
    appealed = amz_client.post(
        f"{API}/claims/{claim['id']}/submit-appeal/",
        {"submitted_at": (now + timedelta(minutes=1)).isoformat(), "text": "We appeal."},
    )
    assert appealed.status_code == 200, appealed.json()
    assert (appealed.json()["kind"], appealed.json()["made_outside"]) == ("appeal", True)
    assert lea_client.get(f"{API}/claims/{claim['id']}/").json()["state"] == "appeal_under_review"
