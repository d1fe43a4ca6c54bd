"""DHL's Shipment Tracking Unified: all of DHL's divisions in one shape, 250 calls a day and one a second.

https://developer.dhl.com/api-reference/shipment-tracking. Data goes after about 90 days. The answer may name a
document by its link (`details.proofOfDelivery`).
"""

from datetime import timedelta
from typing import Final

from shipping import number_formats
from shipping.outward.exchange import Call
from shipping.sources.line import Line
from shipping.sources.shape import Pace, Parcel, Terms
from shipping.sources.words import SourceName

PROVIDER: Final = "dhl_unified"
NOBODYS: Final = "00340434292135100186"


class DHLUnified:
    terms = Terms(
        name=SourceName.DHL_UNIFIED,
        base_url="https://api-eu.dhl.com",
        needs=("api_key",),
        paces={"track": Pace(per_second=1, burst=1, per_day=250, kept_back=50)},
        memory=timedelta(days=90),
        least_between=timedelta(hours=6),
        linked={PROVIDER: (".dhl.com", ".dhl.de", ".dpdhl.com")},
        carriers=frozenset({number_formats.DHL}),
    )

    def track(self, parcel: Parcel, line: Line) -> None:
        call = self._tracking(parcel.tracking_number, line)
        line.keep(PROVIDER, call, line.ask(self._with_key(call, line), operation="track"))

    def prove(self, parcel: Parcel, line: Line) -> None:
        """The tracking answer carries what there is."""

    def check(self, line: Line) -> None:
        line.ask(self._with_key(self._tracking(NOBODYS, line), line), operation="track")

    def _tracking(self, number: str, line: Line) -> Call:
        url = line.url("/track/shipments?trackingNumber={}", number)
        return Call("GET", url, {"accept": "application/json"})

    def _with_key(self, call: Call, line: Line) -> Call:
        return call.carrying(dhl_api_key=line.secrets["api_key"])
