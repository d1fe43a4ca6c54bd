"""What goes out and what comes back, and the ways in which nothing useful comes back. Pure."""

import email.utils
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Final

LONGEST_WAIT: Final = timedelta(hours=24)
JSON: Final = ("application/json", "text/json", "+json")
_SECRET_PARAMETERS: Final = frozenset({"api_key", "apikey", "key", "token", "access_token", "client_secret"})


@dataclass(frozen=True, slots=True)
class Call:
    """One request. Header names in lower case. `shown` is what may be kept of the body: never a secret."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes | None = field(default=None, repr=False)
    shown: object = None

    def carrying(self, **headers: str) -> "Call":
        """The same with more headers; `_` in a name stands for a dash."""
        more = {name.replace("_", "-"): text for name, text in headers.items()}
        return replace(self, headers={**self.headers, **more})

    def without_secrets(self) -> dict[str, object]:
        """What is kept beside the answer: method, address without keys, body as `shown`. No header."""
        address, mark, query = self.url.partition("?")
        parts = [
            f"{part.partition('=')[0]}=…" if part.partition("=")[0].lower() in _SECRET_PARAMETERS else part
            for part in query.split("&")
        ]
        kept: dict[str, object] = {"method": self.method, "url": f"{address}{mark}{'&'.join(parts)}"}
        return kept if self.shown is None else {**kept, "body": self.shown}


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as it came: status, headers by lower-case name, and the bytes after decompression."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    @property
    def content_type(self) -> str:
        return self.headers.get("content-type", "")

    @property
    def media_type(self) -> str:
        return self.content_type.partition(";")[0].strip().lower()

    def retry_after(self, now: datetime) -> timedelta | None:
        """`Retry-After` in seconds or as a date, at most a day; None where it says nothing usable."""
        bare = self.headers.get("retry-after", "").strip()
        if bare.isascii() and bare.isdigit():
            seconds = float(bare[:9])
        else:
            try:
                seconds = (email.utils.parsedate_to_datetime(bare) - now).total_seconds()
            except (TypeError, ValueError):
                return None
        return min(max(timedelta(seconds=seconds), timedelta(0)), LONGEST_WAIT)


class Unanswered(Exception):
    """Nothing that could be kept came back. The message says why, holds no secret and may be shown."""


class NotYet(Exception):
    """It is not this account's turn before `until`; nothing was asked."""

    def __init__(self, until: datetime, reason: str) -> None:
        super().__init__(reason)
        self.until = until


class DoorShut(Unanswered):
    """The address is not one that may be called, or the answer not one that may be taken in."""


class NoConnection(Unanswered):
    """The server could not be reached, or broke off: worth another try at once."""


class TooSlow(Unanswered):
    """It did not finish its answer in time: another try at once would only hold up others."""


class SourceDown(Unanswered):
    """It answered that it cannot serve now (5xx). `after` as it asked, if it did."""

    def __init__(self, reason: str, after: timedelta | None = None) -> None:
        super().__init__(reason)
        self.after = after


class SourceBusy(SourceDown):
    """It answered that it was asked too often (429), or that a quota is used up."""


class CredentialsRefused(Unanswered):
    """401 or 403, or a vendor's word for it: no use before somebody changes something."""


class WrongAnswer(Unanswered):
    """An answer of success that is no such thing: a web page for JSON, nothing at all, a redirect."""


def judge(answer: Answer, *, who: str, now: datetime, kinds: tuple[str, ...] = JSON) -> Answer:
    """The answer, where it speaks of what was asked: success of the right kind, or a 4xx about the request.

    Raises CredentialsRefused, SourceBusy, SourceDown or WrongAnswer for every other.
    """
    status = answer.status
    said = f"{who} answered {status}{_phrase(status)}."
    if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
        raise CredentialsRefused(f"{said} The credentials are refused, or lack a permission.")
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        raise SourceBusy(said, answer.retry_after(now))
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.REQUEST_TIMEOUT:
        raise SourceDown(said, answer.retry_after(now))
    if not HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        if status < HTTPStatus.BAD_REQUEST:
            raise WrongAnswer(f"{said} Redirects are not followed.")
        if not answer.body:
            raise WrongAnswer(f"{said} It said nothing more.")
        return answer
    if not answer.body.strip():
        raise WrongAnswer(f"{said} The answer is empty.")
    if not is_kind(answer.media_type, kinds):
        raise WrongAnswer(f"{said} It sent {answer.media_type or 'no media type'} instead of {kinds[0]}.")
    return answer


def is_kind(media_type: str, kinds: tuple[str, ...]) -> bool:
    """Whether the type is one of `kinds`; one that begins with `+` is an ending."""
    return any(media_type.endswith(kind) if kind.startswith("+") else media_type == kind for kind in kinds)


def _phrase(status: int) -> str:
    try:
        return f" {HTTPStatus(status).phrase}"
    except ValueError:
        return ""
