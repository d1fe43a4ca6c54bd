"""The names of sources that are asked, and of those that only send."""

from typing import Final

from django.db.models import TextChoices


class SourceName(TextChoices):
    """Whom a seller may have an account with."""

    AMAZON = "amazon", "Amazon (Selling Partner API)"
    EASYPOST = "easypost", "EasyPost"
    SEVENTEENTRACK = "seventeentrack", "17TRACK"
    FEDEX = "fedex", "FedEx"
    UPS = "ups", "UPS"
    USPS = "usps", "USPS"
    DHL_UNIFIED = "dhl_unified", "DHL (Shipment Tracking Unified)"
    MYDHL = "mydhl", "DHL Express (MyDHL)"


class SendingSource(TextChoices):
    """Who sends news by itself."""

    EASYPOST = "easypost", "EasyPost"
    SEVENTEENTRACK = "seventeentrack", "17TRACK"
    AFTERSHIP = "aftership", "AfterShip"
    SHIPENGINE = "shipengine", "ShipStation API (ShipEngine)"


SECRET_FIELDS: Final = (
    "api_key", "client_id", "client_secret", "refresh_token", "account_number", "username", "password",
)  # fmt: skip
"""All that any source asks for; each names those it needs."""
