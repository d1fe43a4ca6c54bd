"""The bundle's bytes: the same for the same content, with a manifest that is true."""

import dataclasses
import hashlib
import io
import json
import os
import subprocess
import sys
import zipfile
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from claims.bundle.build import build_bundle
from claims.bundle.content import ChecklistRow, EvidenceFile, Finding, Level, RowState, Standing
from claims.bundle.digest import inputs_digest
from tests.claims.bundle import cases

REPOSITORY = Path(__file__).resolve().parents[3]
PRINT_HASHES = """
from claims.bundle.build import build_bundle
from claims.bundle.digest import inputs_digest
from tests.claims.bundle import cases
content = cases.content()
built = build_bundle(content)
print(built.sha256, built.pdf_sha256, built.zip_sha256, inputs_digest(content))
"""


def hashes_in_new_process(cwd: Path, **environment: str) -> str:
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": str(REPOSITORY), **environment}
    done = subprocess.run(
        [sys.executable, "-c", PRINT_HASHES], cwd=cwd, env=env, capture_output=True, text=True, check=True
    )
    return done.stdout


def test_two_processes_with_other_seed_zone_and_folder_give_the_same_bytes(tmp_path: Path) -> None:
    first = hashes_in_new_process(REPOSITORY, PYTHONHASHSEED="1", TZ="Asia/Tokyo", LC_ALL="C")
    second = hashes_in_new_process(tmp_path, PYTHONHASHSEED="77", TZ="America/Los_Angeles", LC_ALL="C.UTF-8")
    here = build_bundle(cases.content())
    assert first == second
    assert first.split()[:3] == [here.sha256, here.pdf_sha256, here.zip_sha256]


def test_the_manifest_is_canonical_and_lists_every_file_but_itself() -> None:
    built = build_bundle(cases.content())
    manifest = json.loads(built.manifest)
    assert (
        built.manifest
        == json.dumps(manifest, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    )
    assert built.sha256 == hashlib.sha256(built.manifest).hexdigest()
    assert {key: manifest[key] for key in ("claim", "order_id", "version", "policy_version", "missing")} == {
        "claim": 7,
        "order_id": "113-1234567-7654321",
        "version": 1,
        "policy_version": "2026-09",
        "missing": [],
    }
    with zipfile.ZipFile(io.BytesIO(built.zip)) as archive:
        assert archive.namelist() == ["manifest.json", *(item["path"] for item in manifest["items"])]
        assert archive.read("manifest.json") == built.manifest
        assert archive.read("bundle.pdf") == built.pdf
        for item in manifest["items"]:
            stored = archive.read(item["path"])
            assert (len(stored), hashlib.sha256(stored).hexdigest()) == (item["size"], item["sha256"])
        assert {entry.compress_type for entry in archive.infolist()} == {zipfile.ZIP_STORED}
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert [
        (item["path"], item["kind"], item["source"], item["observed_at"]) for item in manifest["items"]
    ] == [
        ("bundle.pdf", "bundle", "bundle", None),
        ("notices/01-n-1.json", "notice", "amz", None),
        (
            "snapshots/01-easypost-00340434161094042557.json",
            "tracking",
            "easypost",
            "2026-03-04T09:15:00Z",
        ),
        ("evidence/A-door.jpg", "delivery_photo", "alice", "2026-03-04T09:15:00Z"),
        ("evidence/B-label.png", "buy_shipping_label", "alice", "2026-03-04T09:15:00Z"),
        ("evidence/C-letter.pdf", "proof_of_delivery", "alice", "2026-03-04T09:15:00Z"),
        ("evidence/D-mail.eml", "correspondence", "alice", "2026-03-04T09:15:00Z"),
        ("evidence/E-note.txt", "other", "alice", "2026-03-04T09:15:00Z"),
    ]


def test_the_inputs_digest_leaves_out_the_version_and_nothing_else() -> None:
    content = cases.content()
    assert inputs_digest(content) == inputs_digest(dataclasses.replace(content, version=2))
    others = [
        cases.content(policy_version="2026-10"),
        cases.content(zone="UTC"),
        cases.content(claim=cases.claim(buyer_comment="")),
        cases.content(shipments=()),
        cases.content(files=(dataclasses.replace(cases.files()[0], content=b"x"), *cases.files()[1:])),
        cases.content(clocks=(dataclasses.replace(content.clocks[0], due_at=cases.SHIPPED),)),
    ]
    assert len({inputs_digest(content), *map(inputs_digest, others)}) == 7


def test_a_naive_time_and_an_unknown_zone_are_refused() -> None:
    naive = dataclasses.replace(cases.content().clocks[0], due_at=datetime(2026, 3, 4))
    with pytest.raises(ValueError, match="without offset"):
        build_bundle(cases.content(clocks=(naive,)))
    with pytest.raises(KeyError):
        build_bundle(cases.content(zone="Mars/Olympus"))


def test_a_broken_picture_is_named_and_makes_the_bundle_partial() -> None:
    cut = EvidenceFile(
        name="cut.jpg",
        kind="delivery_photo",
        media_type="image/jpeg",
        content=cases.picture()[:900],
        source="x",
    )
    built = build_bundle(cases.content(files=(cut,)))
    assert built.partial is True
    assert [(row.kind, row.reason) for row in built.missing] == [
        (
            "delivery_photo",
            "evidence/A-cut.jpg could not be shown: it is damaged or cut off. "
            "The original is in the archive.",
        )
    ]
    with zipfile.ZipFile(io.BytesIO(built.zip)) as archive:
        assert archive.read("evidence/A-cut.jpg") == cut.content


def test_files_without_a_printed_form_are_named() -> None:
    odd = [
        EvidenceFile(
            name="a.pdf", kind="other", media_type="application/pdf", content=b"%PDF-1.4 x", source="x"
        ),
        EvidenceFile(name="b.txt", kind="other", media_type="text/plain", content=b"\xff\xfe", source="x"),
        EvidenceFile(name="c.heic", kind="other", media_type="image/heic", content=b"x", source="x"),
        EvidenceFile(name="d.txt", kind="other", media_type="text/plain", content=b" \n", source="x"),
    ]
    assert [
        row.reason.split(": ")[1].split(".")[0]
        for row in build_bundle(cases.content(files=tuple(odd))).missing
    ] == [
        "it is damaged",
        "it is not UTF-8 text",
        "files of type image/heic have no printed form",
        "it holds no text",
    ]


def test_missing_follows_the_checklist_and_failed_searches_but_not_absences() -> None:
    def row(kind: str, level: Level, state: RowState, group: str = "") -> ChecklistRow:
        return ChecklistRow(kind=kind, level=level, state=state, reason=f"no {kind}", group=group)

    built = build_bundle(
        cases.content(
            files=(),
            checklist=(
                row("dispatch", Level.REQUIRED, RowState.MISSING),
                row("tracking", Level.REQUIRED, RowState.PROVIDED),
                row("invoice", Level.OPTIONAL, RowState.MISSING),
                row("signature", Level.ONE_OF, RowState.MISSING, "proof"),
                row("delivery_photo", Level.ONE_OF, RowState.PROVIDED, "proof"),
                row("return_label", Level.ONE_OF, RowState.MISSING, "return"),
                row("return_refusal_reason", Level.REQUIRED, RowState.NOT_APPLICABLE),
            ),
            findings=(
                Finding(kind="refund", standing=Standing.ABSENT, reason="none issued"),
                Finding(
                    kind="carrier_details", standing=Standing.FAILED, reason="the carrier did not answer"
                ),
            ),
        )
    )
    assert [(gap.kind, gap.reason) for gap in built.missing] == [
        ("dispatch", "no dispatch"),
        ("return_label", "no return_label"),
        ("carrier_details", "the carrier did not answer"),
    ]


def test_hostile_names_end_as_plain_paths_inside_the_archive() -> None:
    names = [
        "../../etc/passwd",
        "/absolute.jpg",
        "C:\\windows\\system32\\cmd.exe",
        "a\x00b.jpg",
        "x" * 5_000,
        "photo\u202egpj.exe",
        "CON",
        "",
        "...",
        "same.jpg",
        "same.jpg",
        "\ud800.jpg",
        "写真.jpg",
    ]
    files = tuple(
        EvidenceFile(
            name=name,
            kind="delivery_photo",
            media_type="image/jpeg",
            content=cases.picture(40, 40),
            source="x",
        )
        for name in names
    )
    built = build_bundle(cases.content(files=files))
    assert [item.path for item in built.items[3:]] == [
        "evidence/A-passwd.jpg",
        "evidence/B-absolute.jpg",
        "evidence/C-cmd.exe.jpg",
        "evidence/D-ab.jpg",
        f"evidence/E-{'x' * 80}.jpg",
        "evidence/F-photogpj.exe.jpg",
        "evidence/G-_CON.jpg",
        "evidence/H-file.jpg",
        "evidence/I-file.jpg",
        "evidence/J-same.jpg",
        "evidence/K-same.jpg",
        "evidence/L-file.jpg",
        "evidence/M-写真.jpg",
    ]
    assert built.missing == ()


def test_a_bundle_of_a_claim_with_nothing_on_file_is_still_built() -> None:
    empty = cases.content(
        claim=cases.claim(
            ship_to=None, amount=None, currency="", reason_label="", buyer_comment="", requested=()
        ),
        clocks=(),
        shipments=(),
        history=(),
        findings=(),
        checklist=(),
        files=(),
        notices=(),
        snapshots=(),
    )
    built = build_bundle(empty)
    assert [item.path for item in built.items] == ["bundle.pdf"]
    assert built.partial is False


def test_time_until_the_deadline_is_nowhere_in_the_inputs() -> None:
    later = cases.content(
        history=(dataclasses.replace(cases.content().history[0], occurred_at=cases.SHIPPED),)
    )
    assert inputs_digest(later) != inputs_digest(cases.content())
    assert inputs_digest(cases.content()) == inputs_digest(cases.content())
    assert later.clocks[0].due_at - cases.SHIPPED == timedelta(days=9)
