"""The tour by curl (docs/tour.sh) as a newcomer takes it, against the real product, and looked at by HTTP."""

import json
import re
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.running import ROOT, House, house, open_folder

pytestmark = pytest.mark.slow

PATIENCE_SECONDS = 180


@dataclass
class Visitor:
    """A running house, and somebody with a key of one seller."""

    built: House
    key: str

    def run(self, script: str) -> "subprocess.CompletedProcess[str]":
        """A shell script as a newcomer runs it, in the checkout."""
        environment = {
            **self.built.environment,
            "BASE": self.built.url,
            "KEY": self.key,
            "PYTHON": sys.executable,
        }
        return subprocess.run(
            ["sh", "-eu", "-c", script],
            env=environment,
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE_SECONDS,
        )

    def get(self, path: str) -> Any:
        """An answer of the API."""
        asked = urllib.request.Request(
            f"{self.built.url}/api/v1/{path}", headers={"Authorization": f"Api-Key {self.key}"}
        )
        with urllib.request.urlopen(asked, timeout=30) as answer:
            return json.load(answer)

    def claim_on(self, order: str) -> Any:
        """The one claim on an order, in full."""
        found = self.get(f"claims/?order_id={order}")["results"]
        assert len(found) == 1
        return self.get(f"claims/{found[0]['id']}/")


@pytest.fixture(scope="module")
def visitor() -> Iterator[Visitor]:
    if shutil.which("curl") is None:
        pytest.skip("There is no curl here")
    with open_folder() as folder, house(folder, WEB_WORKERS="1", WORKER_CONCURRENCY="2") as built:
        built.start("--no-demo", wait_seconds=PATIENCE_SECONDS)
        key = built.command("create_api_key", "--seller", "A1TOUR", "--create-seller", "--scopes", "all")
        assert key.returncode == 0, key.stderr
        yield Visitor(built, key.stdout.strip())


def taken_through(claim: Any) -> tuple[Any, ...]:
    """Where the main job has brought a claim."""
    return (
        claim["state"],
        [(clock["kind"], clock["status"]) for clock in claim["deadlines"]],
        [(reply["kind"], reply["status"]) for reply in claim["replies"]],
        [parcel["status"] for parcel in claim["shipments"]],
        [item["name"] for item in claim["evidence"]],
    )


UNDER_REVIEW = (
    "under_review",
    [("response", "met")],
    [("answer", "submitted")],
    ["delivered"],
    ["proof-of-delivery.png"],
)


def test_the_tour_takes_a_claim_from_its_notice_to_the_frozen_reply(visitor: Visitor) -> None:
    done = visitor.run("sh docs/tour.sh")
    assert done.returncode == 0, done.stdout + done.stderr
    last = re.fullmatch(r"Done: claim (\d+), order (\S+)\.", done.stdout.splitlines()[-1])
    assert last is not None
    claim = visitor.claim_on(last[2])
    assert str(claim["id"]) == last[1]
    assert taken_through(claim) == UNDER_REVIEW
    assert [letter["status"] for letter in claim["notices"]] == ["processed"]
    kept = [
        each for each in visitor.get("notices/?status=conflict")["results"] if each["order_id"] == last[2]
    ]
    assert [each["conflicts_with"] for each in kept] == [claim["notices"][0]["id"]]


def test_a_tour_with_a_wrong_key_fails_loudly_at_its_first_step(visitor: Visitor) -> None:
    done = visitor.run("KEY=wrong.key sh docs/tour.sh")
    assert done.returncode == 1
    assert done.stdout == ""
    assert "expected 201, got 401" in done.stderr


def test_the_lines_of_the_readme_take_a_claim_from_its_letter_to_a_frozen_reply(visitor: Visitor) -> None:
    lines = (ROOT / "README.md").read_text().split("```sh\nBASE=")[1].split("```")[0]
    done = visitor.run("BASE=" + lines + "rm -f bundle.pdf bundle.zip reply.json\n")
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.strip().splitlines()[-1] == "under_review"
