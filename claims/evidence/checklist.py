"""What Amazon asks for, per reason, and how much of it is there. Pure data and one pure function.

Sources: Amazon's help page on answering claims (delivery: dispatch, proof of delivery with the tracking
number, address, signature, carrier; return: domestic address, label, why a request was refused; both:
correspondence, above all the buyer's acknowledgement). A row of level `one_of` counts together with the
others of its group.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from claims.words import EvidenceKind as K
from claims.words import Reason

VERSION = "2026-11-22"

REQUIRED, ONE_OF, OPTIONAL = "required", "one_of", "optional"
PROVIDED, MISSING, NOT_APPLICABLE = "provided", "missing", "not_applicable"


@dataclass(frozen=True)
class Ask:
    """One thing that is asked for. `group` names the one_of set that it belongs to."""

    kind: K
    level: str
    group: str = ""


def _required(*kinds: K) -> tuple[Ask, ...]:
    return tuple(Ask(kind, REQUIRED) for kind in kinds)


def _one_of(group: str, *kinds: K) -> tuple[Ask, ...]:
    return tuple(Ask(kind, ONE_OF, group) for kind in kinds)


def _optional(*kinds: K) -> tuple[Ask, ...]:
    return tuple(Ask(kind, OPTIONAL) for kind in kinds)


_DELIVERY = _required(K.DISPATCH, K.TRACKING, K.PROOF_OF_DELIVERY, K.DELIVERY_ADDRESS, K.CARRIER_DETAILS)
_RECEIPT = _one_of("receipt by the buyer", K.SIGNATURE, K.DELIVERY_PHOTO, K.BUYER_ACKNOWLEDGEMENT)
_NOT_RECEIVED = (*_DELIVERY, *_RECEIPT, *_optional(K.CORRESPONDENCE, K.BUY_SHIPPING_LABEL, K.INVOICE))

CHECKLISTS: dict[Reason, tuple[Ask, ...]] = {
    Reason.NOT_RECEIVED: _NOT_RECEIVED,
    Reason.DELIVERED_NOT_RECEIVED: _NOT_RECEIVED,
    Reason.LATE: (*_DELIVERY, *_optional(K.CORRESPONDENCE, K.BUYER_ACKNOWLEDGEMENT, K.SIGNATURE)),
    Reason.NOT_AS_DESCRIBED: (
        *_required(K.LISTING, K.CORRESPONDENCE, K.RETURN_ADDRESS),
        *_one_of("a way to return", K.RETURN_LABEL, K.RETURN_OFFER, K.RETURN_REFUSAL_REASON),
        *_optional(K.PRODUCT_PHOTO, K.INVOICE, K.TRACKING, K.PROOF_OF_DELIVERY, K.REFUND),
    ),
    Reason.RETURN_NOT_REFUNDED: (
        *_required(K.CORRESPONDENCE, K.RETURN_ADDRESS, K.RETURN_TRACKING),
        *_one_of("what became of the refund", K.REFUND, K.RETURN_REFUSAL_REASON),
        *_optional(K.RETURN_LABEL, K.RETURN_OFFER, K.PRODUCT_PHOTO),
    ),
    Reason.RETURN_REFUSED: (
        *_required(K.CORRESPONDENCE, K.RETURN_ADDRESS, K.RETURN_REFUSAL_REASON),
        *_one_of("a way to return", K.RETURN_LABEL, K.RETURN_OFFER),
        *_optional(K.RETURN_TRACKING, K.REFUND),
    ),
    Reason.EXTRA_CHARGE: (
        *_required(K.CORRESPONDENCE, K.INVOICE, K.CARRIER_DETAILS),
        *_optional(K.LISTING, K.DISPATCH, K.TRACKING, K.REFUND),
    ),
    Reason.CANCELLED: (
        *_required(K.CORRESPONDENCE, K.DISPATCH, K.TRACKING),
        *_optional(K.CARRIER_DETAILS, K.REFUND, K.PROOF_OF_DELIVERY),
    ),
    Reason.OTHER: (
        *_required(K.CORRESPONDENCE),
        *_optional(K.DISPATCH, K.TRACKING, K.PROOF_OF_DELIVERY, K.DELIVERY_ADDRESS, K.INVOICE, K.OTHER),
    ),
}


def asks_for(reason: str, requested: Iterable[str] = ()) -> tuple[Ask, ...]:
    """The list of a reason; a claim without one uses that of `not_received`. What Amazon named is required.

    Where Amazon named one of a set, that one decides: the others of the set become optional.
    """
    asks = {ask.kind: ask for ask in CHECKLISTS[Reason(reason) if reason else Reason.NOT_RECEIVED]}
    named = {K(kind) for kind in requested}
    settled = {asks[kind].group for kind in named if kind in asks} - {""}
    for ask in list(asks.values()):
        if ask.group in settled:
            asks[ask.kind] = Ask(ask.kind, OPTIONAL)
    asks |= {kind: Ask(kind, REQUIRED) for kind in sorted(named)}
    return tuple(asks.values())


@dataclass(frozen=True)
class Known:
    """What there is for one kind: the items that provide it, or why there is none."""

    items: tuple[str, ...] = ()
    reason: str = ""
    not_applicable: bool = False


@dataclass(frozen=True)
class Row:
    """One row of the checklist as it stands."""

    kind: str
    level: str
    state: str
    items: tuple[str, ...]
    reason: str
    group: str


@dataclass(frozen=True)
class Checklist:
    """All rows; `missing` are the kinds that keep it from being satisfied."""

    rows: tuple[Row, ...]
    satisfied: bool
    missing: tuple[str, ...]


def check(asks: Iterable[Ask], known: Mapping[str, Known]) -> Checklist:
    """Hold what is asked for against what is known, by evidence kind."""
    rows = tuple(_row(ask, known.get(ask.kind, Known(reason="Nothing handed in yet."))) for ask in asks)
    met_groups = {row.group for row in rows if row.group and row.state != MISSING}
    missing = tuple(
        row.kind
        for row in rows
        if row.state == MISSING
        and (row.level == REQUIRED or (row.level == ONE_OF and row.group not in met_groups))
    )
    return Checklist(rows, not missing, missing)


def _row(ask: Ask, known: Known) -> Row:
    if known.items:
        state = PROVIDED
    elif known.not_applicable:
        state = NOT_APPLICABLE
    else:
        state = MISSING
    reason = "" if state == PROVIDED else known.reason
    return Row(ask.kind.value, ask.level, state, known.items, reason, ask.group)
