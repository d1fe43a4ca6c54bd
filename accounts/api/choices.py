"""Fields that a form shows as a choice: yes or no, and which seller.

Import them from `fields.py`, with all the others.
"""

from collections.abc import Iterator
from typing import Any, ClassVar

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.fields import SkipField

from accounts.access import caller_of
from accounts.models import Seller
from accounts.selectors import sellers_visible_to


def option(value: str, text: str) -> dict[str, Any]:
    """One choice as DRF's select templates read it."""
    return {
        "start_option_group": False,
        "end_option_group": False,
        "value": value,
        "display_text": text,
        "disabled": False,
    }


class YesNoField(serializers.BooleanField):
    """A boolean that a form shows as a choice: an unticked box is not sent, so it could not switch off."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("style", {"base_template": "select.html"})
        super().__init__(**kwargs)

    def iter_options(self) -> Iterator[dict[str, Any]]:
        yield option("false", "No")
        yield option("True", "Yes")


@extend_schema_field(OpenApiTypes.STR)
class VisibleSellerField(serializers.Field[Seller, Any, str, Any]):
    """A seller by merchant token, among those the caller may see; any other answers as if there were none.

    Not required: left out, it is the caller's only seller (a key has one); with several it must be said.
    """

    default_error_messages: ClassVar = {
        "does_not_exist": "There is no such seller.",
        "required": "You work for several sellers: say which one.",
        "no_seller": "You belong to no seller.",
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        kwargs.setdefault("label", "Seller")
        kwargs.setdefault("style", {"base_template": "select.html"})
        super().__init__(**kwargs)

    def _visible(self) -> list[Seller]:
        return list(sellers_visible_to(caller_of(self.context["request"])))

    def get_default(self) -> Any:
        root_is_partial = getattr(self.root, "partial", False)
        if root_is_partial or "request" not in self.context:
            raise SkipField()
        caller = caller_of(self.context["request"])
        if caller.integration is not None:
            return caller.integration.seller
        sellers = self._visible()
        if len(sellers) != 1:
            self.fail("required" if sellers else "no_seller")
        return sellers[0]

    def to_internal_value(self, data: Any) -> Seller:
        if not isinstance(data, str):
            self.fail("does_not_exist")
        caller = caller_of(self.context["request"])
        token = data.strip()
        if caller.integration is not None and caller.integration.seller.merchant_token == token:
            return caller.integration.seller
        if "\x00" in token:
            self.fail("does_not_exist")
        seller = sellers_visible_to(caller).filter(merchant_token=token).first()
        if seller is None:
            self.fail("does_not_exist")
        return seller

    def to_representation(self, value: Seller) -> str:
        return value.merchant_token if isinstance(value, Seller) else str(value)

    def iter_options(self) -> Iterator[dict[str, Any]]:
        """The choices of the browsable form: only the caller's own sellers."""
        for seller in self._visible():
            yield option(seller.merchant_token, str(seller))
