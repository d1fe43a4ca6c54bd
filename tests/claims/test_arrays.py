"""Columns as text come back as what they were."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.db import connection

from claims.services.arrays import array_of

pytestmark = pytest.mark.django_db


def read(text: str, kind: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT %s::{kind}[]", [text])
        return cursor.fetchone()[0]


def test_numbers_and_gaps() -> None:
    assert read(array_of([1, None, -(2**62)]), "bigint") == [1, None, -(2**62)]


def test_moments_keep_their_microseconds_whatever_their_zone() -> None:
    moments = [
        datetime(2026, 11, 16, 9, 0, 0, 123456, tzinfo=UTC),
        datetime(2026, 10, 25, 2, 30, tzinfo=timezone(timedelta(hours=5, minutes=30))),
        None,
    ]
    assert read(array_of(moments), "timestamptz") == moments


def test_truths() -> None:
    assert read(array_of([True, False, None]), "bool") == [True, False, None]


def test_nothing() -> None:
    assert read(array_of([]), "bigint") == []
