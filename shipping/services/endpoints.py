"""The addresses to which sources send news: made, replaced, switched off."""

import secrets
from datetime import datetime
from typing import Final

from django.db import transaction

from accounts.actors import Actor
from accounts.errors import InvalidInput
from accounts.models import Seller
from accounts.secrets import encrypted
from shipping.models import TrackingEndpoint
from shipping.services.sources import note_source_change
from shipping.sources.words import SendingSource

_BYTES: Final = 32


def make_endpoint(
    *, seller: Seller, source: str, secret: str, actor: Actor, now: datetime
) -> TrackingEndpoint:
    """A new address for this source, with the secret it signs with. One in use before is retired at once.

    Raises InvalidInput at `/secret` where the source needs one, or takes none.
    """
    if source == SendingSource.SHIPENGINE and secret:
        raise InvalidInput.at(
            "/secret", "ShipEngine signs with its published key; leave this empty.", code="not_used"
        )
    if source != SendingSource.SHIPENGINE and not secret:
        raise InvalidInput.at(
            "/secret", "Without it nothing that this source sends can be proven.", code="required"
        )
    with transaction.atomic():
        Seller.objects.select_for_update().only("pk").get(pk=seller.pk)
        retired = TrackingEndpoint.objects.filter(seller=seller, source=source, is_active=True).update(
            is_active=False
        )
        endpoint = TrackingEndpoint.objects.create(
            seller=seller,
            source=source,
            token=secrets.token_urlsafe(_BYTES),
            secret_encrypted=encrypted(secret) if secret else "",
            created_at=now,
        )
        note_source_change(
            seller_id=seller.pk, kind="endpoint_replaced" if retired else "endpoint_created",
            actor=actor, now=now, endpoint=endpoint, details={"source": source},
        )  # fmt: skip
    return endpoint


def retire_endpoint(*, endpoint: TrackingEndpoint, actor: Actor, now: datetime) -> TrackingEndpoint:
    """From now on the address is unknown. Safe to repeat."""
    with transaction.atomic():
        if TrackingEndpoint.objects.filter(pk=endpoint.pk, is_active=True).update(is_active=False):
            note_source_change(
                seller_id=endpoint.seller_id, kind="endpoint_retired", actor=actor, now=now, endpoint=endpoint
            )
    endpoint.is_active = False
    return endpoint
