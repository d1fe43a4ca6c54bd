"""What is asked of every fault, and the table of it that `make faults` prints."""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass

from tests.faults.installation import Installation, Watch, eventually

#: How long a run may take to get everything out once the fault is over.
PATIENCE_SECONDS = 180


@dataclass(frozen=True)
class Row:
    """`repeats`: posts taken under an id taken before; `expected`: how many of those nobody could have avoided.

    `until_503`: seconds from the end of the engine to the first 503; `recovered`: from its return to the first
    200; both None where the engine never stood still. `sent`: from the end of the fault until all was sent.
    """

    fault: str
    due: int
    arrived: int
    lost: int
    repeats: int
    expected: int
    until_503: float | None
    recovered: float | None
    sent: float


def settle(
    house: Installation,
    fault: str,
    *,
    over_at: float,
    expected: int = 0,
    until_503: float | None = None,
    recovered: float | None = None,
) -> Row:
    """Waits until everything is sent and counts. `over_at`: when the fault ended, by the monotonic clock."""
    eventually(
        lambda: len(house.noted_sent()) >= house.due,
        f"all {house.due} are sent",
        within_seconds=PATIENCE_SECONDS,
    )
    sent = time.monotonic() - over_at
    rows = house.ask(
        "SELECT d.message_id, w.claim_id FROM claims_delivery d JOIN claims_warning w ON w.id = d.warning_id "
        "WHERE d.channel = 'webhook' AND w.stage = '24h'"
    )
    claim_of = dict(rows)
    assert len(rows) == house.due, "one warning a claim, with one delivery by the room"
    assert set(house.receiver.taken) <= claim_of.keys(), "nothing came that nobody owed"
    waiting = "SELECT count(*) FROM claims_warning WHERE status NOT IN ('sent', 'superseded')"
    assert house.number(waiting) == 0
    arrived = len({claim_of[number] for number in house.receiver.taken})
    return Row(
        fault, house.due, arrived, house.due - arrived, house.receiver.repeats(), expected, until_503,
        recovered, sent,
    )  # fmt: skip


def went_down_and_came_back(watch: Watch, *, down_at: float, back_at: float) -> tuple[float, float]:
    """Seconds until the first 503, and from the engine's return until the first 200."""
    until_503 = watch.first(503, since=down_at)
    assert until_503 is not None
    return until_503, watch.wait(200, since=back_at, within_seconds=PATIENCE_SECONDS)


def lines(rows: Iterable[Mapping[str, object]]) -> list[str]:
    """The table, aligned."""
    heads: Sequence[str] = list(Row.__annotations__)
    shown = [[_shown(row[head]) for head in heads] for row in rows]
    widths = [max(len(line[place]) for line in [list(heads), *shown]) for place in range(len(heads))]
    return [
        "  ".join(
            text.ljust(width) if place == 0 else text.rjust(width)
            for place, (text, width) in enumerate(zip(line, widths, strict=True))
        )
        for line in [list(heads), *shown]
    ]


def _shown(value: object) -> str:
    if value is None:
        return "-"
    return f"{value:.1f} s" if isinstance(value, float) else str(value)


def properties(row: Row) -> dict[str, object]:
    return asdict(row)
