"""What is known of a parcel's order and label, and who says so. Pure.

The seller states some of it (columns of `Shipment`); answers about the order and the Buy Shipping label state it
too (`Stated.order`). Both are kept, and one is the known value by this rule:

- Amazon's word about its own order and label wins over the seller's: `AMAZON_KNOWS`.
- Of two answers the one nearer to the matter wins: the label for what was bought (`claims_protected`), the order
  for what was promised (`ship_by`, `ship_to`, …); of two equally near, the newer.
- When the parcel left, with whom and by what service is the seller's to say; answers fill what he left out.
- Whoever disagrees with the known value is named in a contradiction, so no side is dropped in silence.
- An answer that names another order gives nothing, even where the number is the same: numbers are used again.

How to read one: `known_facts(stated, order_facts)["claims_protected"]`, or for a row
`shipping.selectors.known_about(shipment)["claims_protected"]`; it is a `Known` for every name in `NAMES`, with
`value` None where nobody says anything, `source` ("seller" or the provider), `snapshot` (the answer's sha256) and
`reasons` (codes of an excluded benefit). Moments are `datetime` in UTC, truths `bool`, `ship_to` a dict of parts.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from shipping.rules.addresses import address_match
from shipping.rules.lines import Word
from shipping.rules.parts import MISMATCH

SELLER: Final = "seller"
LABEL: Final = "amazon_mfn_shipment"
ABOUT_ORDER: Final = frozenset({LABEL, "amazon_order_2026_01_01", "amazon_order_v0"})
"""Providers whose answers are about order or label: no scan, so no answer of a carrier."""
MOMENTS: Final = frozenset(
    {
        "ship_by", "deliver_by", "shipped_at", "deliver_from", "promised_by", "label_bought_at",
        "label_ship_date", "estimated_from", "estimated_by",
    }
)  # fmt: skip
AMAZON_KNOWS: Final = frozenset(
    {
        "ship_by", "deliver_by", "claims_protected", "bought_through_buy_shipping", "signature_required",
        "amazon_shipment_id", "ship_to",
    }
)  # fmt: skip
SELLER_KNOWS: Final = frozenset({"shipped_at", "carrier", "service"})
ANSWERS_ONLY: Final = frozenset(
    {
        "deliver_from", "promised_by", "label_bought_at", "label_ship_date", "label_status", "estimated_from",
        "estimated_by", "package_status", "order_status", "last_mile_number", "last_mile_carrier",
    }
)  # fmt: skip
STATED_FACTS: Final = tuple(sorted(AMAZON_KNOWS | SELLER_KNOWS))
"""Columns of a shipment in which the seller says so."""
NAMES: Final = AMAZON_KNOWS | SELLER_KNOWS | ANSWERS_ONLY
FACT_WORDS: Final = {
    "ship_by": "the latest moment to ship",
    "deliver_by": "the latest moment of delivery",
    "claims_protected": "whether the label is Claims Protected",
    "bought_through_buy_shipping": "whether the label was bought through Buy Shipping",
    "signature_required": "whether a signature is required",
    "amazon_shipment_id": "the id of the Buy Shipping label",
    "ship_to": "the buyer's address",
    "shipped_at": "the moment of dispatch",
    "deliver_from": "the earliest moment of delivery",
    "promised_by": "the promised date of delivery",
}
"""Facts of which a contradiction is worth showing, in words for people."""
_LABEL_FIRST: Final = frozenset(
    {"claims_protected", "bought_through_buy_shipping", "amazon_shipment_id", "carrier", "service"}
)
_SAME_MOMENT: Final = timedelta(minutes=1)
"""23:59:59 and midnight are one deadline."""
_SAME_DAY: Final = timedelta(days=1)
"""Shipping is confirmed hours before or after the parcel leaves; only a day and more is a contradiction."""


@dataclass(frozen=True, slots=True)
class Known:
    """One fact with its source. `stated` is the seller's own word; `beside` answers that say otherwise."""

    value: Any = None
    source: str = ""
    snapshot: str = ""
    reasons: tuple[str, ...] = ()
    stated: Any = None
    beside: tuple[Mapping[str, Any], ...] = field(default=())


def answered(words: Iterable[Word], *, tracking_number: str, order_id: str) -> dict[str, dict[str, Any]]:
    """What answers about this order say, by name: {value, source, snapshot, fetched_at, reasons, beside}.

    JSON values: this is the derived column `Shipment.order_facts`.
    """
    said: dict[str, list[dict[str, Any]]] = {}
    for word in sorted(words, key=lambda word: word.key):
        if not _is_of_order(word, order_id):
            continue
        for name, value in _about(word.stated.order, tracking_number).items():
            said.setdefault(name, []).append(
                {
                    "value": value,
                    "source": word.provider,
                    "snapshot": word.sha256,
                    "fetched_at": word.fetched_at.isoformat().replace("+00:00", "Z"),
                    "reasons": list(word.stated.order.get("reasons", ()))
                    if name == "claims_protected"
                    else [],
                }
            )
    return {name: _nearest(name, rows) for name, rows in sorted(said.items())}


def other_orders(words: Iterable[Word], order_id: str) -> list[str]:
    """The other orders that answers name."""
    return sorted({word.stated.order["order_id"] for word in words if not _is_of_order(word, order_id)})


def _is_of_order(word: Word, order_id: str) -> bool:
    """An answer that names no order is taken as asked."""
    named = word.stated.order.get("order_id", "")
    return not named or not order_id or named == order_id


def _about(order: Mapping[str, Any], tracking_number: str) -> dict[str, Any]:
    """The order's own facts and those of the one package that is this parcel."""
    package = order.get("packages", {}).get(tracking_number, {})
    return {name: value for name, value in {**order, **package}.items() if name in NAMES}


def _nearest(name: str, rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """`rows` oldest first. An address that was emptied later gives way to the newest with a street."""
    wants_label = name in _LABEL_FIRST
    whole = [row for row in rows if name != "ship_to" or row["value"].get("line1")] or rows
    best = max(range(len(whole)), key=lambda index: ((whole[index]["source"] == LABEL) == wants_label, index))
    newest_by_source = {row["source"]: row for row in rows}
    beside = [
        row
        for row in newest_by_source.values()
        if row["source"] != whole[best]["source"] and not _same(name, row["value"], whole[best]["value"])
    ]
    return {**whole[best], "beside": beside}


def _same(name: str, left: Any, right: Any) -> bool:
    if name == "ship_to":
        return MISMATCH not in address_match(left, right).values()
    if name in MOMENTS:
        slack = _SAME_DAY if name == "shipped_at" else _SAME_MOMENT
        return abs(_moment(left) - _moment(right)) < slack
    if isinstance(left, str) and isinstance(right, str):
        return left.casefold() == right.casefold()
    return bool(left == right)


def _moment(value: Any) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(value)


def known_facts(stated: Mapping[str, Any], order_facts: Mapping[str, Mapping[str, Any]]) -> dict[str, Known]:
    """Every name in `NAMES` with its known value. `stated`: what the seller says; `order_facts`: the column."""
    return {name: _known(name, stated.get(name), order_facts.get(name)) for name in sorted(NAMES)}


def _known(name: str, stated: Any, answer: Mapping[str, Any] | None) -> Known:
    stated = None if stated in ("", {}) else stated
    if answer is None or (name in SELLER_KNOWS and stated is not None):
        beside = (answer,) if answer is not None and not _same(name, stated, answer["value"]) else ()
        return Known(stated, SELLER if stated is not None else "", stated=stated, beside=beside)
    value: Any = _moment(answer["value"]) if name in MOMENTS else answer["value"]
    if name == "ship_to" and stated is not None and _same(name, stated, value):
        value = {**stated, **value}
    return Known(
        value, answer["source"], answer["snapshot"], tuple(answer["reasons"]), stated, tuple(answer["beside"])
    )


def disagreements(known: Mapping[str, Known]) -> list[dict[str, Any]]:
    """Rows {name, value, source, others: [{value, source}]} where someone says otherwise; JSON values."""
    rows = []
    for name, fact in known.items():
        others = [{"value": row["value"], "source": row["source"]} for row in fact.beside]
        if fact.source != SELLER and fact.stated is not None and not _same(name, fact.stated, fact.value):
            others.insert(0, {"value": _json(fact.stated), "source": SELLER})
        if others and name in FACT_WORDS:
            rows.append({"name": name, "value": _json(fact.value), "source": fact.source, "others": others})
    return rows


def _json(value: Any) -> Any:
    return value.isoformat().replace("+00:00", "Z") if isinstance(value, datetime) else value
