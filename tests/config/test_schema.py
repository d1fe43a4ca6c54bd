"""The OpenAPI document is one: a generator of clients can read it as it is served."""

from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator, validate
from rest_framework.test import APIClient

PATH = "/api/v1/schema/"


@pytest.fixture
def document(db: None) -> Any:
    answer = APIClient().get(PATH, headers={"Accept": "application/vnd.oai.openapi+json"})
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("application/vnd.oai.openapi+json")
    return answer.json()


def test_the_document_is_valid_openapi(document: Any) -> None:
    assert document["openapi"] == "3.1.0"
    assert [fault.message for fault in OpenAPIV31SpecValidator(document).iter_errors()] == []
    validate(document)


@pytest.mark.parametrize(
    ("shape", "name", "kinds"),
    [
        ("AssignRequest", "assignee", ["integer", "null"]),
        ("BulkRequest", "assignee", ["integer", "null"]),
        ("HandOverInRequest", "given_by", ["integer", "null"]),
        ("HandOverInRequest", "taken_by", "integer"),
        ("NoticeRequest", "respond_by", ["string", "null"]),
        ("NewShipmentRequest", "claims_protected", ["boolean", "null"]),
    ],
)
def test_what_may_be_null_says_so_once(document: Any, shape: str, name: str, kinds: Any) -> None:
    assert document["components"]["schemas"][shape]["properties"][name]["type"] == kinds
