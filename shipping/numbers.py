"""Whose number could this be? Formats overlap and many have no check digit, so the answer is a ranked list.

A number that fits nothing is kept and flagged, never refused: carriers invent new series without notice.
"""

import re
from collections.abc import Mapping
from typing import Any

from shipping.number_formats import CARRIER_NAMES, FORMATS, ONLY_ABROAD, POST, POSTAL_OPERATORS


def normalised(number: str) -> str:
    """Upper case, letters and digits alone: blanks and dashes are how people write, not what is printed."""
    return re.sub(r"[^0-9A-Z]", "", number.upper())


def table_name(carrier: str) -> str | None:
    """The table's name for a carrier as a seller writes it; None for one that the table does not have."""
    plain = re.sub(r"[^a-z0-9]", "", carrier.casefold())
    return next((name for start, name in CARRIER_NAMES if plain.startswith(start)), None)


def possible_carriers(number: str) -> list[str]:
    """Carriers whose formats this normalised number has, those proven by a check digit first."""
    fitting = [form for form in FORMATS if form.fits(number)]
    fitting.sort(key=lambda form: form.check is None)
    names = [name for form in fitting for name in _names(form.carrier, number)]
    return list(dict.fromkeys(names))


def _names(carrier: str, number: str) -> list[str]:
    operator = POSTAL_OPERATORS.get(number[-2:]) if carrier == POST else None
    return [operator, carrier] if operator else [carrier]


UNCONFIRMED = (
    "Amazon marks tracking as unconfirmed where number and carrier do not belong together; before delivery it can "
    "still be repaired."
)


def number_note(check: Mapping[str, Any], carrier: str) -> str:
    """What a check that does not fit means, for a person; empty where nothing is known to be wrong."""
    if check.get("fits") is not False:
        return ""
    others = [name for name in check.get("carriers", ()) if name]
    looks = (
        f"It looks like a number of {' or '.join(others)}."
        if others
        else "No known carrier has such numbers."
    )
    own = f"This is no number of {carrier}." if carrier else ""
    return " ".join(part for part in (own, looks, UNCONFIRMED) if part)


def number_check(number: str, carrier: str) -> dict[str, Any]:
    """{carriers, fits}: the seller's own carrier first where its format fits.

    `fits` is None where that cannot be told: no carrier stated, or one of whose numbers the table knows none or
    the international ones alone.
    """
    carriers = possible_carriers(number)
    own = table_name(carrier)
    if own is None:
        return {"carriers": carriers, "fits": None if carriers or carrier else False}
    if own in carriers:
        return {"carriers": [own, *(name for name in carriers if name != own)], "fits": True}
    return {"carriers": carriers, "fits": None if own in ONLY_ABROAD else False}
