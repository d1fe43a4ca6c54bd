"""ACME's people, a mail server, and a clock that the tests turn by hand."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from accounts.clock import database_now
from accounts.models import Role, Seller, User, WarningChannel
from claims.models import Claim, Deadline, Delivery, Warning
from claims.services.deliveries import Delivered, deliver_due
from claims.services.engine import Round, sweep
from tests.claims.conftest import member
from tests.claims.stories import claim_of, hours, letter
from tests.smtp_sink import Sink, running_sink

OPERATOR = "operator@example.com"


@pytest.fixture(autouse=True)
def _house(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    settings.OPERATOR_EMAIL = OPERATOR
    settings.BASE_URL = "https://claims.example.com"


@pytest.fixture
def sink(settings: Any) -> Iterator[Sink]:
    with running_sink() as running:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST = "127.0.0.1"
        settings.EMAIL_PORT = running.port
        settings.EMAIL_TIMEOUT = 5
        yield running


@dataclass(frozen=True)
class People:
    """An agent on call, one who is not, a lead and an owner."""

    alice: User
    anna: User
    lea: User
    olga: User


@pytest.fixture
def people(acme: Seller) -> People:
    return People(
        alice=member("alice", acme, Role.AGENT, on_call=True),
        anna=member("anna", acme, Role.AGENT),
        lea=member("lea", acme, Role.LEAD),
        olga=member("olga", acme, Role.OWNER),
    )


def swept(now: datetime) -> Round:
    """One round, with nothing in it that failed."""
    done = sweep(now=now)
    assert done.failed == []
    return done


def delivered(now: datetime) -> Delivered:
    """One round of sending in which no time passes."""
    return deliver_due(now=lambda: now)


def warned(now: datetime) -> None:
    """Sweep, then send."""
    swept(now)
    delivered(now)


def stages(about: Claim | Deadline) -> list[tuple[str, str]]:
    """Every warning, in the order they were raised, as (stage, status)."""
    key = "claim" if isinstance(about, Claim) else "deadline"
    return list(Warning.objects.filter(**{key: about}).order_by("id").values_list("stage", "status"))


def names(addresses: list[str]) -> list[str]:
    """Who an address belongs to, sorted."""
    return sorted(address.split("@")[0] for address in addresses)


def many_quiet_clocks(seller: Seller, number: int) -> None:
    """Open ones whose next stage is days away; all that was raised for them sent, by mail and by the channel 1."""
    claim, now = claim_of(letter(seller)), database_now()
    later = now + hours(72)
    clocks = Deadline.objects.bulk_create(
        Deadline(
            seller=seller, claim=claim, kind="response", basis="policy", noticed_at=now, started_at=now,
            created_at=now, due_at=later, target_at=later, next_warn_at=later,
        )
        for _ in range(number)
    )  # fmt: skip
    warnings = Warning.objects.bulk_create(
        Warning(
            seller=seller, claim=claim, deadline=clock, stage="at_once", stage_at=now, created_at=now,
            status="sent",
        )
        for clock in clocks
    )  # fmt: skip
    room = WarningChannel.objects.create(
        pk=1, seller=seller, kind="apprise", label="Room", target_encrypted="x", target_hint="x"
    )
    sent = {"status": "sent", "created_at": now, "recipient": "somebody"}
    Delivery.objects.bulk_create(
        Delivery(**sent, warning=warning, channel=channel, target=target)
        for warning in warnings
        for channel, target in (("email", None), ("apprise", room))
    )
