"""The page that decides: order, clock, claim, address, the facts of delivery, the checklist, what is absent.

Leaves to others: everything behind it (`pages`), and how it looks (`template.typ`).
"""

from collections.abc import Sequence

from claims.bundle.annexes import Annex
from claims.bundle.content import BundleContent, ChecklistRow, Clock, Missing, Standing
from claims.bundle.judged import verdict_lines
from claims.bundle.parcels import deciding_facts, facts_title
from claims.bundle.pen import Pen, address_lines, in_words, money
from claims.bundle.scripts import NARROW

# More parcels than this are shown on their own pages only.
_PARCELS_SHOWN = 2
_REQUEST_SHOWN = 350
_STATES = {"provided": "PROVIDED", "missing": "MISSING", "not_applicable": "not applicable"}
_LEVELS = {"required": "required", "one_of": "one of", "optional": "optional"}


def first_page(
    content: BundleContent, annexes: Sequence[Annex], missing: Sequence[Missing], pen: Pen
) -> dict[str, object]:
    claim = content.claim
    return {
        "order": pen.say(claim.order_id),
        "facts": _order_facts(content, pen),
        "address": [
            pen.say(line, home=claim.ship_to.country_code if claim.ship_to else "")
            for line in address_lines(claim.ship_to)
        ],
        "clocks": [_clock(clock, pen) for clock in content.clocks],
        "label": pen.say(claim.reason_label),
        "comment": pen.say(claim.buyer_comment),
        "reason": pen.say(claim.reason_text or in_words(claim.reason)),
        "request": pen.say(_shortened(claim.request_text)),
        "requested": [in_words(kind) for kind in claim.requested],
        "argument": [pen.say(line) for line in content.argument],
        "parcels": [
            {
                "title": facts_title(parcel),
                "facts": deciding_facts(parcel, pen),
            }
            for parcel in content.shipments[:_PARCELS_SHOWN]
        ],
        "more_parcels": max(0, len(content.shipments) - _PARCELS_SHOWN),
        "judged": verdict_lines(content.judged, pen),
        "contradictions": [pen.say(text) for text in contradictions_of(content)],
        "checklist": [_row(row, content, annexes, pen) for row in content.checklist],
        "absent": [pen.say(text) for text in _absences(content)],
        "missing": [pen.say(f"{in_words(row.kind)}: {row.reason}") for row in missing],
    }


def contradictions_of(content: BundleContent) -> list[str]:
    """Over the claim first, then parcel by parcel; each once, with the fields at fault."""
    of_parcels = (conflict for parcel in content.shipments for conflict in parcel.conflicts)
    found = [*content.contradictions, *of_parcels]
    texts = [f"{row.text} [{', '.join(row.fields)}]" if row.fields else row.text for row in found]
    return list(dict.fromkeys(texts))


def _order_facts(content: BundleContent, pen: Pen) -> list[tuple[str, object]]:
    claim = content.claim
    named = f"{claim.marketplace_name} ({claim.marketplace_id})"
    store = named if claim.marketplace_name else claim.marketplace_id
    rows = [
        ("Order", claim.order_id),
        ("Amazon's claim id", claim.amazon_claim_id or "not stated"),
        ("Seller", f"{claim.seller_name} ({claim.merchant_token})"),
        ("Marketplace", store),
        ("Claimed amount", money(claim.amount, claim.currency)),
    ]
    return [(label, pen.say(text, room=36)) for label, text in rows]


def _clock(clock: Clock, pen: Pen) -> dict[str, object]:
    return {
        "kind": in_words(clock.kind),
        "target": pen.both(clock.target_at or clock.due_at),
        "due": pen.both(clock.due_at),
        "same": clock.target_at in (None, clock.due_at),
        "basis": pen.say("; ".join(part for part in (in_words(clock.basis), clock.source_text) if part)),
    }


def _shortened(text: str) -> str:
    return text if len(text) <= _REQUEST_SHOWN else text[:_REQUEST_SHOWN].rstrip() + " […]"


def _row(row: ChecklistRow, content: BundleContent, annexes: Sequence[Annex], pen: Pen) -> dict[str, object]:
    return {
        "kind": in_words(row.kind),
        "asked": row.kind in content.claim.requested,
        "level": _LEVELS.get(row.level, row.level),
        "state": str(row.state),
        "state_text": _STATES.get(row.state, str(row.state)),
        "text": pen.say("; ".join(part for part in (*row.items, row.reason) if part), room=3 * NARROW),
        "annexes": [
            annex.original.letter
            for annex in annexes
            if annex.is_shown and annex.original.item.kind == row.kind
        ],
    }


def _absences(content: BundleContent) -> list[str]:
    return [
        f"No {in_words(finding.kind).lower()} on file: {finding.reason}"
        for finding in content.findings
        if finding.standing == Standing.ABSENT
    ]
