"""The one place where something that went wrong becomes an answer: RFC 9457 application/problem+json.

Services raise `accounts.errors.DomainError`s that know no HTTP; serializers raise DRF's. Both leave here as
{type, title, status, detail, code, errors: [{pointer, code, detail}], …}. People in the browsable API get the
same as a page.
"""

import logging
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views import defaults
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.settings import api_settings
from rest_framework.utils.serializer_helpers import ReturnDict
from rest_framework.views import set_rollback

from accounts.errors import (
    Conflict,
    DomainError,
    FieldError,
    InvalidInput,
    NotVisible,
    PermissionRefused,
    PreconditionFailed,
    TooLarge,
)

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
API_PREFIXES = ("/api/", "/health/")
STATUS_BY_ERROR: tuple[tuple[type[DomainError], HTTPStatus], ...] = (
    (InvalidInput, HTTPStatus.BAD_REQUEST),
    (PermissionRefused, HTTPStatus.FORBIDDEN),
    (NotVisible, HTTPStatus.NOT_FOUND),
    (Conflict, HTTPStatus.CONFLICT),
    (PreconditionFailed, HTTPStatus.PRECONDITION_FAILED),
    (TooLarge, HTTPStatus.REQUEST_ENTITY_TOO_LARGE),
)
DJANGO_ERRORS: tuple[tuple[type[Exception], HTTPStatus, str, str], ...] = (
    (Http404, HTTPStatus.NOT_FOUND, NotVisible.default_code, NotVisible.default_detail),
    (
        PermissionDenied,
        HTTPStatus.FORBIDDEN,
        PermissionRefused.default_code,
        PermissionRefused.default_detail,
    ),
    (RequestDataTooBig, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, TooLarge.default_code, TooLarge.default_detail),
    (SuspiciousOperation, HTTPStatus.BAD_REQUEST, "malformed", "The request cannot be read."),
    (
        OperationalError,
        HTTPStatus.SERVICE_UNAVAILABLE,
        "database_unavailable",
        "The database could not answer in time. Repeat the request.",
    ),
)


class ProblemDict(dict[str, Any]):
    """A problem body; `serializer` lets the browsable API show the form again with what was typed."""

    serializer: Any = None


def problem(
    status: HTTPStatus | int,
    code: str,
    detail: str,
    *,
    errors: list[FieldError] | None = None,
    extra: Mapping[str, Any] | None = None,
) -> ProblemDict:
    """The body of a problem answer. `extra` never overrides the standard members."""
    number = HTTPStatus(status)
    faults = [
        {"pointer": fault.pointer, "code": fault.code, "detail": fault.detail} for fault in errors or []
    ]
    standard = {
        "type": "about:blank",
        "title": number.phrase,
        "status": int(number),
        "detail": detail,
        "code": code,
        "errors": faults,
    }
    return ProblemDict(
        {**standard, **{name: value for name, value in (extra or {}).items() if name not in standard}}
    )


def answer_problem(exc: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler. None lets the error through to Django, which logs it and answers 500."""
    headers: dict[str, str] = {}
    body = body_of(exc)
    if body is None:
        return None
    if isinstance(exc, exceptions.APIException):
        headers = headers_of(exc)
    elif isinstance(exc, OperationalError):
        logger.warning("The database could not answer: %s", exc)
        headers = {"Retry-After": "1"}
    set_rollback()
    return Response(
        body, status=body["status"], headers=headers, content_type=content_type_for(context.get("request"))
    )


def content_type_for(request: Any) -> str | None:
    """problem+json for programs; None lets the renderer of the HTML page name its own type."""
    renderer = getattr(request, "accepted_renderer", None)
    return None if renderer is not None and renderer.format == "api" else MEDIA_TYPE


def body_of(exc: Exception) -> ProblemDict | None:
    """The problem body for everything that is an answer and not a fault of ours."""
    if isinstance(exc, DomainError):
        return problem(status_of(exc), exc.code, exc.detail, errors=exc.errors, extra=exc.extra)
    if isinstance(exc, exceptions.ValidationError):
        return validation_problem(exc)
    if isinstance(exc, exceptions.APIException):
        codes = exc.get_codes()
        code = codes if isinstance(codes, str) else str(exc.default_code)
        text = str(exc.detail) if isinstance(exc.detail, str) else str(exc.default_detail)
        return problem(exc.status_code, code, text)
    for kind, status, code, text in DJANGO_ERRORS:
        if isinstance(exc, kind):
            return problem(status, code, text)
    return None


def status_of(exc: DomainError) -> HTTPStatus:
    """The status of the nearest known class."""
    return next((status for kind, status in STATUS_BY_ERROR if isinstance(exc, kind)), HTTPStatus.BAD_REQUEST)


def validation_problem(exc: exceptions.ValidationError) -> ProblemDict:
    """400 with one entry per fault, each with the JSON pointer of its place."""
    faults = list(faults_in(exc.detail, ""))
    if len(faults) == 1:
        text = faults[0].detail
    else:
        text = f"{len(faults)} things in the request cannot be accepted; see errors."
    body = problem(HTTPStatus.BAD_REQUEST, InvalidInput.default_code, text, errors=faults)
    if isinstance(exc.detail, ReturnDict):
        body.serializer = exc.detail.serializer
    return body


def faults_in(detail: Any, pointer: str) -> Iterator[FieldError]:
    """Flatten DRF's nested details; list places are indices, `~` and `/` in names are escaped (RFC 6901)."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            own = name == api_settings.NON_FIELD_ERRORS_KEY
            yield from faults_in(inner, pointer if own else f"{pointer}/{escaped(str(name))}")
    elif isinstance(detail, list | tuple):
        nested = any(isinstance(inner, Mapping | list) for inner in detail)
        for place, inner in enumerate(detail):
            yield from faults_in(inner, f"{pointer}/{place}" if nested else pointer)
    else:
        yield FieldError(pointer=pointer, code=str(getattr(detail, "code", "invalid")), detail=str(detail))


def escaped(name: str) -> str:
    """A name as one part of a JSON pointer."""
    return name.replace("~", "~0").replace("/", "~1")


def headers_of(exc: exceptions.APIException) -> dict[str, str]:
    """WWW-Authenticate for 401, Retry-After for 429."""
    found: dict[str, str] = {}
    if auth_header := getattr(exc, "auth_header", None):
        found["WWW-Authenticate"] = auth_header
    if wait := getattr(exc, "wait", None):
        found["Retry-After"] = str(int(wait))
    return found


def plain_problem(status: HTTPStatus, code: str, detail: str) -> JsonResponse:
    """A problem answered outside DRF's views."""
    return JsonResponse(problem(status, code, detail), status=int(status), content_type=MEDIA_TYPE)


def is_for_programs(request: HttpRequest) -> bool:
    """Whether the path belongs to the API, or whoever asks is no browser: those name text/html."""
    return request.path.startswith(API_PREFIXES) or "text/html" not in request.headers.get("Accept", "")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """handler404."""
    if is_for_programs(request):
        return plain_problem(HTTPStatus.NOT_FOUND, "not_found", "Not found.")
    return defaults.page_not_found(request, exception)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """handler400."""
    if is_for_programs(request):
        return plain_problem(HTTPStatus.BAD_REQUEST, "malformed", "The request cannot be read.")
    return defaults.bad_request(request, exception)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """handler403."""
    if is_for_programs(request):
        return plain_problem(HTTPStatus.FORBIDDEN, "permission_denied", PermissionRefused.default_detail)
    return defaults.permission_denied(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """handler500."""
    if is_for_programs(request):
        text = "Something went wrong here; it was logged. Repeat the request."
        return plain_problem(HTTPStatus.INTERNAL_SERVER_ERROR, "server_error", text)
    return defaults.server_error(request)
