"""Draws every answer of the API as a page for a person; what may be seen and done is the views' affair.

Which page it is stands in `pages`, where one goes after a form in `after`, how fields look in `forms`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from secrets import token_hex
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.template import loader
from django.utils.safestring import SafeString
from rest_framework.exceptions import ParseError
from rest_framework.parsers import FormParser, MultiPartParser
from rest_framework.renderers import JSONRenderer
from rest_framework.request import override_method

from accounts.api.pages import PageRenderer
from accounts.errors import DomainError
from claims.api.desk.after import next_after
from claims.api.desk.forms import DeskForms, bound, currencies, prefill, stores, unplaced
from claims.api.desk.pages import FOLDER, Page, candidates, page_of
from claims.api.desk.titles import button_of, counted, heading_of, is_grave, said_of
from claims.api.desk.top import Desk, desk_of
from claims.api.desk.ways import explanation_of, way_back, ways_on
from shipping.carriers.registry import KNOWN_PROVIDERS

WRITING = ("POST", "PATCH")
#: Pages that show forms, and which.
_FORMS_ON = {
    "form.html": WRITING,
    "rows.html": WRITING,
    "thing.html": WRITING,
    "tables.html": WRITING,
    "reply.html": ("PATCH",),
    "letters.html": ("POST",),
    "shipments.html": ("POST",),
}


@dataclass(frozen=True)
class Form:
    """One drawn form: where it goes, how, its fields by name, and what is wrong with what was typed."""

    method: str
    action: str
    fields: Mapping[str, SafeString]
    heading: str
    button: str
    is_grave: bool
    faults: list[Mapping[str, str]]
    explanation: str


class DeskRenderer(PageRenderer):
    """HTML for people. After a form was taken a person is sent on (303); programs never come here."""

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> str:
        context = renderer_context or {}
        view, request, response = context["view"], context["request"], context["response"]
        self.accepted_media_type, self.renderer_context = accepted_media_type or "", context
        if request.method in WRITING and response.status_code < HTTPStatus.MULTIPLE_CHOICES:
            onward = next_after(view, data) if isinstance(data, Mapping) else None
            if onward is not None:
                messages.success(request._request, onward.message)
                if request.method == "POST":
                    response.status_code = HTTPStatus.SEE_OTHER  # the page's script follows a PATCH itself
                response["Location"] = onward.url
                return ""
        desk = desk_of(request)
        page = self._page(view, request, response, data, desk)
        content = {**self._frame(view, request, response, data, desk), **page.context}
        return str(loader.get_template(FOLDER + page.template).render(content, request=request))

    def _page(self, view: Any, request: Any, response: Any, data: Any, desk: Desk) -> Page:
        """The page of an answer, with the form that belongs on it."""
        status = response.status_code
        if status >= HTTPStatus.BAD_REQUEST:
            return self._refusal(view, request, data, desk, status)
        if request.method in WRITING:  # an answer that must be seen: a key shown once, results of a bulk
            return Page("thing.html", {"thing": data, "forms": self._forms(view, request, desk, WRITING)})
        page = page_of(view, request, data, desk)
        methods = _asked_forms(request) or _FORMS_ON.get(page.template, ())
        context = {"answer": data, "forms": self._forms(view, request, desk, methods), **page.context}
        if page.template == "form.html":
            return Page("form.html", {**context, **self._subject(view, data, desk)})
        return Page(page.template, context)

    def _refusal(self, view: Any, request: Any, problem: Any, desk: Desk, status: int) -> Page:
        """The form again with its faults; without a form, what happened and what to do."""
        if status == HTTPStatus.BAD_REQUEST and request.method in WRITING:
            form = self._form(view, request, request.method, desk, problem)
            if form is not None:
                shown = {**problem, "detail": counted(problem)}
                return Page(
                    "form.html", {"forms": [form], "problem": shown, **self._subject(view, None, desk)}
                )
        context = {"problem": problem, "advice": said_of(status, problem), "allowed": ways_on(view, problem)}
        return Page("problem.html", {**context, "back": way_back(view), "list_url": request.path})

    def _frame(self, view: Any, request: Any, response: Any, data: Any, desk: Desk) -> dict[str, Any]:
        """What the base template shows around every page."""
        found = getattr(view, "found", None)
        shown = data if response.status_code < HTTPStatus.BAD_REQUEST else {}
        return {
            "desk": desk,
            "zone": desk.zone,
            "view": view,
            "request": request,
            "user": request.user,
            "heading": heading_of(view, found),
            "description": explanation_of(view, getattr(view, "action", None) or ""),
            "back": way_back(view),
            "here": getattr(view, "basename", ""),
            "next_url": shown.get("next") if isinstance(shown, Mapping) else None,
            "previous_url": shown.get("previous") if isinstance(shown, Mapping) else None,
            "status": response.status_code,
            "stores": stores(),
            "currencies": currencies(),
            "providers": KNOWN_PROVIDERS,
            "content": self._for_programs(data),
            "sweep_seconds": settings.SWEEP_SECONDS,
        }

    def _for_programs(self, data: Any) -> str:
        text: bytes = JSONRenderer().render(data, "application/json", {"indent": 2})
        return text.decode()

    def _forms(self, view: Any, request: Any, desk: Desk, methods: Sequence[str]) -> list[Form]:
        """Those of this address that the caller may send."""
        found = (self._form(view, request, method, desk, None) for method in methods)
        return [form for form in found if form is not None]

    def _form(self, view: Any, request: Any, method: str, desk: Desk, problem: Any) -> Form | None:
        if not hasattr(view, "get_serializer") or not _takes_forms(view) or not _may(view, desk):
            return None
        row = getattr(view, "found", None)
        row = row if row is not None else _looked_up(view)
        with override_method(view, request, method) as asked:
            if not self.show_form_for_method(view, method, asked, row):
                return None
            faults = list((problem or {}).get("errors", []))
            serializer = self._serializer(view, request, method, row, faults if problem else None)
            if serializer is None:
                return None
            action = str(view.action)
            drawn = DeskForms().draw(serializer)
            return Form(
                method=method,
                action=request.get_full_path(),
                fields=drawn,
                heading=heading_of(view, row),
                button=button_of(view, action),
                is_grave=is_grave(action),
                faults=unplaced(serializer, faults),
                explanation=explanation_of(view, action),
            )

    def _serializer(self, view: Any, request: Any, method: str, row: Any, faults: Any) -> Any:
        """Blank, of the row, or (with faults) of what was typed."""
        if faults is not None:
            try:
                typed = request.data
            except ParseError:
                return None
            known = {"instance": row, "partial": True} if method == "PATCH" else {}
            return bound(view.get_serializer(data=typed, **known), faults)
        if method == "PATCH":
            return view.get_serializer(instance=row)
        serializer = view.get_serializer()
        prefill(serializer, {**_suggested(view), **dict(request.query_params.items())})
        return serializer

    def _subject(self, view: Any, data: Any, desk: Desk) -> dict[str, Any]:
        """What a form is about, beside it: the claim, the text to be pasted, the letter to be placed."""
        found = getattr(view, "found", None)
        basename = getattr(view, "basename", "")
        subject: dict[str, Any] = {"subject": found if basename in ("claim", "deadline") else None}
        if basename == "shipment":
            subject["parcel"] = _looked_up(view)
        if basename == "reply" and found is not None:
            subject["reply"] = view.shape(found, context=view.get_serializer_context()).data
        if basename == "notice" and found is not None:
            letter = data or view.shape(found, context=view.get_serializer_context()).data
            subject |= {"letter": letter, "candidates": candidates(letter, desk)}
        return subject


def _asked_forms(request: Any) -> tuple[str, ...]:
    given = request.query_params
    return ("POST",) if "new" in given else ("PATCH",) if "edit" in given else ()


def _takes_forms(view: Any) -> bool:
    return any(issubclass(parser, FormParser | MultiPartParser) for parser in view.parser_classes)


def _may(view: Any, desk: Desk) -> bool:
    """A person who only looks on gets no form of the desk; others' views decide for themselves."""
    return desk.may_write_somewhere or view.basename not in (
        "claim",
        "notice",
        "shipment",
        "reply",
        "deadline",
    )


def _looked_up(view: Any) -> Any:
    """The row of this address, for views that do not keep it."""
    if not getattr(view, "detail", False) or not view.kwargs:
        return None
    try:
        return view.get_object()
    except (AssertionError, ObjectDoesNotExist, DomainError):
        return None


def _suggested(view: Any) -> dict[str, str]:
    if (view.basename, view.action) != ("notice", "create"):
        return {}
    return {"notice_id": f"typed-{token_hex(5)}"}
