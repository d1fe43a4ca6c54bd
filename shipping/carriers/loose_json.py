"""Taking what is there from an answer that keeps to its format only roughly.

For what stands beside the events: a missing, empty or misshapen part is not said. `json_body` is for what an
answer cannot do without.
"""

from collections.abc import Iterable
from typing import Any

from shipping.reading import Unreadable, words
from shipping.rules.times import read_iso


def inside(whole: object, *names: str) -> dict[str, Any]:
    """The object under these names, one in the other; empty where there is none. A list of one counts as the one."""
    found = whole
    for name in (*names, ""):
        if isinstance(found, list) and len(found) == 1:
            found = found[0]
        if not isinstance(found, dict):
            return {}
        found = found.get(name) if name else found
    return found if isinstance(found, dict) else {}


def rows(whole: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """A list of objects, as one object where only one is given. Raises Unreadable for what holds none at all."""
    found = whole.get(name)
    if found is None or found == "":
        return []
    items = [found] if isinstance(found, dict) else found
    if not isinstance(items, list):
        raise Unreadable(f"{name} is not a list of objects.")
    kept = [item for item in items if item is not None]
    if not all(isinstance(item, dict) for item in kept):
        raise Unreadable(f"{name} is not a list of objects.")
    return kept


def listed(value: object) -> list[Any]:
    """The items of a list; a single value is a list of one, nothing is none."""
    if isinstance(value, list):
        return value
    return [] if value is None else [value]


def moment(value: object) -> str:
    """A stated moment as ISO 8601 in UTC; empty where it has no offset or is none."""
    at = read_iso(words(value, 100)).occurred_at
    return at.isoformat().replace("+00:00", "Z") if at is not None else ""


def degrees(value: object, most: float) -> float | None:
    """Latitude (`most` 90) or longitude (180), also where it is written as text."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if -most <= found <= most else None


def given(facts: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Pairs that say something."""
    return {name: value for name, value in facts if value not in ("", None, {})}
