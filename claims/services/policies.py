"""Which window counts where: the installation's policy rows, and those a seller's owner switches on."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from accounts.actors import Actor
from accounts.errors import InvalidInput
from accounts.models import Seller
from claims.deadlines import DeadlineKind, Policy, Window
from claims.models import PolicyWindow
from claims.services.events import record_event

EVERYWHERE = "*"


def policy_for(*, seller_id: int, marketplace_id: str, kind: DeadlineKind, on: date) -> Policy | None:
    """The active row that counts on a day: the seller's own first, then the marketplace's, then any; newest."""
    rows = PolicyWindow.objects.filter(
        Q(seller_id=seller_id) | Q(seller__isnull=True),
        marketplace_id__in=[marketplace_id, EVERYWHERE],
        kind=kind,
        active=True,
        effective_from__lte=on,
    )
    best = max(
        rows,
        key=lambda r: (r.seller_id is not None, r.marketplace_id != EVERYWHERE, r.effective_from, r.pk),
        default=None,
    )
    if best is None:
        return None
    return Policy(Window(hours=best.hours, calendar_days=best.calendar_days), best.source)


def set_policy(
    *,
    seller: Seller,
    marketplace_id: str,
    kind: DeadlineKind,
    hours: int | None,
    calendar_days: int | None,
    source: str,
    active: bool,
    actor: Actor,
    now: datetime,
) -> PolicyWindow:
    """Switch a window on or off for one seller; it counts for letters that come from now on."""
    if (hours is None) == (calendar_days is None):
        raise InvalidInput.at("/hours", "Give either hours or calendar_days.")
    with transaction.atomic():
        row, _ = PolicyWindow.objects.update_or_create(
            seller=seller,
            marketplace_id=marketplace_id,
            kind=kind,
            hours=hours,
            calendar_days=calendar_days,
            defaults={"active": active, "source": source},
            create_defaults={
                "active": active,
                "source": source,
                "effective_from": now.date(),
                "source_date": now.date(),
            },
        )
        window = f"{hours} hours" if hours else f"{calendar_days} calendar days"
        record_event(
            "policy_set",
            claim=None,
            seller_id=seller.pk,
            actor=actor,
            now=now,
            marketplace_id=marketplace_id,
            kind=kind.value,
            window=window,
            active=active,
        )
    return row
