"""Refuses bodies larger than anything the product takes, before a byte of them is read."""

from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from accounts.errors import TooLarge
from config.api.errors import plain_problem


class BodyLimitMiddleware:
    """413 by the announced length. Views with a smaller limit of their own check it themselves."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = str(request.META.get("CONTENT_LENGTH") or "0")
        if length.isdigit() and int(length) > settings.REQUEST_MAX_BYTES:
            return plain_problem(
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE, TooLarge.default_code, TooLarge.default_detail
            )
        return self.get_response(request)
