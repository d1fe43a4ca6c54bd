"""A sender that posts the same letter a hundred times at once, to the real product over real sockets."""

import json
import urllib.error
import urllib.request
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier
from typing import Any

import pytest

from tests.running import House, house, open_folder

pytestmark = pytest.mark.slow

POSTS = 100


def post(built: House, key: str, body: dict[str, Any]) -> tuple[int, Any]:
    """The status and the answer, whatever the status."""
    asked = urllib.request.Request(
        f"{built.url}/api/v1/notices/",
        data=json.dumps(body).encode(),
        headers={"Authorization": f"Api-Key {key}", "Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(asked, timeout=120) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refused:
        return refused.code, json.load(refused)


def test_the_same_letter_a_hundred_times_at_once_is_one_letter_and_one_claim() -> None:
    with open_folder() as folder, house(folder) as built:
        built.start("--no-demo", wait_seconds=120)
        made = built.command("create_api_key", "--seller", "A1MANY", "--create-seller", "--scopes", "all")
        key = made.stdout.strip()
        letter = {
            "notice_id": "the-same",
            "marketplace_id": "ATVPDKIKX0DER",
            "order_id": "111-2223334-4445556",
            "noticed_at": datetime.now(UTC).isoformat(),
            "amount": "34.9",
            "currency": "USD",
        }
        ready = Barrier(POSTS)

        def send() -> tuple[int, int, int]:
            ready.wait()
            status, answer = post(built, key, letter)
            return status, answer["id"], answer["claim"]["id"]

        with ThreadPoolExecutor(POSTS) as pool:
            answers = [f.result() for f in [pool.submit(send) for _ in range(POSTS)]]
        first = next(answer for answer in answers if answer[0] == 201)
        assert Counter(answers) == {first: 1, (200, *first[1:]): POSTS - 1}
        # written otherwise, the same content; other content is refused and both are kept
        assert post(built, key, {**letter, "amount": "34.90"})[:1] == (200,)
        status, conflict = post(built, key, {**letter, "amount": "35"})
        assert (status, conflict["conflicts_with"]) == (409, first[1])
        assert conflict["notice"] != first[1]
