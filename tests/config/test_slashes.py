"""A post without the last slash is sent on as a post: no receipt for what was never taken in."""

import pytest
from django.test import Client


@pytest.mark.parametrize("method", ["get", "post", "patch"])
def test_an_address_without_its_last_slash_takes_method_and_body_along(method: str) -> None:
    answer = getattr(Client(), method)("/api/v1/notices?page_size=5", {}, content_type="application/json")
    assert (answer.status_code, answer.headers["Location"]) == (308, "/api/v1/notices/?page_size=5")
