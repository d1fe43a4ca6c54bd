"""Reading accounts. Every query starts from what the caller may see."""

from django.db.models import QuerySet

from accounts.access import Caller
from accounts.models import ApiKey, Membership, Seller, User


def sellers_visible_to(caller: Caller) -> QuerySet[Seller]:
    return Seller.objects.filter(pk__in=caller.seller_ids())


def memberships_visible_to(caller: Caller) -> QuerySet[Membership]:
    return Membership.objects.filter(seller_id__in=caller.seller_ids()).select_related("user", "seller")


def keys_visible_to(caller: Caller) -> QuerySet[ApiKey]:
    return ApiKey.objects.filter(integration__seller_id__in=caller.seller_ids()).select_related(
        "integration__seller"
    )


def people_known_to(caller: Caller) -> QuerySet[User]:
    """Those whom an owner already sees as members of the sellers he owns, past members included."""
    owned = [seller_id for seller_id in caller.seller_ids() if caller.is_owner(seller_id)]
    return User.objects.filter(memberships__seller_id__in=owned).distinct()


def active_members(seller_id: int) -> QuerySet[Membership]:
    """Members whose membership and account are both active, with the user loaded."""
    return (
        Membership.objects.filter(seller_id=seller_id, is_active=True, user__is_active=True)
        .select_related("user")
        .order_by("id")
    )
