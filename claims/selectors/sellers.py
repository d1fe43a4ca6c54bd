"""Which windows of Amazon count for a seller. His ladders are in `ladders`."""

from django.db.models import Q, QuerySet

from claims.models import PolicyWindow


def policies_of(seller_id: int) -> QuerySet[PolicyWindow]:
    """The installation's rows and the seller's own."""
    return PolicyWindow.objects.filter(Q(seller__isnull=True) | Q(seller_id=seller_id))
