"""Who is calling and how far he reaches: the one place that turns a request into a `Caller`.

Selectors filter by it, permissions and views ask it; services take its `actor`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from accounts.actors import Actor
from accounts.errors import InvalidInput, PermissionRefused
from accounts.models import ApiKey, Integration, Membership, Seller, User
from accounts.roles import Role, reaches

_CACHE_NAME = "_accounts_caller"


@dataclass(frozen=True, slots=True)
class Caller:
    """`roles` maps a seller's pk to the role there; a key has one seller and acts as its agent.

    `scopes` is None for a signed-in person: people are bounded by their role, keys by role and scopes.
    """

    actor: Actor
    roles: Mapping[int, str]
    scopes: frozenset[str] | None = None
    is_key: bool = False
    integration: Integration | None = None
    api_key_id: int | None = None
    user: User | None = None

    def seller_ids(self) -> frozenset[int]:
        return frozenset(self.roles)

    def role(self, seller_id: int) -> str | None:
        return self.roles.get(seller_id)

    def may_write(self, seller_id: int) -> bool:
        return reaches(self.role(seller_id), Role.AGENT)

    def is_lead(self, seller_id: int) -> bool:
        """Lead or owner."""
        return reaches(self.role(seller_id), Role.LEAD)

    def is_owner(self, seller_id: int) -> bool:
        return reaches(self.role(seller_id), Role.OWNER)

    def has_scope(self, scope: str) -> bool:
        return self.scopes is None or scope in self.scopes


NOBODY = Caller(actor=Actor(user_id=None, integration_id=None, label="nobody"), roles={}, scopes=frozenset())


def caller_of_key(key: ApiKey) -> Caller:
    """`key` comes with its integration and seller loaded."""
    integration = key.integration
    label = f"{integration.name} (key {key.prefix})"
    return Caller(
        actor=Actor(user_id=None, integration_id=integration.pk, label=label),
        roles={integration.seller_id: Role.AGENT.value},
        scopes=frozenset(key.scopes),
        is_key=True,
        integration=integration,
        api_key_id=key.pk,
    )


def caller_of_user(user: User) -> Caller:
    """A signed-in person with the roles of his active memberships; one query."""
    rows = Membership.objects.filter(user_id=user.pk, is_active=True).values_list("seller_id", "role")
    return Caller(
        actor=Actor(user_id=user.pk, integration_id=None, label=user.get_username()),
        roles=dict(rows),
        user=user,
    )


def caller_of(request: Any) -> Caller:
    """The caller of a DRF or a plain Django request, worked out once. Nobody: no seller, no scope."""
    bare = getattr(request, "_request", request)
    auth = getattr(request, "auth", None)
    user = getattr(request, "user", None)
    mark = (type(auth).__name__, getattr(auth, "pk", None), getattr(user, "pk", None))
    known = getattr(bare, _CACHE_NAME, None)
    if known is not None and known[0] == mark:
        caller: Caller = known[1]
        return caller
    if isinstance(auth, ApiKey):
        caller = caller_of_key(auth)
    elif user is not None and user.is_authenticated and user.is_active:
        caller = caller_of_user(user)
    else:
        caller = NOBODY
    setattr(bare, _CACHE_NAME, (mark, caller))
    return caller


def require_role(caller: Caller, seller_id: int, needed: str) -> None:
    """Stop a caller whose role at this seller is below `needed` (`agent`, `lead` or `owner`).

    A key is an agent: what asks for more is for people. Raises PermissionRefused.
    """
    role = caller.role(seller_id)
    if reaches(role, needed):
        return
    if caller.is_key:
        raise PermissionRefused("A key acts as an agent; this is for a signed-in person.", code="people_only")
    raise PermissionRefused(
        f"This needs the role {needed}; you are {role or 'no member'} here.", code="role_too_low"
    )


def chosen_seller(caller: Caller, given: Seller | None, *, pointer: str = "/seller_id") -> Seller:
    """The seller meant: the one given, else the caller's only one. Raises InvalidInput if unclear."""
    if given is not None:
        return given
    if caller.integration is not None:
        return caller.integration.seller
    if len(caller.roles) == 1:
        return Seller.objects.get(pk=next(iter(caller.roles)))
    raise InvalidInput.at(pointer, "You work for several sellers: say which one.", code="required")
