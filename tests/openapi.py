"""Holding answers against the OpenAPI document: an answer that the schema does not describe fails the test."""

import re
from functools import lru_cache
from typing import Any

from drf_spectacular.generators import SchemaGenerator
from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import best_match
from rest_framework.test import APIClient

FILES = ("application/octet-stream", "application/pdf", "application/zip")


@lru_cache(maxsize=1)
def schema() -> dict[str, Any]:
    """The document as `/api/v1/schema/` serves it."""
    made: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return made


@lru_cache(maxsize=1)
def paths() -> list[tuple[re.Pattern[str], str]]:
    """Every path as a pattern; those without parameters first, as the router matches them."""
    templates = sorted(schema()["paths"], key=lambda template: template.count("{"))
    return [
        (re.compile(re.sub(r"\\?\{[^/]+?\\?\}", "[^/]+", template) + r"\Z"), template)
        for template in templates
    ]


def operation_of(method: str, path: str) -> dict[str, Any] | None:
    """The operation that the document has for a request; None where it has none."""
    for pattern, template in paths():
        if pattern.match(path):
            found: dict[str, Any] | None = schema()["paths"][template].get(method.lower())
            return found
    return None


def check_answer(method: str, path: str, answer: Any) -> None:
    """Raises AssertionError where status, media type or body are not what the document says."""
    operation = operation_of(method, path)
    if operation is None:
        assert answer.status_code in (404, 405), f"{method} {path} is not in the schema"
        return
    responses = operation["responses"]
    status = str(answer.status_code)
    described = responses.get(status) or (responses.get("default") if answer.status_code >= 400 else None)
    assert described is not None, f"{method} {path}: status {status} is not in the schema"
    media_type = answer.headers.get("Content-Type", "").split(";")[0]
    content = described.get("content", {})
    if not content:
        return
    if any(file in content for file in FILES):
        return
    assert media_type in content, f"{method} {path}: {media_type} is not in the schema, {sorted(content)} are"
    check_body(content[media_type]["schema"], answer.json(), where=f"{method} {path} {status}")


def check_body(part: dict[str, Any], body: Any, *, where: str) -> None:
    document = {**part, "components": schema()["components"]}
    validator = Draft202012Validator(document, format_checker=FormatChecker())
    fault = best_match(validator.iter_errors(body))
    if fault is not None:
        place = "/".join(str(step) for step in fault.absolute_path)
        raise AssertionError(f"{where}: at /{place}: {fault.message}")


class CheckedClient(APIClient):
    """An API client whose every JSON answer is held against the schema."""

    def generic(  # type: ignore[override]
        self, method: str, path: str, *args: Any, **kwargs: Any
    ) -> Any:
        answer = super().generic(method, path, *args, **kwargs)
        media_type = answer.headers.get("Content-Type", "")
        if path.startswith("/api/v1/") and not media_type.startswith("text/html"):
            check_answer(method, path.split("?", maxsplit=1)[0], answer)
        return answer
