"""Who hears a stage: it widens, an empty group passes on, and past the owners there is the operator."""

import pytest

from accounts.models import Membership, Role, Seller, User
from claims.ladder import Audience
from claims.models import Delivery
from claims.services.claims import assign_claim
from claims.services.recipients import recipients_of, teams
from tests.claims.conftest import member
from tests.claims.stories import AMZ, MONDAY, claim_of, hours, letter
from tests.claims.warnings.conftest import OPERATOR, People, names, swept, warned
from tests.smtp_sink import Sink


def heard(seller: Seller, *audience: Audience) -> list[str]:
    people = recipients_of(teams([seller.pk], now=MONDAY)[seller.pk], [a.value for a in audience], None)
    return sorted(person.email for person in people)


def test_each_stage_is_heard_by_more_people(acme: Seller, people: People, sink: Sink) -> None:
    claim_of(letter(acme))
    found = []
    for moment in (0.1, 24, 36, 44, 47, 48):
        sink.mails.clear()
        warned(MONDAY + hours(moment))
        found.append(names(sink.to()))
    on_call, with_leads = ["alice"], ["alice", "lea"]
    everyone = ["alice", "lea", "olga"]
    assert found == [on_call, on_call, with_leads, with_leads, everyone, everyone]


def test_an_assigned_claim_is_heard_by_its_assignee_not_by_the_rota(
    acme: Seller, people: People, sink: Sink
) -> None:
    claim = claim_of(letter(acme))
    assign_claim(claim_id=claim.pk, assignee=people.anna, actor=AMZ, now=MONDAY)
    warned(MONDAY + hours(24))
    assert names(sink.to()) == ["anna"]
    assert "With:     anna\n" in sink.mails[0].text
    Membership.objects.filter(user=people.anna).update(is_active=False)
    sink.mails.clear()
    warned(MONDAY + hours(36))
    assert names(sink.to()) == ["alice", "lea"]


def test_without_a_rota_every_active_agent_and_lead_hears(acme: Seller, people: People) -> None:
    Membership.objects.update(on_call=False)
    member("victor", acme, Role.VIEWER)
    gone = member("gone", acme)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    assert names(heard(acme, Audience.ASSIGNEE)) == ["alice", "anna", "lea"]


def test_people_without_an_address_or_a_channel_are_passed_over(acme: Seller, people: People) -> None:
    User.objects.filter(username="alice").update(email="")
    assert names(heard(acme, Audience.ASSIGNEE)) == ["anna", "lea"]
    User.objects.exclude(username="olga").update(email="")
    assert names(heard(acme, Audience.ASSIGNEE)) == ["olga"]


def test_an_empty_group_passes_to_the_next_and_after_the_owners_to_the_operator(acme: Seller) -> None:
    everyone = (Audience.ASSIGNEE, Audience.LEADS, Audience.OWNERS)
    assert heard(acme, *everyone) == [OPERATOR]
    member("alice", acme)
    assert heard(acme, Audience.ASSIGNEE) == ["alice@example.com"]
    assert heard(acme, Audience.ASSIGNEE, Audience.LEADS) == ["alice@example.com", OPERATOR]
    member("olga", acme, Role.OWNER)
    assert names(heard(acme, Audience.ASSIGNEE, Audience.LEADS)) == ["alice", "olga"]
    assert names(heard(acme, *everyone)) == ["alice", "olga"]


def test_a_seller_without_members_reaches_the_operator(
    acme: Seller, bolt: Seller, bob: User, sink: Sink
) -> None:
    letter(acme)
    letter(bolt)
    warned(MONDAY + hours(0.1))
    assert sorted(sink.to()) == ["bob@example.com", OPERATOR]


def test_without_a_setting_the_operators_mail_goes_to_the_console(
    acme: Seller, settings: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.OPERATOR_EMAIL = ""  # type: ignore[attr-defined]
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"  # type: ignore[attr-defined]
    letter(acme)
    warned(MONDAY + hours(0.1))
    shown = capsys.readouterr().out
    assert "To: operator@localhost" in shown
    assert "Open it: https://claims.example.com/api/v1/claims/" in shown


def test_one_address_of_two_people_gets_one_mail(acme: Seller, people: People) -> None:
    User.objects.filter(username="olga").update(email="LEA@example.com")
    assert heard(acme, Audience.LEADS, Audience.OWNERS) == ["lea@example.com"]


def test_everyone_with_a_user_sees_the_warning_in_the_application(acme: Seller, people: People) -> None:
    letter(acme)
    swept(MONDAY + hours(0.1))
    rows = Delivery.objects.order_by("id").values_list("recipient", "channel", "status", "user__username")
    assert list(rows) == [
        ("alice@example.com", "email", "pending", "alice"),
        ("alice@example.com", "in_app", "sent", "alice"),
    ]


def test_two_sellers_swept_together_never_hear_of_each_other(
    acme: Seller, bolt: Seller, people: People, bob: User, sink: Sink
) -> None:
    for seller in (acme, bolt):
        letter(seller)
    warned(MONDAY + hours(47.5))
    assert set(names(sink.to())) == {"alice", "lea", "olga", "bob", "operator"}
    by_seller = {
        seller.pk: sorted(
            set(
                Delivery.objects.filter(warning__seller=seller, channel="email").values_list(
                    "recipient", flat=True
                )
            )
        )
        for seller in (acme, bolt)
    }
    assert names(by_seller[acme.pk]) == ["alice", "lea", "olga"]
    assert names(by_seller[bolt.pk]) == ["bob", "operator"]


def test_the_reader_is_told_the_time_of_his_own_zone(acme: Seller, people: People, sink: Sink) -> None:
    User.objects.filter(username="lea").update(time_zone="Asia/Tokyo")
    claim_of(letter(acme))
    warned(MONDAY + hours(44))
    texts = {mail.to: mail.text for mail in sink.mails}
    assert (
        "Due:      Wed 18 Nov 2026 10:00 Europe/Berlin (2026-11-18 09:00 UTC)" in texts["alice@example.com"]
    )
    assert "Due:      Wed 18 Nov 2026 18:00 Asia/Tokyo (2026-11-18 09:00 UTC)" in texts["lea@example.com"]
