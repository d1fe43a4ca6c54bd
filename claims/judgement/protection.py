"""Buy Shipping protection: every condition with its source, and the verdict that follows. Pure.

Rule (Seller Central, Buy Shipping claims protection): a label bought through Buy Shipping and marked Claims
Protected; the carrier's first scan at or before the ship-by moment; the claim is that the parcel did not arrive;
the parcel is not on its way back; Amazon, not the seller, made the refund. Not protected if any condition fails;
protected if all pass; else unknown. Whether the buyer was answered within 48 hours is a risk, no condition.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from claims.judgement.coverage import UNKNOWN, Coverage, coverage_of
from claims.judgement.grounds import Grounds, is_returned, named
from claims.words import DecisionOutcome, EvidenceKind
from shipping.models import Shipment
from shipping.rules.order_facts import SELLER, Known
from shipping.rules.scans import scanned_by
from shipping.selectors import known_about

PROTECTED, NOT_PROTECTED = "protected", "not_protected"
PASS, FAIL = "pass", "fail"

Order = dict[str, Known]


@dataclass(frozen=True)
class Condition:
    """One condition of one parcel (`shipment` None: of the claim). `fields` are the values it rests on."""

    code: str
    state: str
    detail: str
    source: str = ""
    shipment: int | None = None
    fields: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Protection:
    """The verdict, why, what it is worth in the marketplace, and what endangers it all the same."""

    verdict: str
    conditions: tuple[Condition, ...]
    coverage: Coverage
    risks: tuple[Condition, ...]


def protection_of(grounds: Grounds) -> Protection:
    """Several parcels: one verdict only where it is the same for each, since a claim does not say which."""
    claim_wide: tuple[Condition, ...] = (_reason(grounds), _refund(grounds))
    by_parcel = [_conditions(shipment) for shipment in grounds.parcels]
    verdicts = {_verdict((*claim_wide, *rows)) for rows in by_parcel}
    if not by_parcel:
        claim_wide = (Condition("parcel", UNKNOWN, "No shipment is known for this order."), *claim_wide)
        verdicts = {_verdict(claim_wide)}
    verdict = verdicts.pop() if len(verdicts) == 1 else UNKNOWN
    conditions = (*(row for rows in by_parcel for row in rows), *claim_wide)
    return Protection(verdict, conditions, coverage_of(grounds.marketplace_id), _risks(grounds))


def _verdict(conditions: tuple[Condition, ...]) -> str:
    states = {row.state for row in conditions}
    if FAIL in states:
        return NOT_PROTECTED
    return PROTECTED if states == {PASS} else UNKNOWN


def _conditions(shipment: Shipment) -> tuple[Condition, ...]:
    order = known_about(shipment)
    rules: tuple[Callable[[Shipment, Order], Condition], ...] = (_label, _badge, _first_scan, _way)
    return tuple(rule(shipment, order) for rule in rules)


def _row(
    shipment: Shipment, code: str, passes: bool | None, detail: str, source: str, **fields: Any
) -> Condition:
    state = {True: PASS, False: FAIL, None: UNKNOWN}[passes]
    given = {name: value for name, value in fields.items() if value not in (None, "", ())}
    return Condition(code, state, f"{named(shipment)}: {detail}", source, shipment.pk, given)


_WORDS: Final = {
    "bought_through_buy_shipping": {
        True: "the label was bought through Amazon Buy Shipping",
        False: "the label was not bought through Amazon Buy Shipping",
        None: "whether the label was bought through Amazon Buy Shipping is not known",
    },
    "claims_protected": {
        True: "the label is marked Claims Protected",
        False: "the label is not marked Claims Protected",
        None: "whether the label is marked Claims Protected is not known",
    },
}


def _label(shipment: Shipment, order: Order) -> Condition:
    known = order["bought_through_buy_shipping"]
    text = _WORDS["bought_through_buy_shipping"][known.value]
    return _row(
        shipment, "buy_shipping_label", known.value, f"{text}.", source_name(known.source),
        bought_through_buy_shipping=known.value, amazon_shipment_id=order["amazon_shipment_id"].value,
    )  # fmt: skip


def _badge(shipment: Shipment, order: Order) -> Condition:
    known = order["claims_protected"]
    why = f" ({', '.join(known.reasons)})" if known.reasons and not known.value else ""
    text = _WORDS["claims_protected"][known.value]
    return _row(
        shipment, "claims_protected", known.value, f"{text}{why}.", source_name(known.source),
        claims_protected=known.value, reasons=known.reasons,
    )  # fmt: skip


def _first_scan(shipment: Shipment, order: Order) -> Condition:
    ship_by, scan = order["ship_by"], shipment.first_scan
    in_time = scanned_by(scan, ship_by.value)
    if not scan:
        text = "no scan by the carrier is on file"
    elif ship_by.value is None:
        text = "the ship-by moment is not known"
    else:
        text = {
            True: "the carrier's first scan was at or before the ship-by moment",
            False: "the carrier's first scan was after the ship-by moment",
            None: "whether the first scan was before the ship-by moment cannot be told: the carrier states no zone",
        }[in_time]
    sources = [", ".join(_providers(shipment)), source_name(ship_by.source)]
    return _row(
        shipment, "first_scan_in_time", in_time, f"{text}.", "; ".join(part for part in sources if part),
        first_scan=scan.get("at") or scan.get("local"), time_basis=scan.get("time_basis"),
        earliest=scan.get("earliest"), latest=scan.get("latest"), ship_by=_z(ship_by.value),
    )  # fmt: skip


def _way(shipment: Shipment, order: Order) -> Condition:
    back = is_returned(shipment)
    text = "the parcel is on its way back or came back" if back else "nothing says that the parcel came back"
    return _row(
        shipment, "not_returned", not back, f"{text}.", ", ".join(_providers(shipment)),
        status=shipment.status, leg=shipment.leg,
    )  # fmt: skip


def _reason(grounds: Grounds) -> Condition:
    if not grounds.reason:
        return Condition("did_not_arrive", UNKNOWN, "The reason of the claim is not known yet.")
    fits = grounds.is_not_received
    text = (
        "The claim is that the parcel did not arrive." if fits else "The claim is not that it did not arrive."
    )
    return Condition(
        "did_not_arrive", PASS if fits else FAIL, text, "claim", fields={"reason": grounds.reason}
    )


def _refund(grounds: Grounds) -> Condition:
    code = "refund_not_by_seller"
    if grounds.decision == DecisionOutcome.REFUNDED_BY_SELLER:
        return Condition(
            code, FAIL, "The seller refunded the buyer.", "decision", fields={"decision": grounds.decision}
        )
    refunds = grounds.on_file(EvidenceKind.REFUND)
    if refunds:
        names = ", ".join(item.name for item in refunds)
        text = f"A refund is on file ({names}); who made it, Amazon or the seller, is not stated."
        return Condition(code, UNKNOWN, text, "handed in", fields={"refund": names})
    return Condition(code, PASS, "No refund by the seller is known.", "claim")


def _risks(grounds: Grounds) -> tuple[Condition, ...]:
    """Amazon also asks for an answer to the buyer's delivery message within 48 hours."""
    messages = grounds.on_file(EvidenceKind.CORRESPONDENCE)
    code = "buyer_answered_within_48_hours"
    if messages:
        text = "Correspondence is on file; see that it shows the buyer answered within 48 hours."
        names = ", ".join(item.name for item in messages)
        return (Condition(code, UNKNOWN, text, "handed in", fields={"correspondence": names}),)
    text = (
        "Whether the buyer's message was answered within 48 hours is not known: no correspondence is on file."
    )
    return (Condition(code, UNKNOWN, text),)


def _providers(shipment: Shipment) -> list[str]:
    """Whose answers are on file; none for a parcel that is not stored yet."""
    return sorted({answer.provider for answer in shipment.snapshots.all()}) if shipment.pk else []


def source_name(source: str) -> str:
    """`amazon_mfn_shipment` as a reader knows it."""
    return {SELLER: "stated by the seller", "": ""}.get(source, source.replace("_", " "))


def _z(moment: Any) -> str | None:
    return moment.isoformat().replace("+00:00", "Z") if moment else None
