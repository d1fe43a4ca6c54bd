"""MyDHL (DHL Express): tracking and the proof of delivery as a PDF, with the seller's own account.

https://developer.dhl.com/api-reference/dhl-express-mydhl-api
"""

import base64
from datetime import timedelta
from typing import Final
from urllib.parse import quote

from shipping import number_formats
from shipping.outward.exchange import Call
from shipping.sources.line import Line
from shipping.sources.shape import Pace, Parcel, Terms
from shipping.sources.words import SourceName

PROVIDER: Final = "mydhl"
NOBODYS: Final = "9356579890"


class MyDHL:
    terms = Terms(
        name=SourceName.MYDHL,
        base_url="https://express.api.dhl.com/mydhlapi",
        needs=("username", "password"),
        takes=("account_number",),
        paces={"track": Pace(per_second=1, burst=5, per_day=500, kept_back=100)},
        memory=timedelta(days=90),
        least_between=timedelta(hours=2),
        carriers=frozenset({number_formats.DHL}),
        has_proof=True,
    )

    def track(self, parcel: Parcel, line: Line) -> None:
        self._keep(self._tracking(parcel.tracking_number, line), line)

    def prove(self, parcel: Parcel, line: Line) -> None:
        url = line.url("/shipments/{}/proof-of-delivery?content=epod-summary", parcel.tracking_number)
        hidden = (
            f"&shipperAccountNumber={quote(account)}"
            if (account := line.secrets.get("account_number"))
            else ""
        )
        call = Call("GET", url, {"accept": "application/json"})
        asked = Call("GET", url + hidden, {"accept": "application/json"})
        line.keep(PROVIDER, call, line.ask(self._signed_in(asked, line), operation="track"))

    def check(self, line: Line) -> None:
        line.ask(self._signed_in(self._tracking(NOBODYS, line), line), operation="track")

    def _tracking(self, number: str, line: Line) -> Call:
        url = line.url("/shipments/{}/tracking?trackingView=all-checkpoints&levelOfDetail=all", number)
        return Call("GET", url, {"accept": "application/json"})

    def _keep(self, call: Call, line: Line) -> None:
        line.keep(PROVIDER, call, line.ask(self._signed_in(call, line), operation="track"))

    def _signed_in(self, call: Call, line: Line) -> Call:
        pair = f"{line.secrets['username']}:{line.secrets['password']}"
        return call.carrying(authorization=f"Basic {base64.b64encode(pair.encode()).decode()}")
