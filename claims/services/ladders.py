"""Setting a seller's own ladder for a kind of clock, and going back to the installation's.

Clocks that run already go on by the new ladder from its next rung: a stage that was warned of is done, and a
new rung that lies before the last one warned of counts as overtaken, so a change never repeats a warning.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from accounts.actors import Actor
from accounts.errors import InvalidInput
from accounts.models import Seller
from claims.deadlines import DeadlineKind
from claims.ladder import DEFAULT, Rung
from claims.ladder_rules import faults_of, line_of
from claims.models import Deadline, LadderStep
from claims.selectors.ladders import Ladder, ladder_of
from claims.services.events import record_event
from claims.services.locks import lock_seller


def set_ladder(
    *, seller: Seller, kind: DeadlineKind, rungs: Sequence[Rung], actor: Actor, now: datetime
) -> Ladder:
    """Replaces the seller's ladder for `kind`. The same again changes nothing. Raises InvalidInput."""
    faults = faults_of(kind, rungs)
    if faults:
        raise InvalidInput(errors=faults)
    with transaction.atomic():
        before = _locked(seller, kind)
        wanted = Ladder(seller.pk, kind, True, tuple(rungs))
        if before == wanted:
            return before
        _remove(seller, kind)
        LadderStep.objects.bulk_create(
            LadderStep(
                seller=seller,
                kind=kind.value,
                position=place,
                stage=rung.stage,
                before=rung.before,
                audience=[audience.value for audience in rung.audience],
                channels=list(rung.channels),
                repeats=rung.repeats,
            )
            for place, rung in enumerate(rungs)
        )
        _go_on_by(wanted, before, verb="ladder_set", actor=actor, now=now)
    return wanted


def reset_ladder(*, seller: Seller, kind: DeadlineKind, actor: Actor, now: datetime) -> Ladder:
    """Goes back to the installation's ladder for `kind`. Where that counts already, changes nothing."""
    with transaction.atomic():
        before = _locked(seller, kind)
        wanted = Ladder(seller.pk, kind, False, DEFAULT[kind])
        if _remove(seller, kind):
            _go_on_by(wanted, before, verb="ladder_reset", actor=actor, now=now)
    return wanted


def _locked(seller: Seller, kind: DeadlineKind) -> Ladder:
    """One change of a seller's ladders at a time; the one that counts so far."""
    lock_seller(seller.pk)
    found = ladder_of(seller.pk, kind.value)
    assert found is not None
    return found


def _remove(seller: Seller, kind: DeadlineKind) -> int:
    removed, _ = LadderStep.objects.filter(seller=seller, kind=kind.value).delete()
    return removed


def _go_on_by(wanted: Ladder, before: Ladder, *, verb: str, actor: Actor, now: datetime) -> None:
    running = Deadline.objects.filter(seller_id=wanted.seller_id, kind=wanted.kind.value, settled=False)
    # Locked one after the other in their order, so that services that lock two clocks of a claim do not meet.
    ids = list(running.select_for_update(no_key=True).order_by("id").values_list("pk", flat=True))
    _overtake(ids, wanted.rungs, now=now)
    Deadline.objects.filter(pk__in=ids).update(next_warn_at=now)
    facts: dict[str, Any] = {
        "kind": wanted.kind.value,
        "rungs": [line_of(rung) for rung in wanted.rungs],
        "rungs_before": [line_of(rung) for rung in before.rungs],
        "clocks": len(ids),
    }
    record_event(verb, claim=None, seller_id=wanted.seller_id, actor=actor, now=now, **facts)


def _overtake(ids: list[int], rungs: Sequence[Rung], *, now: datetime) -> None:
    """New rungs that lie before the last stage a clock's version was warned of become superseded warnings."""
    timed = [rung for rung in rungs if rung.before is not None]
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO claims_warning (seller_id, claim_id, deadline_id, deadline_version, stage, stage_at,
                                        status, created_at, audience, channels, repeats, rounds)
            SELECT d.seller_id, d.claim_id, d.id, d.version, r.stage,
                   greatest(d.target_at - r.before, d.started_at), 'superseded', %(now)s, '{}', '{}', false, 0
              FROM claims_deadline d
              JOIN (SELECT deadline_id, deadline_version, max(stage_at) AS last_at
                      FROM claims_warning WHERE deadline_id = ANY(%(ids)s)
                     GROUP BY deadline_id, deadline_version) w
                ON w.deadline_id = d.id AND w.deadline_version = d.version
             CROSS JOIN unnest(%(stages)s::text[], %(befores)s::interval[]) AS r (stage, before)
             WHERE d.id = ANY(%(ids)s) AND greatest(d.target_at - r.before, d.started_at) <= w.last_at
            ON CONFLICT DO NOTHING
            """,
            {
                "now": now,
                "ids": ids,
                "stages": [rung.stage for rung in timed],
                "befores": [rung.before for rung in timed],
            },
        )
