"""What is known and what was handed in: evidence items, findings, bundles, and the jobs that make them."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from claims.models.claim import Claim
from claims.words import EvidenceKind


class EvidenceItem(models.Model):
    """A file or a text that a person or an integration handed in. Never changed, never deleted."""

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="evidence")
    kind = models.CharField(max_length=32, choices=EvidenceKind.choices)
    name = models.CharField(max_length=255)
    media_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    file = models.FileField(max_length=255)
    source = models.CharField(max_length=255)
    observed_at = models.DateTimeField(null=True, blank=True)
    note = models.TextField(blank=True)
    created_at = models.DateTimeField()
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint("claim", "kind", "sha256", name="evidence_once_per_content"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.name}"


class Finding(models.Model):
    """What one collector knows of a claim now: found with its facts, absent with the reason, or failed."""

    class Status(models.TextChoices):
        FOUND = "found", "Found"
        ABSENT = "absent", "Absent"
        FAILED = "failed", "Failed"

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="findings")
    collector = models.CharField(max_length=32)
    kind = models.CharField(max_length=32, choices=EvidenceKind.choices)
    status = models.CharField(max_length=16, choices=Status.choices)
    facts = models.JSONField(default=dict, blank=True)
    reason = models.TextField(blank=True)
    retryable = models.BooleanField(default=False)
    source = models.CharField(max_length=255, blank=True)
    observed_at = models.DateTimeField(null=True, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    collected_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint("claim", "collector", "kind", name="finding_once")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.status}"


class Bundle(models.Model):
    """One immutable, versioned set of documents. Same findings, same bytes, same bundle."""

    class Status(models.TextChoices):
        BUILDING = "building", "Building"
        READY = "ready", "Ready"
        FAILED = "failed", "Failed"

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="bundles")
    version = models.PositiveIntegerField()
    status = models.CharField(max_length=16, choices=Status.choices, default=Status.BUILDING)
    inputs_sha256 = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64, blank=True)
    pdf_sha256 = models.CharField(max_length=64, blank=True)
    zip_sha256 = models.CharField(max_length=64, blank=True)
    size = models.BigIntegerField(default=0)
    partial = models.BooleanField(default=False)
    missing = models.JSONField(default=list, blank=True)
    items = models.JSONField(default=list, blank=True)
    policy_version = models.CharField(max_length=32)
    pdf = models.FileField(max_length=255, blank=True)
    zip = models.FileField(max_length=255, blank=True)
    last_error = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("claim", "version", name="bundle_version_once"),
        ]

    def __str__(self) -> str:
        return f"bundle {self.version} of claim {self.claim_id}"


class Job(models.Model):
    """Work to be done outside a request, leased by a worker; an expired lease is taken up by the next.

    `again`: asked for once more while it ran, so it runs once more.
    """

    class Kind(models.TextChoices):
        COLLECT_EVIDENCE = "collect_evidence", "Collect evidence"
        ASSEMBLE_BUNDLE = "assemble_bundle", "Assemble bundle"

    class Status(models.TextChoices):
        QUEUED = "queued", "Queued"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="jobs")
    kind = models.CharField(max_length=32, choices=Kind.choices)
    status = models.CharField(max_length=16, choices=Status.choices, default=Status.QUEUED)
    again = models.BooleanField(default=False)
    attempts = models.PositiveSmallIntegerField(default=0)
    run_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True, blank=True)
    bundle = models.ForeignKey(Bundle, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    last_error = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "claim", "kind", condition=Q(status__in=["queued", "running"]), name="job_one_open_per_kind"
            ),
        ]
        indexes = [
            models.Index(fields=["run_at"], condition=Q(status__in=["queued", "running"]), name="job_due"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of claim {self.claim_id}: {self.status}"
