"""Raw mail to claim: read, matched, given its clock, or kept for a person; never lost, never taken twice."""

import gzip
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from accounts.models import Seller
from claims.models import Bundle, Claim, Deadline, Event, Notice, NoticeAttempt, Warning
from claims.services.engine import sweep
from claims.services.mails import receive_mail
from claims.services.notices import Received
from claims.services.work import work_off_jobs
from shipping.services import ShipmentFields, register_shipment
from tests.claims.intake.letters import attached, forward, page_of, raw, without_header
from tests.claims.situations import Picture, picture
from tests.claims.stories import AMZ, ITALY, MONDAY, claim_of, clocks, hours, letter

US = "ATVPDKIKX0DER"
MARCH = datetime(2026, 3, 3, 17, 15, tzinfo=UTC)
SEPTEMBER = datetime(2026, 9, 2, 22, 40, 5, tzinfo=UTC)


def mail(seller: Seller, source: bytes, *, now: datetime = MONDAY, door: str = "integration:1") -> Received:
    return receive_mail(seller=seller, source=door, raw=source, actor=AMZ, now=now)


@pytest.mark.needs_samples
def test_the_real_italian_mail_is_a_claim_with_a_preparation_clock(acme: Seller, samples: Path) -> None:
    source = (samples / "mail" / "notice-it-2026-08-29.eml").read_bytes()
    sent = datetime(2026, 8, 29, 17, 37, 31, tzinfo=UTC)
    received = mail(acme, source, now=sent + hours(1))
    notice, claim = received.notice, claim_of(received)
    assert (received.created, notice.status, notice.kind) == (True, "processed", "claim_received")
    assert bytes(notice.raw) == source
    assert (notice.noticed_at, notice.noticed_at_basis) == (sent, "original_date")
    assert (notice.marketplace_id, notice.marketplace_inferred) == (ITALY, False)
    assert notice.facts["seller_name"] == "Innoliving Spa"
    assert (claim.order_id, claim.marketplace_id) == ("402-3427577-1965903", ITALY)
    assert (claim.amount, claim.currency, claim.state) == (Decimal("119.000"), "EUR", "received")
    assert claim.stated_window == "Deve rispondere entro 3 giorni di calendario."
    clock = Deadline.objects.get(claim=claim)
    assert (clock.kind, clock.due_at, clock.basis) == ("preparation", sent + hours(48), "internal")
    assert (claim.prepare_by, claim.respond_by, claim.target_by) == (sent + hours(48), None, None)
    again = mail(acme, source, now=sent + hours(2))
    assert (again.created, again.notice) == (False, notice)
    assert (Notice.objects.count(), Claim.objects.count(), Deadline.objects.count()) == (1, 1, 1)
    assert NoticeAttempt.objects.count() == 0


def test_a_letter_and_its_forward_are_one_claim_and_one_clock(acme: Seller) -> None:
    claim = claim_of(mail(acme, raw("received_it")))
    again = mail(acme, attached("received_it"), now=MONDAY + hours(1))
    assert (again.created, claim_of(again)) == (False, claim)
    other = mail(acme, attached("received_it"), now=MONDAY + hours(2), door="mailbox:1")
    assert (other.created, claim_of(other)) == (True, claim)
    assert other.notice.same_letter_as is not None
    assert clocks(claim) == [("preparation", "open")]


def test_a_forward_without_headers_starts_at_the_forwards_date_and_says_so(acme: Seller) -> None:
    message = forward(
        subject="I: Richiesta di rimborso ricevuta per l’ordine 403-1112223-4445556",
        plain="vedi sotto",
        page=f"<p>Vedi sotto</p>{page_of('received_it')}",
    ).as_bytes()
    received = mail(acme, message)
    forwarded = datetime(2026, 9, 3, 6, 0, tzinfo=UTC)
    notice = received.notice
    assert (notice.status, notice.kind) == ("processed", "claim_received")
    assert (notice.noticed_at, notice.noticed_at_basis) == (forwarded, "forward_date")
    assert (claim_of(received).order_id, claim_of(received).marketplace_id) == ("403-1112223-4445556", ITALY)
    assert Deadline.objects.get().due_at == forwarded + hours(48)


def test_a_letter_dated_in_the_future_starts_when_it_arrives(acme: Seller) -> None:
    received = mail(acme, raw("requested_us"), now=MARCH - hours(2))
    assert received.notice.noticed_at == MARCH - hours(2)


def test_a_request_by_mail_takes_its_stated_moment_and_its_words(acme: Seller) -> None:
    received = mail(acme, raw("requested_us"), now=MARCH + hours(1))
    claim = claim_of(received)
    assert (claim.state, claim.deadline_basis) == ("action_required", "stated_date")
    assert (claim.respond_by, claim.target_by) == (MARCH + hours(72), MARCH + hours(48))
    assert claim.request_text == received.notice.text
    assert Deadline.objects.get().stated == "You must respond within 72 hours, by March 6, 2026 9:15 AM PST."


def test_a_decision_by_mail_is_kept_on_its_axes(acme: Seller) -> None:
    claim = claim_of(mail(acme, raw("requested_us"), now=MARCH + hours(1)))
    later = raw("granted_seller_funded_us").replace(b"Tue, 03 Mar 2026", b"Thu, 05 Mar 2026")
    assert b"05 Mar" in later
    mail(acme, later, now=MARCH + hours(50))
    assert picture(claim) == Picture("decided", ("response cancelled", "appeal open"), ("granted current",))
    axes = (claim.funded_by, claim.counts_in_odr, claim.debited_amount)
    assert axes == ("seller", "yes", Decimal("34.900"))
    assert claim.decisions.get().decision_text.startswith(
        "We have granted an A-to-z Guarantee claim of $34.90"
    )


def test_a_vague_decision_by_mail_gets_its_appeal_clock_until_more_is_known(acme: Seller) -> None:
    claim = claim_of(mail(acme, raw("granted_bare_us"), now=MARCH + hours(1)))
    assert (claim.decision, claim.funded_by) == ("granted", "unknown")
    assert clocks(claim) == [("appeal", "open")]


@pytest.mark.parametrize(
    ("name", "readable", "order_id", "subject"),
    [
        ("unknown_wording_zh", "请在48小时内回复", "113-7777777-8888888", "113-7777777-8888888"),
        ("unknown_wording_ja", "48時間以内にご返答ください", "250-1234567-7654321", "保証"),
        ("unknown_wording_de", "innerhalb von 48 Stunden", "304-7654321-1234567", ""),
    ],
)
def test_a_letter_in_words_nobody_knows_waits_with_its_text_and_a_warning_clock(
    acme: Seller, name: str, readable: str, order_id: str, subject: str
) -> None:
    notice = mail(acme, raw(name), now=MONDAY).notice
    assert (notice.status, notice.claim, notice.order_id) == ("needs_person", None, order_id)
    assert readable in notice.text
    assert subject in notice.subject
    clock = Deadline.objects.get(notice=notice)
    assert notice.noticed_at is not None
    assert (clock.kind, clock.claim, clock.due_at) == (
        "triage",
        None,
        notice.noticed_at + timedelta(hours=48),
    )
    assert sweep(now=MONDAY).raised.warnings == 1
    assert Warning.objects.exclude(status="superseded").get().stage == "missed"
    assert Event.objects.filter(notice=notice, verb="notice_needs_person").count() == 1


@pytest.mark.parametrize("name", ["chargeback", "return_request", "newsletter", "buyer_message"])
def test_other_mail_is_kept_as_unrelated_without_claim_or_clock(acme: Seller, name: str) -> None:
    received = mail(acme, raw(name))
    assert (received.created, received.notice.status) == (True, "unrelated")
    assert received.notice.why
    assert bytes(received.notice.raw) == raw(name)
    assert mail(acme, raw(name)).created is False
    assert (Claim.objects.count(), Deadline.objects.count(), Notice.objects.count()) == (0, 0, 1)


def storeless() -> bytes:
    """A US letter as it was forwarded by a program that left no store in it."""
    source = without_header(raw("requested_us"), "X-Marketplace-ID")
    return source.replace(b"@amazon.com", b"@marketplace.amazon").replace(b"amazon.com", b"example.com")


def test_a_mail_without_store_takes_it_from_the_orders_claim(acme: Seller) -> None:
    claim = claim_of(letter(acme, order_id="112-3334445-5556667", marketplace_id="A2EUQ1WTGCTBG2"))
    weak = without_header(raw("requested_us"), "X-Marketplace-ID")
    received = mail(acme, weak, now=MONDAY + hours(2))
    assert claim_of(received) == claim
    assert (received.notice.marketplace_id, received.notice.marketplace_inferred) == ("A2EUQ1WTGCTBG2", True)


def test_a_mail_without_store_takes_it_from_the_orders_shipment(acme: Seller) -> None:
    register_shipment(
        seller=acme, order_id="112-3334445-5556667", marketplace_id="A2EUQ1WTGCTBG2",
        fields=ShipmentFields(tracking_number="9400111206206407628746"), ship_to=None, actor=AMZ, now=MONDAY,
    )  # fmt: skip
    received = mail(acme, without_header(raw("requested_us"), "X-Marketplace-ID"), now=MONDAY + hours(2))
    assert claim_of(received).marketplace_id == "A2EUQ1WTGCTBG2"
    assert received.notice.marketplace_inferred is True


def test_a_mail_without_store_falls_back_to_the_domain_marked_as_inferred(acme: Seller) -> None:
    received = mail(acme, without_header(raw("requested_us"), "X-Marketplace-ID"), now=MONDAY + hours(2))
    assert claim_of(received).marketplace_id == US
    assert received.notice.marketplace_inferred is True


def test_the_store_that_a_letter_names_is_not_overruled(acme: Seller) -> None:
    letter(acme, order_id="112-3334445-5556667", marketplace_id="A2EUQ1WTGCTBG2")
    received = mail(acme, raw("requested_us"), now=MONDAY + hours(2))
    assert (received.notice.marketplace_id, received.notice.marketplace_inferred) == (US, False)
    assert Claim.objects.count() == 2


def test_a_mail_whose_store_nobody_knows_waits_for_a_person(acme: Seller) -> None:
    notice = mail(acme, storeless(), now=MONDAY).notice
    assert (notice.status, notice.marketplace_id) == ("needs_person", "")
    assert [d.kind for d in Deadline.objects.filter(notice=notice)] == ["triage"]


@pytest.mark.parametrize(
    "damage",
    [
        lambda source: source.replace(b"A-to-z", b"A-to-z\x00\x00", 1),
        lambda source: source.replace(b"\n\n", b"\n\n\xff\xfe\xed\xa0\x80", 1),
        lambda source: source[: len(source) // 2],
        lambda source: b"\x00" * 10 + source,
    ],
    ids=["NUL in the text", "no encoding at all", "cut in half", "NUL before the headers"],
)
def test_a_damaged_mail_is_kept_whatever_its_bytes(acme: Seller, damage: object) -> None:
    source = damage(raw("requested_us"))  # type: ignore[operator]
    notice = mail(acme, source, now=MONDAY).notice
    assert bytes(notice.raw) == source
    assert notice.status in ("processed", "needs_person")
    assert Deadline.objects.filter(notice=notice).count() == 1


def test_a_mail_that_services_trip_over_is_kept_all_the_same(
    acme: Seller, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ValueError("a fault of ours")

    with monkeypatch.context() as patch:
        patch.setattr("claims.services.letters.add_facts", broken)
        with pytest.raises(ValueError, match="a fault of ours"):
            mail(acme, raw("requested_us"))
    assert (Notice.objects.count(), Claim.objects.count()) == (0, 0)
    assert bytes(NoticeAttempt.objects.get().raw) == raw("requested_us")
    assert mail(acme, raw("requested_us")).created is True


def test_a_mailed_claim_gets_its_bundle_with_the_mail_inside(acme: Seller) -> None:
    received = mail(acme, raw("requested_us"), now=MARCH + hours(1))
    work_off_jobs(now=lambda: MARCH + hours(1), budget=timedelta(seconds=1))
    bundle = Bundle.objects.get(claim=claim_of(received))
    assert bundle.status == "ready"
    letters = [item for item in bundle.items if item["kind"] == "notice"]
    assert [item["size"] for item in letters] == [len(raw("requested_us"))]


def test_a_repeat_in_other_bytes_is_kept_beside_the_letter_once(acme: Seller) -> None:
    first = mail(acme, raw("requested_us"))
    other = raw("requested_us").replace(b"<requested_us.eml@", b"<sent-again@")
    for _ in range(2):
        again = mail(acme, other, now=MONDAY + hours(1))
        assert (again.created, again.notice) == (False, first.notice)
    mail(acme, raw("requested_us"), now=MONDAY + hours(2))
    attempt = NoticeAttempt.objects.get()
    assert (bytes(attempt.raw), attempt.media_type) == (other, "message/rfc822")
    assert attempt.errors == [
        {
            "pointer": "",
            "code": "repeated",
            "detail": f"The same letter as notice {first.notice.pk}, in other bytes.",
        }
    ]
    assert (Notice.objects.count(), Claim.objects.count(), Deadline.objects.count()) == (1, 1, 1)


def test_a_decision_from_elsewhere_ends_no_clock(acme: Seller) -> None:
    claim = claim_of(mail(acme, raw("requested_us"), now=MARCH + hours(1)))
    forged = raw("granted_bare_us").replace(b"no-reply@amazon.com", b"no-reply@amazon.example")
    notice = mail(acme, forged, now=MARCH + hours(2)).notice
    assert (notice.status, notice.kind, notice.claim) == ("needs_person", "claim_decided", None)
    assert notice.facts["sender_is_amazon"] is False
    assert clocks(claim) == [("response", "open")]
    claim.refresh_from_db()
    assert (claim.state, claim.decision) == ("action_required", "")


def test_a_request_from_elsewhere_opens_its_clock_and_says_so(acme: Seller) -> None:
    source = raw("requested_us").replace(b"no-reply@amazon.com", b"no-reply@amazon.example")
    notice = mail(acme, source, now=MARCH + hours(1)).notice
    assert (notice.status, notice.why) == (
        "processed",
        "Amazon asks for information. Its sender is not Amazon's.",
    )
    assert Deadline.objects.get().kind == "response"


def test_two_letters_of_one_order_in_a_mail_wait_and_take_nothing_from_either(acme: Seller) -> None:
    older = raw("received_us").replace(b"Tue, 03 Mar", b"Sun, 01 Mar")
    parts = b"".join(
        b"--b\nContent-Type: message/rfc822\n\n" + each + b"\n" for each in (raw("requested_us"), older)
    )
    head = b'From: m@acme.example\nSubject: FW: two\nContent-Type: multipart/mixed; boundary="b"\n\n'
    notice = mail(acme, head + parts + b"--b--\n", now=MARCH + hours(1)).notice
    assert (notice.status, notice.kind) == ("needs_person", "information_requested")
    assert notice.order_id == "112-3334445-5556667"
    assert [d.kind for d in Deadline.objects.filter(notice=notice)] == ["triage"]
    alone = mail(acme, raw("requested_us"), now=MARCH + hours(2))
    assert (alone.created, alone.notice.status) == (True, "processed")


def test_bytes_that_are_no_mail_are_kept_under_a_clock(acme: Seller) -> None:
    notice = mail(acme, gzip.compress(raw("requested_us"), mtime=0)).notice
    assert (notice.status, notice.why) == ("needs_person", "It could not be read as a mail.")
    assert Deadline.objects.get(notice=notice).kind == "triage"
