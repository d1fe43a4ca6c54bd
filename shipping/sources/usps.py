"""USPS v3: tracking. The scope `tracking` is granted on request, and about 60 calls an hour are allowed.

https://developers.usps.com/trackingv3r2. USPS only mails its letter of proof, so that comes in by upload or by
mail; there is nothing to fetch.
"""

import json
from datetime import timedelta
from typing import Final

from shipping import number_formats
from shipping.outward.exchange import Call
from shipping.sources.line import Line
from shipping.sources.shape import Pace, Parcel, Terms
from shipping.sources.words import SourceName

PROVIDER: Final = "usps"
NOBODYS: Final = "9400100000000000000000"


class USPS:
    terms = Terms(
        name=SourceName.USPS,
        base_url="https://apis.usps.com",
        needs=("client_id", "client_secret"),
        paces={"track": Pace(per_second=50 / 3600, burst=10)},
        memory=timedelta(days=120),
        least_between=timedelta(hours=4),
        carriers=frozenset({number_formats.USPS}),
    )

    def track(self, parcel: Parcel, line: Line) -> None:
        call = self._tracking(parcel.tracking_number, line)
        line.keep(PROVIDER, call, line.authorised(call, operation="track", fetch=lambda: token_call(line)))

    def prove(self, parcel: Parcel, line: Line) -> None:
        """Not over this door; see above."""

    def check(self, line: Line) -> None:
        line.token(lambda: token_call(line), fresh=True)
        line.authorised(self._tracking(NOBODYS, line), operation="track", fetch=lambda: token_call(line))

    def _tracking(self, number: str, line: Line) -> Call:
        url = line.url("/tracking/v3/tracking/{}", number) + "?expand=DETAIL"
        return Call("GET", url, {"accept": "application/json"})


def token_call(line: Line) -> Call:
    given = {
        "grant_type": "client_credentials",
        "client_id": line.secrets["client_id"],
        "client_secret": line.secrets["client_secret"],
    }
    headers = {"content-type": "application/json", "accept": "application/json"}
    return Call("POST", line.url("/oauth2/v3/token"), headers, json.dumps(given).encode())
