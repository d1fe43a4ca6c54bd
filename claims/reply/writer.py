"""The template writer: a short, neutral English text from findings, with the request said outright. Pure.

Every number, date and name in it stands in a finding's line. What is absent is said, not passed over.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from claims.words import Reason, ReplyKind

LANGUAGES = ("en",)

_DELIVERY_REASONS = frozenset({"", Reason.NOT_RECEIVED, Reason.DELIVERED_NOT_RECEIVED, Reason.LATE})
_DELIVERY_ORDER = (
    "dispatch", "carrier_details", "proof_of_delivery", "signature", "delivery_address", "buy_shipping_label",
    "buyer_acknowledgement", "correspondence",
)  # fmt: skip
_RETURN_ORDER = (
    "return_address", "return_offer", "return_label", "return_refusal_reason", "return_tracking", "refund",
    "listing", "product_photo", "invoice", "correspondence", "buyer_acknowledgement", "dispatch",
    "carrier_details", "proof_of_delivery",
)  # fmt: skip
#: What is said when it is absent; of the other kinds only what was found is said.
_SAID_WHEN_ABSENT = ("proof_of_delivery", "signature")

_ABOUT: dict[str, str] = {
    Reason.NOT_RECEIVED: "item not received",
    Reason.DELIVERED_NOT_RECEIVED: "item not received although delivered",
    Reason.LATE: "item received late",
    Reason.NOT_AS_DESCRIBED: "item not as described",
    Reason.RETURN_NOT_REFUNDED: "refund for a returned item",
    Reason.RETURN_REFUSED: "return refused",
    Reason.EXTRA_CHARGE: "extra charge",
    Reason.CANCELLED: "cancelled order",
    Reason.OTHER: "the matter named by the buyer",
}


@dataclass(frozen=True)
class Said:
    """One finding as the writer uses it: its sentences, or why there is none."""

    found: bool
    lines: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True)
class Matter:
    """What the text is about. `amount` is ready for print, e.g. "119.00 EUR"; `findings` by evidence kind."""

    kind: ReplyKind
    order_id: str
    amazon_claim_id: str
    reason: str
    amount: str
    findings: Mapping[str, Said]
    documents: Sequence[str]
    protection: Sequence[str] = ()
    """The conditions of Buy Shipping protection as sentences, where it is given; empty: it is not argued."""
    delivered: bool = False


def write(matter: Matter) -> str:
    """The draft. Sections without facts are left out. A protected claim argues policy, before all facts."""
    facts, policy = _facts(matter), _policy(matter)
    first, second = (policy, facts) if matter.protection else (facts, policy)
    parts = [_opening(matter), first, second, _documents(matter), _request(matter)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _opening(matter: Matter) -> str:
    claim = f" (claim {matter.amazon_claim_id})" if matter.amazon_claim_id else ""
    amount = f" over {matter.amount}" if matter.amount else ""
    what = {
        ReplyKind.ANSWER: "This is our answer to your request for information on",
        ReplyKind.APPEAL: "We appeal against the decision on",
        ReplyKind.APPEAL_INFORMATION: "This is our answer to your question in the appeal on",
    }[matter.kind]
    about = (
        f", made for: {_ABOUT[matter.reason]}" if matter.reason else ""
    )  # not yet entered, it is not guessed
    return f"{what} the A-to-z Guarantee claim for order {matter.order_id}{claim}{amount}{about}."


def _facts(matter: Matter) -> str:
    order = _DELIVERY_ORDER if matter.reason in _DELIVERY_REASONS else _RETURN_ORDER
    lines: list[str] = []
    for kind in order:
        said = matter.findings.get(kind)
        if said is None:
            continue
        if said.found:
            lines += said.lines
        elif matter.protection:
            continue  # policy is argued, so that what the delivery lacks does not matter
        elif kind in _SAID_WHEN_ABSENT and matter.reason in _DELIVERY_REASONS and said.reason:
            lines.append(said.reason)
    return "The facts on file:\n" + "\n".join(f"- {line}" for line in lines) if lines else ""


def _policy(matter: Matter) -> str:
    if matter.reason not in _DELIVERY_REASONS:
        return ""
    if matter.protection:
        conditions = "\n".join(f"- {line}" for line in matter.protection)
        return (
            "Shipping for this order was bought through Amazon Buy Shipping and is Claims Protected:\n"
            f"{conditions}\n"
            "Under that protection Amazon funds a claim for an item not received that was shipped on time."
        )
    if matter.delivered and all(
        _is_found(matter, kind) for kind in ("proof_of_delivery", "delivery_address")
    ):
        return (
            "For a delivery claim your policy asks for the carrier's proof of delivery with the tracking number "
            "and the delivery address. Both are given above as the carrier and the order state them."
        )
    return ""


def _is_found(matter: Matter, kind: str) -> bool:
    said = matter.findings.get(kind)
    return said is not None and said.found


def _documents(matter: Matter) -> str:
    """The answer box takes no files: they go through Buyer-Seller Messages, and the text says so."""
    if not matter.documents:
        return ""
    return (
        f"The documents are attached in Buyer-Seller Messages of this order: {', '.join(matter.documents)}."
    )


def _request(matter: Matter) -> str:
    if matter.protection:
        return "We ask you to fund this claim under Buy Shipping protection and not to count it against us."
    if matter.kind is ReplyKind.APPEAL:
        return "We ask you to review the decision in the light of these facts and to reverse it."
    if matter.reason in _DELIVERY_REASONS and not matter.delivered:
        return "We ask you to take these facts into account in your decision."
    return "We ask you to deny this claim."
