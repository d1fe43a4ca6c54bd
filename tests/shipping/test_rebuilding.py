"""Snapshots are the truth: everything else follows from them, in whatever order they came."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import StringIO
from itertools import permutations
from typing import Any

import pytest
from django.core.management import call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import Seller
from shipping.carriers.registry import interpret
from shipping.models import Shipment, TrackingEvent, TrackingSnapshot
from shipping.rules.facts import Meant, derive
from shipping.rules.lines import Word, told_in_order
from shipping.services import (
    ShipmentFields,
    clear_pending,
    rebuild_shipment,
    record_tracking,
    register_shipment,
    update_shipment,
)
from shipping.services.derivation import FACT_NAMES
from tests.shipping.conftest import AMZ, NOW, SHIPPED, SPRINGFIELD, body_of, payload

NORMAL = {
    "events": [{"status": "out_for_delivery", "text": "With courier", "local_time": "2026-11-05T07:30:00"}]
}
ANSWERS: tuple[tuple[str, Any], ...] = (
    ("easypost", payload("easypost_in_transit")),
    ("easypost", payload("easypost_delivered")),
    ("easypost", payload("easypost_back_to_sender")),
    ("normal", NORMAL),
)


def facts(shipment: Shipment) -> dict[str, Any]:
    shipment.refresh_from_db()
    return {name: getattr(shipment, name) for name in FACT_NAMES}


def story(shipment: Shipment) -> list[tuple[Any, ...]]:
    rows = TrackingEvent.objects.filter(shipment=shipment).select_related("snapshot")
    return sorted(
        (row.fingerprint, row.status, row.leg, row.occurred_at, row.position, row.snapshot.sha256)
        for row in rows
    )


@pytest.mark.django_db
def test_any_order_of_arrival_gives_the_same_events_and_facts(acme: Seller) -> None:
    outcomes = []
    for index, order in enumerate(permutations(enumerate(ANSWERS))):
        shipment = register_shipment(
            seller=acme,
            order_id=f"405-0000000-{index:07d}",
            marketplace_id="",
            fields=ShipmentFields(tracking_number="9400111206206407628746", shipped_at=SHIPPED),
            ship_to=SPRINGFIELD,
            actor=AMZ,
            now=NOW,
        )
        for age, (provider, answer) in order:
            record_tracking(
                shipment=shipment, provider=provider, payload=answer, actor=AMZ, now=NOW, channel="api",
                fetched_at=NOW - timedelta(hours=10 - age),
            )  # fmt: skip
        outcomes.append((facts(shipment), story(shipment)))

    assert all(outcome == outcomes[0] for outcome in outcomes)
    assert outcomes[0][0]["status"] == "returned_to_sender"


@pytest.mark.django_db
def test_rebuilding_gives_what_was_there_and_touches_no_answer(
    make_shipment: Callable[..., Shipment],
) -> None:
    shipment = make_shipment(carrier="USPS")
    for provider, answer in ANSWERS:
        record_tracking(
            shipment=shipment, provider=provider, payload=answer, actor=AMZ, now=NOW, channel="api"
        )
    before = facts(shipment), story(shipment), list(TrackingSnapshot.objects.order_by("pk").values())
    Shipment.objects.update(status="lost", conflicts=[], delivered_at=None, place={}, facts_pending=False)
    TrackingEvent.objects.all().delete()

    out = StringIO()
    call_command("rebuild_tracking", stdout=out)

    assert out.getvalue() == "1 shipments read again, 1 with other facts than before.\n"
    assert (
        facts(shipment),
        story(shipment),
        list(TrackingSnapshot.objects.order_by("pk").values()),
    ) == before
    assert shipment.facts_pending is True
    assert rebuild_shipment(shipment_id=shipment.pk, now=NOW) is False


@pytest.mark.django_db
def test_a_corrected_ship_date_chooses_anew_which_answers_are_about_the_parcel(
    make_shipment: Callable[..., Shipment],
) -> None:
    shipment = make_shipment(shipped_at=NOW.replace(year=2025))
    record_tracking(
        shipment=shipment,
        provider="easypost",
        payload=payload("easypost_delivered"),
        actor=AMZ,
        now=NOW,
        channel="api",
    )
    assert facts(shipment)["status"] == "unknown"

    update_shipment(shipment=shipment, changes={"shipped_at": SHIPPED}, actor=AMZ, now=NOW)
    assert facts(shipment)["status"] == "delivered"
    assert shipment.snapshots.get().status == "read"

    update_shipment(shipment=shipment, changes={"tracking_number": "1Z5R89390357567127"}, actor=AMZ, now=NOW)
    assert facts(shipment)["status"] == "unknown"
    assert shipment.snapshots.get().status == "other_parcel"
    assert shipment.events.count() == 0


@pytest.mark.django_db
def test_news_stays_pending_until_exactly_that_news_was_read(make_shipment: Callable[..., Shipment]) -> None:
    shipment = make_shipment()
    read = [(shipment.pk, shipment.updated_at)]
    record_tracking(
        shipment=shipment,
        provider="easypost",
        payload=payload("easypost_delivered"),
        actor=AMZ,
        now=NOW,
        channel="api",
    )

    assert clear_pending(read=read) == 0
    shipment.refresh_from_db()
    assert shipment.facts_pending is True
    assert clear_pending(read=[(shipment.pk, shipment.updated_at)]) == 1
    shipment.refresh_from_db()
    assert shipment.facts_pending is False


# --- properties -------------------------------------------------------------------------------------------

STATUSES = [
    "label_created", "in_transit", "out_for_delivery", "delivered", "delivered_to_third_party", "exception",
    "returning", "returned_to_sender", "unknown", "delivery_attempted", "available_for_pickup",
]  # fmt: skip
MOMENTS = st.integers(0, 40 * 24 * 60).map(
    lambda minutes: datetime(2026, 11, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
TIMES = st.one_of(
    MOMENTS.map(lambda at: {"occurred_at": at.isoformat().replace("+00:00", "Z")}),
    MOMENTS.map(lambda at: {"local_time": at.replace(tzinfo=None).isoformat()}),
    MOMENTS.map(lambda at: {"local_time": at.date().isoformat()}),
    MOMENTS.map(lambda at: {"local_time": at.replace(tzinfo=None).isoformat(), "offset": "-05:00"}),
)
EVENTS = st.builds(
    lambda status, leg, time, text: {"status": status, "leg": leg, "text": text, **time},
    st.sampled_from(STATUSES),
    st.sampled_from(["forward", "return", "unknown"]),
    TIMES,
    st.sampled_from(["", "Delivered, Front Door", "Delivered, To Original Sender", "Sorted"]),
)
FORMS = st.lists(
    st.builds(
        lambda events, name: {"events": events, "received_by": name},
        st.lists(EVENTS, max_size=5),
        st.sampled_from(["", "J G", "Jane Doe", "00:00"]),
    ),
    min_size=1,
    max_size=4,
)


def told(forms: list[dict[str, Any]], order: list[int]) -> Any:
    events: dict[str, Any] = {}
    said = []
    for index in order:
        body = json.dumps(forms[index]).encode()
        reading = interpret("normal", body, 200).reading
        said.append(Word("normal", NOW + timedelta(minutes=index), f"{index:064d}", reading.stated))
        for event in reading.events:
            events.setdefault(event.fingerprint("normal"), ("normal", event.fingerprint("normal"), event))
    lines = told_in_order(events.values(), said)
    meant = Meant(tracking_number="X1", stated={"shipped_at": SHIPPED, "ship_to": SPRINGFIELD})
    return lines, derive(lines, said, meant, not_found=False)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(forms=FORMS, data=st.data())
def test_order_never_matters_and_no_way_back_is_a_delivery(
    forms: list[dict[str, Any]], data: st.DataObject
) -> None:
    order = data.draw(st.permutations(range(len(forms))))
    lines, known = told(forms, list(range(len(forms))))
    assert told(forms, list(order)) == (lines, known)

    if any(line.leg == "return" for line in lines):
        assert known.status in ("returning", "returned_to_sender")
        assert known.leg == "return"
        assert known.received_by == {"raw": "", "kind": "none"}
    if known.delivered_at is not None:
        assert known.time_basis != ""
        assert known.delivered_earliest <= known.delivered_at <= known.delivered_latest
    for line in lines:
        time = line.event.time
        assert time.basis != "" or (time.occurred_at is None and time.local == "")


@settings(max_examples=150, deadline=None)
@given(body=st.binary(max_size=400), provider=st.sampled_from(["normal", "easypost", "amazon_tracking_v2"]))
def test_no_bytes_whatever_break_a_reader(body: bytes, provider: str) -> None:
    assert interpret(provider, body, 200).reading.status in {
        "unreadable",
        "read",
        "not_found",
        "error_answer",
    }


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    data=st.data(),
    name=st.sampled_from(["easypost_delivered", "amazon_returned", "amazon_delivered_to_neighbour"]),
)
def test_an_answer_with_any_value_anywhere_is_read_or_refused(data: st.DataObject, name: str) -> None:
    answer = json.loads(body_of(name))
    spot = answer.get("payload", answer)
    for _ in range(data.draw(st.integers(1, 4))):
        while isinstance(spot, dict | list) and spot:
            key = data.draw(st.sampled_from(list(spot) if isinstance(spot, dict) else list(range(len(spot)))))
            if not isinstance(spot[key], dict | list) or data.draw(st.booleans()):
                spot[key] = data.draw(JSON_VALUES)
                break
            spot = spot[key]
        spot = answer.get("payload", answer) if isinstance(answer.get("payload", answer), dict) else answer
    provider = "easypost" if name.startswith("easypost") else "amazon_tracking_v2"
    reading = interpret(provider, json.dumps(answer).encode(), 200).reading
    assert reading.status in {"unreadable", "read", "not_found", "error_answer"}
    for event in reading.events:
        assert event.time.basis != "" or event.time.sort_at is None
