"""When the carrier first had the parcel, how surely, and whether that was in time."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shipping.reading import ReadEvent
from shipping.rules.lines import Line
from shipping.rules.scans import first_scan, is_physical_scan, scanned_by
from shipping.rules.times import ReadTime, read_iso
from shipping.vocabulary import EventSource, Leg, ParcelStatus, TimeBasis

P = ParcelStatus
NOON = datetime(2026, 11, 10, 12, tzinfo=UTC)


def line(
    raw: str, status: ParcelStatus = P.IN_TRANSIT, text: str = "Scanned", leg: Leg = Leg.FORWARD
) -> Line:
    event = ReadEvent(status=status, time=read_iso(raw), text=text, leg=leg, source=EventSource.CARRIER)
    return Line(event=event, provider="normal", fingerprint=raw + text, leg=leg)


def z(moment: datetime | None) -> str | None:
    return moment.isoformat().replace("+00:00", "Z") if moment else None


@pytest.mark.parametrize(
    ("status", "text", "counts"),
    [
        (P.IN_TRANSIT, "Picked up", True),
        (P.IN_TRANSIT, "Arrived at sort facility", True),
        (P.OUT_FOR_DELIVERY, "Out for delivery", True),
        (P.DELIVERED, "Delivered", True),
        (P.DELIVERY_ATTEMPTED, "Notice left", True),
        (P.LABEL_CREATED, "Shipping label created", False),
        (P.EXCEPTION, "Held", False),
        (P.UNKNOWN, "Scan", False),
        (P.IN_TRANSIT, "Shipping Label Created, USPS Awaiting Item", False),
        (P.IN_TRANSIT, "Shipment information sent to FedEx", False),
        (P.IN_TRANSIT, "Shipment data has been transmitted to the carrier electronically", False),
        (
            P.IN_TRANSIT,
            "The parcel data was entered into the GLS IT system; the parcel was not yet handed over to GLS.",
            False,
        ),
        (P.IN_TRANSIT, "Order processed: ready for UPS", False),
        (P.IN_TRANSIT, "Die Sendung wurde elektronisch angekündigt", False),
        (P.IN_TRANSIT, "Vooraangemeld", False),
    ],
)
def test_a_label_or_data_sent_ahead_is_no_scan(status: ParcelStatus, text: str, counts: bool) -> None:
    assert is_physical_scan(line("2026-11-10T12:00:00Z", status, text)) is counts


def test_nothing_on_the_way_back_is_a_first_scan() -> None:
    assert not is_physical_scan(line("2026-11-10T12:00:00Z", leg=Leg.RETURN))
    assert first_scan([line("2026-11-10T12:00:00Z", leg=Leg.RETURN)]) is None


def test_a_sure_scan_bounds_an_unsure_first_one() -> None:
    unsure, sure = line("2026-11-10T10:00:00"), line("2026-11-10T13:00:00Z")
    found = first_scan([unsure, sure])
    assert found is not None
    assert found.line is unsure
    assert found.latest == datetime(2026, 11, 10, 13, tzinfo=UTC)  # it was not later than any scan
    assert found.earliest == datetime(2026, 11, 9, 20, tzinfo=UTC)


def test_a_scan_without_a_time_leaves_the_beginning_open() -> None:
    found = first_scan([line(""), line("2026-11-10T13:00:00Z")])
    assert found is not None
    assert (found.line.event.time.raw, found.earliest) == ("2026-11-10T13:00:00Z", None)
    stored = {"earliest": z(found.earliest), "latest": z(found.latest)}
    assert scanned_by(stored, datetime(2026, 11, 10, 14, tzinfo=UTC)) is True
    assert (
        scanned_by(stored, datetime(2026, 11, 10, 12, tzinfo=UTC)) is None
    )  # the other may have been before


@pytest.mark.parametrize(
    ("ship_by", "expected"), [(-27, False), (-13, None), (0, None), (11, None), (12, True)]
)
def test_a_scan_whose_zone_is_unknown_decides_only_outside_its_uncertainty(
    ship_by: int, expected: bool | None
) -> None:
    found = first_scan([line("2026-11-10T12:00:00")])
    assert found is not None
    stored = {"earliest": z(found.earliest), "latest": z(found.latest)}
    assert scanned_by(stored, NOON + timedelta(hours=ship_by)) is expected


_MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31))
_TIMES = st.one_of(
    st.builds(
        lambda at: ReadTime(raw="x", occurred_at=at.replace(tzinfo=UTC), basis=TimeBasis.CARRIER_UTC),
        _MOMENTS,
    ),
    st.builds(lambda at: ReadTime(raw="x", local=at.isoformat(), basis=TimeBasis.ASSUMED), _MOMENTS),
    st.builds(lambda at: ReadTime(raw="x", local=at.date().isoformat(), basis=TimeBasis.DATE_ONLY), _MOMENTS),
    st.just(ReadTime(raw="x")),
)


@settings(max_examples=200, deadline=None)
@given(
    times=st.lists(_TIMES, min_size=1, max_size=5),
    ship_by=_MOMENTS.map(lambda at: at.replace(tzinfo=UTC)),
    shares=st.lists(st.floats(0, 1), min_size=5, max_size=5),
)
def test_a_decided_comparison_holds_wherever_the_true_moments_lie(
    times: list[ReadTime], ship_by: datetime, shares: list[float]
) -> None:
    """Put every scan somewhere within what its time may mean: no decision is ever wrong."""
    lines = [
        Line(ReadEvent(status=P.IN_TRANSIT, time=time, text="Scanned"), "normal", str(index), Leg.FORWARD)
        for index, time in enumerate(times)
    ]
    found = first_scan(sorted(lines, key=lambda each: each.key))
    assert found is not None
    decided = scanned_by({"earliest": z(found.earliest), "latest": z(found.latest)}, ship_by)
    spans = [each.event.time.interval() for each in lines]
    true = [span[0] + (span[1] - span[0]) * share for span, share in zip(spans, shares, strict=False) if span]
    if decided is True:
        assert min(true) <= ship_by
    if decided is False:
        assert len(true) == len(lines)
        assert min(true) > ship_by
