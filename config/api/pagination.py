"""Cursor pages: `next`, `previous`, `results`; a count only when asked for, since counting costs a scan.

The ordering is the view's: `?ordering=` through an OrderingFilter, else the view's `ordering`, else `-id`. The
first named field orders, the primary key breaks ties, and NULLs come last whichever way it is turned. A cursor
holds the last row's place, so a page is one index range however deep it lies.
"""

import base64
import binascii
import datetime
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import Q, QuerySet
from django.template import loader
from rest_framework import exceptions
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param
from rest_framework.views import APIView

PAGE_SIZE = 50
MAX_PAGE_SIZE = 200
#: Above this number of parts one sorted read of them all costs less.
PARTS_AT_MOST = 20


@dataclass(frozen=True)
class Ordering:
    """One field and a direction; the primary key follows in the same direction."""

    field: str
    descending: bool

    @classmethod
    def read(cls, text: str) -> "Ordering":
        """`-due_at` is descending."""
        return cls(field=text.removeprefix("-"), descending=text.startswith("-"))

    @property
    def is_unique(self) -> bool:
        """Whether the field alone orders completely."""
        return self.field in {"id", "pk"}


@dataclass(frozen=True)
class Place:
    """The row a page begins after (or, backward, ends before). `value` is None for a row with NULL."""

    ordering: str
    value: str | None
    pk: int
    backward: bool

    def encode(self) -> str:
        """As a query parameter."""
        text = json.dumps([self.ordering, self.value, self.pk, int(self.backward)], separators=(",", ":"))
        return base64.urlsafe_b64encode(text.encode()).decode("ascii").rstrip("=")

    @classmethod
    def decode(cls, text: str, ordering: str) -> "Place":
        """Read a cursor of ours; anything else, or one of another ordering, is refused."""
        try:
            raw = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
            made_for, value, pk, backward = raw
        except (binascii.Error, ValueError, TypeError) as error:
            raise bad_parameter("cursor", "invalid_cursor", "This is not a cursor of this list.") from error
        known = isinstance(value, str | None) and type(pk) is int and backward in (0, 1)
        if not known or made_for != ordering:
            raise bad_parameter("cursor", "invalid_cursor", "This is not a cursor of this list.")
        return cls(ordering=ordering, value=value, pk=pk, backward=bool(backward))


def bad_parameter(name: str, code: str, detail: str) -> exceptions.ValidationError:
    """400 at a query parameter."""
    return exceptions.ValidationError({name: [exceptions.ErrorDetail(detail, code=code)]})


class CursorPages(BasePagination):
    """The pagination of every list."""

    page_size = PAGE_SIZE
    parameters = ("cursor", "page_size", "count")
    template = "rest_framework/pagination/previous_and_next.html"
    display_page_controls = False  # until a page was read: the page of an error has no arrows

    def paginate_queryset(self, queryset: Any, request: Request, view: APIView | None = None) -> list[Any]:
        """One page of rows, and the places of its neighbours."""
        self.base_url = request.build_absolute_uri()
        self.count = queryset.count() if request.query_params.get("count") in {"true", "1"} else None
        size = self.page_size_of(request)
        self.ordering_text = self.ordering_of(request, queryset, view)
        ordering = Ordering.read(self.ordering_text)
        cursor = request.query_params.get("cursor")
        place = Place.decode(cursor, self.ordering_text) if cursor else None
        try:
            rows = rows_after(queryset, ordering, place, size + 1, getattr(view, "page_parts", ()))
        except (ValueError, ValidationError) as error:
            raise bad_parameter("cursor", "invalid_cursor", "This is not a cursor of this list.") from error
        page, more = rows[:size], len(rows) > size
        backward = place is not None and place.backward
        if backward:
            page.reverse()
        has_next, has_previous = (True, more) if backward else (more, place is not None)
        self.next_url = self.url_at(page[-1], ordering, backward=False) if page and has_next else None
        self.previous_url = self.url_at(page[0], ordering, backward=True) if page and has_previous else None
        self.display_page_controls = True
        return page

    def page_size_of(self, request: Request) -> int:
        """`?page_size=` from 1 to 200."""
        text = request.query_params.get("page_size")
        if not text:
            return self.page_size
        if not (text.isascii() and text.isdigit()) or not 1 <= int(text) <= MAX_PAGE_SIZE:
            raise bad_parameter("page_size", "invalid", f"A whole number from 1 to {MAX_PAGE_SIZE}.")
        return int(text)

    def ordering_of(self, request: Request, queryset: QuerySet[Any], view: APIView | None) -> str:
        """The first term that the request, else the view, names."""
        for backend in getattr(view, "filter_backends", ()):
            if hasattr(backend, "get_ordering") and (
                named := backend().get_ordering(request, queryset, view)
            ):
                return str(named[0])
        named = getattr(view, "ordering", None) or ("-id",)
        return str(named if isinstance(named, str) else named[0])

    def url_at(self, row: Any, ordering: Ordering, *, backward: bool) -> str:
        """The address of the page beyond a row."""
        value = value_of(row, ordering.field)
        place = Place(ordering=self.ordering_text, value=value, pk=row.pk, backward=backward)
        return str(replace_query_param(self.base_url, "cursor", place.encode()))

    def get_paginated_response(self, data: Any) -> Response:
        """The page as the contract has it."""
        body = {"next": self.next_url, "previous": self.previous_url, "results": data}
        return Response(body if self.count is None else {"count": self.count, **body})

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """For the OpenAPI schema."""
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {
                "count": {"type": "integer", "description": "Only with ?count=true"},
                "next": link,
                "previous": link,
                "results": schema,
            },
        }

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        """For the OpenAPI schema."""
        size = {"type": "integer", "minimum": 1, "maximum": MAX_PAGE_SIZE, "default": self.page_size}
        return [
            parameter(
                "cursor", {"type": "string"}, "The place where the page begins, from `next` or `previous`."
            ),
            parameter("page_size", size, "Rows a page."),
            parameter("count", {"type": "boolean"}, "Count all rows, which costs time."),
        ]

    def to_html(self) -> str:
        """The arrows of the browsable page."""
        context = {"previous_url": self.previous_url, "next_url": self.next_url}
        return loader.get_template(self.template).render(context)


def parameter(name: str, schema: dict[str, Any], description: str) -> dict[str, Any]:
    """One optional query parameter in OpenAPI."""
    return {"name": name, "in": "query", "required": False, "description": description, "schema": schema}


def value_of(row: Any, field: str) -> str | None:
    """The ordering value of a row as text that the database reads back; `a__b` follows a relation."""
    value = row
    for name in field.split("__"):
        value = None if value is None else getattr(value, name)
    if isinstance(value, datetime.datetime | datetime.date):
        return value.isoformat()
    return None if value is None else str(value)


def may_be_null(queryset: QuerySet[Any], field: str) -> bool:
    """Whether rows may lack the value; an annotation or a followed relation may."""
    try:
        return bool(getattr(queryset.model._meta.get_field(field), "null", True))
    except FieldDoesNotExist:
        return field != "pk"


def rows_after(
    queryset: QuerySet[Any],
    ordering: Ordering,
    place: Place | None,
    limit: int,
    parts: Sequence[Mapping[str, Any]] = (),
) -> list[Any]:
    """Up to `limit` rows beyond a place, in reading direction (reversed when the place points backward).

    `parts` are the values under which an index holds the rows in order, such as one filter for each seller.
    """
    downward = ordering.descending != (place is not None and place.backward)
    sign = "-" if downward else ""
    if ordering.is_unique:
        condition = Q(**{f"pk__{beyond(downward)}": place.pk}) if place else Q()
        return list(walked(queryset.filter(condition).order_by(f"{sign}pk"), limit, parts))
    rows: list[Any] = []
    for condition in ranges_after(ordering, place, downward, may_be_null(queryset, ordering.field)):
        if len(rows) < limit:
            ordered = queryset.filter(condition).order_by(f"{sign}{ordering.field}", f"{sign}pk")
            rows += walked(ordered, limit - len(rows), parts)
    return rows


def ranges_after(ordering: Ordering, place: Place | None, downward: bool, nullable: bool) -> list[Q]:
    """Rows with a value and rows without are read as two ranges, so that each walks an index."""
    without = Q(**{f"{ordering.field}__isnull": True})
    with_value = ~without if nullable else Q()
    if place is None:
        return [with_value, without] if nullable and downward else [Q()]  # upward NULLs come last anyway
    if place.value is not None:
        found = after_value(ordering.field, place, downward)
        return [found, without] if nullable and not place.backward else [found]
    without &= Q(**{f"pk__{beyond(downward)}": place.pk})
    return [without, with_value] if place.backward else [without]


def walked(rows: QuerySet[Any], limit: int, parts: Sequence[Mapping[str, Any]]) -> QuerySet[Any]:
    """The first rows; with several parts each is walked for itself: no index holds them all in order."""
    if not 1 < len(parts) <= PARTS_AT_MOST:
        return rows[:limit]
    walks = [rows.filter(**part).values("pk")[:limit] for part in parts]
    return rows.filter(pk__in=walks[0].union(*walks[1:], all=True))[:limit]


def after_value(field: str, place: Place, downward: bool) -> Q:
    """(field, pk) beyond the place, written so that the first term alone is an index range."""
    more = beyond(downward)
    return Q(**{f"{field}__{more}e": place.value}) & (
        Q(**{f"{field}__{more}": place.value}) | Q(**{f"pk__{more}": place.pk})
    )


def beyond(downward: bool) -> str:
    """The lookup for the rows that follow."""
    return "lt" if downward else "gt"
