"""The base of every viewset that shows a seller's rows."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db.models import Model, QuerySet
from rest_framework.viewsets import GenericViewSet

from accounts.access import Caller, caller_of, require_role


class SellerScopedViewSet(GenericViewSet[Any]):
    """Subclasses give `get_queryset`, which must start from a `…_visible_to(self.caller)` selector.

    `scopes` and `people_only` are read by CallerPermission.
    """

    scopes: ClassVar[Mapping[str, str]] = {}
    people_only: ClassVar[frozenset[str]] = frozenset()
    lookup_value_regex = "[0-9]+"

    @property
    def caller(self) -> Caller:
        return caller_of(self.request)

    def get_queryset(self) -> QuerySet[Model]:
        raise NotImplementedError("Start from what the caller may see.")

    def require_role(self, seller_id: int, needed: str) -> None:
        """Raises PermissionRefused below `needed` (agent, lead, owner)."""
        require_role(self.caller, seller_id, needed)
