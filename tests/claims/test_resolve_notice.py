"""Letters that fit nothing: their own clock, and a person who says where they belong."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from accounts.actors import Actor
from accounts.errors import Conflict, InvalidInput
from accounts.models import Seller
from claims.deadlines import Stated
from claims.errors import NoticeConflict
from claims.intake.fields import NoticeFields
from claims.models import Claim, Deadline, Event, Notice, Warning
from claims.services.engine import sweep
from claims.services.mails import receive_mail
from claims.services.triage import resolve_notice
from claims.words import NoticeKind
from shipping.models import Shipment
from shipping.services import ShipmentFields
from tests.claims.intake.letters import raw
from tests.claims.situations import picture
from tests.claims.stories import AMZ, ITALY, MONDAY, ORDER, claim_of, clocks, granted, hours, letter

NOW = MONDAY + hours(4)


def two_claims(seller: Seller) -> tuple[Claim, Claim]:
    first = claim_of(letter(seller, "claim_received", amazon_claim_id="AZ1"))
    second = claim_of(letter(seller, "claim_received", at=MONDAY + hours(1), amazon_claim_id="AZ2"))
    return first, second


def waiting(seller: Seller, kind: str = "information_requested", **fields: object) -> Notice:
    notice = letter(seller, kind, at=MONDAY + hours(2), **fields).notice  # type: ignore[arg-type]
    assert notice.status == "needs_person"
    return notice


SENT = datetime(2026, 7, 6, 4, 0, tzinfo=UTC)


def chinese_mail(seller: Seller, *, now: datetime = NOW) -> Notice:
    """A letter of 6 July that nobody can read; it arrives late unless `now` says otherwise."""
    return receive_mail(
        seller=seller, source="integration:1", raw=raw("unknown_wording_zh"), actor=AMZ, now=now
    ).notice


def fields_of(notice: Notice, **values: object) -> NoticeFields:
    return NoticeFields(
        notice_id=notice.notice_id, marketplace_id=ITALY, order_id=ORDER,
        noticed_at=notice.noticed_at or NOW, **values,  # type: ignore[arg-type]
    )  # fmt: skip


def test_resolving_by_claim_hands_the_letters_moment_to_the_claims_clock(acme: Seller, agent: Actor) -> None:
    _, second = two_claims(acme)
    notice = waiting(acme)
    resolved = resolve_notice(notice_id=notice.pk, claim_id=second.pk, actor=agent, now=NOW)
    assert (resolved.status, resolved.claim, resolved.resolved_by) == ("resolved", second, "alice")
    assert resolved.resolved_at == NOW
    assert clocks(second) == [("preparation", "cancelled"), ("response", "open")]
    clock = Deadline.objects.get(claim=second, kind="response")
    assert (clock.noticed_at, clock.due_at) == (MONDAY + hours(2), MONDAY + hours(50))
    triage = Deadline.objects.get(notice=notice, claim=None)
    assert (triage.status, triage.settled, triage.answered_at) == ("met", True, NOW)
    assert (triage.closed_reason, triage.next_warn_at) == ("resolved", None)


def test_a_placed_letter_brings_all_that_it_said(acme: Seller, agent: Actor) -> None:
    first, _ = two_claims(acme)
    due = MONDAY + hours(10)
    parcel = ShipmentFields(
        tracking_number="9400111206206407628746", carrier="USPS", shipped_at=MONDAY - hours(90)
    )
    notice = waiting(
        acme, stated=Stated(moment=due, text="by tonight"), requested=("signature",), request_text="Who signed?",
        amount=Decimal("34.90"), currency="EUR", shipments=(parcel,), ship_to={"city": "Roma"},
    )  # fmt: skip
    resolve_notice(notice_id=notice.pk, claim_id=first.pk, actor=agent, now=NOW)
    first.refresh_from_db()
    assert (first.respond_by, first.deadline_basis) == (due, "stated_date")
    assert (first.requested, first.request_text) == (["signature"], "Who signed?")
    assert (first.amount, first.currency, first.ship_to) == (Decimal("34.9"), "EUR", {"city": "Roma"})
    shipment = Shipment.objects.get(order_id=ORDER)
    assert (shipment.carrier, shipment.shipped_at) == ("USPS", MONDAY - hours(90))


def test_a_placed_decision_is_the_one_that_its_letter_told(acme: Seller, agent: Actor) -> None:
    first, _ = two_claims(acme)
    notice = waiting(
        acme, "claim_decided", decision=granted(debited_amount=Decimal("12.50"), decided_at=MONDAY + hours(1))
    )
    resolve_notice(notice_id=notice.pk, claim_id=first.pk, actor=agent, now=NOW)
    assert picture(first).clocks == ("preparation cancelled", "appeal open")
    row = first.decisions.get()
    assert (row.decision, row.debited_amount, row.decided_at) == (
        "granted",
        Decimal("12.5"),
        MONDAY + hours(1),
    )


def test_resolving_by_what_the_letter_says_makes_its_claim(acme: Seller, agent: Actor) -> None:
    notice = chinese_mail(acme)
    fields = fields_of(notice, kind=NoticeKind.INFORMATION_REQUESTED)
    resolved = resolve_notice(notice_id=notice.pk, fields=fields, actor=agent, now=NOW)
    claim = Claim.objects.get()
    assert (resolved.status, resolved.claim, resolved.order_id) == ("resolved", claim, ORDER)
    assert clocks(claim) == [("response", "open")]
    assert notice.noticed_at is not None
    assert claim.respond_by == notice.noticed_at + hours(48)


def test_a_mail_placed_by_claim_counts_as_a_request(acme: Seller, agent: Actor) -> None:
    notice = chinese_mail(acme)
    claim = claim_of(letter(acme, "claim_received", order_id=notice.order_id))
    resolve_notice(notice_id=notice.pk, claim_id=claim.pk, actor=agent, now=NOW)
    assert picture(claim).state == "action_required"
    assert claim.request_text == notice.text


def test_an_unrelated_letter_stops_its_clock_and_stays_kept(acme: Seller, agent: Actor) -> None:
    notice = chinese_mail(acme)
    resolved = resolve_notice(notice_id=notice.pk, unrelated="an advertisement", actor=agent, now=NOW)
    assert (resolved.status, resolved.why, resolved.claim) == ("unrelated", "an advertisement", None)
    clock = Deadline.objects.get(notice=notice)
    assert (clock.status, clock.settled, clock.closed_reason) == ("cancelled", True, "unrelated")
    assert Claim.objects.count() == 0
    sweep(now=NOW + hours(60))
    assert Warning.objects.count() == 0


def test_unrelated_by_mistake_can_still_be_placed(acme: Seller, agent: Actor) -> None:
    notice = chinese_mail(acme)
    resolve_notice(notice_id=notice.pk, unrelated="an advertisement", actor=agent, now=NOW)
    resolve_notice(notice_id=notice.pk, fields=fields_of(notice), actor=agent, now=NOW + hours(1))
    assert clocks(Claim.objects.get()) == [("response", "open")]


def unchanged() -> list[object]:
    models = (Notice, Claim, Deadline, Event)
    return [list(model._default_manager.order_by("pk").values()) for model in models]


def test_a_letter_is_resolved_once(acme: Seller, agent: Actor) -> None:
    first, second = two_claims(acme)
    notice = waiting(acme)
    resolve_notice(notice_id=notice.pk, claim_id=first.pk, actor=agent, now=NOW)
    before = unchanged()
    with pytest.raises(Conflict) as refused:
        resolve_notice(notice_id=notice.pk, claim_id=second.pk, actor=agent, now=NOW + hours(1))
    assert refused.value.code == "already_resolved"
    assert unchanged() == before


def test_a_letter_kept_as_a_conflict_is_not_resolved(acme: Seller, agent: Actor) -> None:
    claim = claim_of(letter(acme, notice_id="n1"))
    with pytest.raises(NoticeConflict) as conflict:
        letter(acme, notice_id="n1", reason="late")
    before = unchanged()
    for given in ({"claim_id": claim.pk}, {"unrelated": "twice"}):
        with pytest.raises(Conflict) as refused:
            resolve_notice(notice_id=conflict.value.extra["notice"], actor=agent, now=NOW, **given)
        assert refused.value.code == "notice_conflict"
    assert unchanged() == before


def test_another_sellers_claim_is_refused_in_the_words_for_one_that_is_not_there(
    acme: Seller, bolt: Seller, agent: Actor
) -> None:
    notice = chinese_mail(acme)
    theirs = claim_of(letter(bolt))
    before = unchanged()
    said = []
    for claim_id in (theirs.pk, 987654321):
        with pytest.raises(InvalidInput) as refused:
            resolve_notice(notice_id=notice.pk, claim_id=claim_id, actor=agent, now=NOW)
        (fault,) = refused.value.errors
        assert (fault.pointer, fault.code) == ("/claim_id", "does_not_exist")
        said.append(fault.detail.replace(str(claim_id), "N"))
    assert said == ["There is no claim N."] * 2
    assert unchanged() == before


@pytest.mark.parametrize("given", [{}, {"claim_id": 1, "unrelated": "both"}])
def test_exactly_one_answer_is_given(acme: Seller, agent: Actor, given: dict[str, object]) -> None:
    notice = chinese_mail(acme)
    before = unchanged()
    with pytest.raises(InvalidInput) as refused:
        resolve_notice(notice_id=notice.pk, actor=agent, now=NOW, **given)  # type: ignore[arg-type]
    assert refused.value.errors[0].code == "one_of"
    assert unchanged() == before


def test_what_still_fits_two_claims_asks_for_the_claim(acme: Seller, agent: Actor) -> None:
    two_claims(acme)
    notice = chinese_mail(acme)
    before = unchanged()
    with pytest.raises(InvalidInput) as refused:
        resolve_notice(notice_id=notice.pk, fields=fields_of(notice), actor=agent, now=NOW)
    assert [(e.pointer, e.code) for e in refused.value.errors] == [("/claim_id", "ambiguous")]
    assert unchanged() == before


def test_a_waiting_letter_warns_by_its_own_clock(acme: Seller) -> None:
    notice = chinese_mail(acme, now=SENT + hours(1))
    clock = Deadline.objects.get(notice=notice)
    assert (clock.kind, clock.due_at) == ("triage", SENT + hours(48))
    sweep(now=clock.due_at - hours(13))
    assert list(Warning.objects.filter(status="pending").values_list("stage", flat=True)) == ["24h"]
    sweep(now=clock.due_at)
    clock.refresh_from_db()
    assert (clock.status, clock.settled) == ("missed", False)
    latest = Warning.objects.filter(deadline=clock).latest("id")
    assert (latest.stage, latest.audience) == ("missed", ["on_call", "leads", "owners"])


@pytest.mark.parametrize("swept", [True, False])
def test_a_letter_placed_too_late_is_a_miss_of_both_clocks(acme: Seller, agent: Actor, swept: bool) -> None:
    notice = chinese_mail(acme, now=SENT + hours(1))
    clock = Deadline.objects.get(notice=notice)
    late = SENT + hours(50)
    if swept:
        sweep(now=SENT + hours(49))
    resolve_notice(notice_id=notice.pk, fields=fields_of(notice), actor=agent, now=late)
    clock.refresh_from_db()
    assert (clock.status, clock.settled) == ("missed", True)
    response = Deadline.objects.get(kind="response")
    assert response.due_at == SENT + hours(48)
    sweep(now=late)
    response.refresh_from_db()
    assert response.status == "missed"


def test_a_letter_that_names_another_order_is_not_placed_at_the_claim(acme: Seller, agent: Actor) -> None:
    claim = claim_of(letter(acme))
    notice = chinese_mail(acme)
    assert notice.order_id not in ("", claim.order_id)
    with pytest.raises(InvalidInput) as refused:
        resolve_notice(notice_id=notice.pk, claim_id=claim.pk, actor=agent, now=NOW)
    assert [(e.pointer, e.code) for e in refused.value.errors] == [("/claim_id", "another_order")]
    notice.refresh_from_db()
    assert (notice.status, notice.claim) == ("needs_person", None)
