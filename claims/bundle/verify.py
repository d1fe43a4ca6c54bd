"""Proving an archive without the product's database: every item there, unchanged, and nothing else.

Leaves to others: whether this manifest is the one on record (compare its SHA-256 with the bundle's).
"""

import io
import json
import zipfile
import zlib

from claims.bundle.archive import MANIFEST_PATH, PDF_PATH, zip_bytes
from claims.bundle.digest import canonical_json, sha256_hex

_FIELDS = frozenset({"claim", "order_id", "version", "policy_version", "items", "missing"})
_ITEM_FIELDS = frozenset({"path", "sha256", "size", "media_type", "kind", "source", "observed_at"})


def verify_bundle(archive: bytes) -> list[str]:
    """What is wrong, each sentence naming the item at fault; empty when the bundle is proven."""
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as opened:
            entries = opened.infolist()
            faults = _entry_faults(entries)
            contents = (
                {} if faults else {entry.filename: _stored(archive, opened, entry) for entry in entries}
            )
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError) as error:
        return [f"the archive cannot be read: {error}"]
    if faults:
        return faults
    if MANIFEST_PATH not in contents:
        return [f"{MANIFEST_PATH}: missing"]
    manifest, faults = _manifest(contents[MANIFEST_PATH])
    if manifest is None:
        return faults
    faults += _item_faults(manifest, contents)
    if not faults and zip_bytes(list(contents.items())) != archive:
        faults.append("the archive: bytes between or behind its files were changed")
    return faults


def _entry_faults(entries: list[zipfile.ZipInfo]) -> list[str]:
    """Only stored entries, each once: nothing can expand, nothing can hide behind another."""
    names = [entry.filename for entry in entries]
    faults = [
        f"{name}: stands {names.count(name)} times in the archive"
        for name in dict.fromkeys(names)
        if names.count(name) > 1
    ]
    faults += [
        f"{entry.filename}: is compressed" for entry in entries if entry.compress_type != zipfile.ZIP_STORED
    ]
    return faults


def _stored(archive: bytes, opened: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """The entry's bytes even where its checksum fails: the manifest then says which item it is."""
    try:
        return opened.read(entry)
    except (zipfile.BadZipFile, zlib.error, RuntimeError):
        start = entry.header_offset + 30 + len(entry.filename.encode("utf-8"))
        return archive[start : start + entry.file_size]


def _manifest(raw: bytes) -> tuple[dict[str, object] | None, list[str]]:
    try:
        manifest = json.loads(raw.decode("utf-8"))
    except (ValueError, RecursionError):
        return None, [f"{MANIFEST_PATH}: is no JSON"]
    if not isinstance(manifest, dict) or set(manifest) != _FIELDS or not isinstance(manifest["items"], list):
        return None, [f"{MANIFEST_PATH}: does not have the fields of a manifest"]
    faults = [] if canonical_json(manifest) == raw else [f"{MANIFEST_PATH}: is not in canonical form"]
    return manifest, faults


def _item_faults(manifest: dict[str, object], contents: dict[str, bytes]) -> list[str]:
    faults: list[str] = []
    listed: set[str] = set()
    items = manifest["items"]
    assert isinstance(items, list)
    for number, item in enumerate(items):
        if not isinstance(item, dict) or set(item) != _ITEM_FIELDS or not isinstance(item["path"], str):
            faults.append(f"{MANIFEST_PATH}: item {number} does not have the fields of an item")
            continue
        if item["path"] in listed:
            faults.append(f"{item['path']}: listed twice in {MANIFEST_PATH}")
        listed.add(item["path"])
        faults += _content_faults(item, contents.get(item["path"]))
    faults += [f"{PDF_PATH}: not listed in {MANIFEST_PATH}"] if PDF_PATH not in listed | set(contents) else []
    faults += [
        f"{path}: not listed in {MANIFEST_PATH}" for path in contents if path not in listed | {MANIFEST_PATH}
    ]
    return faults


def _content_faults(item: dict[str, object], content: bytes | None) -> list[str]:
    path = item["path"]
    if content is None:
        return [f"{path}: missing"]
    if len(content) != item["size"]:
        return [f"{path}: has {len(content)} bytes, the manifest says {item['size']}"]
    if sha256_hex(content) != item["sha256"]:
        return [f"{path}: its SHA-256 is {sha256_hex(content)}, the manifest says {item['sha256']}"]
    return []
