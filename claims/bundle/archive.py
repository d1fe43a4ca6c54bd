"""The ZIP and its manifest: which original lies where, and bytes that depend on nothing but content.

Leaves to others: the PDF (`build`), checking an archive (`verify`).
"""

import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from string import ascii_uppercase

from claims.bundle.content import BundleContent, EvidenceFile, Missing
from claims.bundle.digest import canonical_json, sha256_hex, utc_text
from claims.uploads.names import safe_name

MANIFEST_PATH = "manifest.json"
PDF_PATH = "bundle.pdf"
# The oldest time a ZIP can state; the time of making must not be in it.
FIXED_DATE = (1980, 1, 1, 0, 0, 0)
_UNIX = 3
_MODE = 0o100644 << 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One line of the manifest."""

    path: str
    sha256: str
    size: int
    media_type: str
    kind: str
    source: str
    observed_at: str | None

    def as_json(self) -> dict[str, object]:
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """A file of the archive with its manifest line; `letter` is set for what the PDF shows as an annex."""

    item: Item
    content: bytes
    letter: str = ""
    name: str = ""
    note: str = ""
    observed_at: datetime | None = None


def originals_of(content: BundleContent) -> tuple[Original, ...]:
    """Notices, then snapshots, then evidence lettered A, B, …, in the order given."""
    found = []
    for number, notice in enumerate(content.notices, 1):
        path = f"notices/{number:02d}-{safe_name(notice.name, notice.media_type)}"
        found.append(
            _original(path, notice.content, notice.media_type, "notice", notice.source, notice.received_at)
        )
    for number, snapshot in enumerate(content.snapshots, 1):
        name = safe_name(f"{snapshot.provider}-{snapshot.tracking_number}", snapshot.content_type)
        found.append(
            _original(
                f"snapshots/{number:02d}-{name}",
                snapshot.content,
                snapshot.content_type,
                "tracking",
                snapshot.provider,
                snapshot.fetched_at,
            )
        )
    found.extend(_annex(number, file) for number, file in enumerate(content.files))
    return tuple(found)


def annex_letter(number: int) -> str:
    """0 is A, 25 is Z, 26 is AA, as in the columns of a sheet."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = ascii_uppercase[rest] + letters
    return letters


def manifest_bytes(content: BundleContent, items: Sequence[Item], missing: Iterable[Missing]) -> bytes:
    """The canonical manifest of API.md; `items` lists every file but the manifest itself."""
    return canonical_json(
        {
            "claim": content.claim.id,
            "order_id": content.claim.order_id,
            "version": content.version,
            "policy_version": content.policy_version,
            "items": [item.as_json() for item in items],
            "missing": [{"kind": row.kind, "reason": row.reason} for row in missing],
        }
    )


def zip_bytes(files: Iterable[tuple[str, bytes]]) -> bytes:
    """Stored, with fixed dates and rights, in the order given."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for path, content in files:
            entry = zipfile.ZipInfo(path, FIXED_DATE)
            entry.create_system = _UNIX
            entry.external_attr = _MODE
            archive.writestr(entry, content)
    return target.getvalue()


def pdf_item(pdf: bytes) -> Item:
    return _item(PDF_PATH, pdf, "application/pdf", "bundle", "bundle", None)


def _annex(number: int, file: EvidenceFile) -> Original:
    letter = annex_letter(number)
    path = f"evidence/{letter}-{safe_name(file.name, file.media_type)}"
    return Original(
        item=_item(path, file.content, file.media_type, file.kind, file.source, file.observed_at),
        content=file.content,
        letter=letter,
        name=file.name,
        note=file.note,
        observed_at=file.observed_at,
    )


def _original(
    path: str, content: bytes, media_type: str, kind: str, source: str, observed_at: datetime | None
) -> Original:
    item = _item(path, content, media_type, kind, source, observed_at)
    return Original(item=item, content=content, observed_at=observed_at)


def _item(
    path: str, content: bytes, media_type: str, kind: str, source: str, observed_at: datetime | None
) -> Item:
    return Item(
        path=path,
        sha256=sha256_hex(content),
        size=len(content),
        media_type=media_type,
        kind=kind,
        source=source,
        observed_at=utc_text(observed_at) if observed_at else None,
    )
