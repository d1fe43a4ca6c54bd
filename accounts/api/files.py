"""Answers that are a file: as attachments, whatever Accept says, and never as something a browser would run."""

from typing import Any, TypeVar

from django.http import HttpResponse, HttpResponseNotModified
from django.http.response import HttpResponseBase
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request

Answer = TypeVar("Answer", bound=HttpResponseBase)


class WhateverAccepted(DefaultContentNegotiation):
    """The file is the answer whatever `Accept` says; problems on the way are JSON."""

    def select_renderer(
        self, request: Request, renderers: Any, format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        return JSONRenderer(), JSONRenderer.media_type


def is_known(request: Request, sha256: str) -> bool:
    """Whether the caller says that he has these bytes already."""
    return f'"{sha256}"' in {tag.strip() for tag in request.headers.get("If-None-Match", "").split(",")}


def as_inert(answer: Answer, sha256: str) -> Answer:
    """The headers of bytes that never change and that no browser may take for a page."""
    answer["ETag"] = f'"{sha256}"'
    answer["Cache-Control"] = "private, no-cache"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "sandbox"
    return answer


def bytes_response(
    request: Request, content: bytes, *, name: str, served_as: str, sha256: str
) -> HttpResponse:
    """These bytes as an attachment called `name`, which must be made of plain letters."""
    if is_known(request, sha256):
        return as_inert(HttpResponseNotModified(), sha256)
    answer = HttpResponse(content, content_type=served_as)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return as_inert(answer, sha256)
