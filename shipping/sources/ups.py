"""UPS: tracking with signature and proof of delivery in the same answer, for the account's own parcels.

https://developer.ups.com/api/reference?loc=en_US#tag/Tracking. UPS keeps data for 120 days. The proof is HTML in
base64; it is kept as it came and never served inline.
"""

import base64
import uuid
from datetime import timedelta
from typing import Final

from shipping import number_formats
from shipping.outward.exchange import Call
from shipping.sources.line import Line
from shipping.sources.shape import Pace, Parcel, Terms
from shipping.sources.words import SourceName

PROVIDER: Final = "ups"
NOBODYS: Final = "1Z12345E0291980793"


class UPS:
    terms = Terms(
        name=SourceName.UPS,
        base_url="https://onlinetools.ups.com",
        needs=("client_id", "client_secret"),
        takes=("account_number",),
        paces={"track": Pace(per_second=2, burst=10)},
        memory=timedelta(days=120),
        carriers=frozenset({number_formats.UPS}),
        has_proof=True,
    )

    def track(self, parcel: Parcel, line: Line) -> None:
        call = self._tracking(parcel.tracking_number, line)
        line.keep(PROVIDER, call, line.authorised(call, operation="track", fetch=lambda: token_call(line)))

    def prove(self, parcel: Parcel, line: Line) -> None:
        """Nothing more to ask: `track` brings the signature and the proof where there are any."""

    def check(self, line: Line) -> None:
        line.token(lambda: token_call(line), fresh=True)
        line.authorised(self._tracking(NOBODYS, line), operation="track", fetch=lambda: token_call(line))

    def _tracking(self, number: str, line: Line) -> Call:
        wanted = "locale=en_US&returnSignature=true&returnMilestones=false&returnPOD=true"
        headers = {"accept": "application/json", "transid": uuid.uuid4().hex, "transactionsrc": "tracking"}
        return Call("GET", line.url("/api/track/v1/details/{}", number) + f"?{wanted}", headers)


def token_call(line: Line) -> Call:
    pair = f"{line.secrets['client_id']}:{line.secrets['client_secret']}"
    headers = {
        "authorization": f"Basic {base64.b64encode(pair.encode()).decode()}",
        "content-type": "application/x-www-form-urlencoded",
        "accept": "application/json",
    }
    if account := line.secrets.get("account_number"):
        headers["x-merchant-id"] = account
    return Call("POST", line.url("/security/v1/oauth/token"), headers, b"grant_type=client_credentials")
