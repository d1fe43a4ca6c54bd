"""`accept_upload`: one file in, its true type and safe name out, or a refusal that says what to do.

Leaves to others: the limits (passed in by the edge), storage and rows.
"""

import hashlib
import io
import zipfile
from dataclasses import dataclass

from accounts.errors import FieldError, InvalidInput, TooLarge
from claims.uploads.documents import DocumentRefused, check_document
from claims.uploads.names import safe_name
from claims.uploads.pictures import PictureRefused, check_picture
from claims.uploads.writing import WritingRefused, check_text, is_mail

ACCEPTED = "Accepted are PDF, JPEG and PNG files, UTF-8 text (.txt) and saved mails (.eml)."
_JPEG = b"\xff\xd8\xff"
_PNG = b"\x89PNG\r\n\x1a\n"
_PDF = b"%PDF-"


class ArchiveRefused(Exception):
    """Why an archive cannot be taken, as the end of a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptedFile:
    """An upload that may be kept. `media_type` was read from the content, never from what was declared."""

    media_type: str
    size: int
    sha256: str
    safe_name: str
    content: bytes


def accept_upload(name: str, content: bytes, *, max_bytes: int) -> AcceptedFile:
    """Raises InvalidInput (pointer `/file`) for what is not accepted, TooLarge above `max_bytes`."""
    if len(content) > max_bytes:
        raise TooLarge(f"The file has {len(content):,} bytes; at most {max_bytes:,} are taken.")
    if not content:
        raise _refusal("empty_file", "The file is empty.")
    try:
        media_type = _media_type(content)
    except (ArchiveRefused, DocumentRefused, PictureRefused, WritingRefused) as refused:
        raise _refusal("file_refused", f"The file was not taken: {refused}.") from refused
    return AcceptedFile(
        media_type=media_type,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        safe_name=safe_name(name, media_type),
        content=content,
    )


def _media_type(content: bytes) -> str:
    if zipfile.is_zipfile(io.BytesIO(content)):
        # Also for a file that is a picture or a PDF to another reader: what is two things is neither.
        raise ArchiveRefused(
            "it is a ZIP archive (Office documents are such, too); send what is in it as PDF"
        )
    if content.startswith(_PDF):
        check_document(content)
        return "application/pdf"
    if content.startswith((_JPEG, _PNG)):
        return check_picture(content)
    if is_mail(content):
        return "message/rfc822"
    check_text(content)
    return "text/plain"


def _refusal(code: str, detail: str) -> InvalidInput:
    sentence = f"{detail} {ACCEPTED}"
    return InvalidInput(sentence, errors=[FieldError(pointer="/file", code=code, detail=sentence)])
