"""Deny by default: who may use which action. Object and body questions are asked with `require_role`."""

from typing import TYPE_CHECKING, Any

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from accounts.access import Caller, caller_of, require_role
from accounts.errors import PermissionRefused

if TYPE_CHECKING:  # DRF's views read this class while they are imported themselves
    from rest_framework.views import APIView

__all__ = ["CallerPermission", "require_role"]


class CallerPermission(BasePermission):
    """The default permission of the whole API.

    Read from the view: `scopes`, the scope a key needs per action (an action not named there is closed to
    keys); `open_to_any_key`, actions that need no scope; `people_only`, actions that no key may use;
    `open_to_strangers`, actions for signed-in people who belong to no seller yet.
    """

    message = PermissionRefused.default_detail
    code = PermissionRefused.default_code

    def has_permission(self, request: Request, view: "APIView") -> bool:
        if not request.user or not request.user.is_authenticated:
            return False
        action = getattr(view, "action", None)
        if action is None:
            # OPTIONS, or a method the view does not have: DRF answers 405 itself, after this.
            action = "metadata" if request.method == "OPTIONS" else ""
        caller = caller_of(request)
        refusal = key_refusal(caller, view, action) if caller.is_key else person_refusal(caller, view, action)
        if refusal is None:
            return True
        self.code, self.message = refusal
        return False


def key_refusal(caller: Caller, view: Any, action: str) -> tuple[str, str] | None:
    """Code and words for what this key may not do here, or None."""
    if action in ("", "metadata") or action in getattr(view, "open_to_any_key", ()):
        return None
    scope = getattr(view, "scopes", {}).get(action)
    if scope is None or action in getattr(view, "people_only", ()):
        return "people_only", "This is for a signed-in person, not for a key."
    if not caller.has_scope(scope):
        return "scope_missing", f"This key lacks the scope {scope}."
    return None


def person_refusal(caller: Caller, view: Any, action: str) -> tuple[str, str] | None:
    """Code and words for what this person may not do here, or None."""
    if caller.user is not None and caller.user.must_change_password:
        return "password_change_required", "Choose a password of your own first, at /accounts/password/."
    if not caller.roles and action not in getattr(view, "open_to_strangers", ()):
        return "no_membership", "You belong to no seller."
    return None
