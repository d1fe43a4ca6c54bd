"""Choosing a person in a request: among the active members of one seller who may work for him."""

from collections.abc import Iterator
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.api.choices import option
from accounts.models import Role, User
from accounts.roles import reaches
from accounts.selectors import active_members

LONGEST_ID = 18


@extend_schema_field({"type": "integer"})
class MaybeMemberField(serializers.Field[User | None, Any, Any, Any]):
    """A person by id, an agent or above of the seller `context["seller_id"]`; null where the field allows it."""

    default_error_messages: ClassVar = {
        "invalid": "Give the id of a member.",
        "does_not_exist": "There is no such member.",
    }

    def __init__(self, *, nobody: str = "", **kwargs: Any) -> None:
        self.nobody = nobody
        kwargs.setdefault("style", {"base_template": "select.html"})
        super().__init__(**kwargs)

    def _members(self) -> dict[int, User]:
        seller_id = self.context.get("seller_id")
        if seller_id is None:
            return {}
        return {row.user_id: row.user for row in active_members(seller_id) if reaches(row.role, Role.AGENT)}

    def to_internal_value(self, data: Any) -> User:
        text = str(data).strip()
        plain = text.isascii() and text.isdigit() and len(text) <= LONGEST_ID
        if isinstance(data, bool | float) or not plain:
            self.fail("invalid")
        member = self._members().get(int(text))
        if member is None:
            self.fail("does_not_exist")
        return member

    def to_representation(self, value: Any) -> Any:
        return getattr(value, "pk", value)

    def iter_options(self) -> Iterator[dict[str, Any]]:
        """The choices of a form."""
        if self.allow_null:
            yield option("", self.nobody)
        for pk, user in self._members().items():
            yield option(str(pk), user.get_username())


class MemberField(MaybeMemberField):
    """The same, never null."""


class ShownPersonSerializer(serializers.Serializer[Any]):
    """A person as colleagues see him."""

    id = serializers.IntegerField(read_only=True)
    username = serializers.CharField(read_only=True)
