"""`evidence/`, `bundles/` and `jobs/`: what was handed in, what was made of it, and the work going on."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import mixins
from rest_framework.decorators import action
from rest_framework.request import Request

from accounts.api.files import WhateverAccepted
from accounts.errors import Conflict
from claims.api.base import ClaimsViewSet
from claims.api.files import file_response
from claims.api.serializers.evidence import BundleSerializer, EvidenceItemSerializer, JobSerializer
from claims.models import Bundle, EvidenceItem, Job
from claims.selectors.evidence import bundles_visible_to, evidence_visible_to, jobs_visible_to

BYTES = OpenApiTypes.BINARY


class EvidenceViewSet(mixins.RetrieveModelMixin, ClaimsViewSet):
    """One file or text that was handed in."""

    queryset = EvidenceItem.objects.none()
    shape = EvidenceItemSerializer
    scopes: ClassVar = {"retrieve": "claims:read", "file": "claims:read"}

    def get_queryset(self) -> QuerySet[EvidenceItem]:
        return evidence_visible_to(self.caller)

    @extend_schema(responses={(200, "application/octet-stream"): BYTES, 304: None})
    @action(detail=True, content_negotiation_class=WhateverAccepted)
    def file(self, request: Request, pk: str) -> Any:
        """The file as it was handed in."""
        item: EvidenceItem = self.get_object()
        return file_response(
            request, item.file, name=item.name, media_type=item.media_type, sha256=item.sha256
        )


class BundleViewSet(mixins.RetrieveModelMixin, ClaimsViewSet):
    """One immutable set of documents, as PDF to read and as ZIP with the originals."""

    queryset = Bundle.objects.none()
    shape = BundleSerializer
    scopes: ClassVar = {"retrieve": "claims:read", "pdf": "claims:read", "zip": "claims:read"}

    def get_queryset(self) -> QuerySet[Bundle]:
        return bundles_visible_to(self.caller)

    def _ready(self) -> tuple[Bundle, str]:
        bundle: Bundle = self.get_object()
        if bundle.status != Bundle.Status.READY:
            raise Conflict(f"This bundle is {bundle.status}; there is no file yet.", code="bundle_not_ready")
        return bundle, f"{bundle.claim.order_id}-bundle-{bundle.version}"

    @extend_schema(responses={(200, "application/pdf"): BYTES, 304: None})
    @action(detail=True, content_negotiation_class=WhateverAccepted)
    def pdf(self, request: Request, pk: str) -> Any:
        """The document to read and to send."""
        bundle, stem = self._ready()
        return file_response(
            request, bundle.pdf, name=f"{stem}.pdf", media_type="application/pdf", sha256=bundle.pdf_sha256
        )

    @extend_schema(responses={(200, "application/zip"): BYTES, 304: None})
    @action(detail=True, content_negotiation_class=WhateverAccepted)
    def zip(self, request: Request, pk: str) -> Any:
        """The archive with manifest, letters, carriers' answers and originals."""
        bundle, stem = self._ready()
        return file_response(
            request, bundle.zip, name=f"{stem}.zip", media_type="application/zip", sha256=bundle.zip_sha256
        )


class JobViewSet(mixins.RetrieveModelMixin, ClaimsViewSet):
    """Work that goes on outside the request; look again until it is done or failed."""

    queryset = Job.objects.none()
    shape = JobSerializer
    scopes: ClassVar = {"retrieve": "claims:read"}

    def get_queryset(self) -> QuerySet[Job]:
        return jobs_visible_to(self.caller)
