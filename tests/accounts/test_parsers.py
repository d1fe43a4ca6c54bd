"""JSON as it comes: marked, nested, broken, and with names that stand twice."""

import json
from io import BytesIO
from typing import Any

import pytest
from rest_framework.exceptions import ParseError

from accounts.api.parsers import FAULTS_AT_MOST, BoundedJSONParser
from accounts.errors import InvalidInput


def parsed(body: str | bytes) -> Any:
    return BoundedJSONParser().parse(BytesIO(body.encode() if isinstance(body, str) else body))


def pointers(body: str) -> list[str]:
    with pytest.raises(InvalidInput) as refused:
        parsed(body)
    assert {fault.code for fault in refused.value.errors} == {"given_twice"}
    return [fault.pointer for fault in refused.value.errors]


def test_a_body_is_read_as_it_is_also_behind_a_byte_order_mark() -> None:
    body = {
        "order_id": "402-3427577-1965903",
        "shipments": [{"carrier": "DHL"}, {"carrier": "DHL"}],
        "a": None,
    }
    assert parsed(json.dumps(body)) == body
    assert parsed(b"\xef\xbb\xbf" + json.dumps(body).encode()) == body


def test_a_name_given_twice_is_refused_wherever_it_stands_even_with_the_same_value() -> None:
    assert pointers('{"order_id": "1", "order_id": "2"}') == ["/order_id"]
    assert pointers('{"a": 1, "a": 1, "b": 2, "c": 3, "c": 3}') == ["/a", "/c"]
    assert pointers('{"ship_to": {"city": "Rome", "city": "Milan"}}') == ["/ship_to/city"]
    assert pointers('{"shipments": [{}, {"carrier": "UPS", "carrier": "DHL"}]}') == ["/shipments/1/carrier"]
    assert pointers('[{"a/b~c": 1, "a/b~c": 2}]') == ["/0/a~1b~0c"]


def test_the_faults_of_a_hostile_body_are_bounded() -> None:
    names = ",".join(f'"n{number}":0,"n{number}":1' for number in range(20_000))
    assert len(pointers("{" + names + "}")) == FAULTS_AT_MOST


@pytest.mark.parametrize("body", ["", "{", '{"a": NaN}', '{"a": ' + "9" * 10_000 + "}", b'{"a": "\xff"}'])
def test_what_is_no_json_is_a_parse_error(body: str | bytes) -> None:
    with pytest.raises(ParseError, match="JSON parse error"):
        parsed(body)


def test_brackets_by_the_thousand_are_a_parse_error() -> None:
    for body in ("[" * 100_000 + "]" * 100_000, '{"a":' * 50_000 + "1" + "}" * 50_000):
        with pytest.raises(ParseError, match="nested too deep"):
            parsed(body)


@pytest.mark.parametrize("charset", ["klingon", "bz2_codec"])
def test_a_charset_that_is_none_is_a_parse_error(charset: str) -> None:
    with pytest.raises(ParseError, match=f"charset {charset} is not known"):
        BoundedJSONParser().parse(BytesIO(b"{}"), parser_context={"encoding": charset})
