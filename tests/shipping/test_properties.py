"""What holds for every answer of every provider, whatever is in it."""

import copy
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from accounts.models import Seller
from shipping.carriers.registry import READERS, interpret
from shipping.models import Shipment, TrackingEvent, TrackingSnapshot
from shipping.reading import Reading, Stated, Unreadable
from shipping.rules.facts import Facts, Meant, derive
from shipping.rules.lines import Line, Word, told_in_order
from shipping.rules.times import EASTMOST, WESTMOST, ReadTime, known_by, read_iso
from shipping.services import ShipmentFields, rebuild_shipment, record_tracking, register_shipment
from shipping.services.derivation import FACT_NAMES, event_rows, read_event
from shipping.vocabulary import DELIVERED, Leg, SnapshotStatus, TimeBasis
from tests.shipping.conftest import AMZ, NOW, SHIPPED, SPRINGFIELD, payload

SEEDS: tuple[tuple[str, Any], ...] = (
    ("easypost", payload("easypost_delivered")),
    ("easypost", payload("easypost_back_to_sender")),
    ("amazon_tracking_v2", payload("amazon_returned")),
    ("amazon_tracking_v2", payload("amazon_delivered_to_neighbour")),
    ("amazon_tracking_v1", payload("amazon_tracking_v1_delivered")),
    ("amazon_mfn_shipment", payload("amazon_label")),
    ("amazon_order_2026_01_01", payload("amazon_order")),
    ("amazon_order_v0", {"payload": {"AmazonOrderId": "405-1234567-1234567", "OrderStatus": "Shipped",
                                     "LatestShipDate": "2026-11-03T07:59:59Z", "ShippingAddress": {"City": "X"},
                                     "OrderItems": [{"ShippingConstraints": {"SignatureConfirmation": "MANDATORY"}}]}}),
    ("seventeentrack", payload("seventeentrack_delivered")),
    ("aftership", payload("aftership_delivered")),
    ("shipengine", payload("shipengine_delivered")),
    ("shippo", payload("shippo_returned")),
    ("yunexpress", payload("yunexpress_delivered")),
)  # fmt: skip


def runs(examples: int) -> settings:
    """Without a clock of its own: the machine may be busy."""
    checks = [HealthCheck.too_slow, HealthCheck.data_too_large]
    return settings(max_examples=examples, deadline=None, suppress_health_check=checks)


def names_in(value: Any) -> set[str]:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return {*(value if isinstance(value, dict) else ()), *(name for part in inner for name in names_in(part))}


def texts_in(value: Any) -> set[str]:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return {value} if isinstance(value, str) else {text for part in inner for text in texts_in(part)}


NAMES = sorted({name for _, answer in SEEDS for name in names_in(answer)})
TEXTS = sorted({text for _, answer in SEEDS for text in texts_in(answer)})
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=8)
    | st.sampled_from(TEXTS)
    | st.sampled_from(
        ["0", "-1", "1e400", "2026-11-05T13:42:00", "2026-11-05", "\ud800", "\x00", "404", 10**400]
    )
)
JSON_VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4),
    max_leaves=12,
)
BODIES = st.binary(max_size=200) | JSON_VALUES.map(lambda value: json.dumps(value).encode())


@st.composite
def mutations(draw: st.DrawFn) -> tuple[str, Any]:
    """An answer as its provider gives it, with up to four of its parts lost, wrapped, spread or replaced."""
    provider, seed = draw(st.sampled_from(SEEDS))
    answer = copy.deepcopy(seed)
    for _ in range(draw(st.integers(0, 4))):
        spot = answer
        while isinstance(spot, dict | list) and spot:
            key = draw(st.sampled_from(list(spot) if isinstance(spot, dict) else list(range(len(spot)))))
            if isinstance(spot[key], dict | list) and spot[key] and draw(st.integers(0, 3)):
                spot = spot[key]
                continue
            change = draw(st.sampled_from(["lose", "wrap", "first", "number", "other"]))
            if change == "lose":
                del spot[key]
            elif change == "wrap":
                spot[key] = [spot[key]]
            elif change == "first" and isinstance(spot[key], list) and spot[key]:
                spot[key] = spot[key][0]
            elif change == "number" and isinstance(spot[key], int | float):
                spot[key] = str(spot[key])
            else:
                spot[key] = draw(JSON_VALUES)
            break
    return provider, answer


def read_or_refused(provider: str, body: bytes) -> Reading:
    """As its reader gives it; anything but Unreadable is a failure of the test."""
    try:
        return READERS[provider].read(body)
    except Unreadable as fault:
        return Reading(status=SnapshotStatus.UNREADABLE, reason=fault.reason)


@runs(100)
@given(
    provider=st.sampled_from(sorted(READERS)),
    body=st.binary(max_size=200) | JSON_VALUES.map(lambda v: json.dumps(v).encode()),
)
@example(provider="seventeentrack", body=b'{"code": 0, "data": {"accepted": [[]]}}')
@example(provider="shipengine", body=b"[" * 100_000)
def test_no_reader_raises_anything_but_unreadable(provider: str, body: bytes) -> None:
    assert read_or_refused(provider, body).status in SnapshotStatus.values


@runs(100)
@given(mutated=mutations())
def test_every_answer_is_read_or_refused_and_stored_as_it_was_read(mutated: tuple[str, Any]) -> None:
    provider, answer = mutated
    body = json.dumps(answer).encode()
    reading = read_or_refused(provider, body)

    assert read_or_refused(provider, body) == reading, "reading again gives the same"
    stored = json.loads(json.dumps(reading.stated.to_json()))
    assert Stated.from_json(stored) == reading.stated
    kept = TrackingSnapshot(provider=provider)
    by_mark = {event.fingerprint(provider): event for event in reversed(reading.events)}
    rows = event_rows(kept, reading.events)
    assert {row.fingerprint: read_event(row) for row in rows} == by_mark
    for event in reading.events:
        assert event.time.basis != "" or (event.time.occurred_at is None and event.time.local == "")
        assert event.time.basis in ("", *TimeBasis.values)


def derived(answers: list[tuple[str, Any]], order: list[int]) -> tuple[list[Line], Facts]:
    """What follows from answers that arrive in this order; an index may come more than once."""
    events: dict[str, tuple[int, Any]] = {}
    said: dict[int, Word] = {}
    for index in order:
        provider, answer = answers[index]
        reading = interpret(provider, json.dumps(answer).encode(), 200).reading
        if reading.status == SnapshotStatus.READ:
            said[index] = Word(provider, NOW + timedelta(minutes=index), f"{index:064d}", reading.stated)
            for event in reversed(reading.events):
                mark = event.fingerprint(provider)
                if mark not in events or index <= events[mark][0]:  # the oldest answer tells it
                    events[mark] = (index, (provider, mark, event))
    lines = told_in_order((told for _, told in events.values()), said.values())
    meant = Meant(
        tracking_number="9400111206206407628746",
        order_id="405-1234567-1234567",
        stated={"shipped_at": SHIPPED, "ship_to": SPRINGFIELD, "claims_protected": True},
    )
    return lines, derive(lines, list(said.values()), meant, not_found=False)


@runs(60)
@given(answers=st.lists(mutations(), min_size=1, max_size=5), data=st.data())
def test_the_order_of_answers_and_their_repetition_never_matter(
    answers: list[tuple[str, Any]], data: st.DataObject
) -> None:
    once = list(range(len(answers)))
    shuffled = data.draw(st.permutations(once + data.draw(st.lists(st.sampled_from(once), max_size=4))))
    lines, known = derived(answers, once)
    assert derived(answers, list(shuffled)) == (lines, known)
    json.dumps([known.order_facts, known.conflicts, known.gaps, known.documents], allow_nan=False)

    if any(line.leg == Leg.RETURN and line.event.source == "carrier" for line in lines):
        assert known.status not in DELIVERED
        assert known.received_by["raw"] == ""
    if known.delivered_at is not None:
        assert known.time_basis != ""
        assert known.delivered_earliest is not None
        assert known.delivered_latest is not None
        assert known.delivered_earliest <= known.delivered_at <= known.delivered_latest


LEGS = st.sampled_from(["FORWARD", "RETURNS", None, "SIDEWAYS"])
CODES = st.sampled_from(
    ["PickupDone", "Departed", "OutForDelivery", "Delivered", "Rejected", "Lost", "Unheard"]
)
TIMES = st.integers(0, 20 * 24).map(lambda hours: f"{SHIPPED + timedelta(hours=hours):%Y-%m-%dT%H:%M:%SZ}")
HISTORY = st.lists(
    st.builds(
        lambda code, leg, at: {"eventCode": code, "shipmentType": leg, "eventTime": at}, CODES, LEGS, TIMES
    ),
    max_size=6,
)


@runs(100)
@given(history=HISTORY, summary=CODES, signed=st.booleans())
def test_amazons_way_back_is_never_a_delivery_to_the_buyer(
    history: list[dict[str, Any]], summary: str, signed: bool
) -> None:
    answer = {
        "trackingId": "9400111206206407628746",
        "eventHistory": history,
        "summary": {
            "status": summary,
            "trackingDetailCodes": {"forward": [], "returns": ["Signed"] if signed else []},
            "proofOfDelivery": {"receivedBy": "WAREHOUSE"},
        },
    }
    lines, known = derived([("amazon_tracking_v2", answer)], [0])
    scans_back = [
        item for item in history if item["shipmentType"] == "RETURNS" and item["eventCode"] == "Delivered"
    ]
    for line in lines:
        assert line.event.leg != Leg.RETURN or line.event.status not in DELIVERED
    if scans_back or (signed and summary == "Delivered"):
        assert known.status == "returned_to_sender"
        assert known.leg == Leg.RETURN
        assert known.received_by == {"raw": "", "kind": "none"}
        forward = {item["eventTime"] for item in history if item["shipmentType"] != "RETURNS"}
        assert known.delivered_at is None or f"{known.delivered_at:%Y-%m-%dT%H:%M:%SZ}" in forward


MOMENTS = st.integers(0, 10**6).map(
    lambda seconds: datetime(2026, 11, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)
OFFSETS = st.integers(-12 * 4, 14 * 4).map(lambda quarters: timedelta(minutes=15 * quarters))
WRITTEN: dict[str, Callable[[datetime, str], str]] = {
    "with its offset": lambda clock, offset: f"{clock:%Y-%m-%dT%H:%M:%S}{offset}",
    "with its offset, to the minute": lambda clock, offset: f"{clock:%Y-%m-%dT%H:%M}{offset}",
    "without offset": lambda clock, offset: f"{clock:%Y-%m-%d %H:%M:%S}",
    "without offset, to the minute": lambda clock, offset: f"{clock:%Y-%m-%d %H:%M}",
    "as a date": lambda clock, offset: f"{clock:%Y-%m-%d}",
    "as if it were UTC": lambda clock, offset: f"{clock:%Y-%m-%dT%H:%M:%SZ}",
}


@runs(150)
@given(
    truth=MOMENTS, offset=OFFSETS, way=st.sampled_from(sorted(WRITTEN)), apart=st.integers(-(10**5), 10**5)
)
@example(
    truth=datetime(2026, 11, 3, 23, 59, 59, tzinfo=UTC),
    offset=timedelta(0),
    way="with its offset, to the minute",
    apart=-29,
)
def test_a_deadline_is_decided_only_as_the_truth_decides_it(
    truth: datetime, offset: timedelta, way: str, apart: int
) -> None:
    """A carrier writes a moment down in its zone; whatever of it is lost, the verdict never contradicts it."""
    assert -WESTMOST <= offset <= EASTMOST
    minutes = abs(offset) // timedelta(minutes=1)
    sign = "-" if offset < timedelta(0) else "+"
    text = WRITTEN[way](
        (truth + offset).replace(tzinfo=None), f"{sign}{minutes // 60:02d}:{minutes % 60:02d}"
    )
    time = read_iso(text, utc_basis=TimeBasis.PROVIDER_INFERRED)
    deadline = truth + timedelta(seconds=apart)

    span = time.interval()
    assert span is not None
    assert span[0] <= truth <= span[1]
    assert known_by(span, deadline) in (None, truth <= deadline)
    assert known_by(span, span[1]) is True
    assert known_by(span, span[0] - timedelta(seconds=1)) is False
    if span[0] < span[1]:
        assert known_by(span, span[0]) is None


def test_a_moment_that_nobody_states_decides_nothing() -> None:
    assert known_by(ReadTime(raw="soon").interval(), NOW) is None
    assert (
        known_by(read_iso("2026-11-03T23:59+00:00").interval(), datetime(2026, 11, 3, 23, 59, 59, tzinfo=UTC))
        is True
    )


DOORS = st.lists(st.sampled_from(range(6)), min_size=1, max_size=9)
POSTED: tuple[tuple[str, Any], ...] = (
    ("easypost", payload("easypost_in_transit")),
    ("easypost", payload("easypost_back_to_sender")),
    ("aftership", payload("aftership_delivered")),
    ("shippo", payload("shippo_returned")),
    ("amazon_mfn_shipment", payload("amazon_label")),
    ("amazon_order_2026_01_01", payload("amazon_order")),
)


@pytest.mark.django_db
@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(posts=DOORS, data=st.data())
def test_posts_in_any_order_and_number_leave_the_same_parcel_and_rebuilding_changes_nothing(
    acme: Seller, posts: list[int], data: st.DataObject
) -> None:
    outcomes = []
    for order in (sorted(set(posts)), data.draw(st.permutations(posts))):
        shipment = register_shipment(
            seller=acme, order_id="405-1234567-1234567", marketplace_id="", ship_to=SPRINGFIELD, actor=AMZ, now=NOW,
            fields=ShipmentFields(tracking_number="9400111206206407628746", shipped_at=SHIPPED),
        )  # fmt: skip
        for index in order:
            provider, answer = POSTED[index]
            record_tracking(
                shipment=shipment, provider=provider, payload=answer, actor=AMZ, now=NOW, channel="api",
                fetched_at=NOW - timedelta(hours=10 - index),
            )  # fmt: skip
        assert rebuild_shipment(shipment_id=shipment.pk, now=NOW) is False
        shipment.refresh_from_db()
        rows = TrackingEvent.objects.filter(shipment=shipment).values_list(
            "fingerprint", "status", "leg", "position", "snapshot__sha256"
        )
        outcomes.append(({name: getattr(shipment, name) for name in FACT_NAMES}, sorted(rows)))
        TrackingEvent.objects.filter(shipment=shipment).delete()
        TrackingSnapshot.objects.filter(shipment=shipment).delete()
        Shipment.objects.filter(pk=shipment.pk).update(tracking_number=f"USED{shipment.pk}")
    assert outcomes[0] == outcomes[1]
