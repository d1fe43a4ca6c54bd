"""Every way a request can go wrong, as a program sees it and as a person sees it."""

import json
from typing import Any

import pytest
from django.db import OperationalError
from django.http import Http404, HttpRequest
from django.test import Client, RequestFactory
from rest_framework import exceptions, serializers
from rest_framework.authentication import BaseAuthentication
from rest_framework.permissions import AllowAny
from rest_framework.renderers import BrowsableAPIRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView

from accounts import errors as domain
from config.api import errors

factory = APIRequestFactory()


class Row(serializers.Serializer[Any]):
    carrier = serializers.CharField()


class Body(serializers.Serializer[Any]):
    amount = serializers.DecimalField(max_digits=8, decimal_places=2)
    shipments = Row(many=True, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["amount"] < 0:
            raise serializers.ValidationError("Never below zero.", code="negative")
        return attrs


class Door(BaseAuthentication):
    """Refuses whoever knocks."""

    def authenticate(self, request: Request) -> None:
        raise exceptions.AuthenticationFailed("Who are you?")

    def authenticate_header(self, request: Request) -> str:
        return 'Api-Key realm="api"'


class Raising(APIView):
    """Raises what it is told to."""

    authentication_classes = []
    permission_classes = [AllowAny]
    renderer_classes = [JSONRenderer, BrowsableAPIRenderer]
    error: Exception = Http404()

    def get(self, request: Request) -> Response:
        raise self.error

    def post(self, request: Request) -> Response:
        body = Body(data=request.data)
        body.is_valid(raise_exception=True)
        return Response({})


def raised(error: Exception, **headers: Any) -> Any:
    return Raising.as_view(error=error)(factory.get("/api/v1/x/", **headers)).render()


def posted(body: Any) -> Any:
    return Raising.as_view()(factory.post("/api/v1/x/", body, format="json")).render()


def faults(response: Any) -> list[tuple[str, str]]:
    return [(fault["pointer"], fault["code"]) for fault in json.loads(response.content)["errors"]]


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (domain.InvalidInput(), 400, "invalid"),
        (domain.PermissionRefused(), 403, "permission_denied"),
        (domain.NotVisible(), 404, "not_found"),
        (domain.Conflict(), 409, "conflict"),
        (domain.StaleRevision(), 409, "stale_revision"),
        (domain.PreconditionFailed(), 412, "precondition_failed"),
        (domain.TooLarge(), 413, "too_large"),
        (Http404(), 404, "not_found"),
        (exceptions.NotFound(), 404, "not_found"),
        (exceptions.PermissionDenied(), 403, "permission_denied"),
        (exceptions.ParseError("bad"), 400, "parse_error"),
        (exceptions.UnsupportedMediaType("text/x"), 415, "unsupported_media_type"),
        (exceptions.Throttled(wait=7), 429, "throttled"),
        (OperationalError("gone"), 503, "database_unavailable"),
    ],
)
def test_each_error_has_its_status_and_code(error: Exception, status: int, code: str) -> None:
    response = raised(error)
    body = json.loads(response.content)
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    assert (body["status"], body["code"], body["type"], body["errors"]) == (status, code, "about:blank", [])
    assert set(body) == {"type", "title", "status", "detail", "code", "errors"}


def test_a_domain_error_brings_its_pointers_and_its_own_members() -> None:
    fault = domain.FieldError(pointer="/seller_id", code="unknown", detail="There is no such seller.")
    error = domain.Conflict("Not now.", errors=[fault], extra={"allowed_actions": ["note"], "status": 1})
    assert json.loads(raised(error).content) == {
        "type": "about:blank",
        "title": "Conflict",
        "status": 409,
        "detail": "Not now.",
        "code": "conflict",
        "errors": [{"pointer": "/seller_id", "code": "unknown", "detail": "There is no such seller."}],
        "allowed_actions": ["note"],
    }


def test_nested_and_listed_faults_have_their_pointers() -> None:
    response = posted({"amount": "much", "shipments": [{"carrier": "DHL"}, {}]})
    assert response.status_code == 400
    assert faults(response) == [("/amount", "invalid"), ("/shipments/1/carrier", "required")]


def test_a_fault_of_the_whole_body_points_at_the_root() -> None:
    assert faults(posted({"amount": "-1"})) == [("", "negative")]
    assert faults(posted([1])) == [("", "invalid")]


def test_names_with_slash_and_tilde_are_escaped() -> None:
    error = exceptions.ValidationError({"a/b~c": ["No."]})
    assert faults(raised(error)) == [("/a~1b~0c", "invalid")]


def test_refused_credentials_name_the_scheme() -> None:
    view = Raising.as_view(authentication_classes=[Door])
    response = view(factory.get("/api/v1/x/")).render()
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == 'Api-Key realm="api"'
    assert json.loads(response.content)["code"] == "authentication_failed"


def test_a_throttled_caller_hears_how_long_to_wait() -> None:
    assert raised(exceptions.Throttled(wait=7))["Retry-After"] == "7"


def test_broken_json_wrong_method_and_wrong_accept() -> None:
    view = Raising.as_view()
    broken = view(factory.post("/api/v1/x/", "{", content_type="application/json")).render()
    assert (broken.status_code, json.loads(broken.content)["code"]) == (400, "parse_error")
    wrong_method = view(factory.delete("/api/v1/x/")).render()
    assert (wrong_method.status_code, json.loads(wrong_method.content)["code"]) == (405, "method_not_allowed")
    wrong_accept = view(factory.get("/api/v1/x/", HTTP_ACCEPT="image/png")).render()
    assert (wrong_accept.status_code, json.loads(wrong_accept.content)["code"]) == (406, "not_acceptable")
    assert wrong_accept["Content-Type"] == "application/problem+json"


def test_a_fault_of_ours_is_left_to_django() -> None:
    with pytest.raises(ZeroDivisionError):
        raised(ZeroDivisionError())


def test_a_person_gets_the_error_as_a_page(client: Client, db: None) -> None:
    response = client.get("/api/v1/claims/", headers={"Accept": "text/html"})
    assert response.status_code == 401
    assert response["Content-Type"] == "text/html; charset=utf-8"
    assert b"not_authenticated" in response.content


def test_an_unknown_address_of_the_api_is_a_problem_too(client: Client, db: None) -> None:
    response = client.get("/api/v1/nothing/here/")
    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["code"] == "not_found"


def test_elsewhere_a_browser_gets_a_page_and_everybody_else_a_problem(client: Client, db: None) -> None:
    page = client.get("/nothing/here/", headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert page["Content-Type"].startswith("text/html")
    for accept in ("", "*/*", "application/json"):
        answer = client.get("/nothing/here/", headers={"Accept": accept} if accept else {})
        assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
        assert answer.json()["code"] == "not_found"


def test_an_announced_length_beyond_every_limit_is_refused_unread(client: Client, settings: Any) -> None:
    settings.REQUEST_MAX_BYTES = 10
    response = client.post("/api/v1/notices/", b"x" * 11, content_type="application/json")
    assert (response.status_code, response.json()["code"]) == (413, "too_large")


def test_the_last_resort_answers_json_but_to_browsers_outside_the_api(rf: RequestFactory) -> None:
    request: HttpRequest = rf.get("/api/v1/claims/")
    assert json.loads(errors.server_error(request).content)["code"] == "server_error"
    assert errors.server_error(rf.get("/admin/", headers={"Accept": "text/html"}))["Content-Type"].startswith(
        "text/html"
    )
