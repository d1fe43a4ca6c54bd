"""Whose number could this be? A table of formats with check digits; formats overlap, so the answer is a list.

A number that fits nothing is kept and flagged, never refused: carriers invent new series without notice.
"""

import re
from typing import Any


def normalised(number: str) -> str:
    """Upper case, letters and digits alone: blanks, dashes and dots are how people write, not what is printed."""
    return re.sub(r"[^0-9A-Z]", "", number.upper())


def number_check(number: str, carrier: str) -> dict[str, Any]:
    return {"carriers": [], "fits": None}
