"""Registering a parcel and correcting what the seller says of it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from django.db import IntegrityError, transaction

from accounts.actors import Actor
from accounts.errors import Conflict, InvalidInput
from accounts.models import Seller
from shipping.locks import locked_shipment
from shipping.models import NUMBER_LENGTH, Shipment
from shipping.numbers import normalised
from shipping.services.derivation import FACT_NAMES, facts_of, mark_changed, refresh_facts
from shipping.services.history import note_change
from shipping.services.rebuild import reread_snapshots

_SELECTING: Final = frozenset({"shipped_at", "tracking_number"})
"""Fields that decide which answers are about this parcel."""
_STATED: Final = (
    "marketplace_id", "carrier", "service", "shipped_at", "ship_by", "deliver_by",
    "bought_through_buy_shipping", "claims_protected", "signature_required", "amazon_shipment_id",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipmentFields:
    """What a notice or a post may say of a parcel. Empty and None: not said."""

    tracking_number: str
    carrier: str = ""
    service: str = ""
    shipped_at: datetime | None = None
    ship_by: datetime | None = None
    deliver_by: datetime | None = None
    bought_through_buy_shipping: bool | None = None
    claims_protected: bool | None = None
    signature_required: bool | None = None
    amazon_shipment_id: str = ""


def register_shipment(
    *,
    seller: Seller,
    order_id: str,
    marketplace_id: str,
    fields: ShipmentFields,
    ship_to: Mapping[str, str] | None,
    actor: Actor,
    now: datetime,
) -> Shipment:
    """The shipment of this (seller, order, number), made or brought up to date. Safe beside itself."""
    return merge_shipment(
        seller=seller,
        order_id=order_id,
        marketplace_id=marketplace_id,
        fields=fields,
        ship_to=ship_to,
        actor=actor,
        now=now,
    )[0]


def merge_shipment(
    *,
    seller: Seller,
    order_id: str,
    marketplace_id: str,
    fields: ShipmentFields,
    ship_to: Mapping[str, str] | None,
    actor: Actor,
    now: datetime,
) -> tuple[Shipment, bool]:
    """As `register_shipment`, with whether it was made. Values given replace older ones; none erases one.

    Raises InvalidInput at `/tracking_number` where nothing is left of it.
    """
    number = _number(fields.tracking_number)
    given = {name: value for name, value in asdict(fields).items() if value not in ("", None)}
    given.pop("tracking_number", None)
    if marketplace_id:
        given["marketplace_id"] = marketplace_id
    address = {part: text for part, text in (ship_to or {}).items() if text}
    fresh = Shipment(seller=seller, order_id=order_id, tracking_number=number, ship_to=address, **given)
    facts, _ = facts_of(fresh, (), ())
    with transaction.atomic():
        shipment, created = Shipment.objects.get_or_create(
            seller=seller,
            order_id=order_id,
            tracking_number=number,
            defaults={
                **given, **facts, "ship_to": address,
                "created_at": now, "updated_at": now, "facts_pending": True,
            },
        )  # fmt: skip
        if created:
            note_change(
                shipment=shipment,
                kind="registered",
                actor=actor,
                now=now,
                details={**given, "ship_to": address},
            )
            return shipment, True
        shipment = locked_shipment(shipment.pk)
        _apply(shipment, {**given, "ship_to": {**shipment.ship_to, **address}}, actor=actor, now=now)
    return shipment, False


def update_shipment(
    *, shipment: Shipment, changes: Mapping[str, Any], actor: Actor, now: datetime
) -> Shipment:
    """Correct what is stated. Here an empty value erases; `ship_to` is replaced part by part.

    Raises Conflict where the new number is already one of the same order.
    """
    wanted = {
        name: value for name, value in changes.items() if name in (*_STATED, "tracking_number", "ship_to")
    }
    if "tracking_number" in wanted:
        wanted["tracking_number"] = _number(wanted["tracking_number"])
    try:
        with transaction.atomic():
            current = locked_shipment(shipment.pk)
            if "ship_to" in wanted:
                merged = {**current.ship_to, **wanted["ship_to"]}
                wanted["ship_to"] = {part: text for part, text in merged.items() if text}
            _apply(current, wanted, actor=actor, now=now)
    except IntegrityError:
        raise Conflict("The order already has a shipment with this number.", code="number_taken") from None
    return current


def _number(text: str) -> str:
    number = normalised(text)
    if not number or len(number) > NUMBER_LENGTH:
        raise InvalidInput.at("/tracking_number", f"Give 1 to {NUMBER_LENGTH} letters and digits.")
    return number


def _apply(shipment: Shipment, wanted: Mapping[str, Any], *, actor: Actor, now: datetime) -> None:
    """Under the lock: write what differs, and derive anew what follows from it."""
    before = {name: getattr(shipment, name) for name in wanted if getattr(shipment, name) != wanted[name]}
    if not before:
        return
    for name in before:
        setattr(shipment, name, wanted[name])
    if _SELECTING & before.keys():
        reread_snapshots(shipment)
    refresh_facts(shipment)
    mark_changed(shipment, now=now)
    shipment.save(update_fields=[*before, *FACT_NAMES, "facts_pending", "plan_pending", "updated_at"])
    note_change(
        shipment=shipment,
        kind="changed",
        actor=actor,
        now=now,
        details={name: {"from": old, "to": wanted[name]} for name, old in before.items()},
    )
