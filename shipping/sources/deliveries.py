"""Which parcel a delivery by webhook speaks of. Pure; what it says of the parcel is read by `shipping.carriers`."""

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from shipping.numbers import normalised
from shipping.sources.words import SendingSource

#: Where each source writes the tracking number.
_PATHS: Final[Mapping[str, tuple[tuple[str, ...], ...]]] = MappingProxyType(
    {
        SendingSource.EASYPOST: (("result", "tracking_code"), ("tracking_code",)),
        SendingSource.AFTERSHIP: (("msg", "tracking_number"), ("data", "tracking", "tracking_number")),
        SendingSource.SHIPENGINE: (("data", "tracking_number"),),
        SendingSource.SEVENTEENTRACK: (("data", "number"),),
    }
)
_LONGEST: Final = 64


def number_in(source: str, body: bytes) -> str:
    """The normalised number; empty where there is none to be found."""
    try:
        whole = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    for path in _PATHS[source]:
        found = _at(whole, path)
        if isinstance(found, str) and 1 <= len(normalised(found)) <= _LONGEST:
            return normalised(found)
    return ""


def _at(whole: Any, path: tuple[str, ...]) -> Any:
    for step in path:
        whole = whole.get(step) if isinstance(whole, dict) else None
    return whole
