"""Near the target a claim without an answer gets a bundle and a draft from what there is, once a version.

This part of the sweep goes before the warnings and locks claims before clocks, as all services do. A claim that
somebody holds at this moment is taken by the next round: until then its clock stays due.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import DateTimeField, DurationField, ExpressionWrapper, F, QuerySet, Value

from claims.deadlines import DeadlineKind
from claims.models import Claim, Deadline
from claims.services.batches import BATCH
from claims.services.due_clocks import DueClock
from claims.services.jobs import ask_for_bundles

ASSEMBLED = frozenset({DeadlineKind.RESPONSE, DeadlineKind.APPEAL_INFORMATION})
_SOON = timedelta(seconds=1)


def next_assembly_at(clock: DueClock, *, now: datetime) -> datetime | None:
    """When the sweep must look at the clock for its bundle; None once that is asked for."""
    if clock.kind not in ASSEMBLED or clock.claim_id is None or clock.assembled_version == clock.version:
        return None
    return max(clock.target_at - timedelta(hours=clock.assembly_lead_hours), now + _SOON)


def ask_where_near(*, now: datetime) -> int:
    """Ask for the bundles of all claims whose assembly moment has come; returns how many."""
    with transaction.atomic():
        wanted = _near(now).values_list("claim_id", flat=True)[:BATCH]
        claims = Claim.objects.select_for_update(skip_locked=True, no_key=True).filter(pk__in=list(wanted))
        ids = [claim.pk for claim in claims.order_by("pk").only("pk")]
        if ids:
            ask_for_bundles(ids, now=now)
            Deadline.objects.filter(pk__in=_near(now).filter(claim__in=ids).values("pk")).update(
                assembled_version=F("version")
            )
    return len(ids)


def _near(now: datetime) -> QuerySet[Deadline]:
    """Read by the sweep's own partial index: it costs what is due."""
    lead = ExpressionWrapper(
        F("seller__assembly_lead_hours") * Value(timedelta(hours=1)), output_field=DurationField()
    )
    return (
        Deadline.objects.filter(next_warn_at__lte=now, settled=False, claim__isnull=False, kind__in=ASSEMBLED)
        .exclude(assembled_version=F("version"))
        .annotate(assemble_at=ExpressionWrapper(F("target_at") - lead, output_field=DateTimeField()))
        .filter(assemble_at__lte=now)
        .order_by("next_warn_at")
    )
