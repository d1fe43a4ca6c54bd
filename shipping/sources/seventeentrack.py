"""17TRACK v2.2: cross-border carriers in one shape. A number is registered once and then asked for.

https://api.17track.net/en/doc?version=v2.2. 3 requests a second. Tracking stops 15 days after delivery. Refusals
come as HTTP 200 with a code; a number that is rejected is an answer and is kept.
"""

import json
from datetime import timedelta
from typing import Any, Final

from shipping.outward.exchange import Answer, Call, CredentialsRefused, SourceBusy, SourceDown, WrongAnswer
from shipping.sources.line import Line
from shipping.sources.shape import Pace, Parcel, Terms
from shipping.sources.words import SourceName

PROVIDER: Final = "seventeentrack"
NOT_REGISTERED: Final = -18019902
_QUOTA: Final = frozenset({-18019907, -18019908})
_KEY: Final = frozenset({-18010001, -18010002, -18010003, -18010004})
_QUOTA_PAUSE: Final = timedelta(hours=6)


class SeventeenTrack:
    terms = Terms(
        name=SourceName.SEVENTEENTRACK,
        base_url="https://api.17track.net/track/v2.2",
        needs=("api_key",),
        paces={"ask": Pace(per_second=3, burst=3)},
        memory=timedelta(days=90),
        least_between=timedelta(hours=3),
    )

    def track(self, parcel: Parcel, line: Line) -> None:
        if parcel.is_new:
            self._ask("/register", parcel.tracking_number, line)
        call, answer, said = self._ask("/gettrackinfo", parcel.tracking_number, line)
        if _rejections(said) & {NOT_REGISTERED}:
            self._ask("/register", parcel.tracking_number, line)
            call, answer, _ = self._ask("/gettrackinfo", parcel.tracking_number, line)
        line.keep(PROVIDER, call, answer)

    def prove(self, parcel: Parcel, line: Line) -> None:
        """It has events and no documents."""

    def check(self, line: Line) -> None:
        call = self._call("/getquota", {}, line)
        _judged(line.ask(call, operation="ask"))

    def _ask(self, path: str, number: str, line: Line) -> tuple[Call, Answer, dict[str, Any]]:
        call = self._call(path, [{"number": number}], line)
        answer = line.ask(call, operation="ask")
        return call, answer, _judged(answer)

    def _call(self, path: str, asked: object, line: Line) -> Call:
        headers = {"content-type": "application/json", "17token": line.secrets["api_key"]}
        return Call("POST", line.url(path), headers, json.dumps(asked).encode(), shown=asked)


def _judged(answer: Answer) -> dict[str, Any]:
    """What it says. Raises CredentialsRefused, SourceBusy or SourceDown for a code that is about the account."""
    try:
        said = json.loads(answer.body)
    except ValueError:
        return {}  # cut short: kept as it came, its reader says so
    if not isinstance(said, dict):
        raise WrongAnswer("17TRACK answered with something that is no object.")
    codes = {said.get("code")} | _rejections(said)
    if codes & _KEY:
        raise CredentialsRefused(f"17TRACK refuses the key (code {said.get('code')}).")
    if codes & _QUOTA:
        raise SourceBusy("17TRACK's quota is used up.", _QUOTA_PAUSE)
    if said.get("code") not in (0, None):
        raise SourceDown(f"17TRACK answered with the code {said.get('code')}.")
    return said


def _rejections(said: dict[str, Any]) -> set[Any]:
    data = said.get("data")
    rejected = data.get("rejected") if isinstance(data, dict) else None
    errors = (
        [row.get("error") for row in rejected if isinstance(row, dict)] if isinstance(rejected, list) else []
    )
    return {
        error.get("code")
        for error in errors
        if isinstance(error, dict) and isinstance(error.get("code"), int)
    }
