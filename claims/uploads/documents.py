"""What a PDF must be to come in: whole, readable without a password, of a bounded number of pages.

Leaves to others: cleaning it and showing its pages (`claims.bundle.supplied`).
"""

import io

import pikepdf

MAX_PAGES = 1_000
# A PDF ends with %%EOF; ISO 32000 readers accept up to a kilobyte of padding behind it.
_END_WITHIN = 2_048


class DocumentRefused(Exception):
    """Why a PDF cannot be taken, as the end of a sentence."""


def check_document(content: bytes) -> None:
    """Raises DocumentRefused unless the PDF opens without a password, is whole and has pages."""
    try:
        with pikepdf.open(io.BytesIO(content), suppress_warnings=True) as document:
            if document.is_encrypted:
                raise DocumentRefused("it is encrypted; save it without a password or restrictions")
            pages = len(document.pages)
    except pikepdf.PasswordError as error:
        raise DocumentRefused("it is encrypted; save it without a password or restrictions") from error
    except (pikepdf.PdfError, ValueError, RuntimeError, OSError, TypeError, KeyError) as error:
        raise DocumentRefused("it is damaged") from error
    if b"%%EOF" not in content[-_END_WITHIN:]:
        raise DocumentRefused("it is cut off: its end is missing")
    if not 0 < pages <= MAX_PAGES:
        raise DocumentRefused(f"it has {pages} pages; 1 to {MAX_PAGES} are allowed")
