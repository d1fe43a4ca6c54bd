"""The base of every viewset that shows a seller's rows."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.db.models import Model, QuerySet
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from accounts.access import Caller, caller_of, require_role
from accounts.api.strict import printable

#: The address of a form begins with one of these and carries the values that the form opens with.
FORM_WORDS = frozenset({"new", "edit"})


class SellerScopedViewSet(GenericViewSet[Any]):
    """Subclasses give `get_queryset`, which must start from a `…_visible_to(self.caller)` selector.

    `scopes` and `people_only` are read by CallerPermission. `list_parameters` names the actions that list
    something, and what each takes in its address besides filters, ordering and pages.
    """

    scopes: ClassVar[Mapping[str, str]] = {}
    people_only: ClassVar[frozenset[str]] = frozenset()
    list_parameters: ClassVar[Mapping[str, Sequence[str]]] = {"list": ()}
    lookup_value_regex = "[0-9]+"

    @property
    def caller(self) -> Caller:
        return caller_of(self.request)

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if request.method in ("GET", "HEAD") and self.action in self.list_parameters:
            self._refuse_unknown_parameters(request)

    def _refuse_unknown_parameters(self, request: Request) -> None:
        """A filter misspelt would show rows that nobody asked for. Raises ValidationError at its name."""
        given = request.query_params
        if not FORM_WORDS.isdisjoint(given):
            return
        known = self._known_parameters()
        detail = f"Unknown parameter. There are {', '.join(sorted(known))}."
        faults = {
            printable(name): [ErrorDetail(detail, code="unknown_parameter")]
            for name in given
            if name not in known
        }
        if faults:
            raise ValidationError(faults)

    def _known_parameters(self) -> set[str]:
        action = self.action or ""
        known = {"format", *self.list_parameters[action], *getattr(self.paginator, "parameters", ())}
        if action == "list":
            known |= set(getattr(getattr(self, "filterset_class", None), "base_filters", ()))
            known |= {"ordering" for backend in self.filter_backends if hasattr(backend, "get_ordering")}
        return known

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
