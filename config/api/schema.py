"""What the OpenAPI schema says of every operation: its errors are problem+json."""

from typing import Any

from drf_spectacular.openapi import AutoSchema

from config.api.errors import MEDIA_TYPE

PROBLEM = {
    "type": "object",
    "description": "RFC 9457 problem details. Some problems carry further members, such as allowed_actions.",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "pointer": {"type": "string", "description": "JSON pointer (RFC 6901) into the body"},
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                },
                "required": ["pointer", "code", "detail"],
            },
        },
    },
    "required": ["type", "title", "status", "detail", "code", "errors"],
    "additionalProperties": True,
}


class ProblemAwareSchema(AutoSchema):
    """drf-spectacular's view of an operation; the place for what holds for all of them."""


def add_problem_component(result: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """Name the problem once and give every operation a default answer of that form."""
    result.setdefault("components", {}).setdefault("schemas", {})["Problem"] = PROBLEM
    answer = {
        "description": "A problem",
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for operations in result.get("paths", {}).values():
        for operation in operations.values():
            if isinstance(operation, dict) and "responses" in operation:
                operation["responses"].setdefault("default", answer)
    return result
