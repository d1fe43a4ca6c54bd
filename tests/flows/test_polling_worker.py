"""The real product asks a carrier by itself: beat, broker and worker, with only the carrier played here."""

import json
import time
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from tests.running import House, house, open_folder
from tests.shipping.sources.stub import Reply, Stub

pytestmark = pytest.mark.slow

NUMBER = "9400111206206407628746"
ANSWER = (Path(__file__).parent.parent / "shipping" / "payloads" / "easypost_delivered.json").read_bytes()
PATIENCE_SECONDS = 60
SET_UP = """

from django.utils import timezone
from accounts.actors import SYSTEM
from accounts.models import Seller
from shipping.services.sources import create_source
seller = Seller.objects.get(merchant_token="A1POLL")
create_source(seller=seller, source="easypost", secrets={{"api_key": "the-key"}}, base_url="{url}/v2",
              actor=SYSTEM, now=timezone.now())
"""


def ask(built: House, key: str, path: str, body: Any = None) -> Any:
    headers = {"Authorization": f"Api-Key {key}", "Content-Type": "application/json"}
    data = None if body is None else json.dumps(body).encode()
    asked = urllib.request.Request(f"{built.url}/api/v1/{path}", data=data, headers=headers)
    with urllib.request.urlopen(asked, timeout=30) as answer:
        return json.load(answer)


def test_a_worker_asks_the_carrier_and_the_parcel_knows(make_httpserver: HTTPServer) -> None:
    stub = Stub(make_httpserver)
    stub.says(Reply(b"{}", 503), Reply(ANSWER))
    own = {"OUTGOING_ALLOW_PRIVATE": "1", "SWEEP_SECONDS": "1", "WEB_WORKERS": "1", "WORKER_CONCURRENCY": "3"}
    with open_folder() as folder, house(folder, **own) as built:
        built.start("--no-demo", wait_seconds=120)
        made = built.command("create_api_key", "--seller", "A1POLL", "--create-seller", "--scopes", "all")
        assert made.returncode == 0, made.stderr
        key = made.stdout.strip()
        set_up = built.command("shell", "-c", SET_UP.format(url=stub.url))
        assert set_up.returncode == 0, set_up.stderr
        parcel = {"order_id": "405-1234567-1234567", "tracking_number": NUMBER, "carrier": "USPS",
                  "shipped_at": "2026-11-02T09:00:00Z"}  # fmt: skip
        shipment = ask(built, key, "shipments/", parcel)["id"]
        ends_at = time.monotonic() + PATIENCE_SECONDS
        while (found := ask(built, key, f"shipments/{shipment}/"))["status"] != "delivered":
            assert time.monotonic() < ends_at, (found["polls"][0], built.output()[-3000:])
            time.sleep(0.3)
        (poll,) = found["polls"]
        assert (poll["source"], poll["error"], poll["failures"]) == ("easypost", "", 0)
        assert poll["last_answer_at"] is not None
        (kept,) = found["snapshots"]
        assert (kept["channel"], kept["status"], kept["size"]) == ("poll", "read", len(ANSWER))
        assert {request.headers["Authorization"] for request in stub.asked} == {"Bearer the-key"}
        assert "the-key" not in built.output()
