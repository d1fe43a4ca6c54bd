"""Files made fit to be shown: pictures, texts and mails, PDF pages; and, plainly, what could not be shown.

Leaves to others: the order of pages (`pages`), the archive of originals (`archive`).
"""

from collections.abc import Iterable
from dataclasses import dataclass

from claims.bundle.archive import Original
from claims.bundle.content import Missing
from claims.bundle.letters import letter_text
from claims.bundle.pictures import PictureBroken, ReadingCopy, reading_copy
from claims.bundle.supplied import CleanedDocument, DocumentBroken, cleaned

# About ten pages; whoever needs more reads the original.
MAX_SHOWN_CHARACTERS = 30_000
MAX_SHOWN_LINES = 500
_PICTURES = frozenset({"image/jpeg", "image/png"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Annex:
    """An evidence file with the form in which it is shown: at most one of the three is set."""

    original: Original
    picture: ReadingCopy | None = None
    writing: str = ""
    document: CleanedDocument | None = None
    trouble: str = ""  # why it is not, or not wholly, shown

    @property
    def is_shown(self) -> bool:
        return bool(self.picture or self.writing or self.document)


def annexes_of(originals: Iterable[Original]) -> tuple[Annex, ...]:
    return tuple(_annex(original) for original in originals if original.letter)


def not_shown(annexes: Iterable[Annex]) -> tuple[Missing, ...]:
    return tuple(
        Missing(
            kind=annex.original.item.kind,
            reason=f"{annex.original.item.path} could not be shown: {annex.trouble}. "
            "The original is in the archive.",
        )
        for annex in annexes
        if not annex.is_shown
    )


def _annex(original: Original) -> Annex:
    try:
        return _shown(original)
    except (PictureBroken, DocumentBroken) as broken:
        return Annex(original=original, trouble=str(broken))
    except UnicodeDecodeError:
        return Annex(original=original, trouble="it is not UTF-8 text")


def _shown(original: Original) -> Annex:
    media_type = original.item.media_type.partition(";")[0].strip().lower()
    if media_type in _PICTURES:
        return Annex(original=original, picture=reading_copy(original.content))
    if media_type == "application/pdf":
        return _document(original)
    if media_type == "message/rfc822":
        return _writing(original, letter_text(original.content))
    if media_type == "text/plain":
        return _writing(original, original.content.decode("utf-8-sig"))
    return Annex(original=original, trouble=f"files of type {media_type} have no printed form")


def _document(original: Original) -> Annex:
    document = cleaned(original.content)
    trouble = f"{document.left_out} further pages are only in the original" if document.left_out else ""
    return Annex(original=original, document=document, trouble=trouble)


def _writing(original: Original, text: str) -> Annex:
    if not text.strip():
        return Annex(original=original, trouble="it holds no text")
    shown = "\n".join(text[:MAX_SHOWN_CHARACTERS].splitlines()[:MAX_SHOWN_LINES])
    is_whole = len(text) <= MAX_SHOWN_CHARACTERS and len(text.splitlines()) <= MAX_SHOWN_LINES
    trouble = "" if is_whole else "the rest is only in the original"
    return Annex(original=original, writing=shown, trouble=trouble)
