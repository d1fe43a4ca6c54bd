"""Slows down guessing: sign-in, and wrong keys. Nothing else: notices, mails and webhooks are never throttled.

Failures are counted per address and minute in the cache (per web process without Redis). A right key always
passes, whatever its neighbours behind the same address send; a wrong one is answered 429 after the limit.
"""

from collections.abc import Callable
from http import HTTPStatus

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from config.api.errors import plain_problem

WINDOW_SECONDS = 60


def failures(counter: str) -> int:
    """How many failures the counter holds in this window."""
    return int(cache.get(counter, 0))


def count_failure(counter: str) -> int:
    """Add one failure; the window begins with the first."""
    if cache.add(counter, 1, WINDOW_SECONDS):
        return 1
    try:
        return int(cache.incr(counter))
    except ValueError:  # the window ended in between
        cache.set(counter, 1, WINDOW_SECONDS)
        return 1


class SignInThrottleMiddleware:
    """Counts refused sign-ins and refused credentials by address; beyond the limit answers 429."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method == "POST" and request.path in {settings.LOGIN_URL, reverse("admin:login")}:
            return self.sign_in(request)
        response = self.get_response(request)
        if response.status_code == HTTPStatus.UNAUTHORIZED and "Authorization" in request.headers:
            counter = f"key-failures:{address_of(request)}"
            if count_failure(counter) > settings.KEY_FAILURES_PER_MINUTE:
                return too_many()
        return response

    def sign_in(self, request: HttpRequest) -> HttpResponse:
        """A sign-in that answers anything but a redirect has failed."""
        counter = f"sign-in-failures:{address_of(request)}"
        if failures(counter) >= settings.SIGN_IN_FAILURES_PER_MINUTE:
            return too_many()
        response = self.get_response(request)
        if response.status_code == HTTPStatus.OK:
            count_failure(counter)
        return response


def address_of(request: HttpRequest) -> str:
    """Where the request comes from: the last hop a trusted proxy names, else the connection."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.BEHIND_PROXY else ""
    return forwarded.rpartition(",")[2].strip() or str(request.META.get("REMOTE_ADDR", ""))


def too_many() -> HttpResponse:
    """429 with the time to wait."""
    text = f"Too many failed attempts. Wait {WINDOW_SECONDS} seconds."
    response = plain_problem(HTTPStatus.TOO_MANY_REQUESTS, "throttled", text)
    response["Retry-After"] = str(WINDOW_SECONDS)
    return response
