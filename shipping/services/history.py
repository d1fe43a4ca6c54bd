"""Writing down who said what about a shipment."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from accounts.actors import Actor
from shipping.models import Shipment, ShipmentChange


def note_change(
    *, shipment: Shipment, kind: str, actor: Actor, now: datetime, details: Mapping[str, Any]
) -> ShipmentChange:
    """Inside the caller's transaction, beside the change itself."""
    return ShipmentChange.objects.create(
        shipment=shipment,
        kind=kind,
        actor_kind=actor.kind,
        actor_user_id=actor.user_id,
        actor_integration_id=actor.integration_id,
        actor_label=actor.label,
        at=now,
        details=dict(details),
    )
