"""What every viewset of claims shares: roles by object, shapes by action, and a form for every action.

A page in the browser needs something to show where only a POST is defined. So each such action answers GET
with the object and its form below, for people only: programs get 405, and the schema does not know of it.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar, TypeVar

from django.db.models import Model
from django.utils import timezone
from django.utils.functional import cached_property
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import MethodNotAllowed
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer

from accounts.access import require_role
from accounts.api.viewsets import SellerScopedViewSet
from accounts.roles import Role

PAGE = "show_form"
_Method = TypeVar("_Method", bound=Callable[..., Any])


def form_action(*, detail: bool = True, **kwargs: Any) -> Callable[[_Method], _Method]:
    """A POST action at its own address, which a browser may also open to find the form.

    Put it below the other decorators' names as usual: the address is the verb with dashes.
    """

    def mark(method: _Method) -> _Method:
        path = method.__name__.replace("_", "-")
        marked: Any = action(methods=["post"], detail=detail, url_path=path, **kwargs)(method)
        marked.mapping["get"] = PAGE
        return marked  # type: ignore[no-any-return]

    return mark


def seller_id_of(row: Any) -> int:
    """The seller a row belongs to, directly or by its claim."""
    own = getattr(row, "seller_id", None)
    return int(own if own is not None else row.claim.seller_id)


class ClaimsViewSet(SellerScopedViewSet):
    """`inputs` maps actions to what they take, `shape` is what the viewset shows.

    `roles` names the role that an action needs where it is not `agent`; reading needs none beyond seeing.
    """

    shape: ClassVar[type[BaseSerializer[Any]]]
    inputs: ClassVar[Mapping[str, type[BaseSerializer[Any]]]] = {}
    roles: ClassVar[Mapping[str, str]] = {}
    indexed_filters: ClassVar[Sequence[str]] = ()
    http_method_names = ["get", "post", "patch", "head", "options"]

    @property
    def page_parts(self) -> list[dict[str, Any]]:
        """Pages are read seller by seller, and word by word of an indexed filter, as the indexes hold the rows."""
        rows: Any = self.queryset  # type: ignore[arg-type]
        if not hasattr(getattr(rows, "model", None), "seller_id"):
            return []
        parts: list[dict[str, Any]] = [{"seller_id": pk} for pk in sorted(self.caller.seller_ids())]
        for name in self.indexed_filters:
            words = dict.fromkeys(self.request.query_params.getlist(name))
            if words:
                return [{**part, name: word} for part in parts for word in words]
        return parts

    def get_serializer_class(self) -> type[BaseSerializer[Any]]:
        return self.inputs.get(self.action or "", self.shape)

    def get_serializer(self, *args: Any, **kwargs: Any) -> BaseSerializer[Any]:
        """A form opens with what is known already (`form_values`)."""
        serializer: Any = super().get_serializer(*args, **kwargs)
        is_blank = not args and "data" not in kwargs and kwargs.get("instance") is None
        if is_blank and self.action in self.inputs:
            _prefill(serializer, self.form_values())
        return serializer  # type: ignore[no-any-return]

    def form_values(self) -> Mapping[str, Any]:
        """Values a blank form begins with; nested ones as mappings."""
        revision = getattr(self.found, "revision", None)
        return {} if revision is None else {"revision": revision}

    @property
    def found(self) -> Any:
        """The object this request is about, once it was looked up."""
        return getattr(self, "_found", None)

    def get_object(self) -> Any:
        self._found = super().get_object()
        return self._found

    def check_object_permissions(self, request: Request, obj: Any) -> None:
        """What one sees one may read; changing needs a role. Raises PermissionRefused."""
        super().check_object_permissions(request, obj)
        if request.method not in SAFE_METHODS:
            require_role(self.caller, seller_id_of(obj), self.roles.get(self.action or "", Role.AGENT))

    def checked(self, request: Request, **kwargs: Any) -> dict[str, Any]:
        """The body, validated by the action's input. Raises ValidationError."""
        body: Any = self.get_serializer(data=request.data, **kwargs)
        body.is_valid(raise_exception=True)
        values: dict[str, Any] = body.validated_data
        return values

    def shown(
        self, row: Model, status: int = 200, shape: type[BaseSerializer[Any]] | None = None
    ) -> Response:
        """The answer of an action; a plain dict, so that the page below shows the action's form afresh."""
        serializer = (shape or self.shape)(row, context=self.get_serializer_context())
        return Response(dict(serializer.data), status=status)

    def present(self, row: Any) -> Any:
        """The row as `shape` needs it, where that is more than the queryset gives."""
        return row

    def get_serializer_context(self) -> dict[str, Any]:
        """`now` is read once for the whole answer."""
        return {**super().get_serializer_context(), "now": self.now}

    @cached_property
    def now(self) -> datetime:
        return timezone.now()

    def show_form(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The object, with this action's form below."""
        if getattr(request.accepted_renderer, "format", "") != "api":
            raise MethodNotAllowed(request.method or "GET")
        if not self.detail:
            return Response({})
        row = self.present(self.get_object())
        return Response(self.shape(row, context=self.get_serializer_context()).data)

    show_form = extend_schema(exclude=True)(show_form)

    def _allowed_methods(self) -> list[str]:
        """What a program may send: the page with the form is no GET for it."""
        allowed: list[str] = super()._allowed_methods()  # type: ignore[misc]
        if getattr(self, "action_map", {}).get("get") == PAGE:
            return [method for method in allowed if method not in ("GET", "HEAD")]
        return allowed


def _prefill(serializer: Any, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        field = getattr(serializer, "fields", {}).get(name)
        if field is None or value is None:
            continue
        if isinstance(value, Mapping) and hasattr(field, "fields"):
            _prefill(field, value)
        else:
            field.initial = value
