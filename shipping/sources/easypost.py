"""EasyPost, by its own package: more than a hundred carriers in one shape; events, never a document.

https://docs.easypost.com/docs/trackers. Making a tracker for a number that has one gives the one there is, so one
call serves the first question and all later ones. Number and carrier are sent, nothing of the buyer.
"""

from datetime import timedelta
from typing import Final

from easypost.easypost_client import EasyPostClient
from easypost.errors.general.easypost_error import EasyPostError

from shipping import number_formats
from shipping.outward.exchange import Answer, Call
from shipping.outward.packages import Carry, RequestsThroughDoor
from shipping.sources.line import Line
from shipping.sources.shape import Pace, Parcel, Terms
from shipping.sources.words import SourceName

PROVIDER: Final = "easypost"
#: EasyPost's own names of carriers; for any other it finds out by itself.
CARRIERS: Final = {
    number_formats.USPS: "USPS",
    number_formats.UPS: "UPS",
    number_formats.FEDEX: "FedEx",
    number_formats.CANADA_POST: "CanadaPost",
}
_SECONDS: Final = 30


class EasyPost:
    terms = Terms(
        name=SourceName.EASYPOST,
        base_url="https://api.easypost.com/v2",
        needs=("api_key",),
        paces={"track": Pace(per_second=5, burst=10)},
        memory=timedelta(days=180),
        least_between=timedelta(hours=2),
    )

    def track(self, parcel: Parcel, line: Line) -> None:
        asked = {"tracking_code": parcel.tracking_number}
        if parcel.carrier in CARRIERS:
            asked["carrier"] = CARRIERS[parcel.carrier]

        def carry(call: Call) -> Answer:
            answer = line.ask(call, operation="track")
            kept = Call(call.method, call.url, shown=asked)
            return line.keep(PROVIDER, kept, answer)

        client = _client(line, carry)
        try:
            client.tracker.create(**asked)
        except EasyPostError:  # whatever came back is kept; its reader tells what it means
            line.raise_failure()

    def prove(self, parcel: Parcel, line: Line) -> None:
        """It has events and the recorded recipient, and no documents."""

    def check(self, line: Line) -> None:
        client = _client(line, line.carrying("track"))
        try:
            client.tracker.all(page_size=1)
        except EasyPostError:
            line.raise_failure()


def _client(line: Line, carry: Carry) -> EasyPostClient:
    base = line.account.base_url.rstrip("/")
    client = EasyPostClient(line.secrets["api_key"], api_base=base, timeout=_SECONDS)
    session = client._requests_session
    session.trust_env = False  # no proxy and no .netrc may change what is sent
    for scheme in ("https://", "http://", base.split("/v2")[0]):
        session.mount(scheme, RequestsThroughDoor(carry))
    return client
