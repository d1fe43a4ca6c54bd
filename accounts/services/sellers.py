"""Making sellers and changing their settings."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypedDict

from django.db import IntegrityError, transaction

from accounts.errors import InvalidInput
from accounts.models import Membership, Role, Seller, User


class SellerSettings(TypedDict, total=False):
    """What an owner may change; the merchant token is who the seller is and never changes."""

    name: str
    time_zone: str
    marketplaces: list[str]
    require_confirmation: str
    four_eyes: bool
    answer_max_length: int
    assembly_lead_hours: int
    retention_days: int | None


def create_seller(
    *,
    merchant_token: str,
    now: datetime,
    name: str = "",
    time_zone: str = "UTC",
    marketplaces: Sequence[str] = (),
    settings: SellerSettings | None = None,
    owner: User | None = None,
) -> Seller:
    """A new seller, with `owner` as its first one where given. Without a name it has its token for a name.

    Raises InvalidInput at `/merchant_token` where the token is in use, whoever uses it.
    """
    try:
        with transaction.atomic():
            seller = Seller.objects.create(
                merchant_token=merchant_token,
                created_at=now,
                **{
                    "name": name or merchant_token,
                    "time_zone": time_zone,
                    "marketplaces": list(marketplaces),
                    **(settings or {}),
                },
            )
            if owner is not None:
                Membership.objects.create(user=owner, seller=seller, role=Role.OWNER, created_at=now)
    except IntegrityError as refused:
        if not Seller.objects.filter(merchant_token=merchant_token).exists():
            raise
        raise InvalidInput.at(
            "/merchant_token", "This merchant token cannot be added. Ask the operator.", code="unavailable"
        ) from refused
    return seller


@transaction.atomic
def update_seller(*, seller_id: int, changes: SellerSettings) -> Seller:
    """Writes the settings given and leaves the others alone."""
    seller = Seller.objects.select_for_update().get(pk=seller_id)
    for name, value in changes.items():
        setattr(seller, name, value)
    if changes:
        seller.save(update_fields=list(changes))
    return seller
