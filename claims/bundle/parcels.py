"""A parcel in words: the facts of delivery that decide, and what stands against them.

Leaves to others: deriving the facts (shipping), the events' table (`timeline`).
A returned parcel is never worded as delivered, whatever `delivered_at` says.
"""

from claims.bundle.content import AddressPart, Shipment
from claims.bundle.pen import NOT_KNOWN, Pen, in_words, place_line, yes_no
from claims.bundle.scripts import Words

Fact = tuple[str, Words]

_EXACT_BASES = frozenset({"carrier_offset", "carrier_utc"})
_RETURNED = frozenset({"returned_to_sender", "returning"})


def parcel_title(parcel: Shipment) -> str:
    return " · ".join(part for part in (parcel.carrier, parcel.tracking_number, parcel.service) if part)


def facts_title(parcel: Shipment) -> str:
    if not is_returned(parcel):
        return "Facts of delivery"
    return f"Facts of the parcel: {in_words(parcel.status).lower() or 'returned'}, not delivered to the buyer"


def deciding_facts(parcel: Shipment, pen: Pen) -> list[Fact]:
    """The lines of the first page, each a label and a sentence."""
    facts: list[Fact] = [("Sent with", pen.say(parcel_title(parcel)))]
    facts.append(("First carrier scan", pen.say(_first_scan(parcel, pen))))
    facts.append((_arrival_label(parcel), pen.say(_arrival(parcel, pen))))
    if place := place_line(parcel.place):
        facts.append(("Place stated", pen.say(place)))
    facts.append(("Address match", pen.say(address_match(parcel))))
    facts.append(("Receiver recorded", pen.say(_receiver(parcel))))
    facts.append(("Signature", pen.say(_signature(parcel))))
    return facts


def all_facts(parcel: Shipment, pen: Pen) -> list[Fact]:
    """Everything known of the parcel, for its own section."""
    facts = deciding_facts(parcel, pen)[1:]
    extra = [
        ("Dispatch confirmed", pen.both(parcel.shipped_at) if parcel.shipped_at else ""),
        ("Ship-by time", pen.both(parcel.ship_by) if parcel.ship_by else ""),
        ("Deliver-by time", pen.both(parcel.deliver_by) if parcel.deliver_by else ""),
        ("Carrier's own local time", parcel.delivered_local),
        ("Basis of the delivery time", in_words(parcel.time_basis)),
        ("Status and leg", ", ".join(in_words(code) for code in (parcel.status, parcel.leg) if code)),
        ("Label bought through Buy Shipping", yes_no(parcel.bought_through_buy_shipping)),
        ("Label marked Claims Protected", yes_no(parcel.claims_protected)),
    ]
    return facts + [(label, pen.say(text)) for label, text in extra if text]


def address_match(parcel: Shipment) -> str:
    if not parcel.address_match:
        return "not compared: the carrier states no delivery address"
    return "; ".join(
        f"{in_words(part.part)}: {in_words(part.result).lower()}" + _compared(part)
        for part in parcel.address_match
    )


def _compared(part: AddressPart) -> str:
    if part.result == "mismatch":
        return f" (ship-to “{part.ship_to}”, delivered “{part.delivered}”)"
    return f" ({part.delivered})" if part.result == "match" and part.delivered else ""


def _first_scan(parcel: Shipment, pen: Pen) -> str:
    if parcel.first_scan_at is None and not parcel.first_scan_local:
        return "no carrier scan on file"
    scan = (
        pen.both(parcel.first_scan_at)
        if parcel.first_scan_at
        else f"{parcel.first_scan_local} (zone {NOT_KNOWN})"
    )
    if parcel.ship_by is None:
        return f"{scan}; ship-by time {NOT_KNOWN}"
    words = {True: "at or before", False: "after", None: "cannot be told whether before"}
    return f"{scan}; {words[parcel.first_scan_in_time]} the ship-by time {pen.local(parcel.ship_by)}"


def is_returned(parcel: Shipment) -> bool:
    return parcel.status in _RETURNED or parcel.leg == "return"


def _arrival_label(parcel: Shipment) -> str:
    return "Returned" if is_returned(parcel) else "Delivered"


def _arrival(parcel: Shipment, pen: Pen) -> str:
    status = in_words(parcel.status) or "No status"
    if parcel.delivered_at is None:
        stated = (
            f"carrier's own words: {parcel.delivered_local}" if parcel.delivered_local else "no time on file"
        )
        return f"{status}; {stated}"
    if parcel.time_basis == "date_only":
        when = f"{pen.local(parcel.delivered_at)[:10]} (the carrier states only the date)"
    else:
        when = pen.both(parcel.delivered_at)
        if parcel.time_basis not in _EXACT_BASES:
            when += f", zone {in_words(parcel.time_basis).lower() or NOT_KNOWN}"
    return when if parcel.status == "delivered" else f"{when}; {status.lower()}"


def _receiver(parcel: Shipment) -> str:
    received = parcel.received_by
    if received is None or not received.raw:
        return "the carrier records no name"
    note = f" ({in_words(received.kind).lower()})" if received.kind else ""
    return f"the carrier records “{received.raw}”{note}"


def _signature(parcel: Shipment) -> str:
    if parcel.signature_obtained:
        return f"obtained; required: {yes_no(parcel.signature_required)}"
    if parcel.signature_obtained is None:
        return f"not known whether obtained; required: {yes_no(parcel.signature_required)}"
    return f"No signature on file; required: {yes_no(parcel.signature_required)}"
