"""A parcel and a claim as judgements look at them, without rows: delivered in time to the buyer unless said else."""

from datetime import UTC, datetime, timedelta
from typing import Any

from claims.judgement.grounds import Grounds, HandedIn
from shipping.models import Shipment

US = "ATVPDKIKX0DER"
SHIP_BY = datetime(2026, 11, 3, 8, tzinfo=UTC)
SCANNED = SHIP_BY - timedelta(hours=10)
DELIVERED_AT = datetime(2026, 11, 6, 18, tzinfo=UTC)
OPENED = datetime(2026, 11, 12, 9, tzinfo=UTC)
SAME_CODE = {
    "line1": "not_stated", "city": "match", "region": "not_stated", "postal_code": "match",
    "country_code": "match",
}  # fmt: skip
SAME_HOUSE = {**SAME_CODE, "line1": "match"}
SAME_CITY = {**SAME_CODE, "postal_code": "not_stated"}
BY_THE_BUYER = {
    "received_by": {"raw": "Mary Poole", "kind": "person_name"},
    "name_match": {"result": "match", "how": "every_word"},
}


def z(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def scan(earliest: datetime, latest: datetime | None = None) -> dict[str, Any]:
    last = latest or earliest
    basis = "carrier_utc" if last == earliest else "assumed"
    return {"at": z(earliest), "local": "", "time_basis": basis, "earliest": z(earliest), "latest": z(last)}


def parcel(**fields: Any) -> Shipment:
    """Not stored: a judgement reads its columns alone."""
    columns: dict[str, Any] = {
        "order_id": "113-1234567-7654321", "carrier": "USPS", "tracking_number": "9400111206206407628746",
        "ship_by": SHIP_BY, "status": "delivered", "leg": "forward", "delivered_at": DELIVERED_AT,
        "delivered_earliest": DELIVERED_AT, "delivered_latest": DELIVERED_AT, "time_basis": "carrier_utc",
        "place": {"city": "Braunton", "postal_code": "EX33 2JL"}, "address_match": SAME_CODE,
        "received_by": {"raw": "", "kind": "none"}, "name_match": {"result": "cannot_tell", "how": "no_name_recorded"},
        "first_scan": scan(SCANNED), "first_scan_at": SCANNED,
    }  # fmt: skip
    return Shipment(**{**columns, **fields})


def bought(**fields: Any) -> Shipment:
    """The same with a protected label."""
    return parcel(**{"bought_through_buy_shipping": True, "claims_protected": True, **fields})


def grounds(*shipments: Shipment, reason: str = "not_received", **more: Any) -> Grounds:
    given = {"marketplace_id": US, "opened_at": OPENED, **more}
    return Grounds(reason=reason, shipments=shipments, **given)


def file(kind: str) -> HandedIn:
    return HandedIn(kind, f"{kind}.pdf")
