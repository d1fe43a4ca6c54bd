"""Telling shipping that its news was read: the only thing that a higher app writes here."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from shipping.models import Shipment


def clear_pending(*, read: Iterable[tuple[int, datetime]]) -> int:
    """Mark (id, updated_at) pairs as read and count them. One that changed since stays pending."""
    same = Q(pk__in=[])
    for shipment_id, updated_at in read:
        same |= Q(pk=shipment_id, updated_at=updated_at)
    with transaction.atomic():
        return Shipment.objects.filter(same, facts_pending=True).update(facts_pending=False)
