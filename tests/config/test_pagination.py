"""Cursor pages over real rows: complete, in order, forward and backward, with and without values."""

from typing import Any, cast
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework import exceptions
from rest_framework.filters import OrderingFilter
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from accounts.models import Seller
from config.api.pagination import CursorPages

pytestmark = pytest.mark.django_db

ORDERINGS = [
    "id",
    "-id",
    "merchant_token",
    "-merchant_token",
    "retention_days",
    "-retention_days",
    "created_at",
]


class View:
    """What the paginator asks of a view."""

    filter_backends: tuple[type, ...] = ()
    ordering_fields = ("retention_days", "merchant_token")

    def __init__(self, ordering: Any) -> None:
        self.ordering = ordering


@pytest.fixture
def sellers() -> None:
    days = [3, None, 1, 2, None, 3, 3, None, 1, 2, 2]
    for number, kept in enumerate(days):
        Seller.objects.create(merchant_token=f"S{number % 4}{number}", name=str(number), retention_days=kept)


def page(url: str, ordering: Any, view: Any = None) -> tuple[list[Any], dict[str, Any]]:
    paginator = CursorPages()
    request = Request(APIRequestFactory().get(url))
    rows = paginator.paginate_queryset(Seller.objects.all(), request, cast(Any, view or View(ordering)))
    body = paginator.get_paginated_response([row.pk for row in rows]).data
    assert isinstance(body, dict)
    return rows, body


def relative(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}"


def expected(ordering: str) -> list[int]:
    """In memory: values in their direction, rows without one last, ties by id in the same direction."""
    name, down = ordering.removeprefix("-"), ordering.startswith("-")
    rows = list(Seller.objects.all())
    with_value = [row for row in rows if getattr(row, name) is not None]
    without = [row for row in rows if getattr(row, name) is None]
    with_value.sort(key=lambda row: (getattr(row, name), row.pk), reverse=down)
    without.sort(key=lambda row: row.pk, reverse=down)
    return [row.pk for row in with_value + without]


@pytest.mark.parametrize("ordering", ORDERINGS)
@pytest.mark.parametrize("size", [1, 2, 3, 5, 10, 11, 12])
def test_pages_forward_and_back_show_every_row_once_in_order(sellers: None, ordering: str, size: int) -> None:
    wanted = expected(ordering)
    url, seen = f"/x/?page_size={size}", []
    last: dict[str, Any] = {}
    while True:
        _, last = page(url, ordering)
        seen.append(last["results"])
        if last["next"] is None:
            break
        url = relative(last["next"])
    assert [pk for part in seen for pk in part] == wanted
    back = [last["results"]]
    while last["previous"] is not None:
        _, last = page(relative(last["previous"]), ordering)
        back.insert(0, last["results"])
    assert [pk for part in back for pk in part] == wanted
    assert last["previous"] is None


def test_a_row_that_comes_or_goes_meanwhile_moves_no_page(sellers: None) -> None:
    _, first = page("/x/?page_size=4", "merchant_token")
    Seller.objects.filter(pk=first["results"][0]).delete()
    Seller.objects.create(merchant_token="A0", name="early")
    _, second = page(relative(first["next"]), "merchant_token")
    assert not set(first["results"]) & set(second["results"])
    assert len(second["results"]) == 4


def test_there_is_no_count_unless_asked(sellers: None) -> None:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        _, body = page("/x/", "id")
    assert set(body) == {"next", "previous", "results"}
    assert len(queries) == 1
    assert page("/x/?count=true&page_size=2", "id")[1]["count"] == 11


def test_the_orderingfilter_of_a_view_is_obeyed(sellers: None) -> None:
    view = View("id")
    view.filter_backends = (OrderingFilter,)
    _, body = page("/x/?ordering=-merchant_token", "id", view)
    assert body["results"] == expected("-merchant_token")


@pytest.mark.parametrize("size", ["0", "201", "-1", "many", "²"])
def test_a_page_size_outside_its_bounds_is_refused(size: str) -> None:
    with pytest.raises(exceptions.ValidationError) as caught:
        page(f"/x/?page_size={size}", "id")
    assert caught.value.detail == {"page_size": ["A whole number from 1 to 200."]}


@pytest.mark.parametrize("cursor", ["abc", "!!", "WzFd", "WyJpZCIsInh4Iiw5OTk5LDBd", "bnVsbA"])
def test_a_cursor_that_is_not_ours_is_refused_at_its_name(cursor: str) -> None:
    with pytest.raises(exceptions.ValidationError) as caught:
        page(f"/x/?cursor={cursor}", "retention_days")
    assert caught.value.get_codes() == {"cursor": ["invalid_cursor"]}


def test_a_cursor_of_another_ordering_is_refused(sellers: None) -> None:
    _, body = page("/x/?page_size=2", "id")
    with pytest.raises(exceptions.ValidationError):
        page(relative(body["next"]), "merchant_token")


def test_a_later_page_is_one_index_range(sellers: None) -> None:
    _, body = page("/x/?page_size=2", "merchant_token")
    with CaptureQueriesContext(connection) as queries:
        page(relative(body["next"]), "merchant_token")
    assert len(queries) == 1
    assert '"merchant_token" >= ' in queries[0]["sql"]
