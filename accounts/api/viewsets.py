"""The base of every viewset that shows a seller's rows."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.db.models import Model, QuerySet
from rest_framework.response import Response
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

    def http_method_not_allowed(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        """A person who follows a link to an action gets its form instead of an error page."""
        is_page = getattr(request.accepted_renderer, "format", "") == "api"
        if request.method == "GET" and is_page and self.action_map and "post" in self.action_map:
            if self.detail:
                self.get_object()
            return Response({"detail": "Fill in the form below."})
        return super().http_method_not_allowed(request, *args, **kwargs)
