"""Who hears a warning: audiences turned into people and channels, past the last of them the operator."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from django.conf import settings

from accounts.daily_windows import DailyWindow
from accounts.models import Membership, Role, WarningChannel
from accounts.selectors import Duty, duties_of, listening_channels, quiet_hours_of
from claims.ladder import Audience


@dataclass(frozen=True)
class Recipient:
    """One mailbox and who reads it; the operator has no user of his own.

    `others` are further users with the same address: they get no second mail, but hear by their own channels.
    A member without an address (`email` is empty) hears by his own channels alone.
    """

    email: str
    user_id: int | None = None
    others: tuple[int, ...] = ()

    @property
    def user_ids(self) -> tuple[int, ...]:
        return self.others if self.user_id is None else (self.user_id, *self.others)

    @property
    def name(self) -> str:
        """What tells this recipient from every other one: two people with one address are one."""
        return self.email or f"user:{self.user_id}"


def operator() -> Recipient:
    """Who runs this installation; without a setting the mail shows on its console."""
    return Recipient(settings.OPERATOR_EMAIL or "operator@localhost")


@dataclass(frozen=True)
class Team:
    """Everyone of one seller who could hear a warning: active members with an address or a channel of their own.

    `at` is the moment in question: `duty` says who is on call then.
    """

    members: tuple[Membership, ...]
    duty: Duty
    at: datetime
    channels: tuple[WarningChannel, ...] = ()

    def of(self, *roles: str) -> list[Recipient]:
        return [_recipient(m) for m in self.members if m.role in roles]

    def on_call(self) -> list[Recipient]:
        """Who is on call by rota or by mark; without anybody every active agent and lead."""
        named = self.duty.at(self.at)
        return [_recipient(m) for m in self.members if m.user_id in named] or self.of(Role.AGENT, Role.LEAD)

    def assignee(self, user_id: int | None) -> list[Recipient]:
        """Whom the claim is assigned to; unassigned, or gone since, everyone on call."""
        mine = [m for m in self.members if m.user_id == user_id]
        return [_recipient(m) for m in mine] or self.on_call()

    def own_channels(self, recipient: Recipient) -> list[WarningChannel]:
        """Those that the readers of a mailbox have set up for themselves."""
        return [c for c in self.channels if c.user_id is not None and c.user_id in recipient.user_ids]

    def rooms(self, audience: Iterable[str]) -> list[WarningChannel]:
        """The seller's rooms that listen to one of these audiences."""
        heard = set(audience)
        return [c for c in self.channels if c.user_id is None and heard.intersection(c.audiences)]

    @cached_property
    def keeps_quiet(self) -> bool:
        """Whether anybody has quiet hours at all."""
        return any(member.quiet_from is not None for member in self.members)

    def quiet_hours(self, user_id: int) -> DailyWindow | None:
        return next((quiet_hours_of(m) for m in self.members if m.user_id == user_id), None)


def _recipient(member: Membership) -> Recipient:
    return Recipient(member.user.email, member.user_id)


def teams(seller_ids: Iterable[int], *, now: datetime) -> dict[int, Team]:
    """The teams of several sellers, with who is on call `now`; a constant number of queries."""
    grouped: dict[int, list[Membership]] = {seller_id: [] for seller_id in seller_ids}
    rows = (
        Membership.objects.filter(seller_id__in=grouped, is_active=True, user__is_active=True)
        .select_related("user", "seller")
        .order_by("id")
    )
    duty, channels = duties_of(grouped, now), listening_channels(grouped)
    own = {(channel.seller_id, channel.user_id) for listed in channels.values() for channel in listed}
    for row in rows:
        if row.user.email or (row.seller_id, row.user_id) in own:
            grouped[row.seller_id].append(row)
    return {
        seller_id: Team(tuple(members), duty[seller_id], now, tuple(channels[seller_id]))
        for seller_id, members in grouped.items()
    }


#: Where an empty group passes its warning on to; past the last comes the operator.
_WIDER: dict[Audience, tuple[Audience, ...]] = {
    Audience.ASSIGNEE: (Audience.ASSIGNEE, Audience.LEADS, Audience.OWNERS),
    Audience.ON_CALL: (Audience.ON_CALL, Audience.LEADS, Audience.OWNERS),
    Audience.LEADS: (Audience.LEADS, Audience.OWNERS),
    Audience.OWNERS: (Audience.OWNERS,),
}


def recipients_of(team: Team, audience: Sequence[str], assignee_id: int | None) -> list[Recipient]:
    """Who hears a stage, each address once; `assignee_id` is who has the claim.

    An empty group passes to the next wider one, then to the operator.
    So a stage that is to be heard by more people than the one before it is, however small the team.
    """
    heard: dict[str, Recipient] = {}
    for name in audience:
        groups = (_group(team, group, assignee_id) for group in _WIDER[Audience(name)])
        for person in next((people for people in groups if people), [operator()]):
            key = person.name.casefold()
            heard[key] = _together(heard[key], person) if key in heard else person
    return list(heard.values()) or [operator()]


def _together(first: Recipient, second: Recipient) -> Recipient:
    """One mailbox of two; of one who is in two groups nothing is added."""
    more = tuple(user_id for user_id in second.user_ids if user_id not in first.user_ids)
    return replace(first, others=first.others + more)


def _group(team: Team, audience: Audience, assignee_id: int | None) -> list[Recipient]:
    match audience:
        case Audience.ASSIGNEE:
            return team.assignee(assignee_id)
        case Audience.ON_CALL:
            return team.on_call()
        case Audience.LEADS:
            return team.of(Role.LEAD)
        case Audience.OWNERS:
            return team.of(Role.OWNER)
