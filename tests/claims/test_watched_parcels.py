"""A claim that waits lets shipping know, and shipping asks more often."""

from datetime import datetime, timedelta

from accounts.clock import database_now
from accounts.models import Seller
from claims.models import Deadline
from claims.services.work import WATCHED_AFTER, work_off_jobs
from shipping.models import Shipment
from tests.claims.stories import claim_of, letter


def test_the_parcels_of_a_claim_are_watched_until_a_day_after_its_last_clock(acme: Seller) -> None:
    moment = database_now()
    claim = claim_of(letter(acme, at=moment - timedelta(hours=1), now=moment))
    other = Shipment.objects.create(
        seller=acme,
        order_id="303-0000000-0000000",
        tracking_number="X2",
        created_at=moment,
        updated_at=moment,
    )
    parcel = Shipment.objects.create(
        seller=acme,
        order_id=claim.order_id,
        tracking_number="X1",
        created_at=moment,
        updated_at=moment,
        plan_pending=False,
    )
    work_off_jobs(now=database_now)
    due: datetime = Deadline.objects.get(claim=claim).due_at
    parcel.refresh_from_db()
    other.refresh_from_db()
    assert (parcel.watched_until, parcel.plan_pending) == (due + WATCHED_AFTER, True)
    assert other.watched_until is None
