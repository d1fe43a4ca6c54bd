"""The way to one source for one account: every call of an adapter or of a vendor's package passes here.

It takes the account's turn before each try, has the door carry the call, judges the answer and keeps what speaks
of a parcel. A failure inside a vendor's package is remembered, since packages wrap what they meet in errors of
their own; `failure` is then the truth.
"""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote

from django.core.cache import cache

from accounts.secrets import UnreadableSecret, decrypted, encrypted
from shipping.outward.door import Door
from shipping.outward.exchange import (
    JSON,
    Answer,
    Call,
    CredentialsRefused,
    NotYet,
    Unanswered,
    WrongAnswer,
    judge,
)
from shipping.sources.shape import AccountView, Pace, Terms, Told

TOKEN: Final = "token"  # noqa: S105 - the operation, no secret
TOKEN_PACE: Final = Pace(per_second=1, burst=5)
_SPARE_SECONDS: Final = 60
_LONGEST_SECONDS: Final = 12 * 3600


class Line:
    """For one round with one source. `told` is what was learnt of the parcel, in order."""

    def __init__(
        self,
        *,
        terms: Terms,
        account: AccountView,
        door: Door,
        take_turn: Callable[[str, Pace], None],
        now: Callable[[], datetime],
    ) -> None:
        self.account = account
        self.told: list[Told] = []
        self.failure: Exception | None = None
        self._terms, self._door, self._take_turn, self._now = terms, door, take_turn, now

    @property
    def secrets(self) -> Any:
        return self.account.secrets

    def url(self, path: str, *parts: str) -> str:
        """An address below the account's base; `{}` in `path` are filled with `parts`, quoted."""
        return self.account.base_url.rstrip("/") + path.format(*(quote(part, safe="") for part in parts))

    def ask(self, call: Call, *, operation: str, kinds: tuple[str, ...] = JSON) -> Answer:
        """A judged answer; see `exchange.judge` for what is raised instead."""
        pace = TOKEN_PACE if operation == TOKEN else self._terms.paces[operation]
        try:
            answer = self._door.ask(call, turn=lambda: self._take_turn(operation, pace), now=self._now)
            return judge(answer, who=self._terms.name.label, now=self._now(), kinds=kinds)
        except (Unanswered, NotYet) as failed:
            self.failure = failed
            raise

    def keep(self, provider: str, call: Call, answer: Answer) -> Answer:
        """Set aside for the parcel."""
        self.told.append(Told(provider, call, answer))
        return answer

    def carrying(self, operation: str, provider: str = "") -> Callable[[Call], Answer]:
        """The carrier for a vendor's package; what it brings is kept where a provider is named."""

        def carry(call: Call) -> Answer:
            answer = self.ask(call, operation=operation)
            return self.keep(provider, call, answer) if provider else answer

        return carry

    def raise_failure(self) -> None:
        """After a call of a vendor's package: what really went wrong, if anything did."""
        if self.failure is not None:
            raise self.failure

    def authorised(self, call: Call, *, operation: str, fetch: Callable[[], Call]) -> Answer:
        """Ask with a bearer token. One that ran out early is replaced once."""
        token = self.token(fetch)
        try:
            return self.ask(call.carrying(authorization=f"Bearer {token}"), operation=operation)
        except CredentialsRefused:
            again = self.token(fetch, fresh=True)
            self.failure = None
            return self.ask(call.carrying(authorization=f"Bearer {again}"), operation=operation)

    def token(self, fetch: Callable[[], Call], *, fresh: bool = False) -> str:
        """The account's access token, from the cache (encrypted) or by the call of `fetch`."""
        return str(self.grant(fetch, fresh=fresh)["access_token"])

    def grant(self, fetch: Callable[[], Call], *, fresh: bool = False) -> dict[str, Any]:
        """The whole answer of the token's address. Raises CredentialsRefused where it gives none."""
        slot = self._slot()
        kept = None if fresh else cache.get(slot)
        if kept is not None:
            try:
                found: dict[str, Any] = json.loads(decrypted(kept))
            except (UnreadableSecret, ValueError):
                cache.delete(slot)
            else:
                return found
        answer = self.ask(fetch(), operation=TOKEN)
        granted = _granted(answer, self._terms.name.label)
        lasts = min(_seconds(granted.get("expires_in")) - _SPARE_SECONDS, _LONGEST_SECONDS)
        if lasts > 0:
            cache.set(slot, encrypted(json.dumps(granted)), timeout=lasts)
        return granted

    def _slot(self) -> str:
        marks = json.dumps([self.account.base_url, sorted(self.account.secrets.items())])
        return f"source-token:{self.account.pk}:{hashlib.sha256(marks.encode()).hexdigest()}"


def _granted(answer: Answer, who: str) -> dict[str, Any]:
    if answer.status >= 400:
        raise CredentialsRefused(f"{who} gave no access token: HTTP {answer.status}.")
    try:
        granted = json.loads(answer.body)
    except ValueError as error:
        raise WrongAnswer(f"{who}'s access token cannot be read.") from error
    if not isinstance(granted, dict) or not isinstance(granted.get("access_token"), str):
        raise WrongAnswer(f"{who} gave no access token.")
    return granted


def _seconds(said: object) -> int:
    """Some vendors write the number as a text."""
    try:
        return int(str(said))
    except ValueError:
        return 0
