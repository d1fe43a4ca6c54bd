"""The main job in a real browser on the real product: after `/` was opened there is only clicking and typing.

`make screenshots` keeps what it saw in var/screenshots, with the pages of the bundle's PDF.
"""

import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import time
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.running import House, house, open_folder

pytestmark = pytest.mark.slow

PATIENCE_MS = 90_000
ORDER = "405-7654321-1234567"
NUMBER = "00340434161094021501"
PASSWORD = "correct-horse-battery"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NEW_AGENT = f"""
from accounts.models import Membership, Seller, User
from accounts.services.sellers import create_seller
from django.utils import timezone
seller = create_seller(merchant_token="A1ACME", name="ACME", time_zone="Europe/Berlin", now=timezone.now())
user = User.objects.create_user("alice", "alice@example.com", "{PASSWORD}")
Membership.objects.create(user=user, seller=seller, role="agent", on_call=True)
"""


@pytest.fixture
def chromium() -> Iterator[Browser]:
    """Debian's Chromium; the tests are skipped, visibly, where it is missing."""
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if found is None:
        pytest.skip("There is no chromium here")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def running() -> Iterator[House]:
    with open_folder() as folder, house(folder, WEB_WORKERS="1", WORKER_CONCURRENCY="2") as built:
        built.start("--no-demo")
        made = built.command("shell", "-c", NEW_AGENT)
        assert made.returncode == 0, made.stderr
        until_watched(built)
        yield built


def until_watched(built: House) -> None:
    """The first round of the engine is done: no page says that nothing watches the clocks."""
    end = time.monotonic() + PATIENCE_MS / 1000
    while built.status("/health/deadlines") != 200:
        assert time.monotonic() < end, built.output()[-4000:]
        time.sleep(0.2)


@pytest.fixture
def shots(tmp_path: Path) -> Path:
    """Where pictures go: SCREENSHOTS_DIR, else a folder that is thrown away."""
    folder = Path(os.environ.get("SCREENSHOTS_DIR") or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def page(chromium: Browser, running: House, shots: Path) -> Iterator[Page]:
    """A tab of an agent in Berlin. Where a test fails, pytest prints where it stood and what the house said."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, timezone_id="Europe/Berlin")
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    context.set_default_timeout(PATIENCE_MS)
    expect.set_options(timeout=PATIENCE_MS)
    tab = context.new_page()
    yield tab
    print(f"It stood at {tab.url}:\n{tab.inner_text('body')[:3000]}\n{running.output()[-6000:]}")  # noqa: T201
    context.close()


def photograph(page: Page, folder: Path, name: str) -> None:
    """The page as on a desk and as on a phone; never wider than the screen."""
    for label, width in (("desk", 1280), ("phone", 390)):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, (name, label)
        page.screenshot(path=folder / f"{name}-{label}.png", full_page=True)
    page.set_viewport_size({"width": 1280, "height": 900})


def proof_picture() -> bytes:
    picture = Image.new("RGB", (800, 400), "white")
    ImageDraw.Draw(picture).text((40, 180), f"Delivered, signed: Jane Doe, {NUMBER}", fill="black")
    written = io.BytesIO()
    picture.save(written, "PNG")
    return written.getvalue()


def tracking(delivered_at: datetime) -> str:
    event = {
        "status": "delivered",
        "text": "Delivered",
        "occurred_at": delivered_at.isoformat(),
        "place": {"city": "Berlin", "postal_code": "10119", "country_code": "DE"},
    }
    return json.dumps({"events": [event], "received_by": "Jane Doe"})


def sign_in(page: Page, url: str) -> None:
    page.goto(f"{url}/")
    page.get_by_label("User name").fill("alice")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="No claim yet")).to_be_visible()


def type_the_letter(page: Page, noticed_at: datetime) -> None:
    """First with a time that names no zone: refused at its field, nothing typed is lost."""
    page.get_by_role("link", name="New letter").first.click()
    page.get_by_label("Amazon order").fill(ORDER)
    page.get_by_label("Marketplace").fill("A1PA6795UKMFR9")
    page.get_by_label("Sent by Amazon at").fill(noticed_at.replace(tzinfo=None).isoformat())
    page.get_by_label("Reason", exact=True).select_option(label="Not received")
    page.get_by_label("Buyer's comment").fill("It never came.\nPlease help.")
    page.get_by_label("Amount", exact=True).fill("34.90")
    page.get_by_label("Currency").fill("EUR")
    page.get_by_text("Buyer's address").click()
    for label, text in (("Name", "Jane Doe"), ("Street", "Schönhauser Allee 5"), ("City", "Berlin"),
                        ("Postcode", "10119"), ("Country", "DE")):  # fmt: skip
        page.get_by_label(label, exact=True).fill(text)
    page.get_by_role("button", name="Take the letter in").click()
    fault = page.locator("#e-noticed_at")
    expect(fault).to_contain_text("The offset from UTC is missing")
    expect(page.get_by_label("Amazon order")).to_have_value(ORDER)
    expect(page.get_by_label("Buyer's comment")).to_have_value("It never came.\nPlease help.")
    page.get_by_label("Sent by Amazon at").fill(noticed_at.isoformat())
    page.get_by_role("button", name="Take the letter in").click()
    expect(page.get_by_role("heading", name=ORDER)).to_be_visible()


def add_the_parcel(page: Page, delivered_at: datetime) -> None:
    page.get_by_role("link", name="Add a shipment").click()
    expect(page.get_by_label("Amazon order")).to_have_value(ORDER)
    page.get_by_label("Tracking number").fill(NUMBER)
    page.get_by_label("Carrier").fill("DHL")
    page.get_by_role("button", name="Save the parcel").click()
    page.get_by_role("link", name="Post tracking").click()
    expect(page.get_by_label("Where the answer is from")).to_have_value("normal")
    page.get_by_label("The carrier's answer").fill(tracking(delivered_at))
    page.get_by_role("button", name="Save and read the answer").click()
    parcel = page.locator("#shipments")
    expect(parcel).to_contain_text("Delivered")
    expect(parcel).to_contain_text("Jane Doe")


def hand_in_the_proof(page: Page, picture: bytes) -> None:
    page.locator("#evidence").get_by_role("link", name="Add evidence").click()
    page.get_by_label("Kind").select_option(label="Carrier's proof of delivery")
    page.get_by_label("File").set_input_files(
        {"name": "proof.png", "mimeType": "image/png", "buffer": picture}
    )
    page.get_by_role("button", name="Keep this evidence").click()
    expect(page.locator("#evidence")).to_contain_text("proof.png")


def wait_for_the_bundle(page: Page) -> None:
    """Worker and sweep make it on their own; the page shows it without being asked for."""
    rows = page.locator("#checklist tbody tr")
    for _ in range(30):
        expect(page.locator("[data-job]")).to_have_count(0, timeout=PATIENCE_MS)
        proof = rows.filter(has_text="proof of delivery").first
        if "Provided" in proof.inner_text() and page.locator("#bundle").get_by_role("link").count() >= 3:
            return
        page.wait_for_timeout(1000)
        page.get_by_role("link", name="Queue").first.click()
        page.get_by_role("link", name=ORDER).first.click()
    raise AssertionError(page.locator("#bundle").inner_text())


def downloaded(page: Page, link: str) -> bytes:
    with page.expect_download() as waiting:
        page.locator("#bundle").get_by_role("link", name=link).click()
    return Path(waiting.value.path()).read_bytes()


def check_the_documents(page: Page, folder: Path) -> None:
    """The files are those whose hashes the page names, and the manifest names all that is in the ZIP."""
    shown = page.locator("#bundle .hash code").all_inner_texts()
    pdf, archive = downloaded(page, "PDF to read and send"), downloaded(page, "ZIP with the originals")
    assert [hashlib.sha256(pdf).hexdigest(), hashlib.sha256(archive).hexdigest()] == shown
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        items = json.loads(opened.read("manifest.json"))["items"]
        for item in items:
            assert hashlib.sha256(opened.read(item["path"])).hexdigest() == item["sha256"]
        assert {item["path"] for item in items} | {"manifest.json"} == set(opened.namelist())
    (folder / "bundle.pdf").write_bytes(pdf)
    if os.environ.get("SCREENSHOTS_DIR") and shutil.which("pdftoppm"):
        subprocess.run(["pdftoppm", "-r", "70", "-png", "bundle.pdf", "bundle"], cwd=folder, check=True)


def text_of(page: Page) -> str:
    text: str = json.loads(page.locator("#reply-text").text_content() or '""')
    return text


def copied(page: Page) -> str:
    page.get_by_role("button", name="Copy the text").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    text: str = page.evaluate("navigator.clipboard.readText()")
    return text


def send_the_reply(page: Page, folder: Path) -> str:
    """Draft, edit, approve, copy, confirm. Returns the text that was sent."""
    page.get_by_role("button", name="Draft the reply").first.click()
    expect(page.get_by_role("button", name="Approve")).to_be_visible()
    drafted = text_of(page)
    assert NUMBER in drafted
    page.get_by_text("Edit the text").click()
    page.get_by_label("Text", exact=True).fill(f"{drafted}\n\n  Thank you,\nACME")
    page.get_by_role("button", name="Save the changes").click()
    expect(page.get_by_text("The text is changed.")).to_be_visible()
    text = text_of(page)
    assert text == f"{drafted}\n\n  Thank you,\nACME"
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_role("link", name="Confirm the submission")).to_be_visible()
    assert copied(page) == text
    photograph(page, folder, "5-reply")
    page.get_by_role("link", name="Confirm the submission").click()
    page.get_by_label("Text as it stands in Seller Central now").fill(text)
    photograph(page, folder, "6-confirm")
    page.get_by_role("button", name="I pasted and submitted it").click()
    return text


def test_an_agent_takes_a_claim_from_its_letter_to_the_frozen_reply_by_clicking(
    page: Page, running: House, shots: Path
) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    elsewhere, faults = list[str](), list[str]()
    page.on("request", lambda sent: None if sent.url.startswith(running.url) else elsewhere.append(sent.url))
    page.on("pageerror", lambda fault: faults.append(str(fault)))

    sign_in(page, running.url)
    photograph(page, shots, "1-empty-queue")
    type_the_letter(page, now - timedelta(hours=2))
    head = page.locator(".claim-head")
    expect(head).to_contain_text("Action required")
    assert re.search(r"1 d 2[12] h left", head.inner_text())
    expect(head).to_contain_text("Europe/Berlin")
    photograph(page, shots, "2-claim")
    add_the_parcel(page, now - timedelta(days=3))
    hand_in_the_proof(page, proof_picture())
    wait_for_the_bundle(page)
    photograph(page, shots, "3-claim-with-bundle")
    check_the_documents(page, shots)
    page.get_by_role("link", name="Queue").first.click()
    photograph(page, shots, "4-queue")
    page.get_by_role("link", name=ORDER).click()
    text = send_the_reply(page, shots)

    expect(head).to_contain_text("Under review")
    expect(page.locator("#clocks")).to_contain_text("Met")
    expect(head).to_contain_text("No clock runs")
    photograph(page, shots, "7-under-review")
    page.locator("#reply").get_by_role("link", name="Answer to Amazon's request").click()
    record = page.locator(".columns section").first
    expect(record).to_contain_text("This is what was sent, frozen.")
    expect(record).to_contain_text(hashlib.sha256(text.encode()).hexdigest())
    assert text_of(page) == text
    photograph(page, shots, "8-frozen-reply")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    assert elsewhere == []
    assert faults == []
