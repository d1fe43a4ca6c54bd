"""The API as pages for people: DRF's browsable API, with a form for changes (PATCH) and our own sign-out.

Which views there are, and what they show, is theirs; this only draws them.
"""

from typing import Any

from rest_framework.exceptions import APIException
from rest_framework.renderers import BrowsableAPIRenderer

from accounts.errors import DomainError


class PageRenderer(BrowsableAPIRenderer):
    """Draws no form for what the caller may not do."""

    template = "accounts/api.html"

    def show_form_for_method(self, view: Any, method: str, request: Any, obj: Any) -> bool:
        if method not in view.allowed_methods:
            return False
        try:
            view.check_permissions(request)
            if obj is not None:
                view.check_object_permissions(request, obj)
        except (APIException, DomainError):
            return False
        return True

    def get_context(
        self, data: Any, accepted_media_type: str | None, renderer_context: Any
    ) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(data, accepted_media_type, renderer_context)
        view, request = renderer_context["view"], renderer_context["request"]
        context["patch_form"] = self.get_rendered_html_form(data, view, "PATCH", request)
        if context["patch_form"]:
            # The page draws both ways of changing in one panel of its own.
            context["raw_patch_form"] = context["raw_data_patch_form"]
            context["raw_data_patch_form"] = context["raw_data_put_or_patch_form"] = None
        return context
