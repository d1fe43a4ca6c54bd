"""Strict bodies: what is unknown or unstorable is refused at its own pointer, in forms as in JSON."""

import json
from typing import Any, ClassVar

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st
from rest_framework import serializers

from accounts.api.fields import (
    StrictSerializer,
    YesNoField,
)


class Place(StrictSerializer):
    city = serializers.CharField(required=False, allow_blank=True)
    region = serializers.CharField(required=False, allow_blank=True)


class Parcel(StrictSerializer):
    number = serializers.CharField()
    place = Place(required=False)


class Letter(StrictSerializer):
    free_fields: ClassVar = frozenset({"payload"})

    id = serializers.IntegerField(read_only=True)
    kind = serializers.ChoiceField(choices=["a", "b"], required=False)
    count = serializers.IntegerField(required=False)
    place = Place(required=False)
    parcels = Parcel(many=True, required=False)
    payload = serializers.JSONField(required=False)
    is_open = YesNoField(required=False)


def faults(data: Any, shape: type[StrictSerializer] = Letter, **options: Any) -> Any:
    body = shape(data=data, **options)
    assert not body.is_valid()
    return json.loads(json.dumps(body.errors, default=str)), body.errors


def test_an_unknown_field_is_refused_wherever_it_stands() -> None:
    _, errors = faults({"x": 1, "place": {"y": 1}, "parcels": [{"number": "1"}, {"number": "2", "z": 1}]})
    assert errors["x"][0].code == "unknown_field"
    assert errors["place"]["y"][0].code == "unknown_field"
    assert list(errors["parcels"]) == [1]
    assert errors["parcels"][1]["z"][0].code == "unknown_field"


def test_unknown_fields_are_told_together_with_other_faults() -> None:
    _, errors = faults({"x": 1, "count": "many"})
    assert {name: error[0].code for name, error in errors.items()} == {
        "x": "unknown_field",
        "count": "invalid",
    }


def test_a_field_that_is_only_read_is_not_written() -> None:
    assert faults({"id": 3})[1]["id"][0].code == "read_only_field"


def test_a_form_may_carry_its_token_and_nested_names() -> None:
    form = QueryDict("csrfmiddlewaretoken=t&kind=a&place.city=Rome&parcels[0]number=1")
    body = Letter(data=form)
    assert body.is_valid(), body.errors
    assert body.validated_data["place"] == {"city": "Rome"}


def test_a_form_with_another_name_is_refused() -> None:
    assert faults(QueryDict("kind=a&x=1&place.z=2"))[1]["x"][0].code == "unknown_field"
    assert faults(QueryDict("place.city=Rome&place.z=2"))[1]["place"]["z"][0].code == "unknown_field"


def test_an_empty_group_of_a_form_is_a_group_not_given() -> None:
    body = Letter(data=QueryDict("kind=a&place.city=&place.region="))
    assert body.is_valid(), body.errors
    assert "place" not in body.validated_data


def test_a_form_can_change_a_yes_into_a_no() -> None:
    body = Letter(data=QueryDict("is_open=false"), partial=True)
    assert body.is_valid()
    assert body.validated_data == {"is_open": False}


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        ({"kind": "a\ud800"}, "kind", "surrogate_characters_not_allowed"),
        ({"kind": "\x00"}, "kind", "null_characters_not_allowed"),
        ({"count": 2**63}, "count", "out_of_range"),
        ({"count": -(10**400)}, "count", "out_of_range"),
        ({"count": float("inf")}, "count", "not_finite"),
        ({"count": float("nan")}, "count", "not_finite"),
        ({"\ud800": 1}, "\\ud800", "unknown_field"),
        ({"a\x00": 1}, "a\\x00", "unknown_field"),
    ],
)
def test_what_no_column_can_hold_is_refused_and_can_be_printed(data: Any, name: str, code: str) -> None:
    _, errors = faults(data)
    assert errors[name][0].code == code
    json.dumps(errors, ensure_ascii=False, default=str).encode()


@pytest.mark.parametrize(
    ("data", "way"),
    [
        ({"parcels": [{"number": "1"}, {"number": "2\x00"}]}, ["parcels", "1", "number"]),
        ({"parcels": [{"number": "1", "place": {"city": "\ud800"}}]}, ["parcels", "0", "place", "city"]),
        ({"place": {"city": ["a", {"b": 2**63}]}}, ["place", "city", "1", "b"]),
        ({"place": {"a\x00": 1}}, ["place", "a\\x00"]),
    ],
)
def test_what_no_column_can_hold_is_pointed_at_where_it_stands(data: Any, way: list[str]) -> None:
    found: Any = faults(data)[1]
    for step in way:
        assert list(found) == [step]
        found = found[step]
    assert len(found) == 1


def test_depth_is_no_danger() -> None:
    deep: Any = "x\x00"
    for _ in range(5000):
        deep = [deep]
    assert faults({"count": deep})[1]["count"][0].code == "too_deep"
    assert faults({"payload": deep})[1]["payload"][0].code == "too_deep"


def test_what_is_kept_as_it_came_is_not_searched() -> None:
    assert Letter(data={"payload": {"n": 10**30}}).is_valid()


@given(
    st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), st.lists, max_leaves=20)
)
def test_no_value_makes_a_strict_body_fail_in_any_other_way(value: Any) -> None:
    for data in (value, {"kind": value}, {"place": value}, {"parcels": value}, {str(value): value}):
        body = Letter(data=data)
        if not body.is_valid():
            json.dumps(body.errors, ensure_ascii=False, default=str).encode()
