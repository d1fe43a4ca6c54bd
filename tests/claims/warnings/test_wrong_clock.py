"""An engine whose own clock is an hour off warns as one whose clock is right: the time is the database's."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as configured

from accounts.clock import database_now
from accounts.models import Seller
from tests.claims.stories import claim_of, hours, letter
from tests.claims.warnings.conftest import People, stages
from tests.running import NOT_INHERITED, ROOT, database_url
from tests.smtp_sink import Sink
from tests.wrong_clock import running_wrist

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("off", ["+1h", "-1h"])
def test_an_hour_off_in_the_engines_clock_changes_no_stage_and_no_word(
    acme: Seller, people: People, sink: Sink, tmp_path: Path, off: str
) -> None:
    now = database_now()
    early = claim_of(letter(acme, order_id="402-3427577-0000001", at=now - hours(43.5), now=now))
    late = claim_of(letter(acme, order_id="402-3427577-0000002", at=now - hours(44.5), now=now))
    inherited = {name: value for name, value in os.environ.items() if name not in NOT_INHERITED}
    own = {
        "DATA_DIR": str(tmp_path),
        "DATABASE_URL": database_url(),
        "SECRET_KEY": configured.SECRET_KEY,
        "ENCRYPTION_KEYS": ",".join(configured.ENCRYPTION_KEYS),
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": str(sink.port),
        "PYTHONWARNINGS": "ignore",
    }
    with running_wrist() as wrist:
        wrist.set(off)
        ran = subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), "sweep", "--seconds", "5"],
            env={**inherited, **own, **wrist.python_environment},
            capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.startswith("raised 2, repeated 0, missed 0, sent 4, failed 0")
    assert (stages(early)[-1], stages(late)[-1]) == (("12h", "sent"), ("4h", "sent"))
    left = {mail.subject.partition(" left: ")[0][:5] for mail in sink.mails}
    assert left == {"4 h 2", "3 h 2"}
