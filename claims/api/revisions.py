"""Which revision a write was made from: `revision` in the body, or the header `If-Match: "<n>"`."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from rest_framework.request import Request

from accounts.errors import InvalidInput, PreconditionFailed, StaleRevision

_ETAG = re.compile(r'"(?P<number>[0-9]{1,9})"')
POINTER = "/revision"


@dataclass(frozen=True)
class NamedRevision:
    """The revision that the caller read. A stale one answers 412 when it came by header, else 409."""

    number: int
    by_header: bool

    @contextmanager
    def checked(self) -> Iterator[int]:
        """Wraps the service call. Raises PreconditionFailed instead of StaleRevision for a header."""
        try:
            yield self.number
        except StaleRevision as stale:
            if not self.by_header:
                raise
            raise PreconditionFailed(stale.detail, extra=stale.extra) from stale


def etag_of(revision: int) -> str:
    return f'"{revision}"'


def named_revision(request: Request, in_body: int | None) -> NamedRevision:
    """Raises InvalidInput at /revision where it is missing, unreadable or said twice with two values."""
    header = request.headers.get("If-Match")
    if header is None:
        if in_body is None:
            raise InvalidInput.at(
                POINTER,
                "Say which revision you read: `revision` here, or the header If-Match.",
                code="required",
            )
        return NamedRevision(in_body, by_header=False)
    found = _ETAG.fullmatch(header.strip())
    if found is None:
        raise InvalidInput.at(
            POINTER, 'If-Match must be one revision in quotes, such as "3".', code="if_match"
        )
    number = int(found["number"])
    if in_body is not None and in_body != number:
        raise InvalidInput.at(POINTER, "The body and If-Match name different revisions.", code="if_match")
    return NamedRevision(number, by_header=True)
