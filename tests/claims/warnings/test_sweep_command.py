"""`manage.py sweep`: the engine for those who have no Celery."""

import io
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from accounts.clock import database_now
from accounts.models import Seller
from claims.models import Bundle, EngineHeartbeat, Reply
from tests.claims.stories import hours, letter
from tests.claims.warnings.conftest import People, names
from tests.smtp_sink import Sink


def run() -> str:
    printed = io.StringIO()
    call_command("sweep", stdout=printed)
    return printed.getvalue()


def test_one_call_raises_sends_and_builds(acme: Seller, people: People, sink: Sink) -> None:
    now = database_now()
    letter(acme, at=now - hours(45), now=now)
    assert run() == "raised 1, repeated 0, missed 0, sent 2, failed 0, jobs 1\n"
    assert names(sink.to()) == ["alice", "lea"]
    assert Bundle.objects.get().status == "ready"
    assert Reply.objects.get().status == "draft"
    assert database_now() - EngineHeartbeat.objects.get().last_sweep_at < timedelta(seconds=30)
    assert run() == "raised 0, repeated 0, missed 0, sent 0, failed 0, jobs 0\n"


def test_what_could_not_be_done_is_an_error_for_cron(acme: Seller) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE claims_warning RENAME TO gone")
    with pytest.raises(CommandError, match="Could not repeat warnings"):
        run()
