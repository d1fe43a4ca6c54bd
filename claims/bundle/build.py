"""`build_bundle`: content in, the three files and their hashes out; the same content gives the same bytes.

Leaves to others: deciding whether to build (`inputs_digest`), storing, publishing.
"""

import dataclasses
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from pikepdf import Rectangle

from claims.bundle.annexes import Annex, annexes_of, not_shown
from claims.bundle.archive import (
    MANIFEST_PATH,
    PDF_PATH,
    Item,
    Original,
    manifest_bytes,
    originals_of,
    pdf_item,
    zip_bytes,
)
from claims.bundle.content import BundleContent, Missing
from claims.bundle.digest import sha256_hex
from claims.bundle.gaps import missing_of
from claims.bundle.pages import FRAME, pages_json
from claims.bundle.supplied import lay_into_frames
from claims.bundle.typeset import typeset

_PAGE_HEIGHT = 841.89  # A4 in points


@dataclass(frozen=True, slots=True, kw_only=True)
class BuiltBundle:
    """The files and what they say. `sha256` is the manifest's, and so stands for the whole bundle."""

    pdf: bytes
    zip: bytes
    manifest: bytes
    sha256: str
    pdf_sha256: str
    zip_sha256: str
    items: tuple[Item, ...]
    missing: tuple[Missing, ...]
    partial: bool  # something is missing; `missing` says what


def build_bundle(content: BundleContent) -> BuiltBundle:
    """Raises ValueError for a naive time, KeyError for an unknown zone, TypesettingFailed for no fonts."""
    _check_times(content)
    originals = originals_of(content)
    annexes = annexes_of(originals)
    missing = missing_of(content, not_shown(annexes))
    pdf = _pdf(content, originals, annexes, missing)
    items = (pdf_item(pdf), *(original.item for original in originals))
    manifest = manifest_bytes(content, items, missing)
    files = [(MANIFEST_PATH, manifest), (PDF_PATH, pdf)]
    archive = zip_bytes([*files, *((original.item.path, original.content) for original in originals)])
    return BuiltBundle(
        pdf=pdf,
        zip=archive,
        manifest=manifest,
        sha256=sha256_hex(manifest),
        pdf_sha256=sha256_hex(pdf),
        zip_sha256=sha256_hex(archive),
        items=items,
        missing=missing,
        partial=bool(missing),
    )


def _pdf(
    content: BundleContent,
    originals: tuple[Original, ...],
    annexes: tuple[Annex, ...],
    missing: tuple[Missing, ...],
) -> bytes:
    pdf = typeset(pages_json(content, originals, annexes, missing))
    documents = [annex.document for annex in annexes if annex.document]
    if not documents:
        return pdf
    bottom = _PAGE_HEIGHT - FRAME.top - FRAME.height
    inside = Rectangle(FRAME.left + 4, bottom + 4, FRAME.left + FRAME.width - 4, bottom + FRAME.height - 4)
    return lay_into_frames(pdf, documents, inside)


def _check_times(value: object) -> None:
    if isinstance(value, BundleContent):
        ZoneInfo(value.zone)
    if isinstance(value, datetime) and value.utcoffset() is None:
        raise ValueError(f"a time without offset: {value!r}")
    if isinstance(value, tuple):
        for item in value:
            _check_times(item)
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            _check_times(getattr(value, field.name))
