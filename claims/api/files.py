"""Serving stored files: as attachments, whatever Accept says, and never as something a browser would run."""

from typing import Any

from django.db.models.fields.files import FieldFile
from django.http import FileResponse, HttpResponse, HttpResponseNotModified
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request

#: What uploads and bundles can be; anything else is served as bytes without a meaning.
_SERVED_AS = {
    "application/pdf": "application/pdf",
    "application/zip": "application/zip",
    "image/jpeg": "image/jpeg",
    "image/png": "image/png",
    "message/rfc822": "message/rfc822",
    "text/plain": "text/plain; charset=utf-8",
}


class WhateverAccepted(DefaultContentNegotiation):
    """The file is the answer whatever `Accept` says; problems on the way are JSON."""

    def select_renderer(
        self, request: Request, renderers: Any, format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        return JSONRenderer(), JSONRenderer.media_type


def file_response(
    request: Request, stored: FieldFile, *, name: str, media_type: str, sha256: str
) -> HttpResponse | FileResponse:
    """The stored bytes under `name`, with their hash as ETag. The content never changes, so 304 is enough."""
    etag = f'"{sha256}"'
    known = {tag.strip() for tag in request.headers.get("If-None-Match", "").split(",")}
    answer: HttpResponse | FileResponse
    if etag in known:
        answer = HttpResponseNotModified()
    else:
        served_as = _SERVED_AS.get(media_type, "application/octet-stream")
        answer = FileResponse(stored.open("rb"), as_attachment=True, filename=name, content_type=served_as)
        answer["Content-Length"] = str(stored.size)
    answer["ETag"] = etag
    answer["Cache-Control"] = "private, no-cache"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "sandbox"
    return answer
