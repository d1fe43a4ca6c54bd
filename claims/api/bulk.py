"""One action on many claims, each for itself: what fails for one does not touch the others."""

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Any

from accounts.access import Caller, require_role
from accounts.errors import Conflict, DomainError, InvalidInput, NotVisible, PermissionRefused
from accounts.models import User
from accounts.roles import Role
from claims.api.serializers.claims_in import BulkSerializer
from claims.selectors.claims import claims_visible_to
from claims.services.claims import acknowledge_claim, assign_claim
from claims.services.evidence import collect_evidence

_STATUS: tuple[tuple[type[DomainError], HTTPStatus], ...] = (
    (NotVisible, HTTPStatus.NOT_FOUND),
    (PermissionRefused, HTTPStatus.FORBIDDEN),
    (InvalidInput, HTTPStatus.BAD_REQUEST),
    (Conflict, HTTPStatus.CONFLICT),
)


def apply_to_each(
    caller: Caller, ids: list[int], *, action: str, assignee: User | None, now: datetime
) -> list[dict[str, Any]]:
    """A result for each id, in the order given. Raises PermissionRefused where the action is not the caller's."""
    _check_key(caller, action)
    seller_of = dict(claims_visible_to(caller).filter(pk__in=ids).values_list("pk", "seller_id"))
    act = _action(action, caller, assignee, now)
    return [_result(pk, seller_of.get(pk), caller, act) for pk in ids]


def _check_key(caller: Caller, action: str) -> None:
    if not caller.is_key:
        return
    if action == BulkSerializer.ACKNOWLEDGE:
        raise PermissionRefused("This is for a signed-in person, not for a key.", code="people_only")
    if action == BulkSerializer.COLLECT_EVIDENCE and not caller.has_scope("evidence:write"):
        raise PermissionRefused("This key lacks the scope evidence:write.", code="scope_missing")


def _action(action: str, caller: Caller, assignee: User | None, now: datetime) -> Callable[[int], Any]:
    if action == BulkSerializer.ASSIGN:
        return lambda pk: assign_claim(claim_id=pk, assignee=assignee, actor=caller.actor, now=now)
    if action == BulkSerializer.ACKNOWLEDGE:
        return lambda pk: acknowledge_claim(claim_id=pk, actor=caller.actor, now=now)
    return lambda pk: collect_evidence(claim_id=pk, actor=caller.actor, now=now)


def _result(pk: int, seller_id: int | None, caller: Caller, act: Callable[[int], Any]) -> dict[str, Any]:
    try:
        if seller_id is None:
            raise NotVisible
        require_role(caller, seller_id, Role.AGENT)
        act(pk)
    except DomainError as refused:
        status = next((s for kind, s in _STATUS if isinstance(refused, kind)), HTTPStatus.BAD_REQUEST)
        first = refused.errors[0] if refused.errors else None
        return {
            "id": pk,
            "status": int(status),
            "code": first.code if first else refused.code,
            "detail": first.detail if first else refused.detail,
        }
    return {"id": pk, "status": int(HTTPStatus.OK)}
