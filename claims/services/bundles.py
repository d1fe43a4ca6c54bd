"""Assembling a bundle: look, build outside any transaction, publish by one update. Versions never change.

Killed anywhere, the next attempt takes the unfinished version over; the same findings give the same bundle.
"""

from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction

from accounts.actors import Actor
from claims.bundle.build import BuiltBundle, build_bundle
from claims.bundle.content import BundleContent
from claims.bundle.digest import inputs_digest
from claims.deadlines import DeadlineKind
from claims.evidence.checklist import VERSION
from claims.models import Bundle, Claim, Deadline, Reply
from claims.services.clocks import refresh_claim, settle, unsettled
from claims.services.content import content_of
from claims.services.events import record_event
from claims.services.evidence import case_of, keep_findings, look, store_bytes
from claims.services.locks import lock_claim
from claims.words import ReplyStatus


@dataclass(frozen=True)
class Plan:
    """What is to be built: the row that will hold it, and its content."""

    bundle: Bundle
    content: BundleContent
    complete: bool


def assemble(*, claim_id: int, actor: Actor, now: datetime) -> Bundle:
    """Collect, build and publish; nothing new found is the bundle there was.

    Raises what building or storing raises; the unfinished version stays for the next attempt.
    """
    while True:
        plan = _plan(claim_id, now=now)
        if isinstance(plan, Bundle):
            return plan
        built = build_bundle(plan.content)
        pdf = store_bytes(built.pdf, folder="bundles")
        archive = store_bytes(built.zip, folder="bundles")
        bundle = _publish(plan, built, pdf=pdf, archive=archive, actor=actor, now=now)
        if bundle.status == Bundle.Status.READY:
            return bundle  # else something new was found meanwhile, by someone else: build that


def _plan(claim_id: int, *, now: datetime) -> Plan | Bundle:
    with transaction.atomic():
        claim = lock_claim(claim_id)
        case = case_of(claim)
        found, checklist = look(case)
        keep_findings(case, found, checklist, now=now)
        latest = claim.bundles.order_by("-version").first()
        ready = claim.bundles.filter(status=Bundle.Status.READY).order_by("-version").first()
        unfinished = latest if latest is not None and latest.status != Bundle.Status.READY else None
        version = unfinished.version if unfinished else (latest.version + 1 if latest else 1)
        content = content_of(case, found, checklist, version=version)
        digest = inputs_digest(content)
        if ready is not None and ready.inputs_sha256 == digest:
            return ready
        row = unfinished or Bundle(claim=claim, version=version, created_at=now)
        row.status = Bundle.Status.BUILDING
        row.inputs_sha256 = digest
        row.policy_version = VERSION
        row.last_error = {}
        row.save()
    return Plan(row, content, checklist.satisfied)


def _publish(
    plan: Plan, built: BuiltBundle, *, pdf: str, archive: str, actor: Actor, now: datetime
) -> Bundle:
    bundle = plan.bundle
    with transaction.atomic():
        claim = lock_claim(bundle.claim_id)
        published = Bundle.objects.filter(
            pk=bundle.pk, status=Bundle.Status.BUILDING, inputs_sha256=bundle.inputs_sha256
        ).update(
            status=Bundle.Status.READY,
            sha256=built.sha256,
            pdf_sha256=built.pdf_sha256,
            zip_sha256=built.zip_sha256,
            size=len(built.zip),
            partial=built.partial,
            missing=[asdict(row) for row in built.missing],
            items=[item.as_json() for item in built.items],
            pdf=pdf,
            zip=archive,
            ready_at=now,
        )
        bundle.refresh_from_db()
        if published:
            _follow(claim, bundle, complete=plan.complete, now=now)
            record_event(
                "bundle_ready",
                claim=claim,
                actor=actor,
                now=now,
                bundle=bundle.pk,
                version=bundle.version,
                sha256=bundle.sha256,
                partial=bundle.partial,
            )
    return bundle


def _follow(claim: Claim, bundle: Bundle, *, complete: bool, now: datetime) -> None:
    """What a new bundle changes: open texts rest on an older one now; complete, it meets the preparation."""
    Reply.objects.filter(
        claim=claim, status__in=[ReplyStatus.DRAFT, ReplyStatus.APPROVED], bundle__isnull=False
    ).exclude(bundle=bundle).update(stale_bundle=True)
    if complete:
        for clock in unsettled(claim, DeadlineKind.PREPARATION):
            clock.status = Deadline.Status.MET
            clock.answered_at = now
            settle(clock, now=now, reason="bundle_complete")
        refresh_claim(claim)


def mark_failed(*, claim_id: int, code: str, detail: str) -> None:
    """Show why the unfinished version is not there; the next attempt takes it over."""
    Bundle.objects.filter(claim_id=claim_id, status=Bundle.Status.BUILDING).update(
        status=Bundle.Status.FAILED, last_error={"code": code, "detail": detail[:2000]}
    )


def latest_ready(claim: Claim) -> Bundle | None:
    """The newest bundle that can be shown."""
    return claim.bundles.filter(status=Bundle.Status.READY).order_by("-version").first()
