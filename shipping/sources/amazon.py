"""Amazon, by `python-amazon-sp-api`: the order with its packages, the Buy Shipping label, Amazon's own tracking.

Orders API 2026-01-01 (0.5 a second, burst 30): https://developer-docs.amazon.com/sp-api/docs/orders-api.
Merchant Fulfillment `getShipment` (1 a second) tells of the label, not of the parcel. Shipping v2 `getTracking`
(80 a second) knows parcels that Amazon carried. The seller's own order is asked for with its recipient: that is
Amazon's knowledge already, and nothing of it goes anywhere else.
"""

import contextlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlencode

import httpx
from django.conf import settings
from sp_api.api import MerchantFulfillment, OrdersV20260101, Sellers, ShippingV2
from sp_api.auth import AccessTokenClient, AccessTokenResponse
from sp_api.auth.credentials import Credentials
from sp_api.base import Client, Marketplaces
from sp_api.base._transport_httpx import HttpxTransport
from sp_api.base.exceptions import SellingApiException

from shipping import number_formats
from shipping.outward.exchange import Answer, Call, CredentialsRefused
from shipping.outward.packages import Carry, HttpxThroughDoor
from shipping.sources.line import Line
from shipping.sources.shape import Pace, Parcel, Terms
from shipping.sources.words import SourceName

ORDER: Final = "amazon_order_2026_01_01"
LABEL: Final = "amazon_mfn_shipment"
TRACKING: Final = "amazon_tracking_v2"
#: What the package raises over answers that it cannot read; the answer itself is kept.
_PACKAGE_ERRORS: Final = (SellingApiException, ValueError, TypeError, AttributeError, LookupError)
_TOKEN_PATH: Final = "/auth/o2/token"  # noqa: S105 - an address


class Amazon:
    terms = Terms(
        name=SourceName.AMAZON,
        base_url="https://sellingpartnerapi-na.amazon.com",
        needs=("client_id", "client_secret", "refresh_token"),
        paces={
            "order": Pace(per_second=0.5, burst=30),
            "label": Pace(per_second=1, burst=1),
            "tracking": Pace(per_second=80, burst=100),
            "sellers": Pace(per_second=0.016, burst=15),
        },
        memory=timedelta(days=180),
        least_between=timedelta(hours=2),
        linked={TRACKING: (".amazon.com", ".media-amazon.com", ".ssl-images-amazon.com")},
    )

    def track(self, parcel: Parcel, line: Line) -> None:
        wanted = ["PACKAGES", "RECIPIENT", "FULFILLMENT"]
        orders = _client(OrdersV20260101, parcel, line, "order", ORDER)
        _called(line, lambda: orders.get_order(parcel.order_id, includedData=wanted))
        if parcel.amazon_shipment_id and (parcel.is_new or parcel.is_watched):
            labels = _client(MerchantFulfillment, parcel, line, "label", LABEL)
            _called(line, lambda: labels.get_shipment(parcel.amazon_shipment_id))
        if parcel.carrier == number_formats.AMAZON:
            shipping = _client(ShippingV2, parcel, line, "tracking", TRACKING)
            carrier = f"AMZN_{_marketplace(parcel).name}"
            _called(line, lambda: shipping.get_tracking(trackingId=parcel.tracking_number, carrierId=carrier))

    def prove(self, parcel: Parcel, line: Line) -> None:
        """The tracking answer names what there is."""

    def check(self, line: Line) -> None:
        _grant(line, fresh=True)
        sellers = _client(Sellers, Parcel("", ""), line, "sellers", "")
        _called(line, sellers.get_marketplace_participation)


def _called(line: Line, call: Callable[[], Any]) -> None:
    with contextlib.suppress(*_PACKAGE_ERRORS):  # whatever came back is kept; its reader tells what it means
        call()
    line.raise_failure()


def _marketplace(parcel: Parcel) -> Any:
    return next(
        (each for each in Marketplaces if each.marketplace_id == parcel.marketplace_id), Marketplaces.US
    )


def _client(kind: type[Client], parcel: Parcel, line: Line, operation: str, provider: str) -> Any:
    """A client of the package that speaks through the line. Its own connections are never opened."""

    class Tokens(AccessTokenClient):  # type: ignore[misc]
        """The package keeps tokens for the whole process, by refresh token alone; ours are the account's."""

        def __init__(self, refresh_token: Any = None, credentials: Any = None, **_: Any) -> None:
            self.cred = Credentials(refresh_token, credentials)

        def get_auth(self) -> AccessTokenResponse:
            return AccessTokenResponse(**_grant(line))

    secrets = line.secrets
    client = kind(
        _marketplace(parcel),
        credentials={
            "refresh_token": secrets["refresh_token"],
            "lwa_app_id": secrets["client_id"],
            "lwa_client_secret": secrets["client_secret"],
        },
        auth_token_client_class=Tokens,
        verify=False,  # of the transport that is replaced in the next lines; the door checks certificates
    )
    client.close()
    client._transport = HttpxTransport(
        client=httpx.Client(transport=HttpxThroughDoor(_carrying(line, operation, provider)), trust_env=False)
    )
    client.endpoint = line.account.base_url.rstrip("/")
    return client


def _carrying(line: Line, operation: str, provider: str) -> Carry:
    """The package puts the token in; one that ran out early is replaced once."""
    carry = line.carrying(operation, provider)

    def carry_signed(call: Call) -> Answer:
        try:
            return carry(call)
        except CredentialsRefused:
            again = _grant(line, fresh=True)["access_token"]
            line.failure = None
            return carry(call.carrying(x_amz_access_token=again))

    return carry_signed


def _grant(line: Line, *, fresh: bool = False) -> dict[str, Any]:
    return line.grant(lambda: _token_call(line), fresh=fresh)


def _token_call(line: Line) -> Call:
    given = {
        "grant_type": "refresh_token",
        "client_id": line.secrets["client_id"],
        "client_secret": line.secrets["client_secret"],
        "refresh_token": line.secrets["refresh_token"],
    }
    headers = {
        "content-type": "application/x-www-form-urlencoded;charset=UTF-8",
        "accept": "application/json",
    }
    return Call("POST", settings.AMAZON_TOKEN_BASE_URL + _TOKEN_PATH, headers, urlencode(given).encode())
