"""Reading accounts. Every query starts from what the caller may see."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, QuerySet

from accounts.access import Caller
from accounts.daily_windows import DailyWindow
from accounts.models import (
    ApiKey,
    FeedToken,
    HandOver,
    Membership,
    OnCallShift,
    Role,
    Seller,
    User,
    WarningChannel,
)
from accounts.roles import reaches
from accounts.rota import HandedOver, Shift, on_call_at


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


def shifts_visible_to(caller: Caller) -> QuerySet[OnCallShift]:
    return OnCallShift.objects.filter(seller_id__in=caller.seller_ids()).select_related("seller", "user")


def hand_overs_visible_to(caller: Caller) -> QuerySet[HandOver]:
    return HandOver.objects.filter(seller_id__in=caller.seller_ids()).select_related(
        "seller", "given_by", "taken_by", "created_by"
    )


@dataclass(frozen=True)
class Duty:
    """Who is on call for one seller, now and later: the rota, and behind it the members with the mark."""

    shifts: tuple[Shift, ...] = ()
    handovers: tuple[HandedOver, ...] = ()
    marked: frozenset[int] = field(default_factory=frozenset)

    def at(self, moment: datetime) -> frozenset[int]:
        """The users of the rota; where it names nobody at that moment, the members marked `on_call`.

        Empty only where neither is anybody: then every active agent and lead is meant.
        """
        return frozenset(on_call_at(self.shifts, self.handovers, moment)) or self.marked


def duties_of(seller_ids: Iterable[int], now: datetime) -> dict[int, Duty]:
    """What tells who is on call from `now` on, for each of the sellers; three queries however many they are.

    Only active members count: nobody's shift outlives his membership.
    """
    ids = set(seller_ids)
    members = list(
        Membership.objects.filter(seller_id__in=ids, is_active=True, user__is_active=True).values_list(
            "seller_id", "user_id", "role", "on_call"
        )
    )
    able = {(seller_id, user_id) for seller_id, user_id, role, _ in members if reaches(role, Role.AGENT)}
    shifts: dict[int, list[Shift]] = {seller_id: [] for seller_id in ids}
    yesterday = now.date() - timedelta(days=2)  # a shift of its last day may end on the next, in any zone
    running = Q(valid_to__isnull=True) | Q(valid_to__gte=yesterday)
    for row in OnCallShift.objects.filter(running, seller_id__in=ids).order_by("id"):
        if (row.seller_id, row.user_id) in able:
            shifts[row.seller_id].append(shift_of(row))
    handovers: dict[int, list[HandedOver]] = {seller_id: [] for seller_id in ids}
    for handed in HandOver.objects.filter(seller_id__in=ids, ends_at__gt=now).order_by("id"):
        if (handed.seller_id, handed.taken_by_id) in able:
            handovers[handed.seller_id].append(
                HandedOver(handed.given_by_id, handed.taken_by_id, handed.starts_at, handed.ends_at)
            )
    return {
        seller_id: Duty(
            tuple(shifts[seller_id]),
            tuple(handovers[seller_id]),
            frozenset(user_id for owner, user_id, _, marked in members if marked and owner == seller_id),
        )
        for seller_id in ids
    }


def on_call_now(seller_ids: Iterable[int], now: datetime) -> dict[int, frozenset[int]]:
    """User ids on call for each seller, by rota, else by the mark of the membership; in three queries.

    An empty set says that nobody is named at all: then every active agent and lead hears.
    """
    return {seller_id: duty.at(now) for seller_id, duty in duties_of(seller_ids, now).items()}


def shift_of(row: OnCallShift) -> Shift:
    """The facts of a shift that the rule needs."""
    window = DailyWindow(row.starts, row.ends, ZoneInfo(row.time_zone))
    return Shift(row.user_id, frozenset(row.weekdays), window, row.valid_from, row.valid_to)


def quiet_hours_of(member: Membership) -> DailyWindow | None:
    """When warnings that can wait do; reads `member.user` and `member.seller`, which are loaded before."""
    if member.quiet_from is None or member.quiet_until is None:
        return None
    zone = member.quiet_time_zone or member.user.time_zone or member.seller.time_zone
    return DailyWindow(member.quiet_from, member.quiet_until, ZoneInfo(zone))


def own_memberships(user: User) -> Mapping[int, Membership]:
    """The person's active memberships by seller, with seller and user loaded."""
    rows = Membership.objects.filter(user=user, is_active=True).select_related("seller", "user")
    return {row.seller_id: row for row in rows}


def feed_of(user: User) -> FeedToken | None:
    """The calendar address that the person has in use."""
    return FeedToken.objects.filter(user=user, revoked_at__isnull=True).first()


def feed_behind(token_hash: str) -> FeedToken | None:
    """An address in use of a person who may sign in, by the hash of its token."""
    return (
        FeedToken.objects.filter(
            token_hash=token_hash,
            revoked_at__isnull=True,
            user__is_active=True,
            user__must_change_password=False,
        )
        .select_related("user")
        .first()
    )


def channels_visible_to(caller: Caller) -> QuerySet[WarningChannel]:
    """A member's own channels; for owners also the rooms of the seller and the channels of its members."""
    owned = [seller_id for seller_id in caller.seller_ids() if caller.is_owner(seller_id)]
    mine = Q(user__isnull=False, user=caller.user, seller_id__in=caller.seller_ids())
    return WarningChannel.objects.filter(Q(seller_id__in=owned) | mine).select_related("seller", "user")


def listening_channels(seller_ids: Iterable[int]) -> dict[int, list[WarningChannel]]:
    """Of each seller: the rooms, and the channels of active members, that are switched on. One query."""
    ids = set(seller_ids)
    found: dict[int, list[WarningChannel]] = {seller_id: [] for seller_id in ids}
    active = Membership.objects.filter(
        seller_id=OuterRef("seller_id"), user_id=OuterRef("user_id"), is_active=True, user__is_active=True
    )
    rows = WarningChannel.objects.filter(seller_id__in=ids, is_active=True)
    for channel in rows.filter(Q(user__isnull=True) | Exists(active)).order_by("id"):
        found[channel.seller_id].append(channel)
    return found
