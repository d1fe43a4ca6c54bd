"""Answers that are broken, disguised or made to hurt: refused with a reason, in bounded time, nothing raised."""

import base64
import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rest_framework.test import APIClient

from shipping.carriers.registry import READERS, interpret
from shipping.models import Shipment, TrackingSnapshot
from tests.shipping.conftest import PAYLOADS, pointers

FILES = {
    "fedex": "fedex_delivered.json",
    "ups": "ups_delivered.json",
    "usps": "usps_delivered_elsewhere.json",
    "dhl_unified": "dhl_unified_delivered.json",
    "mydhl": "mydhl_delivered.json",
    "dhl_ecommerce": "dhl_ecommerce_delivered.json",
    "dhl_parcel_de": "dhl_parcel_de_neighbour.xml",
    "easypost": "easypost_delivered.json",
    "amazon_tracking_v2": "amazon_delivered_to_neighbour.json",
    "amazon_tracking_v1": "amazon_tracking_v1_delivered.json",
    "amazon_mfn_shipment": "amazon_label.json",
    "amazon_order_2026_01_01": "amazon_order.json",
    "seventeentrack": "seventeentrack_delivered.json",
    "aftership": "aftership_delivered.json",
    "shipengine": "shipengine_delivered.json",
    "shippo": "shippo_returned.json",
    "yunexpress": "yunexpress_delivered.json",
    "normal": "normal_delivered.json",
}
XML = ("dhl_parcel_de", "dhl_ecommerce")
LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%s">' % (97 + n, b"&%c;" % (96 + n) * 10) for n in range(1, 12))
    + b"]><data>&l;</data>"
)
OUTSIDE = b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><data name="piece-shipment-list">&x;</data>'
ELSEWHERE = b'<!DOCTYPE d SYSTEM "http://127.0.0.1:9/evil.dtd"><data name="piece-shipment-list"/>'


def status_of(provider: str, body: bytes) -> str:
    return interpret(provider, body, 200).reading.status


@pytest.mark.parametrize("provider", FILES)
@pytest.mark.parametrize("part", [0.02, 0.3, 0.7, 0.98])
def test_an_answer_cut_short_is_unreadable(provider: str, part: float) -> None:
    body = (PAYLOADS / FILES[provider]).read_bytes()
    assert status_of(provider, body[: int(len(body) * part)]) == "unreadable"


@pytest.mark.parametrize("provider", [name for name in FILES if name != "dhl_parcel_de"])
@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-8-sig", "utf-7"])
def test_json_in_another_encoding_is_unreadable_or_read_alike(provider: str, encoding: str) -> None:
    text = (PAYLOADS / FILES[provider]).read_text()
    found = interpret(provider, text.encode(encoding), 200).reading
    if encoding == "utf-7" and found.status == "read":
        assert len(found.events) == len(interpret(provider, text.encode(), 200).reading.events)
    else:
        assert found.status == "unreadable"


def test_xml_is_read_in_the_encoding_that_its_bytes_have() -> None:
    text = (PAYLOADS / "dhl_parcel_de_neighbour.xml").read_text()
    for body in (
        text.encode(),
        text.encode("latin-1"),
        text.replace("ISO-8859-1", "UTF-16").encode("utf-16"),
    ):
        found = interpret("dhl_parcel_de", body, 200).reading
        assert (found.status, found.stated.received_by) == ("read", "Krämer"), body[:60]
    undeclared = text.replace(' encoding="ISO-8859-1"', "").encode("latin-1")
    assert status_of("dhl_parcel_de", undeclared) == "unreadable"


@pytest.mark.parametrize("provider", XML)
@pytest.mark.parametrize("body", [LAUGHS, OUTSIDE, ELSEWHERE], ids=["laughs", "entity", "dtd"])
def test_entities_and_document_types_are_refused(provider: str, body: bytes) -> None:
    started = time.monotonic()
    found = interpret(provider, body, 200).reading
    assert found.status == "unreadable"
    assert "document type or entities" in found.reason
    assert time.monotonic() - started < 2


@pytest.mark.parametrize("provider", XML)
@pytest.mark.parametrize(
    "body",
    [b"<a>" * 1_500_000, b"<a>" + b"<b/>" * 1_200_000 + b"</a>", b'<a b="' + b"x" * 5_000_000 + b'"/>'],
    ids=["deep", "many", "long"],
)
def test_five_megabytes_of_xml_are_refused_in_time(provider: str, body: bytes) -> None:
    started = time.monotonic()
    assert status_of(provider, body) in ("unreadable", "not_found")
    assert time.monotonic() - started < 5


def test_every_reader_is_tried() -> None:
    """Amazon's older orders come in the shape of no file here; the property tests give it anything."""
    assert set(READERS) - set(FILES) == {"amazon_order_v0"}


@pytest.mark.parametrize("provider", [name for name in FILES if name != "dhl_parcel_de"])
def test_five_megabytes_of_json_are_read_or_refused_in_time(provider: str) -> None:
    answer = json.loads((PAYLOADS / FILES[provider]).read_text())
    body = json.dumps({**answer, "padding": ["x" * 50_000] * 100}).encode()
    assert len(body) > 5_000_000
    started = time.monotonic()
    assert status_of(provider, body) in ("read", "unreadable")
    assert time.monotonic() - started < 5


@pytest.mark.parametrize("provider", [name for name in READERS if name not in XML])
def test_xml_where_json_is_meant_is_unreadable(provider: str) -> None:
    for body in (LAUGHS, OUTSIDE, ELSEWHERE):
        assert status_of(provider, body) == "unreadable"


@pytest.mark.parametrize("provider", FILES)
def test_deep_and_endless_json_is_refused_in_time(provider: str) -> None:
    started = time.monotonic()
    deep = b'{"output":' * 200_000 + b"1" + b"}" * 200_000
    assert status_of(provider, deep) == "unreadable"
    assert status_of(provider, b'{"a":' + b"9" * 100_000 + b"}") == "unreadable"
    assert time.monotonic() - started < 5


def test_more_events_than_anybody_needs_are_refused() -> None:
    scan = {"date": "2026-11-06T17:42:11-06:00", "eventType": "IT", "scanLocation": {"postalCode": "62704"}}
    body = json.dumps(
        {"output": {"completeTrackResults": [{"trackResults": [{"scanEvents": [scan] * 5001}]}]}}
    ).encode()
    found = interpret("fedex", body, 200).reading
    assert (found.status, found.reason) == (
        "unreadable",
        "At most 5000 events and parcels are read from one answer.",
    )


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def damaged(node: Any, path: list[int], junk: Any) -> Any:
    """The answer with one part, found by following `path`, replaced by junk."""
    if not path or not isinstance(node, dict | list) or not node:
        return junk
    keys = list(node) if isinstance(node, dict) else list(range(len(node)))
    chosen = keys[path[0] % len(keys)]
    changed = dict(node) if isinstance(node, dict) else list(node)
    changed[chosen] = damaged(node[chosen], path[1:], junk)
    return changed


@pytest.mark.parametrize("provider", [name for name, file in FILES.items() if file.endswith(".json")])
@given(path=st.lists(st.integers(0, 40), min_size=1, max_size=9), junk=JUNK)
def test_any_part_may_be_anything_and_nothing_is_raised(provider: str, path: list[int], junk: Any) -> None:
    whole = json.loads((PAYLOADS / FILES[provider]).read_text())
    body = json.dumps(damaged(whole, path, junk)).encode()
    found = interpret(provider, body, 200).reading
    for event in found.events:
        assert event.time.basis or not event.time.local
        assert len(event.time.raw) <= 100
        assert len(event.number) <= 64
        assert len(event.code) <= 100
        assert len(event.provider_status) <= 100
    json.dumps(found.stated.to_json())


@pytest.mark.parametrize("provider", FILES)
@given(body=st.binary(max_size=60))
def test_any_bytes_are_no_crash(provider: str, body: bytes) -> None:
    assert interpret(provider, body, 200).parser_version == READERS[provider].version


@pytest.mark.parametrize("provider", FILES)
@pytest.mark.parametrize("body", [b"\xff\xfe\x00{", OUTSIDE, b"[]", b"<html>busy</html>"])
def test_at_the_door_it_is_400_with_the_bytes_kept_and_nothing_else_touched(
    amz: APIClient, make_shipment: Callable[..., Shipment], provider: str, body: bytes
) -> None:
    shipment = make_shipment("1")
    answer = amz.post(
        f"/api/v1/shipments/{shipment.pk}/tracking/",
        {
            "provider": provider,
            "payload": base64.b64encode(body).decode(),
            "content_type": "application/octet-stream",
        },
        format="json",
    )
    assert answer.status_code == 400, answer.json()
    assert pointers(answer) == [("/payload", "unreadable")]
    kept = TrackingSnapshot.objects.get()
    assert (bytes(kept.raw), kept.status) == (body, "unreadable")
    shipment.refresh_from_db()
    assert (shipment.status, shipment.documents, shipment.events.count()) == ("unknown", [], 0)
