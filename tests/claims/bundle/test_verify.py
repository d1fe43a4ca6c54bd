"""Proving a bundle offline: each kind of tampering is found and named."""

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from claims.bundle.archive import zip_bytes
from claims.bundle.build import build_bundle
from claims.bundle.verify import verify_bundle
from tests.claims.bundle import cases

Files = dict[str, bytes]


@pytest.fixture(scope="module")
def archive() -> bytes:
    return build_bundle(cases.content()).zip


def rebuilt(archive: bytes, change: Callable[[Files], None]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        files = {name: opened.read(name) for name in opened.namelist()}
    change(files)
    return zip_bytes(files.items())


def test_a_bundle_as_built_is_proven(archive: bytes) -> None:
    assert verify_bundle(archive) == []


def test_one_flipped_byte_names_its_item(archive: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        entries = {entry.filename: entry for entry in opened.infolist()}
    for name, entry in entries.items():
        if name == "manifest.json":
            continue
        at = entry.header_offset + 30 + len(name.encode()) + entry.file_size // 2
        flipped = archive[:at] + bytes([archive[at] ^ 1]) + archive[at + 1 :]
        faults = verify_bundle(flipped)
        assert [fault.split(":")[0] for fault in faults] == [name]


def test_no_flipped_byte_anywhere_goes_unseen(archive: bytes) -> None:
    for at in range(0, len(archive), max(1, len(archive) // 400)):
        flipped = archive[:at] + bytes([archive[at] ^ 0x20]) + archive[at + 1 :]
        assert verify_bundle(flipped) != [], at
    tail = len(archive)
    for at in range(tail - 400, tail):
        flipped = archive[:at] + bytes([archive[at] ^ 1]) + archive[at + 1 :]
        assert verify_bundle(flipped) != [], at


def test_a_missing_and_an_extra_file_are_named(archive: bytes) -> None:
    def drop(files: Files) -> None:
        del files["evidence/A-door.jpg"]

    def add(files: Files) -> None:
        files["evidence/Z-extra.jpg"] = b"x"

    assert verify_bundle(rebuilt(archive, drop)) == ["evidence/A-door.jpg: missing"]
    assert verify_bundle(rebuilt(archive, add)) == ["evidence/Z-extra.jpg: not listed in manifest.json"]


def test_a_manifest_that_is_not_canonical_or_not_there_is_named(archive: bytes) -> None:
    def spaced(files: Files) -> None:
        files["manifest.json"] = json.dumps(json.loads(files["manifest.json"]), indent=1).encode()

    def gone(files: Files) -> None:
        del files["manifest.json"]

    def other(files: Files) -> None:
        files["manifest.json"] = b"[]"

    assert verify_bundle(rebuilt(archive, spaced)) == ["manifest.json: is not in canonical form"]
    assert verify_bundle(rebuilt(archive, gone)) == ["manifest.json: missing"]
    assert verify_bundle(rebuilt(archive, other)) == ["manifest.json: does not have the fields of a manifest"]


def test_compressed_and_doubled_entries_are_refused_unopened(archive: bytes) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr("manifest.json", b"0" * 10_000_000)
    assert verify_bundle(target.getvalue()) == ["manifest.json: is compressed"]
    doubled = io.BytesIO(archive)
    with pytest.warns(UserWarning, match="Duplicate name"), zipfile.ZipFile(doubled, "a") as opened:
        opened.writestr("bundle.pdf", b"other")
    assert verify_bundle(doubled.getvalue()) == ["bundle.pdf: stands 2 times in the archive"]


@pytest.mark.parametrize("raw", [b"", b"PK", b"%PDF-1.7", b"PK\x05\x06" + b"\x00" * 18])
def test_what_is_no_bundle_is_said_to_be_none(raw: bytes) -> None:
    assert len(verify_bundle(raw)) == 1


def test_bytes_before_and_behind_the_archive_are_seen(archive: bytes) -> None:
    assert verify_bundle(b"#!/bin/sh\n" + archive) != []
    assert verify_bundle(archive + b"x") != []


def test_the_command_proves_a_file_or_names_the_fault(
    archive: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good, bad = tmp_path / "good.zip", tmp_path / "bad.zip"
    good.write_bytes(archive)
    bad.write_bytes(rebuilt(archive, lambda files: files.update({"notices/01-n-1.json": b'{"a":2}'})))
    call_command("verify_bundle", str(good))
    assert "proven" in capsys.readouterr().out
    with pytest.raises(CommandError, match="not proven") as raised:
        call_command("verify_bundle", str(bad))
    assert raised.value.returncode == 1
    assert capsys.readouterr().err.startswith("notices/01-n-1.json: its SHA-256 is ")
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("verify_bundle", str(tmp_path / "none.zip"))
