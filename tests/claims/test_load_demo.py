"""The demo shows a claim in every state, and never touches an installation that has data."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts.models import Seller, User
from claims.lifecycle import State
from claims.models import Claim, Notice
from claims.services.evidence import collect_evidence
from shipping.models import Shipment
from tests.claims.stories import AMZ


@pytest.mark.django_db
def test_the_demo_shows_a_claim_in_every_state_and_prints_what_one_needs_to_sign_in() -> None:
    printed = StringIO()
    call_command("load_demo", stdout=printed)
    assert set(Claim.objects.values_list("state", flat=True)) == {state.value for state in State}
    assert Notice.objects.get(status="needs_person").text.count("マーケットプレイス保証") == 1
    delivered = list(Shipment.objects.filter(delivered_at__isnull=False).values_list("status", flat=True))
    assert sorted(delivered) == ["delivered"] * 3 + ["delivered_to_third_party"]
    for pk in Claim.objects.order_by("id").values_list("pk", flat=True):
        collect_evidence(claim_id=pk, actor=AMZ, now=timezone.now())
    strengths = Claim.objects.order_by("order_id").exclude(strength="").values_list("order_id", "strength")
    assert dict(strengths) == {
        "302-1000002-1000002": "A",
        "302-1000005-1000005": "D",
        "302-1000006-1000006": "E",
        "402-1000001-1000001": "F",
        "503-1000003-1000003": "D",
    }
    assert "alice (agent)" in printed.getvalue()
    password = printed.getvalue().split("password ")[1].split()[0]
    assert User.objects.get(username="alice").check_password(password)


@pytest.mark.django_db
def test_the_demo_refuses_an_installation_that_has_data() -> None:
    Seller.objects.create(merchant_token="A1ACME", name="ACME")
    with pytest.raises(CommandError, match="data here already"):
        call_command("load_demo", stdout=StringIO())
    assert Claim.objects.count() == 0
