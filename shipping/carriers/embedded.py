"""Documents inside an answer, as base64. What one is, its bytes decide; what it is called decides nothing."""

import base64
import binascii
from typing import Any, Final

from shipping.reading import EmbeddedFile

LARGEST: Final = 7 * 1024 * 1024
AT_MOST: Final = 20
PROOF: Final = "proof_of_delivery"
SIGNATURE: Final = "signature"
PHOTO: Final = "delivery_photo"
_NOTHING: Final = frozenset({"", "null", "none", "string", "encoding base64"})
_BEGINNINGS: Final = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
)
_HTML: Final = (b"<!doctype html", b"<html", b"<head", b"<body", b"<table", b"<div")
_HTML_WITHIN: Final = 1024


def media_type_of(content: bytes) -> str:
    """What these bytes begin like; empty where they are none of the types that proofs come in."""
    for beginning, media_type in _BEGINNINGS:
        if content.startswith(beginning):
            return media_type
    start = content[:_HTML_WITHIN].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    is_page = start.startswith(b"<") and any(word in start for word in _HTML)
    return "text/html" if is_page else ""


def embedded_files(
    *given: tuple[str, object],
) -> tuple[tuple[EmbeddedFile, ...], tuple[dict[str, Any], ...]]:
    """From (kind, base64 text) the documents, and rows {kind, problem} for what is none.

    Null, empty and the placeholders of vendors' examples are nothing at all.
    """
    files: dict[str, EmbeddedFile] = {}
    problems: list[dict[str, Any]] = []
    for kind, value in given[:AT_MOST]:
        if value is None or (isinstance(value, str) and value.strip().casefold() in _NOTHING):
            continue
        content, problem = _opened(value)
        media_type = media_type_of(content)
        if not problem and not media_type:
            problem = "It is no PDF, picture or page."
        if problem:
            problems.append({"kind": kind, "problem": problem})
            continue
        found = EmbeddedFile(kind, media_type, content)
        files.setdefault(found.sha256, found)
    return tuple(files.values()), tuple(problems)


def _opened(value: object) -> tuple[bytes, str]:
    if not isinstance(value, str):
        return b"", "It is no text."
    plain = value.strip()
    if plain[:5].lower() == "data:":
        plain = plain.partition(",")[2]
    if len(plain) > LARGEST * 4 // 3 + 4:
        return b"", f"It has more than {LARGEST} bytes."
    try:
        return base64.b64decode("".join(plain.split()), validate=True), ""
    except (binascii.Error, ValueError):
        return b"", "It is not base64."
