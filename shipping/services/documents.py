"""Proofs that stand inside carriers' answers: cut out of the kept bytes whenever somebody asks.

Nothing is stored twice. A shipment's `documents` say what there is; the bytes come from the answer itself.
"""

from dataclasses import dataclass
from datetime import datetime

from shipping.carriers.registry import interpret
from shipping.models import Shipment
from shipping.rules.parcels import parcel_of
from shipping.selectors import snapshot_with_bytes


@dataclass(frozen=True, slots=True)
class ShipmentDocument:
    """`media_type` is what the bytes are. A page of HTML is foreign: never show it as one."""

    kind: str
    media_type: str
    provider: str
    sha256: str
    content: bytes
    fetched_at: datetime


def document_of_shipment(*, shipment: Shipment, sha256: str) -> ShipmentDocument | None:
    """The document with this hash among those that the shipment lists; None where it lists none."""
    listed = next((row for row in shipment.documents if row.get("sha256") == sha256), None)
    if listed is None:
        return None
    answer = snapshot_with_bytes(
        shipment_id=shipment.pk, provider=listed["provider"], sha256=listed["snapshot"]
    )
    if answer is None:
        return None
    reading = parcel_of(
        interpret(answer.provider, bytes(answer.raw), answer.http_status).reading,
        tracking_number=shipment.tracking_number,
        shipped_at=shipment.shipped_at,
        ship_to=shipment.ship_to,
    )
    found = next((file for file in reading.files if file.sha256 == sha256), None)
    if found is None:
        return None
    return ShipmentDocument(
        kind=listed["kind"],
        media_type=found.media_type,
        provider=answer.provider,
        sha256=sha256,
        content=found.content,
        fetched_at=answer.fetched_at,
    )
