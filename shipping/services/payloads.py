"""Turning a posted payload into the bytes that are kept. The same payload always gives the same bytes."""

import base64
import binascii
import json
from typing import Any, Final

from accounts.errors import InvalidInput, TooLarge

_POINTER: Final = "/payload"
_TEXTUAL: Final = ("text/", "application/json", "application/xml", "application/problem+json")


def payload_bytes(payload: object, content_type: str, *, most: int) -> bytes:
    """An object becomes JSON with sorted keys; bytes and a text stay as they are; base64 of a binary type is opened.

    Raises InvalidInput at `/payload`; TooLarge above `most` bytes.
    """
    if isinstance(payload, dict):
        raw = _json_bytes(payload)
    elif isinstance(payload, bytes):
        raw = payload
    elif isinstance(payload, str):
        raw = _text_bytes(payload, content_type)
    else:
        raise InvalidInput.at(
            _POINTER, "An object, or a text for XML and base64, is needed.", code="not_an_object"
        )
    if not raw:
        raise InvalidInput.at(_POINTER, "The payload is empty.", code="blank")
    if len(raw) > most:
        raise TooLarge(f"An answer may have at most {most} bytes.")
    return raw


def _json_bytes(payload: dict[str, Any]) -> bytes:
    try:
        text = json.dumps(payload, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    except RecursionError:
        raise InvalidInput.at(_POINTER, "The payload is nested too deeply.", code="unreadable") from None
    except ValueError as error:
        raise InvalidInput.at(_POINTER, f"The payload is not JSON: {error}", code="unreadable") from None
    try:
        return text.encode()
    except UnicodeEncodeError:  # half a surrogate pair: kept as its escape
        return json.dumps(payload, sort_keys=True, separators=(",", ":")).encode()


def _text_bytes(payload: str, content_type: str) -> bytes:
    kind = content_type.partition(";")[0].strip().lower()
    if kind and not kind.startswith(_TEXTUAL) and not kind.endswith(("+json", "+xml")):
        try:
            return base64.b64decode("".join(payload.split()), validate=True)
        except (binascii.Error, ValueError):
            pass  # not base64 after all: kept as it was written
    return payload.encode("utf-8", "surrogatepass")
