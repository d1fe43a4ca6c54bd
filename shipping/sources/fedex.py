"""FedEx: tracking, and the signature proof of delivery as a document, with the seller's own account.

https://developer.fedex.com/api/en-us/catalog/track/v1/docs.html. The document is only asked for where tracking
announced it (`availableImages`), and needs the account number the parcel was shipped with.
"""

import json
from datetime import timedelta
from typing import Final
from urllib.parse import urlencode

from shipping import number_formats
from shipping.outward.exchange import Call
from shipping.sources.line import Line
from shipping.sources.shape import Pace, Parcel, Terms
from shipping.sources.words import SourceName

PROVIDER: Final = "fedex"
DOCUMENT: Final = "SIGNATURE_PROOF_OF_DELIVERY"
NOBODYS: Final = "123456789012"


class FedEx:
    terms = Terms(
        name=SourceName.FEDEX,
        base_url="https://apis.fedex.com",
        needs=("client_id", "client_secret"),
        takes=("account_number",),
        # 1,400 calls in 10 seconds and 100,000 a day by FedEx's page on rate limits; far below both
        paces={
            "track": Pace(per_second=5, burst=20, per_day=90_000),
            "documents": Pace(per_second=1, burst=5),
        },
        memory=timedelta(days=90),
        carriers=frozenset({number_formats.FEDEX}),
        has_proof=True,
    )

    def track(self, parcel: Parcel, line: Line) -> None:
        call = self._tracking(parcel.tracking_number, line)
        line.keep(PROVIDER, call, line.authorised(call, operation="track", fetch=lambda: token_call(line)))

    def prove(self, parcel: Parcel, line: Line) -> None:
        """Right after `track`, whose answer says whether there is a document."""
        if not any(DOCUMENT.encode() in told.answer.body for told in line.told):
            return
        specification: dict[str, object] = {"trackingNumberInfo": {"trackingNumber": parcel.tracking_number}}
        if account := line.secrets.get("account_number"):
            specification["accountNumber"] = account
        asked = {
            "trackDocumentDetail": {"documentType": DOCUMENT, "documentFormat": "PDF"},
            "trackDocumentSpecification": [specification],
        }
        call = json_call(line.url("/track/v1/trackingdocuments"), asked, shown={"documentType": DOCUMENT})
        answer = line.authorised(call, operation="documents", fetch=lambda: token_call(line))
        line.keep(PROVIDER, call, answer)

    def check(self, line: Line) -> None:
        line.token(lambda: token_call(line), fresh=True)
        line.authorised(self._tracking(NOBODYS, line), operation="track", fetch=lambda: token_call(line))

    def _tracking(self, number: str, line: Line) -> Call:
        asked = {
            "includeDetailedScans": True,
            "trackingInfo": [{"trackingNumberInfo": {"trackingNumber": number}}],
        }
        return json_call(line.url("/track/v1/trackingnumbers"), asked, shown=asked)


def token_call(line: Line) -> Call:
    given = {
        "grant_type": "client_credentials",
        "client_id": line.secrets["client_id"],
        "client_secret": line.secrets["client_secret"],
    }
    return Call(
        "POST",
        line.url("/oauth/token"),
        {"content-type": "application/x-www-form-urlencoded", "accept": "application/json"},
        urlencode(given).encode(),
    )


def json_call(url: str, asked: object, *, shown: object) -> Call:
    headers = {"content-type": "application/json", "accept": "application/json", "x-locale": "en_US"}
    return Call("POST", url, headers, json.dumps(asked).encode(), shown=shown)
