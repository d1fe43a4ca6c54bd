"""Fields of an answer as they come: missing, null, of another type, a list where one object was meant.

A reader insists on the frame of its format (`json_body`); what stands inside may be anything and is read as
far as it can be. Nothing here raises.
"""

from typing import Any, Final

from shipping.reading import words

_YES: Final = frozenset({"true", "yes", "y", "1"})
_NO: Final = frozenset({"false", "no", "n", "0"})


def many(whole: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """The objects under this name: those of a list, or the only one."""
    found = whole.get(name)
    if isinstance(found, dict):
        return [found]
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def one(whole: dict[str, Any], *path: str) -> dict[str, Any]:
    """The object at the end of this path, the first of a list; empty where there is none."""
    for name in path:
        whole = next(iter(many(whole, name)), {})
    return whole


def text(whole: dict[str, Any], *names: str, length: int = 200) -> str:
    """The first of these fields that says something, without blanks around it."""
    for name in names:
        found = words(whole.get(name), length).strip()
        if found:
            return found
    return ""


def texts(whole: dict[str, Any], name: str) -> list[str]:
    """The words of a list, or the only one."""
    found = whole.get(name)
    items = found if isinstance(found, list) else [found]
    return [said for item in items if (said := words(item, 200).strip())]


def yes_or_no(whole: dict[str, Any], name: str) -> bool | None:
    """A truth value, also as a word or figure; None where it is neither."""
    found = whole.get(name)
    if isinstance(found, bool):
        return found
    said = words(found, 10).strip().casefold()
    return True if said in _YES else False if said in _NO else None


def conflict(code: str, detail: str, **fields: str) -> dict[str, Any]:
    """A row of `Stated.conflicts`."""
    return {"code": code, "detail": detail, "fields": fields}
