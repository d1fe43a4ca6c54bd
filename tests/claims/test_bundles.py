"""Bundles by services: one per state of knowledge, versions that never change, and attempts that died."""

import base64
import hashlib
import io
import json
import zipfile
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings

from accounts.models import Seller
from claims.bundle.build import build_bundle
from claims.models import Bundle, Claim, Deadline, Event, Job
from claims.services.bundles import assemble
from claims.services.claims import update_claim
from claims.services.evidence import add_evidence
from claims.services.jobs import ATTEMPTS_AT_MOST, lease_job
from claims.services.replies import draft_reply, edit_reply
from claims.services.work import assemble_bundle, work_off_jobs
from shipping.services import record_tracking
from tests.claims.bundle.cases import document
from tests.claims.bundle.cases import picture as drawn
from tests.claims.parcels import DELIVERED, NUMBER, SCANNED, SHIP_TO, delivered, parcel, tracked
from tests.claims.situations import picture
from tests.claims.stories import AMZ, MONDAY, approved, claim_of, clocks, confirmed, hours, letter

NOW = MONDAY + hours(1)
LEASE = timedelta(seconds=settings.JOB_LEASE_SECONDS)


def build(claim: Claim, *, at: float = 1) -> Bundle:
    return assemble(claim_id=claim.pk, actor=AMZ, now=MONDAY + hours(at))


def work(*, at: float = 1) -> int:
    return work_off_jobs(now=lambda: MONDAY + hours(at), budget=timedelta(seconds=1))


def hand_in(claim: Claim, kind: str, content: bytes = b"words") -> None:
    add_evidence(
        claim_id=claim.pk, kind=kind, name=f"{kind}.txt", content=content, observed_at=None, note="",
        source="alice", actor=AMZ, now=NOW,
    )  # fmt: skip


class Killed(BaseException):
    """Stands for a worker that is killed: nothing in the product catches it."""


def killed(*_: Any, **__: Any) -> None:
    raise Killed


def test_a_proof_inside_a_carriers_answer_is_an_annex_of_the_bundle(acme: Seller) -> None:
    """Once, also where somebody handed the same file in; what nobody can be shown stays in the answer."""
    shipment = delivered(acme)
    proof, signature = document("PROOF OF DELIVERY 4711"), drawn(300, 200, "PNG")
    answer = {"documents": [
        {"typeCode": "POD", "encodingFormat": "PDF", "content": base64.b64encode(proof).decode()}]}  # fmt: skip
    record_tracking(shipment=shipment, provider="mydhl", payload=answer, actor=AMZ, now=MONDAY, channel="api")
    package = {"trackingNumber": NUMBER, "deliveryInformation": {
        "signature": {"image": base64.b64encode(signature).decode()},
        "pod": {"content": base64.b64encode(b"<html><body>proof</body></html>").decode()}}}  # fmt: skip
    told = {"trackResponse": {"shipment": [{"package": [package]}]}}
    record_tracking(shipment=shipment, provider="ups", payload=told, actor=AMZ, now=MONDAY, channel="api")
    claim = claim_of(letter(acme, reason="not_received"))

    first = annexes(build(claim))
    assert [(path, content) for path, _, content in first] == [
        (f"evidence/A-proof_of_delivery-{NUMBER}.pdf", proof),
        (f"evidence/B-signature-{NUMBER}.png", signature),
    ]
    assert [item["kind"] for _, item, _ in first] == ["proof_of_delivery", "signature"]
    assert [item["source"] for _, item, _ in first] == ["mydhl", "ups"]

    add_evidence(claim_id=claim.pk, kind="proof_of_delivery", name="mine.pdf", content=proof, observed_at=None,
                 note="", source="alice", actor=AMZ, now=NOW)  # fmt: skip
    assert [path for path, _, _ in annexes(build(claim, at=2))] == [
        "evidence/A-mine.pdf", f"evidence/B-signature-{NUMBER}.png"]  # fmt: skip


def annexes(bundle: Bundle) -> list[tuple[str, Any, bytes]]:
    """Path, manifest row and bytes of everything under evidence/."""
    with bundle.zip.open() as file, zipfile.ZipFile(io.BytesIO(file.read())) as archive:
        items = json.loads(archive.read("manifest.json"))["items"]
        return [(i["path"], i, archive.read(i["path"])) for i in items if i["path"].startswith("evidence/")]


def test_a_bundle_is_what_its_hashes_say(acme: Seller) -> None:
    delivered(acme)
    claim = claim_of(letter(acme, reason="not_received"))
    hand_in(claim, "correspondence")
    bundle = build(claim)
    with bundle.zip.open() as file:
        content = file.read()
    assert (bundle.version, bundle.status, bundle.size) == (1, "ready", len(content))
    assert hashlib.sha256(content).hexdigest() == bundle.zip_sha256
    archive = zipfile.ZipFile(io.BytesIO(content))
    manifest = archive.read("manifest.json")
    assert hashlib.sha256(manifest).hexdigest() == bundle.sha256
    assert json.loads(manifest)["items"] == bundle.items
    for item in bundle.items:
        assert hashlib.sha256(archive.read(item["path"])).hexdigest() == item["sha256"]
    assert {item["kind"] for item in bundle.items} == {"bundle", "notice", "tracking", "correspondence"}
    with bundle.pdf.open() as file:
        assert hashlib.sha256(file.read()).hexdigest() == bundle.pdf_sha256


def test_nothing_new_is_the_same_bundle(acme: Seller) -> None:
    claim = claim_of(letter(acme))
    first = build(claim)
    events = Event.objects.filter(verb="bundle_ready").count()
    assert build(claim, at=20) == first
    assert Bundle.objects.count() == 1
    assert Event.objects.filter(verb="bundle_ready").count() == events == 1


def test_new_evidence_is_a_new_version_and_marks_the_draft(acme: Seller) -> None:
    claim = claim_of(letter(acme))
    first = build(claim)
    reply, _ = draft_reply(claim_id=claim.pk, kind=None, language="en", actor=AMZ, now=NOW)
    text, revision = reply.text, reply.revision
    hand_in(claim, "invoice")
    second = build(claim)
    assert (second.version, Bundle.objects.count()) == (2, 2)
    unchanged = Bundle.objects.get(pk=first.pk)
    assert (unchanged.sha256, unchanged.items) == (first.sha256, first.items)
    reply.refresh_from_db()
    assert (reply.stale_bundle, reply.bundle) == (True, first)
    assert (reply.text, reply.revision) == (text, revision)


def test_an_edit_takes_the_newest_bundle_over(acme: Seller) -> None:
    claim = claim_of(letter(acme))
    build(claim)
    reply, _ = draft_reply(claim_id=claim.pk, kind=None, language="en", actor=AMZ, now=NOW)
    hand_in(claim, "invoice")
    second = build(claim)
    edited = edit_reply(
        reply_id=reply.pk, revision=1, text="With the invoice.", language=None, actor=AMZ, now=NOW
    )
    assert (edited.bundle, edited.stale_bundle) == (second, False)


def test_a_submitted_reply_keeps_the_bundle_it_was_sent_with(acme: Seller) -> None:
    claim = claim_of(letter(acme))
    first = build(claim)
    reply = confirmed(approved(claim, now=NOW), now=NOW)
    hand_in(claim, "invoice")
    build(claim)
    reply.refresh_from_db()
    assert (reply.bundle, reply.stale_bundle) == (first, False)
    assert reply.frozen["bundle"]["zip_sha256"] == first.zip_sha256
    assert reply.frozen["bundle"]["items"] == [
        {"path": item["path"], "sha256": item["sha256"]} for item in first.items
    ]


def test_a_claim_with_a_clock_gets_its_bundle_on_its_own_and_again_with_every_news(acme: Seller) -> None:
    claim = claim_of(letter(acme))
    assert work() == 1
    shipment = parcel(acme)
    tracked(shipment, SCANNED)
    assert work(at=2) == 1
    hand_in(claim, "invoice")
    assert work(at=3) == 1
    claim.refresh_from_db()
    update_claim(
        claim_id=claim.pk,
        revision=claim.revision,
        changes={"reason": "late"},
        actor=AMZ,
        now=MONDAY + hours(4),
    )
    assert work(at=4) == 1
    assert work(at=5) == 0
    assert list(Bundle.objects.order_by("version").values_list("version", "status")) == [
        (1, "ready"), (2, "ready"), (3, "ready"), (4, "ready"),
    ]  # fmt: skip


def test_killed_between_plan_and_publish_the_next_attempt_takes_the_version_over(
    acme: Seller, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim = claim_of(letter(acme))
    with monkeypatch.context() as patch:
        patch.setattr("claims.services.bundles.build_bundle", killed)
        with pytest.raises(Killed):
            work()
    left = Bundle.objects.get()
    assert (left.version, left.status, left.sha256) == (1, "building", "")
    assert Job.objects.get().status == "running"
    assert work(at=1.01) == 0  # the dead worker's lease still runs
    hand_in(claim, "invoice")
    later = MONDAY + hours(1) + LEASE
    assert work_off_jobs(now=lambda: later, budget=timedelta(seconds=1)) == 1
    taken = Bundle.objects.get()
    assert (taken.pk, taken.version, taken.status) == (left.pk, 1, "ready")
    assert "invoice" in {item["kind"] for item in taken.items}


def test_news_that_comes_while_building_is_in_the_bundle(
    acme: Seller, monkeypatch: pytest.MonkeyPatch
) -> None:
    claim = claim_of(letter(acme))
    builds: list[int] = []

    def slow(content: Any) -> Any:
        builds.append(content.version)
        if len(builds) == 1:
            hand_in(claim, "invoice")
            assemble(claim_id=claim.pk, actor=AMZ, now=NOW)
        return build_bundle(content)

    monkeypatch.setattr("claims.services.bundles.build_bundle", slow)
    bundle = build(claim)
    assert "invoice" in {item["kind"] for item in bundle.items}
    assert Bundle.objects.filter(status="ready").count() == Bundle.objects.count()
    assert builds[0] == builds[1] == 1


def test_a_job_that_keeps_failing_is_given_up_and_says_why(
    acme: Seller, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise OSError("No space left on device")

    claim = claim_of(letter(acme))
    monkeypatch.setattr("claims.services.bundles.store_bytes", full)
    for attempt in range(ATTEMPTS_AT_MOST):
        assert work(at=1 + attempt) == 1
    job = Job.objects.get()
    assert (job.status, job.attempts) == ("failed", ATTEMPTS_AT_MOST)
    assert job.last_error == {
        "code": "OSError",
        "detail": "No space left on device",
        "attempt": ATTEMPTS_AT_MOST,
    }
    bundle = Bundle.objects.get()
    assert (bundle.status, bundle.last_error["code"]) == ("failed", "OSError")
    monkeypatch.undo()
    assert build(claim, at=10) == bundle
    bundle.refresh_from_db()
    assert (bundle.version, bundle.status, bundle.last_error) == (1, "ready", {})


def test_a_job_that_kills_its_worker_every_time_is_set_aside(acme: Seller) -> None:
    claim_of(letter(acme))
    now = MONDAY + hours(1)
    for _ in range(ATTEMPTS_AT_MOST):
        assert lease_job(now=now) is not None
        now += LEASE
    assert work_off_jobs(now=lambda: now, budget=timedelta(seconds=1)) == 0
    job = Job.objects.get()
    assert (job.status, job.last_error["code"]) == ("failed", "worker_lost")


def test_an_impatient_agent_gets_the_bundle_at_once_and_a_busy_one_the_job(acme: Seller) -> None:
    claim = claim_of(letter(acme))
    asked = lease_job(now=NOW)
    busy = assemble_bundle(claim_id=claim.pk, actor=AMZ, now=NOW)
    assert (busy.bundle, busy.job) == (None, asked)
    free = assemble_bundle(claim_id=claim.pk, actor=AMZ, now=NOW + LEASE)
    assert free.bundle == Bundle.objects.get()
    assert free.bundle is not None
    assert free.bundle.status == "ready"


def test_a_complete_bundle_meets_the_preparation(acme: Seller) -> None:
    claim = claim_of(letter(acme, "claim_received", reason="not_received", ship_to=SHIP_TO))
    work()
    assert (clocks(claim), Bundle.objects.get().partial) == ([("preparation", "open")], True)
    tracked(parcel(acme), SCANNED, DELIVERED, received_by="G. Rossi")
    work(at=5)
    assert picture(claim).state == "received"
    assert clocks(claim) == [("preparation", "met")]
    clock = Deadline.objects.get(claim=claim)
    assert (clock.answered_at, clock.closed_reason, clock.settled) == (
        MONDAY + hours(5),
        "bundle_complete",
        True,
    )
    assert (claim.prepare_by, claim.checklist_satisfied) == (None, True)
    assert Bundle.objects.latest("version").partial is False


def test_close_to_the_target_an_unanswered_claim_gets_a_draft_as_well(acme: Seller) -> None:
    claim = claim_of(letter(acme))
    work(at=1)
    assert claim.replies.count() == 0
    hand_in(claim, "invoice")
    work(at=44)
    assert picture(claim).replies == ("answer draft",)
    assert claim.replies.get().bundle == Bundle.objects.get(version=2)
