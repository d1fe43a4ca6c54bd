"""An account with each source, all of them led to the stub."""

from collections.abc import Callable
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from accounts.actors import Actor
from accounts.models import Seller
from shipping.models import SourceAccount
from shipping.outward import door
from shipping.services.sources import create_source
from shipping.sources.registry import SOURCES
from tests.shipping.conftest import NOW
from tests.shipping.sources.stub import Clock, Stub

OTTO = Actor(user_id=3, integration_id=None, label="otto")


@pytest.fixture
def stub(httpserver: HTTPServer, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Stub:
    found = Stub(httpserver)
    settings.OUTGOING_ALLOW_PRIVATE = True
    settings.AMAZON_TOKEN_BASE_URL = found.url
    settings.SOURCE_ANSWER_SECONDS = 2
    monkeypatch.setattr(door, "FIRST_PAUSE", 0.001)
    return found


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def make_account(acme: Seller, stub: Stub) -> Callable[..., SourceAccount]:
    def make(source: str, **given: Any) -> SourceAccount:
        terms = SOURCES[source].terms
        secrets = {name: f"{name}-of-acme" for name in (*terms.needs, *terms.takes)}
        base = stub.url + ("/v2" if source == "easypost" else "")
        return create_source(
            seller=given.get("seller", acme),
            source=source,
            secrets=secrets,
            base_url=base,
            actor=OTTO,
            now=NOW,
        )

    return make
