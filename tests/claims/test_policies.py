"""Windows as data: the rows that ship, a seller's own, and how a letter's clock follows them."""

from datetime import UTC, date, datetime

import pytest

from accounts.errors import InvalidInput
from accounts.models import Seller
from claims.deadlines import DeadlineKind, Stated, Window
from claims.marketplaces import MARKETPLACES
from claims.models import Deadline, PolicyWindow
from claims.services.policies import policy_for, set_policy
from tests.claims.stories import AMZ, MONDAY, claim_of, granted, hours, letter

US = "ATVPDKIKX0DER"
NOWHERE = "AUNKNOWN12345"
RESPONSE = DeadlineKind.RESPONSE


def own_window(
    seller: Seller, *, hours: int | None = None, days: int | None = None, active: bool = True
) -> None:
    set_policy(
        seller=seller, marketplace_id=US, kind=RESPONSE, hours=hours, calendar_days=days,
        source="seen in a notice", active=active, actor=AMZ, now=MONDAY,
    )  # fmt: skip


@pytest.mark.django_db
def test_48_hours_and_30_calendar_days_ship_for_every_marketplace() -> None:
    shipped = PolicyWindow.objects.filter(seller__isnull=True, active=True)
    for marketplace_id in MARKETPLACES:
        rows = shipped.filter(marketplace_id=marketplace_id).values_list("kind", "hours", "calendar_days")
        assert sorted(rows) == [
            ("appeal", None, 30), ("appeal_information", 48, None), ("response", 48, None),
        ]  # fmt: skip
    assert shipped.filter(source="").count() == 0


@pytest.mark.django_db
def test_the_longer_sightings_ship_switched_off_with_source_and_date() -> None:
    rows = PolicyWindow.objects.filter(seller__isnull=True, active=False).order_by("marketplace_id", "kind")
    assert [(r.marketplace_id, r.kind, r.hours, r.calendar_days) for r in rows] == [
        ("APJ6JRA9NG5V4", "appeal_information", None, 3),
        ("APJ6JRA9NG5V4", "response", None, 3),
        (US, "appeal_information", 72, None),
        (US, "response", 72, None),
    ]
    assert {r.source_date for r in rows} == {date(2026, 8, 29), date(2026, 11, 22)}


def test_a_request_follows_the_shipped_row(acme: Seller) -> None:
    claim = claim_of(letter(acme, marketplace_id=US))
    clock = Deadline.objects.get(claim=claim)
    assert (clock.due_at, clock.target_at, clock.basis) == (MONDAY + hours(48), MONDAY + hours(48), "policy")
    assert clock.basis_source == "Seller Central help, answering A-to-z claims: answer within 48 hours"


def test_a_window_switched_on_counts_for_that_seller_alone(acme: Seller, bolt: Seller) -> None:
    own_window(acme, hours=72)
    mine = claim_of(letter(acme, marketplace_id=US))
    other = claim_of(letter(bolt, marketplace_id=US))
    assert (mine.respond_by, mine.target_by) == (MONDAY + hours(72), MONDAY + hours(48))
    assert other.respond_by == MONDAY + hours(48)
    assert Deadline.objects.get(claim=mine).basis_source == "seen in a notice"


def test_a_window_switched_off_again_counts_no_more(acme: Seller) -> None:
    own_window(acme, hours=72)
    own_window(acme, hours=72, active=False)
    assert claim_of(letter(acme, marketplace_id=US)).respond_by == MONDAY + hours(48)


def test_a_window_counts_for_letters_from_the_day_it_was_switched_on(acme: Seller) -> None:
    own_window(acme, hours=72)
    before = policy_for(seller_id=acme.pk, marketplace_id=US, kind=RESPONSE, on=date(2026, 11, 15))
    after = policy_for(seller_id=acme.pk, marketplace_id=US, kind=RESPONSE, on=date(2026, 11, 16))
    assert before is not None
    assert after is not None
    assert (before.window, after.window) == (Window(hours=48), Window(hours=72))


def test_what_the_letter_states_goes_before_any_row(acme: Seller) -> None:
    own_window(acme, hours=72)
    claim = claim_of(letter(acme, marketplace_id=US, stated=Stated(window=Window(hours=24))))
    assert (claim.respond_by, claim.deadline_basis) == (MONDAY + hours(24), "stated_window")


def test_an_unknown_marketplace_is_taken_with_the_default_and_utc(acme: Seller) -> None:
    claim = claim_of(letter(acme, marketplace_id=NOWHERE))
    assert (claim.respond_by, claim.deadline_basis) == (MONDAY + hours(48), "default_48h")
    second = claim_of(
        letter(
            acme,
            marketplace_id=NOWHERE,
            order_id="111-1111111-1111111",
            stated=Stated(on_date=date(2026, 11, 18)),
        )
    )
    assert second.respond_by == datetime(2026, 11, 18, 0, 0, tzinfo=UTC)
    lost = claim_of(
        letter(
            acme, "claim_decided", marketplace_id=NOWHERE, order_id="222-2222222-2222222", decision=granted()
        )
    )
    assert (lost.respond_by, lost.deadline_basis) == (datetime(2026, 12, 16, tzinfo=UTC), "policy")


def test_a_window_named_when_the_claim_was_received_moves_no_clock(acme: Seller) -> None:
    claim = claim_of(
        letter(acme, "claim_received", stated=Stated(window=Window(hours=24)), stated_window="24 hours")
    )
    assert (claim.stated_window, claim.prepare_by, claim.respond_by) == ("24 hours", MONDAY + hours(48), None)
    letter(acme, at=MONDAY + hours(5))
    claim.refresh_from_db()
    assert (claim.respond_by, claim.deadline_basis) == (MONDAY + hours(53), "policy")


@pytest.mark.parametrize("given", [{}, {"hours": 72, "days": 3}])
def test_a_window_without_a_length_or_with_two_is_refused(acme: Seller, given: dict[str, int]) -> None:
    with pytest.raises(InvalidInput):
        own_window(acme, **given)  # type: ignore[arg-type]
    assert PolicyWindow.objects.filter(seller=acme).count() == 0
