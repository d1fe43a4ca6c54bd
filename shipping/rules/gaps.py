"""What nobody said about a parcel. Absent is itself a fact worth printing. Pure."""

from typing import Any

from shipping.rules.findings import Findings
from shipping.rules.lines import Line
from shipping.vocabulary import DELIVERED, ParcelStatus, SignerKind, TimeBasis


def gaps(known: Findings) -> list[dict[str, str]]:
    """Rows {code, detail}: what nobody said. Absent is itself a fact worth printing."""
    rows = [(code, detail) for applies, code, detail in _questions(known) if applies]
    unread = sorted({_unread(line) for line in known.lines if line.event.status == ParcelStatus.UNKNOWN})
    rows += [("unread_status", text) for text in unread]
    return [{"code": code, "detail": detail} for code, detail in rows]


def _is_named(document: dict[str, Any]) -> bool:
    return "problem" not in document


def _unread(line: Line) -> str:
    return line.event.text or line.event.code or line.event.provider_status


def _questions(known: Findings) -> tuple[tuple[bool, str, str], ...]:
    delivery, time = known.delivery, known.delivery.event.time if known.delivery else None
    reached = delivery is not None and known.status in DELIVERED
    return (
        (not known.words, "no_answer", "No readable answer of a carrier is on file."),
        (bool(known.words) and not known.lines, "no_events", "The answers hold no event."),
        (known.first_scan is None, "no_first_scan", "No scan by the carrier on the way out is on file."),
        (not reached, "no_delivery", "No delivery to the buyer is on file."),
        (
            reached and time is not None and time.sort_at is None,
            "no_delivery_time",
            "The delivery has no time.",
        ),
        (
            time is not None
            and time.basis in (TimeBasis.ASSUMED, TimeBasis.DATE_ONLY, TimeBasis.PROVIDER_INFERRED),
            "delivery_time_uncertain",
            "The zone of the delivery's time is not known.",
        ),
        (reached and not known.place.is_known(), "no_delivery_place", "The delivery has no place."),
        (reached and known.kind == SignerKind.NONE, "no_recipient", "No recipient's name is on file."),
        (
            reached and not any(map(_is_named, known.documents)),
            "no_document",
            "No proof document or photo is named by the carrier.",
        ),
        (
            any("available" in document for document in known.documents)
            and not any("sha256" in document for document in known.documents),
            "document_not_fetched",
            "The carrier offers a proof document that is not on file.",
        ),
        (
            any("problem" in document for document in known.documents),
            "unreadable_document",
            "A document inside an answer could not be opened.",
        ),
        (
            any(line.event.time.is_refuted for line in known.lines),
            "offset_not_of_place",
            "A scan states an offset that no clock at its place keeps.",
        ),
        (not any(known.ship_to.values()), "no_ship_to", "The buyer's address is not known."),
    )
