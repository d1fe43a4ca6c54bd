"""What can go wrong, in words of the domain.

These classes know no HTTP: `config/api/errors.py` is the one place that gives each a status and renders it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class FieldError:
    """One fault at one place of the body; `pointer` is a JSON pointer such as `/shipments/0/carrier`."""

    pointer: str
    code: str
    detail: str


class DomainError(Exception):
    """A refusal that the caller can understand and act on.

    `extra` is merged into the problem body (`allowed_actions`, `conflicts_with` and the like).
    """

    default_code: ClassVar[str] = "error"
    default_detail: ClassVar[str] = "The request was refused."

    def __init__(
        self,
        detail: str = "",
        *,
        code: str = "",
        errors: Iterable[FieldError] = (),
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        self.detail = detail or self.default_detail
        self.code = code or self.default_code
        self.errors: list[FieldError] = list(errors)
        self.extra: dict[str, Any] = dict(extra or {})
        super().__init__(self.detail)


class InvalidInput(DomainError):
    """The body is at fault; `errors` says where."""

    default_code = "invalid"
    default_detail = "The request has fields that cannot be accepted."

    @classmethod
    def at(cls, pointer: str, detail: str, *, code: str = "invalid") -> "InvalidInput":
        """The common case: one fault at one field."""
        return cls(errors=[FieldError(pointer=pointer, code=code, detail=detail)])


class PermissionRefused(DomainError):
    """Known caller, but the role or the scope does not reach this far."""

    default_code = "permission_denied"
    default_detail = "You do not have permission to do this."


class NotVisible(DomainError):
    """Not there, or another seller's: the two are never told apart."""

    default_code = "not_found"
    default_detail = "Not found."


class Conflict(DomainError):
    """The state of things does not allow it now."""

    default_code = "conflict"
    default_detail = "This cannot be done in the current state."


class StaleRevision(Conflict):
    """The body named a revision that is no longer the current one."""

    default_code = "stale_revision"
    default_detail = "This was changed since you read it. Read it again, then repeat your change."


class PreconditionFailed(DomainError):
    """The `If-Match` header named a revision that is no longer the current one."""

    default_code = "precondition_failed"
    default_detail = "This was changed since you read it. Read it again, then repeat your change."


class TooLarge(DomainError):
    """More bytes than this installation takes."""

    default_code = "too_large"
    default_detail = "The request is larger than this installation accepts."
