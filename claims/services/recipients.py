"""Who hears a warning: audiences turned into people, and past the last of them the installation's operator."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.conf import settings

from accounts.models import Membership, Role
from claims.ladder import Audience
from claims.models import Claim


@dataclass(frozen=True)
class Recipient:
    """One person, by address; the operator has no user of his own."""

    email: str
    user_id: int | None = None


def operator() -> Recipient:
    """Who runs this installation; without a setting the mail shows on its console."""
    return Recipient(settings.OPERATOR_EMAIL or "operator@localhost")


@dataclass(frozen=True)
class Team:
    """Everyone of one seller who could hear a warning: active members with an address."""

    members: tuple[Membership, ...]

    def of(self, *roles: str) -> list[Recipient]:
        return [_recipient(m) for m in self.members if m.role in roles]

    def on_call(self) -> list[Recipient]:
        """The rota; without one every active agent and lead."""
        return [_recipient(m) for m in self.members if m.on_call] or self.of(Role.AGENT, Role.LEAD)

    def assignee(self, claim: Claim | None) -> list[Recipient]:
        """Who the claim is assigned to; unassigned, or gone since, everyone on call."""
        mine = [m for m in self.members if claim is not None and m.user_id == claim.assignee_id]
        return [_recipient(m) for m in mine] or self.on_call()


def _recipient(member: Membership) -> Recipient:
    return Recipient(member.user.email, member.user_id)


def teams(seller_ids: Iterable[int]) -> dict[int, Team]:
    """The teams of several sellers, in one query."""
    grouped: dict[int, list[Membership]] = {seller_id: [] for seller_id in seller_ids}
    rows = (
        Membership.objects.filter(seller_id__in=grouped, is_active=True, user__is_active=True)
        .exclude(user__email="")
        .select_related("user")
        .order_by("id")
    )
    for row in rows:
        grouped[row.seller_id].append(row)
    return {seller_id: Team(tuple(members)) for seller_id, members in grouped.items()}


#: Where an empty group passes its warning on to; past the last comes the operator.
_WIDER: dict[Audience, tuple[Audience, ...]] = {
    Audience.ASSIGNEE: (Audience.ASSIGNEE, Audience.LEADS, Audience.OWNERS),
    Audience.ON_CALL: (Audience.ON_CALL, Audience.LEADS, Audience.OWNERS),
    Audience.LEADS: (Audience.LEADS, Audience.OWNERS),
    Audience.OWNERS: (Audience.OWNERS,),
}


def recipients_of(team: Team, audience: Sequence[str], claim: Claim | None) -> list[Recipient]:
    """Who hears a stage, each address once. An empty group passes to the next wider one, then to the operator.

    So a stage that is to be heard by more people than the one before it is, however small the team.
    """
    heard: dict[str, Recipient] = {}
    for name in audience:
        groups = (_group(team, group, claim) for group in _WIDER[Audience(name)])
        for person in next((people for people in groups if people), [operator()]):
            heard.setdefault(person.email.casefold(), person)
    return list(heard.values()) or [operator()]


def _group(team: Team, audience: Audience, claim: Claim | None) -> list[Recipient]:
    match audience:
        case Audience.ASSIGNEE:
            return team.assignee(claim)
        case Audience.ON_CALL:
            return team.on_call()
        case Audience.LEADS:
            return team.of(Role.LEAD)
        case Audience.OWNERS:
            return team.of(Role.OWNER)
