"""Deny by default: who may use which action. Object and body questions are asked with `require_role`."""

from typing import TYPE_CHECKING, Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from accounts.access import Caller, caller_of, require_role
from accounts.errors import PermissionRefused
from accounts.models import User

if TYPE_CHECKING:  # DRF's views read this class while they are imported themselves
    from rest_framework.views import APIView

__all__ = ["CallerPermission", "require_role"]


class CallerPermission(BasePermission):
    """The default permission of the whole API.

    Read from the view: `scopes`, the scope a key needs per action (an action not named there is closed to
    keys); `open_to_any_key`, actions that need no scope; `people_only`, actions that no key may use;
    `open_to_strangers`, actions for signed-in people who belong to no seller yet.
    """

    def has_permission(self, request: Request, view: "APIView") -> bool:
        if not request.user or not request.user.is_authenticated:
            return False
        action = getattr(view, "action", None)
        if action is None:
            # OPTIONS, or a method the view does not have: DRF answers 405 itself, after this.
            action = "metadata" if request.method == "OPTIONS" else ""
        caller = caller_of(request)
        if caller.is_key:
            _check_key(caller, view, action)
        else:
            _check_person(request.user, caller, view, action)
        return True


def _check_key(caller: Caller, view: Any, action: str) -> None:
    if action in ("", "metadata") or action in getattr(view, "open_to_any_key", ()):
        return
    if action in getattr(view, "people_only", ()):
        raise PermissionRefused("This is for a signed-in person, not for a key.", code="people_only")
    scope = getattr(view, "scopes", {}).get(action)
    if scope is None:
        raise PermissionRefused("This is not open to keys.", code="people_only")
    if not caller.has_scope(scope):
        raise PermissionRefused(f"This key lacks the scope {scope}.", code="scope_missing")


def _check_person(user: Any, caller: Caller, view: Any, action: str) -> None:
    if isinstance(user, User) and user.must_change_password:
        raise PermissionRefused(
            "Choose a password of your own first, at /accounts/password/.", code="password_change_required"
        )
    if not caller.roles and action not in getattr(view, "open_to_strangers", ()):
        raise PermissionRefused("You belong to no seller.", code="no_membership")
