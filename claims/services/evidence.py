"""Evidence: taking files and texts in, collecting findings, and holding them against the checklist."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from accounts.actors import Actor
from claims.evidence.case import ABSENT, FAILED, FOUND, Case, Found
from claims.evidence.checklist import Checklist, Known, asks_for, check
from claims.evidence.collectors import COLLECTORS
from claims.judgement.judging import Judgement
from claims.lifecycle import State
from claims.models import Claim, EvidenceItem, Finding
from claims.selectors.judgement import judged
from claims.services.clocks import touch
from claims.services.events import record_event
from claims.services.jobs import ask_for_bundle
from claims.services.locks import lock_claim
from claims.uploads import accept_upload
from claims.words import EvidenceKind
from shipping.selectors import shipments_of_order_with_history

#: What bad rows can make a collector trip over; its finding then says so and the others go on.
_TROUBLE = (LookupError, ValueError, TypeError)


def store_bytes(content: bytes, *, folder: str) -> str:
    """Write a file named by its hash, before any row points at it; the same bytes are stored once."""
    digest = hashlib.sha256(content).hexdigest()
    name = f"{folder}/{digest[:2]}/{digest}"
    return name if default_storage.exists(name) else default_storage.save(name, ContentFile(content))


def add_evidence(
    *,
    claim_id: int,
    kind: str,
    name: str,
    content: bytes,
    observed_at: datetime | None,
    note: str,
    source: str,
    actor: Actor,
    now: datetime,
) -> tuple[EvidenceItem, bool]:
    """Keep a file or a text as evidence; the same content of a kind again is the same item.

    Raises InvalidInput (`/file`) for what is not accepted, TooLarge.
    """
    accepted = accept_upload(name, content, max_bytes=settings.UPLOAD_MAX_BYTES)
    stored = store_bytes(accepted.content, folder="evidence")
    with transaction.atomic():
        claim = lock_claim(claim_id)
        known = EvidenceItem.objects.filter(claim=claim, kind=kind, sha256=accepted.sha256).first()
        if known is not None:
            return known, False
        item = EvidenceItem.objects.create(
            claim=claim,
            kind=kind,
            name=accepted.safe_name,
            media_type=accepted.media_type,
            size=accepted.size,
            sha256=accepted.sha256,
            file=stored,
            source=source,
            observed_at=observed_at,
            note=note,
            created_at=now,
            user_id=actor.user_id,
        )
        touch(claim, now=now)
        record_event(
            "evidence_added", claim=claim, actor=actor, now=now, item=item.pk, kind=kind, sha256=item.sha256
        )
        if claim.state != State.CLOSED:
            ask_for_bundle(claim, now=now)
    return item, True


def case_of(claim: Claim) -> Case:
    """Everything that collectors look at, in a fixed number of queries."""
    return Case(
        claim=claim,
        shipments=list(shipments_of_order_with_history(claim.seller_id, claim.order_id)),
        evidence=list(EvidenceItem.objects.filter(claim=claim).order_by("id")),
        zone=claim.seller.time_zone,
    )


def collect_evidence(*, claim_id: int, actor: Actor, now: datetime) -> list[Finding]:
    """Let every collector look, keep what they found, and bring the checklist up to date."""
    with transaction.atomic():
        claim = lock_claim(claim_id)
        case = case_of(claim)
        findings, checklist = look(case)
        keep_findings(case, findings, checklist, now=now)
    return list(Finding.objects.filter(claim_id=claim_id).order_by("id"))


def look(case: Case) -> tuple[list[tuple[str, Found]], Checklist]:
    """What the collectors know now, by collector name, and the checklist that follows from it."""
    asks = asks_for(case.claim.reason, case.claim.requested)
    asked = {ask.kind for ask in asks}
    handed_in = {item.kind for item in case.evidence}
    found: list[tuple[str, Found]] = []
    for collector in COLLECTORS:
        if collector.name == "handed_in" and collector.kind not in asked | handed_in:
            continue
        try:
            found.append((collector.name, collector.collect(case)))
        except _TROUBLE as error:
            reason = f"{type(error).__name__}: {error}"[:500]
            found.append((collector.name, Found(collector.kind, FAILED, reason=reason, retryable=True)))
    looked = {f.kind for name, f in found if name != "handed_in"}
    found = [(name, f) for name, f in found if f.status != ABSENT or _worth_saying(name, f, asked, looked)]
    return found, check(asks, _known(found, case.evidence))


def _worth_saying(name: str, one: Found, asked: set[EvidenceKind], looked: set[EvidenceKind]) -> bool:
    """That something is absent is said where it is asked for, and once: by who looked, not by who waits for it."""
    return one.kind in asked and not (name == "handed_in" and one.kind in looked)


def _known(found: Iterable[tuple[str, Found]], evidence: Sequence[EvidenceItem]) -> dict[str, Known]:
    known: dict[str, Known] = {}
    for name, one in found:
        before = known.get(one.kind, Known())
        if one.status == FOUND:
            items = (
                tuple(i.name for i in evidence if i.kind == one.kind) if name == "handed_in" else one.lines
            )
            known[one.kind] = Known((*before.items, *items))
        elif not before.items:
            reason = one.reason if one.status == ABSENT else f"Could not be collected: {one.reason}"
            known[one.kind] = Known(reason=reason)
    return known


def keep_findings(
    case: Case, found: Iterable[tuple[str, Found]], checklist: Checklist, *, now: datetime
) -> None:
    """Write what is known now, with checklist and strength where the queue reads them; the claim is locked."""
    _keep(case.claim, found, now=now)
    _show(case.claim, checklist, judged(case.claim, case.shipments, case.evidence))


def _keep(claim: Claim, found: Iterable[tuple[str, Found]], *, now: datetime) -> None:
    current = {(f.collector, f.kind): f for f in Finding.objects.filter(claim=claim)}
    for name, one in found:
        values: dict[str, Any] = {
            "status": one.status,
            "facts": {**one.facts, "lines": list(one.lines)},
            "reason": one.reason,
            "retryable": one.retryable,
            "source": one.source,
            "observed_at": one.observed_at,
            "sha256": one.sha256,
        }
        known = current.pop((name, EvidenceKind(one.kind).value), None)
        if known is None:
            Finding.objects.create(claim=claim, collector=name, kind=one.kind, collected_at=now, **values)
        elif any(getattr(known, key) != value for key, value in values.items()):
            Finding.objects.filter(pk=known.pk).update(collected_at=now, **values)
    Finding.objects.filter(pk__in=[f.pk for f in current.values()]).delete()


def _show(claim: Claim, checklist: Checklist, judgement: Judgement) -> None:
    rows = [{**asdict(row), "items": list(row.items)} for row in checklist.rows]
    claim.checklist = rows
    claim.checklist_satisfied = checklist.satisfied
    claim.missing = list(checklist.missing)
    claim.strength = judgement.strength.grade or ""
    claim.number_misfit = bool(judgement.misfits)
    claim.save(update_fields=["checklist", "checklist_satisfied", "missing", "strength", "number_misfit"])
