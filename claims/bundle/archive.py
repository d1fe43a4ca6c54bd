"""The ZIP and its manifest: which original lies where, and bytes that depend on nothing but content.

Leaves to others: the PDF (`build`), checking an archive (`verify`).
"""

import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from string import ascii_uppercase

from claims.bundle.content import BundleContent, EvidenceFile, Missing, RawNotice, RawSnapshot
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
    return (
        *(_notice(number, notice) for number, notice in enumerate(content.notices, 1)),
        *(_snapshot(number, snapshot) for number, snapshot in enumerate(content.snapshots, 1)),
        *(_annex(number, file) for number, file in enumerate(content.files)),
    )


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
    return _item(
        PDF_PATH, pdf, media_type="application/pdf", kind="bundle", source="bundle", observed_at=None
    )


def _notice(number: int, notice: RawNotice) -> Original:
    item = _item(
        f"notices/{number:02d}-{safe_name(notice.name, notice.media_type)}",
        notice.content,
        media_type=notice.media_type,
        kind="notice",
        source=notice.source,
        observed_at=notice.received_at,
    )
    return Original(item=item, content=notice.content, observed_at=notice.received_at)


def _snapshot(number: int, snapshot: RawSnapshot) -> Original:
    name = safe_name(f"{snapshot.provider}-{snapshot.tracking_number}", snapshot.content_type)
    item = _item(
        f"snapshots/{number:02d}-{name}",
        snapshot.content,
        media_type=snapshot.content_type,
        kind="tracking",
        source=snapshot.provider,
        observed_at=snapshot.fetched_at,
    )
    return Original(item=item, content=snapshot.content, observed_at=snapshot.fetched_at)


def _annex(number: int, file: EvidenceFile) -> Original:
    letter = annex_letter(number)
    path = f"evidence/{letter}-{safe_name(file.name, file.media_type)}"
    return Original(
        item=_item(
            path,
            file.content,
            media_type=file.media_type,
            kind=file.kind,
            source=file.source,
            observed_at=file.observed_at,
        ),
        content=file.content,
        letter=letter,
        name=file.name,
        note=file.note,
        observed_at=file.observed_at,
    )


def _item(
    path: str, content: bytes, *, media_type: str, kind: str, source: str, observed_at: datetime | None
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
