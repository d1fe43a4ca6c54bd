"""Evidence items, findings, checklist rows, bundles and jobs as they are shown, and what an upload takes."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from accounts.api.fields import StrictSerializer
from claims.api import choices
from claims.api.fields import LinkField, NotAheadField
from claims.api.serializers import parts
from claims.models import Bundle
from claims.words import EvidenceKind


class EvidenceItemSerializer(serializers.Serializer[Any]):
    """A file or text that was handed in."""

    id = parts.number()
    url = LinkField(view_name="evidence-detail")
    claim = parts.number(source="claim_id")
    kind = serializers.ChoiceField(EvidenceKind.choices, read_only=True)
    name = parts.text()
    media_type = parts.text()
    size = parts.number()
    sha256 = parts.text()
    source = parts.text()  # type: ignore[assignment]
    observed_at = parts.maybe_moment()
    note = parts.text()
    created_at = parts.moment()
    file = LinkField(view_name="evidence-file")


class AddEvidenceSerializer(StrictSerializer):
    """A file (PDF, JPEG, PNG, text or saved mail) or a text."""

    kind = serializers.ChoiceField(EvidenceKind.choices)
    file = serializers.FileField(required=False, allow_empty_file=True)
    text = serializers.CharField(
        required=False, allow_blank=True, max_length=200_000, trim_whitespace=False,
        style={"base_template": "textarea.html", "rows": 6},
    )  # fmt: skip
    observed_at = NotAheadField(required=False, help_text="When this was seen or happened.")
    note = serializers.CharField(required=False, allow_blank=True, max_length=2000)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        has_text = bool(attrs.get("text", "").strip())
        if has_text == ("file" in attrs):
            detail = "Give either a file or a text."
            raise ValidationError({"file": ErrorDetail(detail, code="one_of")})
        return attrs


class FindingSerializer(serializers.Serializer[Any]):
    """What one collector knows: found with its facts, absent with the reason, or failed."""

    id = parts.number()
    collector = parts.text()
    kind = serializers.ChoiceField(EvidenceKind.choices, read_only=True)
    status = serializers.ChoiceField(choices.FINDING_STATUSES, read_only=True)
    facts = parts.FactsField()
    reason = parts.text()
    retryable = parts.flag()
    source = parts.text()  # type: ignore[assignment]
    observed_at = parts.maybe_moment()
    sha256 = parts.text()
    collected_at = parts.moment()


class FindingsSerializer(serializers.Serializer[Any]):
    """What collecting brought."""

    findings = FindingSerializer(many=True, read_only=True)


class ChecklistRowSerializer(serializers.Serializer[Any]):
    """One kind of evidence that the reason asks for."""

    kind = serializers.ChoiceField(EvidenceKind.choices, read_only=True)
    level = serializers.ChoiceField(choices.CHECKLIST_LEVELS, read_only=True)
    state = serializers.ChoiceField(choices.CHECKLIST_STATES, read_only=True)
    items = serializers.JSONField(read_only=True)
    reason = parts.text(default="")


class MissingSerializer(serializers.Serializer[Any]):
    """What a bundle should hold and does not."""

    kind = parts.text()
    reason = parts.text()


class BundleItemSerializer(serializers.Serializer[Any]):
    """One file of a bundle's ZIP."""

    path = parts.text()
    sha256 = parts.text()
    size = parts.number()
    media_type = parts.text()
    kind = parts.text()
    source = parts.text()  # type: ignore[assignment]
    observed_at = parts.text(allow_null=True)


class BundleSerializer(serializers.Serializer[Any]):
    """One immutable set of documents. `sha256` is that of manifest.json."""

    id = parts.number()
    url = LinkField(view_name="bundle-detail")
    claim = parts.number(source="claim_id")
    version = parts.number()
    status = serializers.ChoiceField(choices.BUNDLE_STATUSES, read_only=True)
    sha256 = parts.text()
    pdf_sha256 = parts.text()
    zip_sha256 = parts.text()
    size = parts.number()
    partial = parts.flag()  # type: ignore[assignment]
    missing = MissingSerializer(many=True, read_only=True)
    items = BundleItemSerializer(many=True, read_only=True)
    policy_version = parts.text()
    created_at = parts.moment()
    ready_at = parts.maybe_moment()
    pdf = serializers.SerializerMethodField()
    zip = serializers.SerializerMethodField()

    def _file(self, bundle: Bundle, name: str) -> str | None:
        if bundle.status != Bundle.Status.READY:
            return None
        link = LinkField(view_name=f"bundle-{name}")
        link.bind(name, self)
        return str(link.to_representation(bundle))

    @extend_schema_field({"type": ["string", "null"], "format": "uri"})
    def get_pdf(self, bundle: Bundle) -> str | None:
        return self._file(bundle, "pdf")

    @extend_schema_field({"type": ["string", "null"], "format": "uri"})
    def get_zip(self, bundle: Bundle) -> str | None:
        return self._file(bundle, "zip")


class BundleOfReplySerializer(serializers.Serializer[Any]):
    """The bundle a reply was drafted from."""

    id = parts.number()
    version = parts.number()
    sha256 = parts.text()


class JobSerializer(serializers.Serializer[Any]):
    """Work that goes on outside the request; look again until `done` or `failed`."""

    id = parts.number()
    url = LinkField(view_name="job-detail")
    claim = parts.number(source="claim_id")
    kind = serializers.ChoiceField(choices.JOB_KINDS, read_only=True)
    status = serializers.ChoiceField(choices.JOB_STATUSES, read_only=True)
    attempts = parts.number()
    bundle = BundleOfReplySerializer(read_only=True, allow_null=True)
    last_error = parts.FactsField()
    created_at = parts.moment()
    finished_at = parts.maybe_moment()


class JobOfAnswerSerializer(serializers.Serializer[Any]):
    """Where to look for the result."""

    id = parts.number()
    url = LinkField(view_name="job-detail")
    status = serializers.ChoiceField(choices.JOB_STATUSES, read_only=True)


class AcceptedSerializer(serializers.Serializer[Any]):
    """The 202 of work that takes longer than a request."""

    job = JobOfAnswerSerializer(read_only=True)
