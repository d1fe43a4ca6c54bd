"""Parcels of the demo, in the normal form that any program may post."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from shipping.services import ShipmentFields

ROME = {
    "name": "Giulia Bianchi",
    "line1": "Via Roma 12",
    "line2": "",
    "city": "Torino",
    "region": "TO",
    "postal_code": "10121",
    "country_code": "IT",
}
BERLIN = {
    "name": "Jörg Müller",
    "line1": "Schönhauser Allee 5",
    "line2": "Hinterhaus",
    "city": "Berlin",
    "region": "",
    "postal_code": "10119",
    "country_code": "DE",
}
TOKYO = {
    "name": "佐藤 花子",
    "line1": "神南1丁目2-3",
    "line2": "コーポ渋谷 405",
    "city": "渋谷区",
    "region": "東京都",
    "postal_code": "150-0041",
    "country_code": "JP",
}
_LANDED = {"IT": ("Torino", "10121"), "DE": ("Berlin", "10119"), "JP": ("渋谷区", "150-0041")}


@dataclass(frozen=True)
class Parcel:
    """One parcel of a story: where it goes, who received it, and how far it got."""

    carrier: str
    number: str
    to: Mapping[str, str]
    received_by: str = ""
    delivered: bool = True
    protected: bool | None = None

    def fields(self, shipped_at: datetime) -> ShipmentFields:
        return ShipmentFields(
            tracking_number=self.number,
            carrier=self.carrier,
            service="Standard",
            shipped_at=shipped_at,
            ship_by=shipped_at + timedelta(hours=20),
            bought_through_buy_shipping=self.protected,
            claims_protected=self.protected,
        )

    def tracking(self, shipped_at: datetime) -> dict[str, Any]:
        """What the carrier says, in the normal form."""
        city, postal = _LANDED[self.to["country_code"]]
        there = {"city": city, "postal_code": postal, "country_code": self.to["country_code"]}
        depot = {"city": "Leipzig", "country_code": "DE"}
        steps = [
            ("label_created", "Label created", 0, depot),
            ("in_transit", "Accepted at the depot", 4, depot),
            ("in_transit", "Arrived in the destination's depot", 30, there),
            ("out_for_delivery", "Out for delivery", 49, there),
            ("delivered", "Delivered", 52, there),
        ]
        return {
            "tracking_number": self.number,
            "received_by": self.received_by if self.delivered else "",
            "events": [
                {
                    "status": status,
                    "text": text,
                    "occurred_at": (shipped_at + timedelta(hours=after)).isoformat(),
                    "leg": "forward",
                    "place": place,
                }
                for status, text, after, place in (steps if self.delivered else steps[:3])
            ],
        }
