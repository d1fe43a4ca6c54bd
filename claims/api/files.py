"""Serving stored files: as attachments, whatever Accept says, and never as something a browser would run."""

from django.db.models.fields.files import FieldFile
from django.http import FileResponse, HttpResponse, HttpResponseNotModified
from rest_framework.request import Request

from accounts.api.files import as_inert, is_known

#: What uploads and bundles can be; anything else is served as bytes without a meaning.
_SERVED_AS = {
    "application/pdf": "application/pdf",
    "application/zip": "application/zip",
    "image/jpeg": "image/jpeg",
    "image/png": "image/png",
    "message/rfc822": "message/rfc822",
    "text/plain": "text/plain; charset=utf-8",
}


def file_response(
    request: Request, stored: FieldFile, *, name: str, media_type: str, sha256: str
) -> HttpResponse | FileResponse:
    """The stored bytes under `name`, with their hash as ETag. The content never changes, so 304 is enough."""
    answer: HttpResponse | FileResponse
    if is_known(request, sha256):
        answer = HttpResponseNotModified()
    else:
        served_as = _SERVED_AS.get(media_type, "application/octet-stream")
        answer = FileResponse(stored.open("rb"), as_attachment=True, filename=name, content_type=served_as)
        answer["Content-Length"] = str(stored.size)
    as_inert(answer, sha256)
    return answer
