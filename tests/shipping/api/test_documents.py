"""`shipments/{id}/documents/{sha256}/`: proofs out of carriers' answers, and nothing a browser would run."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from shipping.models import Shipment, TrackingSnapshot
from shipping.services import document_of_shipment, rebuild_shipment
from tests.shipping.carriers.test_answers import answer_of, proven
from tests.shipping.conftest import NOW

NUMBER = "1Z12345E0205271688"


@pytest.fixture
def parcel(amz: APIClient, make_shipment: Callable[..., Shipment]) -> Shipment:
    shipment = make_shipment(NUMBER)
    proven(amz, shipment, "ups", answer_of("ups_delivered.json"))
    return shipment


def row_of(shipment: Shipment, kind: str) -> dict[str, Any]:
    return next(row for row in shipment.documents if row["kind"] == kind)


def test_a_proof_inside_an_answer_is_listed_with_type_size_hash_and_answer(parcel: Shipment) -> None:
    picture = row_of(parcel, "signature")
    assert picture == {
        "kind": "signature",
        "media_type": "image/png",
        "size": 70,
        "sha256": picture["sha256"],
        "provider": "ups",
        "snapshot": TrackingSnapshot.objects.get().sha256,
    }


def test_a_picture_comes_as_an_attachment_of_its_type(amz: APIClient, parcel: Shipment) -> None:
    row = row_of(parcel, "signature")
    address = f"/api/v1/shipments/{parcel.pk}/documents/{row['sha256']}/"

    answer = amz.get(address, HTTP_ACCEPT="text/html")

    assert answer.status_code == 200
    assert hashlib.sha256(answer.content).hexdigest() == row["sha256"]
    assert answer["Content-Type"] == "image/png"
    assert answer["Content-Disposition"] == f'attachment; filename="{NUMBER}-signature.png"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox"
    assert amz.get(address, HTTP_IF_NONE_MATCH=answer["ETag"]).status_code == 304


def test_a_page_of_html_is_given_as_text_and_never_as_a_page(amz: APIClient, parcel: Shipment) -> None:
    row = row_of(parcel, "proof_of_delivery")
    assert row["media_type"] == "text/html"

    answer = amz.get(f"/api/v1/shipments/{parcel.pk}/documents/{row['sha256']}/")

    assert b"<script>" in answer.content
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    assert answer["Content-Disposition"].endswith('-proof-of-delivery.html.txt"')


def test_nobody_else_and_no_other_hash_gets_one(amz: APIClient, bob: APIClient, parcel: Shipment) -> None:
    row = row_of(parcel, "signature")
    assert bob.get(f"/api/v1/shipments/{parcel.pk}/documents/{row['sha256']}/").status_code == 404
    assert amz.get(f"/api/v1/shipments/{parcel.pk}/documents/{'0' * 64}/").status_code == 404
    assert amz.get(f"/api/v1/shipments/{parcel.pk}/documents/../").status_code == 404
    assert APIClient().get(f"/api/v1/shipments/{parcel.pk}/documents/{row['sha256']}/").status_code == 401


def test_the_bytes_are_cut_out_of_the_answer_again_after_a_rebuild(parcel: Shipment) -> None:
    row = row_of(parcel, "signature")
    Shipment.objects.update(documents=[])
    parcel.refresh_from_db()
    assert document_of_shipment(shipment=parcel, sha256=row["sha256"]) is None

    assert rebuild_shipment(shipment_id=parcel.pk, now=NOW) is True
    parcel.refresh_from_db()

    found = document_of_shipment(shipment=parcel, sha256=row["sha256"])
    assert found is not None
    assert hashlib.sha256(found.content).hexdigest() == row["sha256"]


def test_an_answer_that_is_itself_a_pdf_is_listed_as_a_document(
    amz: APIClient, make_shipment: Callable[..., Shipment]
) -> None:
    shipment = make_shipment(NUMBER)
    text = "JVBERi0xLjcgcHJvb2Y="  # %PDF-1.7 proof
    assert proven(amz, shipment, "mydhl", text, content_type="application/pdf")[0] == "read"
    (row,) = shipment.documents
    assert (row["kind"], row["media_type"], row["size"]) == ("document", "application/pdf", 14)


@pytest.mark.parametrize(
    ("image", "listed"),
    [
        ("encoding Base64", []),
        ("null", []),
        (None, []),
        ("!!!", [{"kind": "signature", "problem": "It is not base64."}]),
        ("UEsDBAoAAAAAAA==", [{"kind": "signature", "problem": "It is no PDF, picture or page."}]),
        (["x"], [{"kind": "signature", "problem": "It is no text."}]),
    ],
)
def test_what_is_no_document_is_said_and_not_kept(
    amz: APIClient, make_shipment: Callable[..., Shipment], image: Any, listed: list[dict[str, str]]
) -> None:
    answer = answer_of("ups_delivered.json")
    information = answer["trackResponse"]["shipment"][0]["package"][0]["deliveryInformation"]
    information["pod"], information["signature"]["image"] = None, image
    shipment = make_shipment(NUMBER)

    gaps = proven(amz, shipment, "ups", answer)[6]

    own = [{k: row[k] for k in ("kind", "problem")} for row in shipment.documents]
    assert own == listed
    assert ("unreadable_document" in gaps) is bool(listed)
    assert "no_document" in gaps


def test_a_document_that_is_too_large_is_left_in_its_answer(
    amz: APIClient, make_shipment: Callable[..., Shipment]
) -> None:
    shipment = make_shipment(NUMBER)
    huge = {"output": {"documentType": "SIGNATURE_PROOF_OF_DELIVERY", "documents": ["JVBERi0x" * 1_250_000]}}
    assert proven(amz, shipment, "fedex", json.loads(json.dumps(huge)))[0] == "read"
    assert shipment.documents[0]["problem"] == "It has more than 7340032 bytes."
