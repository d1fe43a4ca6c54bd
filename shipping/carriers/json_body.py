"""Opening a JSON answer without trusting it: another shape is `Unreadable`, never a crash."""

import json
from typing import Any, NoReturn

from shipping.reading import Unreadable


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def object_of(body: bytes) -> dict[str, Any]:
    """The JSON object in these bytes (UTF-8). Raises Unreadable where it is cut, too deep or no object."""
    try:
        found = json.loads(body.decode("utf-8"), parse_constant=_refuse_constant)
    except RecursionError:
        raise Unreadable("The answer is nested too deeply.") from None
    except ValueError as error:
        raise Unreadable(f"The answer is not JSON: {str(error)[:200]}") from None
    if not isinstance(found, dict):
        raise Unreadable("The answer is not a JSON object.")
    return found


def part(whole: dict[str, Any], name: str) -> dict[str, Any]:
    """An object inside; absent and null are empty."""
    found = whole.get(name)
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise Unreadable(f"{name} is not an object.")
    return found


def parts(whole: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """A list of objects inside; absent and null are empty."""
    found = whole.get(name)
    if found is None:
        return []
    if not isinstance(found, list) or not all(isinstance(item, dict) for item in found):
        raise Unreadable(f"{name} is not a list of objects.")
    return found
